package io.sluice.bank.iso20022;

import io.sluice.bank.Direction;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one Stmt, Rpt or Ntfctn while the cursor passes it: the header is gathered, every entry is told and forgotten. */
final class ReportReading {

    /** Of two, it would be chance which of them counts. */
    private static final Set<String> ONCE =
            Set.of("Id", "ElctrncSeqNb", "LglSeqNb", "CpyDplctInd", "Acct", "FrToDt", "TxsSummry");

    private final Cursor cursor;
    private final Set<String> seen = new HashSet<>();
    private final CamtHandler handler;
    private final CamtMessage message;
    private final List<CamtBalance> balances = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable String id;
    private @Nullable String electronicSequence;
    private @Nullable String legalSequence;
    private @Nullable String account;
    private @Nullable String currency;
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private @Nullable String copy;
    private DeclaredTotals declared = DeclaredTotals.NONE;
    private @Nullable CamtHeader begun;
    private int entries;

    ReportReading(Cursor cursor, CamtHandler handler, CamtMessage message) {
        this.cursor = cursor;
        this.handler = handler;
        this.message = message;
        if (message.headerDefinition() != null && !message.headerDefinition().equals(message.name())) {
            findings.add(Finding.reportHeld(
                    "header-mismatch",
                    "The business application header announces " + IsoText.quoted(message.headerDefinition())
                            + ", the document is " + message.name()));
        }
    }

    void read() {
        while (cursor.nextChild()) {
            if (cursor.name().equals("Ntry")) {
                if (begun == null) {
                    begun = header();
                    handler.startReport(begun);
                }
                handler.entry(begun, EntryReading.read(cursor, ++entries, day(message.created())));
            } else {
                remember(cursor.branch());
            }
        }
        CamtHeader complete = header();
        if (begun == null) {
            handler.startReport(complete);
        }
        handler.endReport(complete);
    }

    private void remember(Branch part) {
        if (ONCE.contains(part.name) && !seen.add(part.name)) {
            findings.add(Finding.reportHeld(
                    "duplicate-element", "Line " + part.line + ": a second " + part.name + ", expected one"));
            return;
        }
        switch (part.name) {
            case "Id" -> id = textOf(part);
            case "ElctrncSeqNb" -> electronicSequence = textOf(part);
            case "LglSeqNb" -> legalSequence = textOf(part);
            case "CpyDplctInd" -> copy = textOf(part);
            case "Acct" -> {
                account = AccountName.of(part.at("Id"));
                currency = part.textAt("Ccy");
            }
            case "FrToDt" -> {
                from = dayOf(part, "FrDtTm", "FrDt");
                to = dayOf(part, "ToDtTm", "ToDt");
            }
            case "TxsSummry" -> declared = DeclaredTotals.of(part);
            case "Bal" -> balances.add(balance(part));
            default -> {}
        }
    }

    private CamtHeader header() {
        return new CamtHeader(
                message,
                id,
                electronicSequence,
                legalSequence,
                account,
                currency,
                from,
                to,
                copy,
                declared,
                balances,
                findings);
    }

    private CamtBalance balance(Branch bal) {
        String type = bal.textAt("Tp", "CdOrPrtry", "Cd");
        if (type == null) {
            type = bal.textAt("Tp", "CdOrPrtry", "Prtry");
        }
        if (type == null) {
            type = bal.textAt("Tp", "Cd");
        }
        String place = "Line " + bal.line + ": balance " + type;
        Branch amt = bal.at("Amt");
        String written = amt == null ? "" : amt.text;
        String unit = amt == null ? null : amt.attributes.get("Ccy");
        BigDecimal amount = IsoText.amount(written);
        if (amount == null) {
            findings.add(Finding.reportHeld(
                    "invalid-amount",
                    place + ": found " + IsoText.quoted(written) + ", expected " + IsoText.AN_AMOUNT));
        } else {
            Money.check(place, amount, unit, Finding.Effect.REPORT_HELD, findings);
        }
        String indicator = bal.textAt("CdtDbtInd");
        Direction direction = direction(indicator);
        if (direction == null && indicator != null) {
            findings.add(Finding.reportHeld(
                    "invalid-direction", place + ": found " + IsoText.quoted(indicator) + ", expected CRDT or DBIT"));
        }
        BigDecimal signed = amount != null && direction == Direction.DEBIT ? amount.negate() : amount;
        Branch date = bal.at("Dt");
        return new CamtBalance(type, signed, unit, direction, date == null ? null : dayOf(date, "DtTm", "Dt"));
    }

    private @Nullable LocalDate dayOf(Branch parent, String time, String date) {
        String written = parent.textAt(date);
        LocalDate day = written == null ? null : IsoText.date(written);
        if (written == null) {
            written = parent.textAt(time);
            day = written == null ? null : IsoText.dateOfTime(written);
        }
        if (written != null && day == null) {
            findings.add(Finding.noted(
                    "invalid-date",
                    "Line " + parent.line + ": " + parent.name + ": found " + IsoText.quoted(written)
                            + ", expected a day that exists, as 2026-11-23"));
        }
        return day;
    }

    private static @Nullable LocalDate day(@Nullable String time) {
        return time == null ? null : IsoText.dateOfTime(time);
    }

    static @Nullable Direction direction(@Nullable String indicator) {
        if (indicator == null) {
            return null;
        }
        return switch (indicator) {
            case "CRDT" -> Direction.CREDIT;
            case "DBIT" -> Direction.DEBIT;
            default -> null;
        };
    }

    private static @Nullable String textOf(Branch branch) {
        return branch.text.isEmpty() ? null : branch.text;
    }
}
