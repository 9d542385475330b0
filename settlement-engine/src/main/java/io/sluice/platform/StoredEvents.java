package io.sluice.platform;

import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The events of a database, for tools that start no engine: in the caller's transaction, stored as the engine stores them. */
public final class StoredEvents {

    /** Axon's tokens forget gaps that are farther behind (JdbcEventStorageEngine's maxGapOffset). */
    private static final int GAPS_WITHIN = 10_000;

    private StoredEvents() {}

    /** @param batch events that are read at a time */
    public static JdbcEventStorageEngine on(DataSource source, int batch) {
        Serializer serializer = serializer();
        return JdbcEventStorageEngine.builder()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .connectionProvider(() -> DataSourceUtils.getConnection(source))
                .transactionManager(NoTransactionManager.INSTANCE)
                .schema(new AxonConfiguration().eventSchema())
                .batchSize(batch)
                .build();
    }

    /**
     * All events that there are; null while there is none. Places that were given out and are empty are gaps, as Axon's tokens have them:
     * something may come there yet, or its transaction was rolled back. Axon's own head token has none, so that nobody who
     * waits for such a place has seen all that it says.
     */
    static @Nullable TrackingToken head(JdbcClient db) {
        return db.sql("""
                        select h.newest, array(select g from generate_series(greatest(1, h.newest - ?), h.newest) g
                                               where not exists (select from event e where e.global_index = g))
                        from (select max(global_index) as newest from event) h where h.newest is not null""")
                .param(GAPS_WITHIN)
                .query((row, n) -> (TrackingToken) GapAwareTrackingToken.newInstance(
                        row.getLong(1), List.of((Long[]) row.getArray(2).getArray())))
                .optional()
                .orElse(null);
    }

    static Serializer serializer() {
        return EventSerializer.with(EventNames.below("io.sluice"));
    }
}
