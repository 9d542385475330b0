package io.sluice.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.AgreementView;
import io.sluice.routing.Agreements.StoreView;
import io.sluice.royalty.DistributionDesk;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class CutOffTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    private final Agreements agreements = mock(Agreements.class);
    private final Remittances remittances = mock(Remittances.class);
    private final WorkList work = mock(WorkList.class);
    private final DistributionDesk distributions = mock(DistributionDesk.class);
    private final StoreView one = mock(StoreView.class);
    private final StoreView two = mock(StoreView.class);
    private final AgreementView agreement = mock(AgreementView.class);
    private TestBeans beans;

    @BeforeEach
    void wire() {
        beans = TestBeans.on(TestDatabase.fresh());
        when(one.storeId()).thenReturn("STORE-1");
        when(two.storeId()).thenReturn("STORE-2");
        when(agreement.agreementId()).thenReturn("AGR-1");
        when(agreements.stores()).thenReturn(List.of(one, two));
        when(agreements.all()).thenReturn(List.of(agreement));
        when(remittances.sweptUnits("AGR-1")).thenReturn(100L);
    }

    private CutOff at(String instant) {
        Instant now = Instant.parse(instant);
        return new CutOff(
                new SettlementSettings(LocalTime.of(16, 0), null, "1/200", "1/1000"),
                beans.db(),
                agreements,
                remittances,
                distributions,
                work,
                beans.transactions(),
                () -> now);
    }

    private String state(LocalDate day) {
        return beans.db()
                .sql("select state from cut_off where day = ?")
                .param(day)
                .query(String.class)
                .optional()
                .orElse("NONE");
    }

    @Test
    void aDayRunsOnceAfterItsCutOffAndNotBefore() {
        CutOff before = at("2026-11-23T15:59:59Z");
        before.work();
        assertThat(state(MONDAY)).isEqualTo("NONE");
        CutOff after = at("2026-11-23T16:00:00Z");
        assertThat(after.work()).isTrue();
        assertThat(after.work()).isFalse();
        assertThat(state(MONDAY)).isEqualTo("DONE");
    }

    @Test
    void oneStoresDefectStopsNobodyElsesMoneyAndIsToldToAPerson() {
        doThrow(new ArithmeticException("long overflow")).when(remittances).remit(one, MONDAY);

        at("2026-11-23T16:00:00Z").work();

        verify(remittances).remit(two, MONDAY);
        verify(distributions).declare(any(), eq(100L), any());
        assertThat(state(MONDAY)).isEqualTo("DONE");
        verify(work)
                .open(
                        any(),
                        eq("PARKED"),
                        any(),
                        argThat(summary -> summary.contains("remittance of STORE-1")
                                && summary.contains("2026-11-23")
                                && summary.contains("next cut-off")),
                        eq("engine"));
    }

    @Test
    void aPayoutThatWasRefusedIsOrderedAgainThoughNoFurtherDistributionComes() {
        UUID earlier = distribution(1, "RELEASED");
        UUID latest = distribution(2, "RELEASED");
        distribution(3, "SEALED");
        UUID refused = new UUID(4, 1);
        entitled(earlier, refused);
        entitled(latest, new UUID(4, 2)); // below the minimum, and never ordered
        at("2026-11-23T16:00:00Z").work();
        assertThat(queued()).isEmpty();

        beans.db()
                .sql("insert into payable_series (payable_id, series) values (?, 1)")
                .param(refused)
                .update();
        at("2026-11-24T16:00:00Z").work();
        assertThat(queued()).containsExactly(latest);
    }

    private List<UUID> queued() {
        return beans.db()
                .sql("select distribution_id from payout_queue")
                .query(UUID.class)
                .list();
    }

    private UUID distribution(int number, String state) {
        UUID id = new UUID(3, number);
        beans.db()
                .sql(
                        "insert into distribution (distribution_id, agreement_id, currency, record_point, sequence_no, snapshot_hash,"
                                + " pool_units, entitled_units, holders, entitlement_hash, rule_hash, state, approval_hash)"
                                + " values (?, 'AGR-1', 'EUR', now() + make_interval(days => ?), ?, 's', 1, 1, 1, 'e', 'r', ?, 'a')")
                .params(id, number, number, state)
                .update();
        return id;
    }

    private void entitled(UUID distribution, UUID entitlement) {
        beans.db()
                .sql(
                        "insert into entitlement (distribution_id, ordinal, holder_id, entitlement_id, gross) values (?, 0, 'H', ?, 1)")
                .params(distribution, entitlement)
                .update();
    }

    @Test
    void aDatabaseThatFailsLeavesTheDayToBeRunAgain() {
        doThrow(new QueryTimeoutException("slow")).when(remittances).remit(one, MONDAY);
        CutOff cutOff = at("2026-11-23T16:00:00Z");

        assertThatThrownBy(cutOff::work).isInstanceOf(QueryTimeoutException.class);
        assertThat(state(MONDAY)).isEqualTo("RUNNING");
        verifyNoInteractions(work);

        doNothing().when(remittances).remit(one, MONDAY);
        cutOff.work();
        assertThat(state(MONDAY)).isEqualTo("DONE");
    }
}
