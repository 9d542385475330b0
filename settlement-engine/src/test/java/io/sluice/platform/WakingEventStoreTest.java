package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WakingEventStoreTest {

    /** The database is down for the next reads. */
    private final AtomicInteger failures = new AtomicInteger();

    private final WakingEventStore store = new WakingEventStore(
            new InMemoryEventStorageEngine() {
                @Override
                public Stream<? extends TrackedEventMessage<?>> readEvents(TrackingToken after, boolean mayBlock) {
                    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new IllegalStateException("the database is down");
                    }
                    return super.readEvents(after, mayBlock);
                }
            },
            () -> null,
            new FactsAhead());

    @AfterEach
    void stop() {
        store.shutDown();
    }

    @Test
    void wakesALaneWhenItCanReadTheEvent() throws InterruptedException {
        try (TrackingEventStream lane = store.openStream(null)) {
            BlockingQueue<Boolean> readable = called(lane);
            for (int event = 0; event < 20; event++) {
                publish(event);
                assertThat(readable.poll(1, TimeUnit.MINUTES))
                        .as("event %d", event)
                        .isTrue();
                while (lane.hasNextAvailable()) {
                    lane.nextAvailable();
                }
                readable.clear();
            }
        }
    }

    @Test
    void wakesALaneAfterTheDatabaseWasDown() throws InterruptedException {
        try (TrackingEventStream lane = store.openStream(null)) {
            BlockingQueue<Boolean> readable = called(lane);
            publish(0);
            assertThat(readable.poll(1, TimeUnit.MINUTES)).isTrue();
            failures.set(5);
            publish(1);
            assertThat(readable.poll(1, TimeUnit.MINUTES)).isTrue();
            assertThat(failures).hasValue(0);
        }
    }

    @Test
    void aLaneThatTakesNoCallKeepsNoneFromOthers() throws InterruptedException {
        try (TrackingEventStream stopping = store.openStream(null);
                TrackingEventStream lane = store.openStream(null)) {
            stopping.setOnAvailableCallback(() -> {
                throw new IllegalStateException("it is stopping");
            });
            BlockingQueue<Boolean> readable = called(lane);
            for (int event = 0; event < 3; event++) {
                publish(event);
                assertThat(readable.poll(1, TimeUnit.MINUTES))
                        .as("event %d", event)
                        .isTrue();
                while (lane.hasNextAvailable()) {
                    lane.nextAvailable();
                }
                readable.clear();
            }
        }
    }

    @Test
    void wakesNoLaneThatIsOver() throws InterruptedException {
        TrackingEventStream over = store.openStream(null);
        BlockingQueue<Boolean> ofOver = called(over);
        over.close();
        try (TrackingEventStream lane = store.openStream(null)) {
            BlockingQueue<Boolean> readable = called(lane);
            publish(0);
            assertThat(readable.poll(1, TimeUnit.MINUTES)).isTrue();
            assertThat(ofOver).isEmpty();
        }
    }

    /** For each call whether there was something to read then. */
    private static BlockingQueue<Boolean> called(TrackingEventStream lane) {
        BlockingQueue<Boolean> readable = new LinkedBlockingQueue<>();
        assertThat(lane.setOnAvailableCallback(() -> readable.add(lane.hasNextAvailable())))
                .isTrue();
        return readable;
    }

    private void publish(int number) {
        store.publish(List.of(new GenericDomainEventMessage<>("Thing", "A", number, "event " + number)));
    }
}
