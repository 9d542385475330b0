package io.sluice.bank.folder;

import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankNotice;
import io.sluice.bank.BankPayments;
import io.sluice.bank.BankStatements;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.iso20022.CamtDialect;
import io.sluice.bank.iso20022.CamtEntry;
import io.sluice.bank.iso20022.CamtFile;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.CamtReport;
import io.sluice.bank.iso20022.PaymentStatusReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bank of files as the engine sees it. It delivers nothing by HTTP. */
public final class FolderBank implements BankAdapter {

    private final String name;
    private final FolderPayments payments;
    private final FolderStatements statements;

    public FolderBank(FolderSettings settings) {
        this.name = settings.name();
        Arrivals arrivals = new Arrivals(settings.in());
        this.payments = new FolderPayments(settings, arrivals);
        this.statements = new FolderStatements(arrivals);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict verify(WebhookDelivery delivery, Instant now) {
        return new Verdict.Refused(Verdict.Reason.SIGNATURE_MISSING, "This bank delivers files, not requests");
    }

    @Override
    public Acknowledgement acknowledge(Verdict.Verified verified, WebhookDelivery delivery) {
        return new Acknowledgement(204, Map.of(), new byte[0]);
    }

    /** The progress that a pain.002 tells, or the entries of a camt message. */
    @Override
    public List<BankNotice> read(byte[] body) {
        return PaymentStatusReport.looksLike(body) ? progress(PaymentStatusReport.read(body)) : entries(body);
    }

    private static List<BankNotice> progress(PaymentStatusReport report) {
        List<BankNotice> notices = new ArrayList<>();
        report.transfers().forEach(status -> notices.add(new BankNotice.TransferProgress(status)));
        if (notices.isEmpty()) {
            notices.add(
                    "RJCT".equals(report.groupStatus())
                            ? new BankNotice.ForAPerson(
                                    "pain.002",
                                    report.originalMessageId(),
                                    "the file is refused"
                                            + (report.groupReason() == null ? "" : ": " + report.groupReason()))
                            : new BankNotice.NothingToDo("pain.002"));
        }
        return List.copyOf(notices);
    }

    private static List<BankNotice> entries(byte[] body) {
        CamtFile file = new CamtReader().read(body);
        List<BankNotice> notices = new ArrayList<>();
        for (CamtReport report : file.reports()) {
            for (CamtEntry entry : report.entries()) {
                notices.add(new BankNotice.EntryNotice(entry.toBankEntry(report.header(), CamtDialect.STANDARD)));
            }
        }
        return List.copyOf(notices);
    }

    @Override
    public BankPayments payments() {
        return payments;
    }

    @Override
    public BankStatements statements() {
        return statements;
    }
}
