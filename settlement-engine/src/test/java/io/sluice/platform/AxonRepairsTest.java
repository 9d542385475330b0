package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionEvent.AccountRegistered;
import io.sluice.sandbox.SandboxPostgres;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** What Axon 4.13.0 gets wrong on Boot 4 and PostgreSQL, each repair shown (EVENTSTORE 1, 5 and 9). */
class AxonRepairsTest {

    private static final AccountRegistered EVENT =
            new AccountRegistered("LT123", "meridian", "EUR", AccountKind.COLLECTION, "A shop", null);

    private final EventSerializer serializer = EventSerializer.with(EventNames.below("io.sluice"));

    @Test
    void aReplayTokenCanBeReadBack() {
        TrackingToken token = ReplayToken.createReplayToken(
                GapAwareTrackingToken.newInstance(42, Set.of(7L)), GapAwareTrackingToken.newInstance(1, Set.of()));
        SerializedObject<byte[]> stored = serializer.serialize(token, byte[].class);
        assertThat(serializer.<byte[], TrackingToken>deserialize(stored)).isEqualTo(token);
    }

    @Test
    void anEventIsStoredUnderANameThatOutlivesItsPackage() {
        SerializedObject<byte[]> stored = serializer.serialize(EVENT, byte[].class);
        assertThat(stored.getType().getName()).isEqualTo("collection.AccountRegistered");
        assertThat(serializer.<byte[], Object>deserialize(stored)).isEqualTo(EVENT);
    }

    @Test
    void aClassOutsideTheAllowListIsNotReadWhateverTheStoreSays() {
        for (String name : new String[] {
            "io.sluice.platform.Worker", "javax.swing.JFrame", "io.sluice.collection.CollectionEvent$InflowsBooked"
        }) {
            assertThat(serializer.classForType(new SimpleSerializedType(name, null)))
                    .isEqualTo(UnknownSerializedType.class);
        }
    }

    @Test
    void anUnknownFieldStopsTheReaderInsteadOfBeingDropped() {
        byte[] newer =
                "{\"account\":\"A\",\"bank\":\"b\",\"currency\":\"EUR\",\"kind\":\"TRUST\",\"name\":\"n\",\"colour\":\"red\"}"
                        .getBytes();
        assertThatThrownBy(() -> serializer.deserialize(
                        new SimpleSerializedObject<>(newer, byte[].class, "collection.AccountRegistered", null)))
                .rootCause()
                .hasMessageContaining("colour");
    }

    @Test
    void postgresDuplicatesAreRecognisedByTheirStateAlone() {
        var duplicates = new PostgresDuplicateKeys();
        assertThat(duplicates.isDuplicateKeyViolation(new IllegalStateException(new SQLException("x", "23505"))))
                .isTrue();
        assertThat(duplicates.isDuplicateKeyViolation(new SQLException("x", "23503")))
                .isFalse();
    }

    @Test
    void twoWritersOfOneAggregateGetARetryableConflict() {
        TestDatabase database = TestDatabase.fresh();
        var dataSource = new SimpleDriverDataSource(
                new org.postgresql.Driver(),
                database.url(),
                SandboxPostgres.APP,
                database.password(SandboxPostgres.APP));
        var axon = new AxonConfiguration();
        var transactions = axon.axonTransactionManager(new DataSourceTransactionManager(dataSource));
        var engine = (JdbcEventStorageEngine) axon.eventStorageEngine(
                serializer,
                serializer,
                axon.connectionProvider(dataSource),
                transactions,
                axon.persistenceExceptionResolver(),
                axon.eventSchema());
        engine.appendEvents(new GenericDomainEventMessage<>("CollectionAccount", "LT123", 0, EVENT));
        engine.appendEvents(new GenericDomainEventMessage<>("CollectionAccount", "LT123", 1, EVENT));
        assertThatThrownBy(() ->
                        engine.appendEvents(new GenericDomainEventMessage<>("CollectionAccount", "LT123", 1, EVENT)))
                .isInstanceOf(ConcurrencyException.class);
        assertThat(engine.readEvents("LT123").asStream().toList()).hasSize(2);
    }

    @Test
    void theTransactionManagerIsSprings() {
        TransactionManager manager = new AxonConfiguration()
                .axonTransactionManager(new DataSourceTransactionManager(new SimpleDriverDataSource()));
        assertThat(manager).isInstanceOf(SpringTransactionManager.class).isNotInstanceOf(NoTransactionManager.class);
    }

    @Test
    void aSnapshotOfAnotherRevisionIsNotLoaded() {
        var filter = new SnapshotRevision("1");
        assertThat(filter.test(snapshot("1"))).isTrue();
        assertThat(filter.test(snapshot("0"))).isFalse();
        assertThat(filter.test(snapshot(null))).isFalse();
    }

    private static GenericDomainEventEntry<byte[]> snapshot(String revision) {
        return new GenericDomainEventEntry<>("T", "A", 3, "id", Instant.EPOCH, "T", revision, new byte[0], new byte[0]);
    }

    @Test
    void theAggregateCacheIsBounded() {
        AggregateCache cache = new AggregateCache(100);
        for (int i = 0; i < 1_000; i++) {
            cache.put("A" + i, Map.of());
        }
        assertThat(cache.size()).isLessThanOrEqualTo(100);
        Cache axon = cache;
        axon.put("x", "y");
        assertThat(axon.<String, String>get("x")).isEqualTo("y");
    }
}
