package io.sluice.platform;

import javax.sql.DataSource;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The events of a database, for tools that start no engine: in the caller's transaction, stored as the engine stores them. */
public final class StoredEvents {

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

    static Serializer serializer() {
        return EventSerializer.with(EventNames.below("io.sluice"));
    }
}
