package io.sluice.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MandateDraftsTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    private static MandateDrafts drafts;

    @BeforeAll
    static void wire() {
        TestBeans beans = TestBeans.on(TestDatabase.fresh());
        beans.db()
                .sql("insert into agreement (agreement_id, name, currency, token, trust_account, fee_account)"
                        + " values ('AGR-1', 'n', 'EUR', 't', 'T', 'F')")
                .update();
        drafts = new MandateDrafts(beans.db(), () -> TODAY.atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private static Mandates.Terms terms(String agreement, String currency, LocalDate expires) {
        Money limit = Money.of(1_000, currency);
        return new Mandates.Terms(agreement, List.of("BANK"), currency, limit, limit, limit, expires);
    }

    private static void refused(Mandates.Terms terms, String saying) {
        assertThatThrownBy(() -> drafts.check(terms))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining(saying);
    }

    @Test
    void refusesWhatCouldNeverCoverAnything() {
        drafts.check(terms("AGR-1", "EUR", TODAY.plusDays(1)));
        refused(terms("AGR-1", "EUR", TODAY), "expected a day after 2026-11-23");
        refused(terms("AGR-2", "EUR", TODAY.plusDays(1)), "there is no agreement \"AGR-2\"");
        refused(terms("AGR-1", "USD", TODAY.plusDays(1)), "expected EUR");
        assertThatThrownBy(() -> new Mandates.Terms(
                        "AGR-1",
                        List.of(),
                        "EUR",
                        Money.of(1, "EUR"),
                        Money.of(1, "EUR"),
                        Money.of(1, "EUR"),
                        TODAY.plusDays(1)))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("BANK, CHAIN or both");
    }

    @Test
    void tellsTheStateThatAMandateHas() {
        TestBeans beans = TestBeans.on(TestDatabase.fresh());
        beans.db()
                .sql("insert into mandate (mandate_hash, agreement_id, document, state, made_by)"
                        + " values (?, 'AGR-1', '{}', 'ACTIVE', 'maker')")
                .param("1".repeat(64))
                .update();
        assertThat(new MandateDrafts(beans.db(), () -> TODAY.atStartOfDay().toInstant(ZoneOffset.UTC))
                        .state("1".repeat(64)))
                .isEqualTo("ACTIVE");
    }
}
