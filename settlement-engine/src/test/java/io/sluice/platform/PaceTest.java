package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class PaceTest {

    private record Many(int facts) implements StoredEvent {}

    private final WakingEventStore store = new WakingEventStore(EmbeddedEventStore.builder()
            .storageEngine(new InMemoryEventStorageEngine())
            .fetchDelay(50)
            .timeUnit(TimeUnit.MILLISECONDS));

    /** Of the slowest lane. */
    private final AtomicLong position = new AtomicLong(-1);

    private final AtomicInteger asked = new AtomicInteger();
    private final Pace pace = new Pace(
            store,
            new LanePositions(new StaticListableBeanFactory()
                    .getBeanProvider(org.axonframework.config.EventProcessingConfiguration.class)) {
                @Override
                long slowest() {
                    asked.incrementAndGet();
                    return position.get();
                }
            });

    @AfterEach
    void stop() {
        store.shutDown();
    }

    @Test
    void whoRecordsManyWaitsForTheSlowestLane() throws InterruptedException {
        tell(5_000);
        CountDownLatch through = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            pace.keep(100);
            through.countDown();
        });
        while (asked.get() < 3) {
            Thread.onSpinWait();
        }
        assertThat(through.getCount()).isEqualTo(1);
        position.set(Long.MAX_VALUE);
        assertThat(through.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aLaneThatStaysBehindKeepsNobodyForLong() throws InterruptedException {
        tell(5_000);
        pace.keep(100);
        assertThat(asked).hasValueGreaterThan(1);
        asked.set(0);
        pace.keep(100);
        assertThat(asked).as("nobody waits for it now").hasValue(0);
    }

    @Test
    void aFewFactsWaitForNothing() throws InterruptedException {
        tell(20);
        pace.keep(0);
        assertThat(asked).hasValue(1);
    }

    /** Until the store has seen it. */
    private void tell(int facts) throws InterruptedException {
        try (TrackingEventStream lane = store.openStream(null)) {
            CountDownLatch seen = new CountDownLatch(1);
            lane.setOnAvailableCallback(seen::countDown);
            store.publish(new GenericDomainEventMessage<>("Test", "t", 0, new Many(facts)));
            assertThat(seen.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }
}
