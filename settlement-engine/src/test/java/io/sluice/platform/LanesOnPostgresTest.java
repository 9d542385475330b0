package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionEvent.AccountRegistered;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Lanes with the gaps that Axon's own store leaves in their tokens. */
class LanesOnPostgresTest {

    private static final AccountRegistered EVENT =
            new AccountRegistered("LT123", "meridian", "EUR", AccountKind.COLLECTION, "A shop", null);

    private HikariDataSource pool;
    private JdbcClient db;
    private JdbcEventStorageEngine store;
    private TransactionTemplate transaction;
    private int reads;
    private int aggregates;

    @BeforeEach
    void open() {
        AxonConfiguration axon = new AxonConfiguration();
        EventSerializer serializer = EventSerializer.with(EventNames.below("io.sluice"));
        pool = TestDatabase.fresh().pool(4);
        db = JdbcClient.create(pool);
        DataSourceTransactionManager manager = new DataSourceTransactionManager(pool);
        transaction = new TransactionTemplate(manager);
        TransactionManager transactions = axon.axonTransactionManager(manager);
        store =
                new JdbcEventStorageEngine(JdbcEventStorageEngine.builder()
                        .eventSerializer(serializer)
                        .snapshotSerializer(serializer)
                        .connectionProvider(axon.connectionProvider(pool))
                        .transactionManager(transactions)
                        .persistenceExceptionResolver(axon.persistenceExceptionResolver())
                        .schema(axon.eventSchema())) {

                    @Override
                    public Stream<? extends TrackedEventMessage<?>> readEvents(
                            @Nullable TrackingToken after, boolean mayBlock) {
                        reads++;
                        return super.readEvents(after, mayBlock);
                    }
                };
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void afterARestartALaneThatRemembersRollbacksFollowsTheTail() throws InterruptedException {
        for (int event = 0; event < 20; event++) {
            append(event % 4 == 2);
        }
        List<String> seen = new ArrayList<>();
        TrackingToken token = drain(new LaneStream(store, tail(), null, closed -> {}), seen);
        assertThat(((GapAwareTrackingToken) token).getGaps()).isNotEmpty();

        EventTail tail = tail();
        LaneStream lane = new LaneStream(store, tail, token, closed -> {});
        for (int event = 0; event < 5; event++) {
            append(event == 3);
            readOn(tail);
            int before = reads;
            token = drain(lane, seen);
            assertThat(reads).as("event %d", event).isEqualTo(before);
        }
        assertThat(seen).containsExactlyElementsOf(ids());
        assertThat(token).as("the tail and the lane wait for the same").isEqualTo(tail.token());
    }

    @Test
    void whatIsCommittedBelowTheHeadAfterItWasAskedForIsSeen() throws InterruptedException {
        append(false);
        List<String> seen = new ArrayList<>();
        @Nullable TrackingToken token;
        EventTail tail;
        try (Connection slow = hold()) {
            append(false);
            token = drain(new LaneStream(store, tail(), null, closed -> {}), seen);
            tail = tail();
            assertThat(((GapAwareTrackingToken) tail.token()).getGaps()).hasSize(1);
            slow.commit();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        readOn(tail);
        drain(new LaneStream(store, tail, token, closed -> {}), seen);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids()).hasSize(3);
    }

    @Test
    void thereIsNoHeadWhereThereIsNoEvent() {
        assertThat(StoredEvents.head(db)).isNull();
        append(true);
        assertThat(StoredEvents.head(db)).isNull();
        append(false);
        assertThat(StoredEvents.head(db)).isEqualTo(GapAwareTrackingToken.newInstance(2, List.of(1L)));
    }

    private EventTail tail() {
        return new EventTail(StoredEvents.head(db), 1_000);
    }

    private void append(boolean rollBack) {
        transaction.executeWithoutResult(status -> {
            store.appendEvents(
                    List.of(new GenericDomainEventMessage<>("CollectionAccount", "A" + aggregates++, 0, EVENT)));
            if (rollBack) {
                status.setRollbackOnly();
            }
        });
    }

    /** A transaction that has been given its place in the store and is not committed. */
    private Connection hold() throws java.sql.SQLException {
        Connection slow = pool.getConnection();
        slow.setAutoCommit(false);
        slow.createStatement()
                .execute(
                        "insert into event (event_id, aggregate_id, sequence_no, aggregate_type, occurred_at, payload_type,"
                                + " payload_revision, payload, meta_data) select 'late', 'late', 0, aggregate_type, occurred_at, payload_type,"
                                + " payload_revision, payload, meta_data from event limit 1");
        return slow;
    }

    private void readOn(EventTail tail) {
        store.readEvents(tail.token(), false).forEach(tail::append);
    }

    private static @Nullable TrackingToken drain(LaneStream lane, List<String> seen) throws InterruptedException {
        @Nullable TrackingToken token = null;
        while (lane.hasNextAvailable()) {
            TrackedEventMessage<?> event = lane.nextAvailable();
            seen.add(event.getIdentifier());
            token = event.trackingToken();
        }
        return token;
    }

    private List<String> ids() {
        return db.sql("select event_id from event order by global_index")
                .query(String.class)
                .list();
    }
}
