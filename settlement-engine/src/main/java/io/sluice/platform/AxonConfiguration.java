package io.sluice.platform;

import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Axon 4.13.0 on PostgreSQL, with every repair that it needs on Spring Boot 4 (EVENTSTORE 1 and 9). Each bean here replaces a default
 * that loses or doubles money; a test fails for each when it is taken away.
 */
@Configuration(proxyBeanMethods = false)
class AxonConfiguration {

    /**
     * Events in one transaction of a processor: the unit in which projections write. One event tells of up to a hundred inflows; the longest
     * transaction is far from the 30 s that PostgreSQL permits.
     */
    private static final int PROCESSOR_BATCH = 200;

    private static final int FETCH = 200;

    private static final int MAX_CACHED_AGGREGATES = 10_000;

    /** Above the longest transaction that PostgreSQL permits us (transaction_timeout, 30 s): a younger gap may still be filled. */
    private static final int GAP_TIMEOUT_MILLIS = 45_000;

    /** Without this bean Axon silently runs without transactions on Boot 4. */
    @Bean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean
    PersistenceExceptionResolver persistenceExceptionResolver() {
        return new PostgresDuplicateKeys();
    }

    @Bean
    EventNames eventNames() {
        return EventNames.below("io.sluice");
    }

    @Bean
    @Primary
    Serializer serializer(EventNames names) {
        return EventSerializer.with(names);
    }

    @Bean
    @Qualifier("eventSerializer")
    Serializer eventSerializer(EventNames names) {
        return EventSerializer.with(names);
    }

    @Bean
    @Qualifier("messageSerializer")
    Serializer messageSerializer(EventNames names) {
        return EventSerializer.with(names);
    }

    @Bean
    EventSchema eventSchema() {
        return EventSchema.builder()
                .eventTable("event")
                .snapshotTable("snapshot")
                .globalIndexColumn("global_index")
                .timestampColumn("occurred_at")
                .eventIdentifierColumn("event_id")
                .aggregateIdentifierColumn("aggregate_id")
                .sequenceNumberColumn("sequence_no")
                .typeColumn("aggregate_type")
                .payloadTypeColumn("payload_type")
                .payloadRevisionColumn("payload_revision")
                .payloadColumn("payload")
                .metaDataColumn("meta_data")
                .build();
    }

    @Bean
    TokenSchema tokenSchema() {
        return TokenSchema.builder()
                .setTokenTable("processor_token")
                .setProcessorNameColumn("processor_name")
                .setSegmentColumn("segment")
                .setTokenColumn("token")
                .setTokenTypeColumn("token_type")
                .setTimestampColumn("touched_at")
                .setOwnerColumn("owner")
                .build();
    }

    @Bean
    EventStorageEngine eventStorageEngine(
            @Qualifier("eventSerializer") Serializer eventSerializer,
            @Qualifier("eventSerializer") Serializer snapshotSerializer,
            ConnectionProvider connections,
            TransactionManager transactions,
            PersistenceExceptionResolver duplicates,
            EventSchema schema) {
        return JdbcEventStorageEngine.builder()
                .eventSerializer(eventSerializer)
                .snapshotSerializer(snapshotSerializer)
                .snapshotFilter(new SnapshotRevision("1"))
                .connectionProvider(connections)
                .transactionManager(transactions)
                .persistenceExceptionResolver(duplicates)
                .schema(schema)
                .batchSize(FETCH)
                .gapTimeout(GAP_TIMEOUT_MILLIS)
                .gapCleaningThreshold(50)
                .build();
    }

    @Bean
    EmbeddedEventStore eventStore(EventStorageEngine engine, JdbcClient db, FactsAhead facts) {
        return new WakingEventStore(engine, () -> StoredEvents.head(db), facts);
    }

    @Bean
    TokenStore tokenStore(ConnectionProvider connections, Serializer serializer, TokenSchema schema) {
        return JdbcTokenStore.builder()
                .connectionProvider(connections)
                .serializer(serializer)
                .schema(schema)
                .claimTimeout(java.time.Duration.ofSeconds(10))
                .build();
    }

    @Bean
    ConnectionProvider connectionProvider(DataSource dataSource) {
        return new org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper(
                new org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider(dataSource));
    }

    @Bean
    Cache aggregateCache() {
        return new AggregateCache(MAX_CACHED_AGGREGATES);
    }

    /**
     * Every lane: an error stops it and is tried again, loudly; the default would log it and go on without the event. A new lane starts
     * at the tail, so that it sees all of history: lanes act only on rows in their own transaction, behind unique claims.
     */
    @Bean
    ConfigurerModule eventLanes() {
        return configurer -> {
            EventProcessingConfigurer lanes = configurer.eventProcessing();
            lanes.registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance());
            lanes.registerDefaultErrorHandler(c -> PropagatingErrorHandler.instance());
            lanes.usingPooledStreamingEventProcessors((config, builder) -> builder.batchSize(PROCESSOR_BATCH)
                    .initialSegmentCount(1)
                    .initialToken(StreamableMessageSource::createTailToken)
                    .tokenClaimInterval(1_000)
                    .claimExtensionThreshold(3_000)
                    .coordinatorExecutor(name -> Executors.newScheduledThreadPool(1, Threads.named("lane-" + name)))
                    .workerExecutor(name -> Executors.newScheduledThreadPool(1, Threads.named("work-" + name))));
        };
    }
}
