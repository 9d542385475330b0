package io.sluice.bank.iso20022;

import org.jspecify.annotations.Nullable;

/**
 * What the bank announces of a report's entries (TxsSummry), as written: checked against what was found, never used for it.
 *
 * @param entries TtlNtries/NbOfNtries
 * @param creditEntries TtlCdtNtries/NbOfNtries
 * @param creditSum TtlCdtNtries/Sum, in no stated currency
 * @param debitEntries TtlDbtNtries/NbOfNtries
 * @param debitSum TtlDbtNtries/Sum
 */
public record DeclaredTotals(
        @Nullable String entries,
        @Nullable String creditEntries,
        @Nullable String creditSum,
        @Nullable String debitEntries,
        @Nullable String debitSum) {

    static final DeclaredTotals NONE = new DeclaredTotals(null, null, null, null, null);

    static DeclaredTotals of(Branch summary) {
        return new DeclaredTotals(
                summary.textAt("TtlNtries", "NbOfNtries"),
                summary.textAt("TtlCdtNtries", "NbOfNtries"),
                summary.textAt("TtlCdtNtries", "Sum"),
                summary.textAt("TtlDbtNtries", "NbOfNtries"),
                summary.textAt("TtlDbtNtries", "Sum"));
    }
}
