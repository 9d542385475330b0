package io.sluice.bank.iso20022;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Stmt, Rpt or Ntfctn says of itself: everything but its entries.
 *
 * @param message the message that it stands in
 * @param electronicSequence ElctrncSeqNb: counts the reports of an account, for banks that fill it
 * @param legalSequence LglSeqNb
 * @param account IBAN, else Othr/Id, else PrtryAcct/Id
 * @param currency of the account, where the bank says it
 * @param from first day of the period, as the bank's local date
 * @param to last day of the period
 * @param copy CpyDplctInd: COPY, CODU or DUPL when this was sent before
 * @param declared what the bank announces of the entries
 * @param findings about the header and its balances
 */
public record CamtHeader(
        CamtMessage message,
        @Nullable String id,
        @Nullable String electronicSequence,
        @Nullable String legalSequence,
        @Nullable String account,
        @Nullable String currency,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable String copy,
        DeclaredTotals declared,
        List<CamtBalance> balances,
        List<Finding> findings) {

    public CamtHeader {
        balances = List.copyOf(balances);
        findings = List.copyOf(findings);
    }

    /** The booked balance of {@code currency} that the period began with: OPBD, else PRCD. */
    public Optional<CamtBalance> opening(String currency) {
        return balance("OPBD", currency).or(() -> balance("PRCD", currency));
    }

    /** The booked balance of {@code currency} that the period ended with: CLBD. */
    public Optional<CamtBalance> closing(String currency) {
        return balance("CLBD", currency);
    }

    /** The day that the closing balance stands for; the end of the period where a bank gives no date with it. */
    public Optional<LocalDate> closingDay() {
        return balances.stream()
                .filter(CamtBalance::closes)
                .map(CamtBalance::date)
                .filter(date -> date != null)
                .findFirst()
                .or(() -> Optional.ofNullable(to));
    }

    private Optional<CamtBalance> balance(String type, String currency) {
        return balances.stream()
                .filter(balance ->
                        type.equals(balance.type()) && currency.equals(balance.currency()) && balance.amount() != null)
                .findFirst();
    }
}
