package io.sluice.bank.iso20022;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one TxDtls of any version. */
final class TransactionReading {

    private static final String NO_END_TO_END_ID = "NOTPROVIDED";
    /** "Reason is given as narrative": what ISO 20022 has for a return without a code. */
    private static final String NARRATIVE = "NARR";

    private TransactionReading() {}

    static CamtTransaction read(Branch details) {
        Branch amt = amountOf(details);
        String endToEndId = details.textAt("Refs", "EndToEndId");
        return new CamtTransaction(
                amt == null ? null : IsoText.amount(amt.text),
                amt == null ? null : amt.attributes.get("Ccy"),
                ReportReading.direction(details.textAt("CdtDbtInd")),
                details.textAt("Refs", "MsgId"),
                details.textAt("Refs", "PmtInfId"),
                details.textAt("Refs", "InstrId"),
                NO_END_TO_END_ID.equals(endToEndId) ? null : endToEndId,
                details.textAt("Refs", "TxId"),
                details.textAt("Refs", "UETR"),
                details.textAt("Refs", "AcctSvcrRef"),
                partyName(details.at("RltdPties", "Dbtr")),
                AccountName.of(details.at("RltdPties", "DbtrAcct", "Id")),
                partyName(details.at("RltdPties", "Cdtr")),
                AccountName.of(details.at("RltdPties", "CdtrAcct", "Id")),
                remittance(details.at("RmtInf")),
                details.textAt("RmtInf", "Strd", "CdtrRefInf", "Ref"),
                returnReason(details.at("RtrInf")),
                code(details.at("BkTxCd")));
    }

    /** Amt since version 04; AmtDtls/TxAmt before that, and from banks that kept the habit. */
    private static @Nullable Branch amountOf(Branch details) {
        Branch amt = details.at("Amt");
        return amt == null ? details.at("AmtDtls", "TxAmt", "Amt") : amt;
    }

    /** Since version 08 the name stands below Pty; some banks leave that level out. */
    private static @Nullable String partyName(@Nullable Branch party) {
        if (party == null) {
            return null;
        }
        String name = party.textAt("Pty", "Nm");
        return name == null ? party.textAt("Nm") : name;
    }

    private static @Nullable String remittance(@Nullable Branch information) {
        if (information == null) {
            return null;
        }
        String lines = information.all("Ustrd").stream()
                .map(line -> line.text)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" "));
        return lines.isEmpty() ? null : lines;
    }

    private static @Nullable String returnReason(@Nullable Branch returned) {
        if (returned == null) {
            return null;
        }
        String code = returned.textAt("Rsn", "Cd");
        if (code == null) {
            code = returned.textAt("Rsn", "Prtry");
        }
        return code == null ? NARRATIVE : code;
    }

    /** Domain/family/sub-family, else the bank's own code. */
    static @Nullable String code(@Nullable Branch transactionCode) {
        if (transactionCode == null) {
            return null;
        }
        String domain = Stream.of(
                        transactionCode.textAt("Domn", "Cd"),
                        transactionCode.textAt("Domn", "Fmly", "Cd"),
                        transactionCode.textAt("Domn", "Fmly", "SubFmlyCd"))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
        return domain.isEmpty() ? transactionCode.textAt("Prtry", "Cd") : domain;
    }
}
