package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.iso20022.CamtBalance;
import io.sluice.bank.iso20022.CamtDialect;
import io.sluice.bank.iso20022.CamtEntry;
import io.sluice.bank.iso20022.CamtFile;
import io.sluice.bank.iso20022.CamtHeader;
import io.sluice.bank.iso20022.CamtMessage;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.CamtReport;
import io.sluice.bank.iso20022.Finding;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.RecordStatement;
import io.sluice.money.Money;
import io.sluice.platform.Commands;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Reads a camt file: its booked credits become inflows by the same road as a webhook's, and a statement that balances is recorded. All of
 * a file or nothing: it is read in one transaction.
 */
@Component
class StatementReader {

    /**
     * Entries of a statement without a status or booking date are booked, on its closing day: that is what a statement is, and some
     * banks leave both out.
     */
    static final CamtDialect DIALECT = CamtDialect.TERSE_STATEMENTS;

    private final BankAccounts accounts;
    private final NoticeRecorder recorder;
    private final Commands commands;

    StatementReader(BankAccounts accounts, NoticeRecorder recorder, Commands commands) {
        this.accounts = accounts;
        this.recorder = recorder;
        this.commands = commands;
    }

    /** @throws UnreadableMessage when the file, or one report of it, must be looked at by a person first */
    void read(String source, String evidenceSha256, byte[] body) {
        CamtFile file = new CamtReader().read(body);
        for (int position = 0; position < file.reports().size(); position++) {
            read(file.reports().get(position), source, evidenceSha256, position);
        }
    }

    /** The entries of one report of a file that was taken in, in its order. */
    static List<BankEntry> entries(byte[] body, int position) {
        CamtReport report = new CamtReader().read(body).reports().get(position);
        return report.entries().stream()
                .map(entry -> entry.toBankEntry(report.header(), DIALECT))
                .toList();
    }

    private void read(CamtReport report, String source, String evidenceSha256, int position) {
        CamtHeader header = report.header();
        for (Finding finding : report.findings()) {
            if (finding.effect() == Finding.Effect.REPORT_HELD) {
                throw new UnreadableMessage(finding.code(), finding.sentence());
            }
        }
        BankAccount account = accountOf(header);
        LocalDate day = header.closingDay().orElse(null);
        recorder.record(account, sightings(report, account, source, evidenceSha256, position, day));
        if (header.message().kind() == CamtMessage.Kind.STATEMENT && day != null) {
            header.closing(account.currency())
                    .ifPresent(closing -> commands.send(new RecordStatement(
                            account.account(), summary(report, account, day, closing, evidenceSha256, position))));
        }
    }

    private BankAccount accountOf(CamtHeader header) {
        String name = header.account();
        if (name == null) {
            throw new UnreadableMessage("no-account", "Report " + header.id() + " names no account");
        }
        return accounts.find(name)
                .orElseThrow(() -> new UnreadableMessage(
                        "unknown-account", "Account " + DeliveredNotices.masked(name) + " is not registered"));
    }

    private static List<Sighting> sightings(
            CamtReport report,
            BankAccount account,
            String source,
            String evidenceSha256,
            int position,
            @org.jspecify.annotations.Nullable LocalDate day) {
        List<Sighting> sightings = new ArrayList<>();
        boolean daily = report.header().message().kind() == CamtMessage.Kind.STATEMENT;
        int line = position * StatementEntries.LINES_PER_REPORT;
        for (CamtEntry entry : report.entries()) {
            BankEntry read = entry.toBankEntry(report.header(), DIALECT);
            if (!read.currency().equals(account.currency())) {
                throw new UnreadableMessage(
                        "currency-differs",
                        "Entry " + entry.number() + " is in " + read.currency() + ", the account holds "
                                + account.currency());
            }
            try {
                sightings.add(Sighting.of(read, line++, source, evidenceSha256, day, daily));
            } catch (IllegalArgumentException e) {
                throw new UnreadableMessage("precision", "Entry " + entry.number() + ": " + e.getMessage());
            }
        }
        return sightings;
    }

    private static StatementSummary summary(
            CamtReport report,
            BankAccount account,
            LocalDate day,
            CamtBalance closing,
            String evidenceSha256,
            int position) {
        String currency = account.currency();
        CamtHeader header = report.header();
        long closingUnits = units(closing, currency);
        long openingUnits = header.opening(currency)
                .map(opening -> units(opening, currency))
                .orElseThrow(() -> new UnreadableMessage(
                        "no-opening-balance",
                        "Statement " + header.id() + " has a closing balance but no opening one"));
        return new StatementSummary(
                header.id() == null ? evidenceSha256 + "#" + position : header.id(),
                day,
                currency,
                openingUnits,
                closingUnits,
                report.entries().size(),
                evidenceSha256,
                position);
    }

    private static long units(CamtBalance balance, String currency) {
        if (balance.amount() == null) {
            throw new UnreadableMessage("invalid-amount", "Balance " + balance.type() + " has no readable amount");
        }
        return Money.unitsOf(balance.amount(), currency);
    }
}
