package io.sluice.bank.iso20022;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementProofTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "overdrawn", "status-missing", "status-pending", "balance-without-indicator", "summary"
            })
    void provesThatOpeningAndBookedMakeClosing(String name) {
        StatementProof.Proven proven = StatementProof.of(Fixtures.report(name));

        assertThat(proven.balances()).isTrue();
        assertThat(proven.bookable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "does-not-balance, balance-proof",
        "opening-missing, missing-balance",
        "closing-twice, duplicate-balance",
        "account-missing, no-account",
        "header-announces-another, header-mismatch"
    })
    void holdsAReportThatIsNotSound(String name, String code) {
        StatementProof.Proven proven = StatementProof.of(Fixtures.report(name));

        assertThat(proven.bookable()).isFalse();
        assertThat(proven.findings()).extracting(Finding::code).containsExactly(code);
    }

    @Test
    void namesTheSumsThatDisagree() {
        assertThat(StatementProof.of(Fixtures.report("does-not-balance")).findings())
                .extracting(Finding::sentence)
                .containsExactly(
                        "Report S-1: opening 100.00 and booked 12.50 make 112.50 EUR, the closing balance is 112.51");
    }

    @Test
    void notesAnAnnouncedSumThatIsAnother() {
        StatementProof.Proven proven = StatementProof.of(Fixtures.report("summary-does-not-sum"));

        assertThat(proven.findings()).extracting(Finding::code).containsExactly("sum-mismatch");
        assertThat(proven.bookable()).isTrue();
    }

    @Test
    void notesAStatusThatIsMissing() {
        assertThat(StatementProof.of(Fixtures.report("status-missing")).findings())
                .extracting(Finding::code)
                .containsExactly("missing-status");
    }

    @Test
    void provesNothingWhenAnAmountCannotBeRead() {
        StatementProof.Proven proven = StatementProof.of(Fixtures.report("amount-comma"));

        assertThat(proven.balances()).isFalse();
        assertThat(proven.bookable()).isFalse();
    }
}
