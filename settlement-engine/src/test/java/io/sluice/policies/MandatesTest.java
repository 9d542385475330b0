package io.sluice.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.money.Money;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** What a mandate lets go by itself, on the real tables. */
class MandatesTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);

    private static TestBeans beans;
    private static Mandates mandates;

    @BeforeAll
    static void wire() {
        beans = TestBeans.on(TestDatabase.fresh());
        WorkList work = new WorkList(
                beans.db(),
                () -> DAY.atStartOfDay().toInstant(ZoneOffset.UTC),
                beans.audit(),
                beans.transactions(),
                new StaticListableBeanFactory().getBeanProvider(WorkList.Approvable.class));
        mandates = new Mandates(beans.db(), work, beans.transactions());
    }

    private static void given(String agreement, long perDay) {
        Money limit = Money.of(perDay, "EUR");
        String hash = mandates.draft(
                new Mandates.Terms(agreement, List.of("BANK"), "EUR", limit, limit, limit, DAY.plusDays(1)), "maker");
        mandates.approve("MANDATE-" + hash, hash, "approver");
    }

    private static boolean covers(String release, String agreement, long units, LocalDate day) {
        Optional<String> mandate = beans.transactions()
                .in(() -> mandates.covering(
                        release, agreement, "EUR", List.of("BANK"), BigInteger.ONE, BigInteger.valueOf(units), day));
        return mandate.isPresent();
    }

    @Test
    void theDailyLimitIsOverEverythingThatWasReleasedThatDayWhateverItsKind() {
        given("AGR-DAY", 1_000);
        assertThat(covers("remittance:1", "AGR-DAY", 600, DAY)).isTrue();
        assertThat(covers("distribution:1", "AGR-DAY", 401, DAY)).isFalse();
        assertThat(covers("distribution:1", "AGR-DAY", 400, DAY)).isTrue();
        assertThat(covers("distribution:2", "AGR-DAY", 1, DAY)).isFalse();
        assertThat(covers("distribution:2", "AGR-DAY", 1_000, DAY.plusDays(1))).isTrue();
    }

    @Test
    void askingAgainForTheSameReleaseCountsOnce() {
        given("AGR-AGAIN", 1_000);
        assertThat(covers("remittance:7", "AGR-AGAIN", 1_000, DAY)).isTrue();
        assertThat(covers("remittance:7", "AGR-AGAIN", 1_000, DAY)).isTrue();
    }

    @Test
    void whatIsRefusedCountsForNothing() {
        given("AGR-REFUSED", 1_000);
        assertThat(covers("remittance:8", "AGR-REFUSED", 1_001, DAY)).isFalse();
        assertThat(covers("remittance:9", "AGR-REFUSED", 1_000, DAY)).isTrue();
    }

    @Test
    void aMandateEndsWithItsLastDay() {
        given("AGR-END", 1_000);
        assertThat(covers("remittance:10", "AGR-END", 1, DAY.plusDays(1))).isTrue();
        assertThat(covers("remittance:11", "AGR-END", 1, DAY.plusDays(2))).isFalse();
    }

    /** Once, one without an expiry stopped every agreement's cut-off. */
    @Test
    void aMandateThatCannotBeReadCoversNothingAndStopsNobodyElses() {
        given("AGR-BROKEN", 1_000);
        beans.db()
                .sql(
                        "insert into mandate (mandate_hash, agreement_id, document, state, made_by) values (?, 'AGR-BROKEN', ?,"
                                + " 'ACTIVE', 'maker')")
                .params("0".repeat(64), "{\"agreementId\":\"AGR-BROKEN\",\"expires\":null}")
                .update();
        assertThat(covers("remittance:12", "AGR-BROKEN", 1, DAY)).isTrue();
    }
}
