package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.platform.TestDatabase;
import io.sluice.routing.RoutingQueue.Sale;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class RoutingQueueTest {

    private static final UUID INFLOW = new UUID(9, 1);

    private final HikariDataSource pool = TestDatabase.fresh().pool(3);
    private final JdbcTemplate db = new JdbcTemplate(pool);
    private final TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
    private final RoutingQueue queue = new RoutingQueue(db, router());

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void neverQueuesWhatWasWithheldBefore() {
        assertThat(transactions.<Boolean>execute(status -> queue.withhold(INFLOW)))
                .isTrue();
        transactions.executeWithoutResult(status -> book());
        assertThat(queued()).isZero();
        assertThat(transactions.<Boolean>execute(status -> queue.withhold(INFLOW)))
                .as("it is claimed already")
                .isFalse();
    }

    /** Neither transaction sees what the other has not committed: without a lock the row would stay in the queue for ever. */
    @Test
    void leavesNothingInTheQueueOfWhatIsWithheldWhileItIsQueued() {
        CompletableFuture<Boolean> withheld = transactions.execute(status -> {
            book();
            CompletableFuture<Boolean> other = withhold();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> other.isDone() || somebodyWaits());
            return other;
        });
        assertThat(withheld.join()).isTrue();
        assertThat(queued()).isZero();
    }

    @Test
    void queuesNothingOfWhatIsBeingWithheld() {
        CompletableFuture<Void> booked = transactions.execute(status -> {
            queue.withhold(INFLOW);
            CompletableFuture<Void> other =
                    CompletableFuture.runAsync(() -> transactions.executeWithoutResult(inner -> book()));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> other.isDone() || somebodyWaits());
            return other;
        });
        booked.join();
        assertThat(queued()).isZero();
    }

    private CompletableFuture<Boolean> withhold() {
        return CompletableFuture.supplyAsync(() -> transactions.<Boolean>execute(status -> queue.withhold(INFLOW)));
    }

    private void book() {
        LocalDate day = LocalDate.of(2026, 11, 20);
        queue.flush(new TreeMap<>(Map.of(INFLOW, new Sale(INFLOW, "A", 100, "EUR", day, day))));
    }

    private boolean somebodyWaits() {
        return count("select count(*) from pg_locks where not granted") > 0;
    }

    private int queued() {
        return count("select count(*) from routing_queue");
    }

    private int count(String query) {
        return db.queryForObject(query, Integer.class);
    }

    @SuppressWarnings("unchecked")
    private static ObjectProvider<Router> router() {
        ObjectProvider<Router> router = mock(ObjectProvider.class);
        when(router.getObject()).thenReturn(mock(Router.class));
        return router;
    }
}
