package io.sluice.bank.iso20022;

import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/**
 * What a bank says of a file of payments: pain.002, versions 03 to 14.
 *
 * @param messageId of the report
 * @param originalMessageId of the file of payments
 * @param groupStatus of the whole file: RJCT without transactions refuses all; PART says to look at each; null where there is none
 * @param transfers those that the bank names, with the code that it gives; one without a code of its own has its payment's, else "" for
 *     not known. Banks that list only what failed name only that.
 */
public record PaymentStatusReport(
        String messageId,
        String originalMessageId,
        @Nullable String groupStatus,
        @Nullable String groupReason,
        List<TransferStatus> transfers) {

    private static final Pattern NAMESPACE =
            Pattern.compile("urn:iso:std:iso:20022:tech:xsd:(pain\\.002\\.001\\.([0-9]{2}))(\\..{1,20})?");
    private static final int OLDEST_VERSION = 3;
    private static final int NEWEST_VERSION = 14;
    private static final CamtLimits LIMITS = new CamtLimits(50L * 1024 * 1024, 64, 64 * 1024, 200_000);

    public PaymentStatusReport {
        transfers = List.copyOf(transfers);
    }

    /** @throws UnreadableMessage with the reasons of {@link CamtReader}, {@code not-pain-002} or {@code missing-field} */
    public static PaymentStatusReport read(byte[] bytes) {
        Cursor cursor = new Cursor(new ByteArrayInputStream(bytes), LIMITS);
        Branch report = find(cursor);
        while (cursor.next() != XMLStreamConstants.END_DOCUMENT) {
            if (cursor.entering() && cursor.name().equals("Document")) {
                throw new UnreadableMessage(
                        "several-documents", "Line " + cursor.line() + ": a second message in one file");
            }
        }
        Branch group = report.at("OrgnlGrpInfAndSts");
        if (group == null) {
            throw new UnreadableMessage("missing-field", "Line " + report.line + ": expected OrgnlGrpInfAndSts");
        }
        List<TransferStatus> transfers = new ArrayList<>();
        for (Branch transaction : group.all("TxInfAndSts")) {
            transfers.add(status(transaction, null, null));
        }
        for (Branch payment : report.all("OrgnlPmtInfAndSts")) {
            String paymentStatus = payment.textAt("PmtInfSts");
            for (Branch transaction : payment.all("TxInfAndSts")) {
                transfers.add(status(transaction, paymentStatus, reason(payment)));
            }
        }
        return new PaymentStatusReport(
                text(report, "GrpHdr", "MsgId"),
                text(group, "OrgnlMsgId"),
                groupStatus(report, group),
                groupReason(report, group),
                transfers);
    }

    /** Whether the bytes begin like XML of this message; nothing is parsed. */
    public static boolean looksLike(byte[] bytes) {
        int length = Math.min(bytes.length, 4_096);
        return new String(bytes, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1).contains("pain.002.001.");
    }

    private static Branch find(Cursor cursor) {
        while (cursor.next() != XMLStreamConstants.END_DOCUMENT) {
            if (cursor.entering() && cursor.name().equals("Document")) {
                Matcher known = NAMESPACE.matcher(cursor.namespace());
                if (!known.matches()) {
                    throw new UnreadableMessage(
                            "not-pain-002", "Line " + cursor.line() + ": expected the namespace of pain.002.001");
                }
                int version = Integer.parseInt(known.group(2));
                if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
                    throw new UnreadableMessage(
                            "unsupported-version",
                            "Found " + known.group(1) + ", expected a version from 03 to " + NEWEST_VERSION);
                }
                Branch report = cursor.branch().at("CstmrPmtStsRpt");
                if (report == null) {
                    throw new UnreadableMessage("namespace-mismatch", "Expected CstmrPmtStsRpt in " + known.group(1));
                }
                return report;
            }
        }
        throw new UnreadableMessage("not-pain-002", "Found no Document, expected a pain.002");
    }

    /** A payment that is refused or taken as one speaks for the file, which here has one payment. */
    private static @Nullable String groupStatus(Branch report, Branch group) {
        String status = group.textAt("GrpSts");
        List<Branch> payments = report.all("OrgnlPmtInfAndSts");
        return status == null && payments.size() == 1 ? payments.getFirst().textAt("PmtInfSts") : status;
    }

    private static @Nullable String groupReason(Branch report, Branch group) {
        String reason = reason(group);
        List<Branch> payments = report.all("OrgnlPmtInfAndSts");
        return reason == null && payments.size() == 1 ? reason(payments.getFirst()) : reason;
    }

    private static TransferStatus status(
            Branch transaction, @Nullable String paymentStatus, @Nullable String paymentReason) {
        String code = transaction.textAt("TxSts");
        String reason = reason(transaction);
        String reference = transaction.textAt("AcctSvcrRef");
        // PART says that they differ: one without a status of its own is then not known.
        String inherited = paymentStatus == null || paymentStatus.equals("PART") ? "" : paymentStatus;
        return new TransferStatus(
                text(transaction, "OrgnlEndToEndId"),
                reference == null ? "" : reference,
                code == null ? inherited : code,
                reason == null ? paymentReason : reason);
    }

    private static @Nullable String reason(Branch parent) {
        Branch information = parent.at("StsRsnInf");
        if (information == null) {
            return null;
        }
        String code = information.textAt("Rsn", "Cd");
        return code == null ? information.textAt("Rsn", "Prtry") : code;
    }

    private static String text(Branch parent, String... path) {
        String text = parent.textAt(path);
        if (text == null) {
            throw new UnreadableMessage(
                    "missing-field", "Line " + parent.line + ": expected " + String.join("/", path));
        }
        return text;
    }
}
