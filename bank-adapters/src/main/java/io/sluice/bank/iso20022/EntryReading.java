package io.sluice.bank.iso20022;

import io.sluice.bank.Direction;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Ntry of any version while the cursor passes it. What banks write in the form of another version is read in that form: {@code
 * Sts} as a code or with a {@code Cd} below, parties with or without {@code Pty}.
 */
final class EntryReading {

    /** An entry so far from the message's day is a typing error or an attack, not a booking. */
    private static final int PLAUSIBLE_DAYS = 400;

    private final int number;
    private final @Nullable LocalDate created;
    private final List<Finding> findings = new ArrayList<>(0);
    private final List<CamtTransaction> transactions = new ArrayList<>(1);
    private @Nullable String declaredTransactions;

    private EntryReading(int number, @Nullable LocalDate created) {
        this.number = number;
        this.created = created;
    }

    /** @param created the day on which the message says that it was made */
    static CamtEntry read(Cursor cursor, int number, @Nullable LocalDate created) {
        return new EntryReading(number, created).read(cursor);
    }

    private CamtEntry read(Cursor cursor) {
        Branch ntry = new Branch("Ntry", Map.of(), cursor.line());
        String namespace = cursor.namespace();
        while (cursor.nextChild()) {
            if (!cursor.namespace().equals(namespace)) {
                cursor.skip();
            } else if (cursor.name().equals("NtryDtls")) {
                readDetails(cursor);
            } else {
                ntry.children.add(cursor.branch());
            }
        }
        return entry(ntry);
    }

    private void readDetails(Cursor cursor) {
        while (cursor.nextChild()) {
            Branch part = cursor.branch();
            switch (part.name) {
                case "TxDtls" -> transactions.add(TransactionReading.read(part));
                case "Btch" -> declaredTransactions = part.textAt("NbOfTxs");
                default -> {}
            }
        }
    }

    private CamtEntry entry(Branch ntry) {
        Branch amt = ntry.at("Amt");
        BigDecimal amount = amount(ntry, amt);
        String currency = amt == null ? null : amt.attributes.get("Ccy");
        if (amount != null) {
            Money.check(place(ntry), amount, currency, Finding.Effect.ENTRY_HELD, findings);
        }
        return new CamtEntry(
                number,
                ntry.line,
                amount,
                currency,
                direction(ntry),
                status(ntry),
                reversal(ntry),
                day(ntry, "BookgDt"),
                day(ntry, "ValDt"),
                ntry.textAt("NtryRef"),
                ntry.textAt("AcctSvcrRef"),
                TransactionReading.code(ntry.at("BkTxCd")),
                ntry.textAt("AddtlNtryInf"),
                declaredTransactions,
                transactions,
                findings);
    }

    private @Nullable BigDecimal amount(Branch ntry, @Nullable Branch amt) {
        int count = ntry.all("Amt").size();
        if (count > 1) {
            held("duplicate-amount", ntry, "found " + count + " amounts, expected one");
            return null;
        }
        String written = amt == null ? "" : amt.text;
        BigDecimal amount = IsoText.amount(written);
        if (amount == null) {
            held("invalid-amount", ntry, "found " + IsoText.quoted(written) + ", expected " + IsoText.AN_AMOUNT);
        }
        return amount;
    }

    private @Nullable Direction direction(Branch ntry) {
        String indicator = ntry.textAt("CdtDbtInd");
        Direction direction = ReportReading.direction(indicator);
        if (direction == null || ntry.all("CdtDbtInd").size() > 1) {
            held(
                    "invalid-direction",
                    ntry,
                    "found " + IsoText.quoted(String.valueOf(indicator)) + ", expected one CRDT or DBIT");
            return null;
        }
        return direction;
    }

    private String status(Branch ntry) {
        Branch sts = ntry.at("Sts");
        if (sts == null) {
            return "";
        }
        String code = sts.textAt("Cd");
        if (code == null) {
            code = sts.textAt("Prtry");
        }
        if (ntry.all("Sts").size() > 1) {
            held("duplicate-status", ntry, "found several statuses, expected one");
        }
        return code == null ? sts.text : code;
    }

    private boolean reversal(Branch ntry) {
        String indicator = ntry.textAt("RvslInd");
        if (indicator == null) {
            return false;
        }
        return switch (indicator) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> {
                held("invalid-reversal", ntry, "found " + IsoText.quoted(indicator) + ", expected true or false");
                yield false;
            }
        };
    }

    private @Nullable LocalDate day(Branch ntry, String name) {
        Branch choice = ntry.at(name);
        if (choice == null) {
            return null;
        }
        String date = choice.textAt("Dt");
        String written = date == null ? choice.textAt("DtTm") : date;
        LocalDate day = written == null ? null : date == null ? IsoText.dateOfTime(written) : IsoText.date(written);
        if (day == null) {
            held(
                    "invalid-date",
                    ntry,
                    name + ": found " + IsoText.quoted(String.valueOf(written))
                            + ", expected a day that exists, as 2026-11-23");
        } else if (created != null
                && (day.isBefore(created.minusDays(PLAUSIBLE_DAYS)) || day.isAfter(created.plusDays(PLAUSIBLE_DAYS)))) {
            held("implausible-date", ntry, name + ": found " + day + " in a message made on " + created);
        }
        return day;
    }

    private void held(String code, Branch ntry, String what) {
        findings.add(Finding.entryHeld(code, place(ntry) + ": " + what));
    }

    private String place(Branch ntry) {
        return "Line " + ntry.line + ": entry " + number;
    }
}
