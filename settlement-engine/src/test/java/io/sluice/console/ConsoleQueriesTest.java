package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainSettings;
import io.sluice.console.Way.Step;
import io.sluice.ledger.ClearingAccounts;
import io.sluice.ledger.Coverage;
import io.sluice.ledger.ManualJournals;
import io.sluice.platform.LanePositions;
import io.sluice.platform.TestDatabase;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import io.sluice.reconciliation.Breaks;
import io.sluice.routing.Agreements;
import io.sluice.routing.ValueDates;
import io.sluice.sandbox.SandboxPostgres;
import java.math.BigInteger;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the console reads, on empty and on filled tables. */
class ConsoleQueriesTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);

    private final StaticListableBeanFactory noChain = new StaticListableBeanFactory();
    private JdbcClient db;
    private ConsoleRows rows;

    @BeforeEach
    void open() {
        db = TestDatabase.fresh().as(SandboxPostgres.APP);
        rows = new ConsoleRows(db, DAY);
    }

    private Sheet sheet() {
        return new BalanceSheet(
                        db,
                        new CoinBalances(
                                noChain.getBeanProvider(ChainReads.class),
                                noChain.getBeanProvider(ChainSettings.class),
                                Clock.systemUTC()),
                        Mockito.mock(Coverage.class),
                        Mockito.mock(ClearingAccounts.class))
                .now();
    }

    private Waiting waiting() {
        return new WaitingForSomeone(
                        db,
                        Mockito.mock(WorkList.class),
                        Mockito.mock(Breaks.class),
                        Mockito.mock(ManualJournals.class),
                        Mockito.mock(Agreements.class),
                        Mockito.mock(ValueDates.class))
                .now();
    }

    @Test
    void hasNothingToSayOfEmptyTables() {
        Flow flow = new FlowToday(db).of(DAY);
        assertThat(flow.received().count()).isZero();
        assertThat(flow.currencies()).isEmpty();
        assertThat(flow.statementDay()).isNull();
        assertThat(FlowPicture.of(flow).nodes()).hasSize(9);
        assertThat(new LastInflows(db).list()).isEmpty();
        assertThat(new LastDistributions(db).list()).isEmpty();
        assertThat(sheet().bank()).isEmpty();
        assertThat(sheet().trouble()).isEqualTo("none");
        assertThat(waiting().nothing()).isTrue();
    }

    @Test
    void tellsOfInflowsThatAreHeldBackBesideThoseThatAreYetToBeRouted() {
        assertThat(health().heldBack()).isZero();
        rows.queued("agreement-held", "2 hours");
        rows.queued("value-date-too-old", "1 hour");
        assertThat(health().oldestUnroutedSeconds()).isZero();
        assertThat(health().heldBack()).isEqualTo(2);
        assertThat(health().oldestHeldBackSeconds()).isBetween(7_200L, 7_500L);
        rows.queued(null, "3 hours");
        assertThat(health().oldestUnroutedSeconds()).isBetween(10_800L, 11_100L);
        assertThat(health().heldBack()).isEqualTo(2);
    }

    private Health health() {
        LanePositions lanes = Mockito.mock(LanePositions.class);
        Mockito.when(lanes.reached()).thenReturn(new LanePositions.Reached(new String[0], new Long[0], new Long[0]));
        return new EngineHealth(
                        db, lanes, noChain.getBeanProvider(Worker.class), noChain.getBeanProvider(ChainReads.class))
                .now();
    }

    @Test
    void sumsWhatMovedOnTheBusinessDayAlone() {
        rows.agreement();
        new ConsoleRows(db, DAY.minusDays(1)).inflow(99_999, "23:59:59");
        rows.routed(rows.inflow(10_000, "09:00:00"), 10_000);
        rows.inflow(2_345, "09:01:00");
        Flow flow = new FlowToday(db).of(DAY);
        assertThat(flow.received().count()).isEqualTo(2);
        assertThat(flow.received().amounts()).extracting(Amount::text).containsExactly("123.45");
        assertThat(flow.royalty().amounts()).extracting(Amount::text).containsExactly("10.00");
        assertThat(flow.residual().amounts()).extracting(Amount::text).containsExactly("89.90");
    }

    @Test
    void showsTheLastDayThatHadInflowsUntilTheNewOneHas() {
        FlowToday flow = new FlowToday(db);
        assertThat(flow.newest(DAY).day()).isEqualTo(DAY);
        new ConsoleRows(db, DAY.minusDays(3)).inflow(99_999, "23:59:59");
        assertThat(flow.newest(DAY).day()).isEqualTo(DAY.minusDays(3));
        assertThat(flow.newest(DAY).received().count()).isEqualTo(1);
        rows.inflow(2_345, "00:00:00");
        assertThat(flow.newest(DAY).day()).isEqualTo(DAY);
        assertThat(flow.newest(DAY).received().count()).isEqualTo(1);
    }

    @Test
    void tellsHowFarAnInflowHasCome() {
        rows.agreement();
        rows.inflow(2_345, "17:00:00");
        UUID early = rows.inflow(10_000, "09:00:00");
        UUID royalty = rows.routed(early, 10_000);
        rows.settled(royalty, "SWEEP", 1_000);
        rows.distribution(1_000, 250);
        List<Way> ways = new LastInflows(db).list();
        assertThat(ways).extracting(Way::merchant).containsOnly("Fjord & Flax");
        assertThat(ways).extracting(Way::maskedAccount).containsOnly("DE42 •••• 0005");
        assertThat(ways.getFirst().routed()).isEqualTo(Step.MOVING);
        assertThat(ways.getFirst().paid()).isEqualTo(Step.WAITING);
        assertThat(ways.getLast().routed()).isEqualTo(Step.DONE);
        assertThat(ways.getLast().shared()).isEqualTo(Step.DONE);
        assertThat(ways.getLast().paid())
                .as("residual and fee are not ordered yet")
                .isEqualTo(Step.MOVING);
        assertThat(ways.getLast().legs()).hasSize(3);
    }

    @Test
    void comparesAStatementWithTheLedgerOfItsDay() {
        rows.agreement();
        rows.statement(5_000, 5_000, 700);
        Sheet.Total euros = sheet().bank().getFirst();
        assertThat(euros.difference().zero()).isTrue();
        assertThat(euros.statement().text()).isEqualTo("50.00");
        assertThat(euros.now().text()).isEqualTo("57.00");
        assertThat(euros.without()).isEqualTo(1);
        assertThat(sheet().differences()).isZero();
    }

    @Test
    void showsADifferenceToTheCent() {
        rows.agreement();
        rows.statement(5_000, 5_001, 0);
        assertThat(sheet().bank().getFirst().difference().text()).isEqualTo("\u22120.01");
        assertThat(sheet().differences()).isEqualTo(1);
    }

    @Test
    void says100PerCentOnlyWhenAllIsPaid() {
        rows.agreement();
        rows.distribution(100_000, 99_999);
        Share share = new LastDistributions(db).list().getFirst();
        assertThat(share.percent()).isEqualTo(99);
        assertThat(share.holders()).isEqualTo(801);
    }

    @Test
    void listsParkedDeliveries() {
        rows.brokenAndParked();
        assertThat(waiting().parked())
                .singleElement()
                .satisfies(parked -> assertThat(parked.reason()).startsWith("MALFORMED"));
    }

    @Test
    void setsThousandsApart() {
        assertThat(new Amount("EUR", new BigInteger("123456789012")).text()).isEqualTo("1,234,567,890.12");
        assertThat(Amount.of("JPY", -1_000).text()).isEqualTo("\u22121,000");
        assertThat(Amount.of("xEUR", 999).text()).isEqualTo("0.000999");
    }
}
