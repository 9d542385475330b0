package io.sluice.royalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.platform.Commands;
import io.sluice.platform.TestDatabase;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.Terms;
import io.sluice.royalty.RoyaltyCommand.CreditPool;
import io.sluice.royalty.RoyaltyCommand.ReducePool;
import io.sluice.sandbox.SandboxPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an event credits to a pool or takes out of it counts once, in however many lanes' batches it comes. */
class PoolCreditsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);

    private TestDatabase database;
    private HikariDataSource source;
    private TransactionTemplate transaction;
    private WhenInflowRoutedThenCreditPool lane;
    private final List<Object> sent = new ArrayList<>();

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        source = database.pool(2);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
        Commands commands = mock(Commands.class);
        doAnswer(command -> sent.add(command.getArgument(0))).when(commands).send(any());
        lane = new WhenInflowRoutedThenCreditPool(JdbcClient.create(source), commands);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void manyEventsOfOneBatchAreOneCreditOfTheirPool() {
        handle(message("e-1", routed(1, 100)), message("e-2", routed(101, 7)));
        assertThat(sent).containsExactly(new CreditPool("POOL-A-EUR", 107 * 3, 107));
    }

    @Test
    void whatCreditsNothingClaimsNothing() {
        handle(message("e-1", new InflowsRouted("A", "EUR", List.of(terms()), List.of(inflow(1, 0)))));
        assertThat(sent).isEmpty();
        assertThat(claims()).isZero();
    }

    @Test
    void anEventThatComesAgainCreditsNothingAndWhatIsNewBesideItDoes() {
        handle(message("e-1", routed(1, 10)));
        sent.clear();
        handle(message("e-1", routed(1, 10)));
        assertThat(sent).isEmpty();
        handle(message("e-1", routed(1, 10)), message("e-2", routed(11, 2)));
        assertThat(sent).containsExactly(new CreditPool("POOL-A-EUR", 6, 2));
    }

    @Test
    void whatWasRolledBackIsCreditedWhenItComesAgain() {
        transaction.executeWithoutResult(t -> {
            t.setRollbackOnly();
            inOneUnitOfWork(message("e-1", routed(1, 10)));
        });
        sent.clear();
        handle(message("e-1", routed(1, 10)));
        assertThat(sent).containsExactly(new CreditPool("POOL-A-EUR", 30, 10));
    }

    /** An engine of before 2026-11-29 claimed each leg: were its lane replayed by this one, they would be paid to holders again. */
    @Test
    void legsThatWereClaimedOneByOneAreNotCreditedAgain() throws SQLException {
        try (Connection owner = database.connect(SandboxPostgres.MIGRATOR);
                Statement order = owner.createStatement()) {
            for (int number = 1; number <= 4; number++) {
                order.execute("insert into pool_credit (leg_id) values ('" + Leg.idOf(id(number), 1) + "')");
            }
        }
        handle(message("e-1", routed(1, 3)));
        assertThat(sent).isEmpty();
        handle(message("e-2", routed(4, 3)));
        assertThat(sent).containsExactly(new CreditPool("POOL-A-EUR", 6, 2));
    }

    @Test
    void anOlderEventOfOneInflowCountsOnce() {
        InflowRouted event = new InflowRouted(
                id(1),
                "A",
                "S",
                "ACC",
                "h",
                5,
                "EUR",
                DAY,
                List.of(new Leg(id(2), "royalty", Destination.ROYALTY_POOL, 5)),
                0,
                null);
        EventMessage<InflowRouted> message =
                new GenericEventMessage<>("e-1", event, MetaData.emptyInstance(), Instant.EPOCH);
        for (int time = 0; time < 2; time++) {
            transaction.executeWithoutResult(t -> {
                DefaultUnitOfWork<EventMessage<?>> unitOfWork = DefaultUnitOfWork.startAndGet(message);
                lane.on(event, message);
                unitOfWork.commit();
            });
        }
        assertThat(sent).containsExactly(new CreditPool("POOL-A-EUR", 5, 1));
    }

    @Test
    void aLegIsTakenOutOnceWhateverEventTellsOfIt() {
        for (String event : List.of("e-1", "e-1", "e-2")) {
            LegsReduced reduced = new LegsReduced(
                    id(1),
                    "A",
                    "S",
                    "ACC",
                    "EUR",
                    DAY,
                    List.of(
                            new Reduction(Leg.idOf(id(1), 1), "h", "royalty", Destination.ROYALTY_POOL, 3),
                            new Reduction(Leg.idOf(id(1), 0), "h", "fee", Destination.PLATFORM_FEES, 9)));
            EventMessage<LegsReduced> message =
                    new GenericEventMessage<>(event, reduced, MetaData.emptyInstance(), Instant.EPOCH);
            transaction.executeWithoutResult(t -> {
                DefaultUnitOfWork<EventMessage<?>> unitOfWork = DefaultUnitOfWork.startAndGet(message);
                lane.on(reduced, message);
                unitOfWork.commit();
            });
        }
        assertThat(sent).containsExactly(new ReducePool("POOL-A-EUR", 3, 1));
    }

    @SafeVarargs
    private void handle(EventMessage<InflowsRouted>... messages) {
        transaction.executeWithoutResult(t -> inOneUnitOfWork(messages));
    }

    @SafeVarargs
    private void inOneUnitOfWork(EventMessage<InflowsRouted>... messages) {
        DefaultUnitOfWork<EventMessage<?>> unitOfWork = DefaultUnitOfWork.startAndGet(messages[0]);
        for (EventMessage<InflowsRouted> message : messages) {
            lane.on(message.getPayload(), message);
        }
        unitOfWork.commit();
    }

    private static EventMessage<InflowsRouted> message(String id, RoutingEvent event) {
        return new GenericEventMessage<>(id, (InflowsRouted) event, MetaData.emptyInstance(), Instant.EPOCH);
    }

    /** Of each, three units are royalty. */
    private static InflowsRouted routed(int from, int many) {
        return new InflowsRouted(
                "A",
                "EUR",
                List.of(terms()),
                IntStream.range(from, from + many).mapToObj(n -> inflow(n, 3)).toList());
    }

    private static Routed inflow(int number, long royalty) {
        return new Routed(id(number), 0, 10, DAY, List.of(10 - royalty, royalty), 0, null);
    }

    private static Terms terms() {
        return new Terms(
                "S",
                "ACC",
                "h",
                List.of(new Claim("fee", Destination.PLATFORM_FEES), new Claim("royalty", Destination.ROYALTY_POOL)));
    }

    private static UUID id(int number) {
        return new UUID(7, number);
    }

    private long claims() {
        return JdbcClient.create(source)
                .sql("select count(*) from pool_credit_event")
                .query(Long.class)
                .single();
    }
}
