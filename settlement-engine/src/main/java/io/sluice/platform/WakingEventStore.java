package io.sluice.platform;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes lanes as soon as there is an event for them. Axon 4.13's embedded store does not ({@code setOnAvailableCallback} answers false), for
 * want of which a lane that has handled all looks again only after half a second: at each hop of what an inflow passes through
 * (docs/decisions/lanes-are-woken.md).
 *
 * <p>One thread follows the store as lanes do. When it sees an event, every lane that follows the head can read it, whoever wrote it.
 */
final class WakingEventStore extends EmbeddedEventStore {

    private static final Logger log = LoggerFactory.getLogger(WakingEventStore.class);
    private static final int LOOK_SECONDS = 1;

    /** A batch is a transaction: what comes meanwhile is better handled together, and the more so the more comes. */
    private static final int CALLS_APART_MILLIS = 25;

    private static final int FARTHEST_APART_MILLIS = 500;
    private static final int EVENTS_PER_MILLI_MORE = 8;

    private final FactsAhead facts;
    private final Set<Woken> lanes = ConcurrentHashMap.newKeySet();
    private @Nullable Thread watch;
    private volatile boolean over;

    WakingEventStore(Builder builder, FactsAhead facts) {
        super(builder);
        this.facts = facts;
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken token) {
        return new Woken(super.openStream(token));
    }

    @Override
    public void shutDown() {
        stop();
        super.shutDown();
    }

    private synchronized void stop() {
        over = true;
        if (watch != null) {
            watch.interrupt();
        }
    }

    /** From now on: what is there already its lane sees by itself. */
    private synchronized void watch() {
        if (watch == null && !over) {
            TrackingToken head = createHeadToken();
            watch = Threads.named("lanes-watch").newThread(() -> follow(head));
            watch.start();
        }
    }

    private void follow(@Nullable TrackingToken from) {
        TrackingToken seen = from;
        while (!over) {
            try (TrackingEventStream all = super.openStream(seen)) {
                while (!over) {
                    if (all.hasNextAvailable(LOOK_SECONDS, TimeUnit.SECONDS)) {
                        int events = 0;
                        do {
                            TrackedEventMessage<?> event = all.nextAvailable();
                            seen = event.trackingToken();
                            facts.seen(event.trackingToken().position().orElse(-1), read(event));
                            events++;
                        } while (all.hasNextAvailable());
                        lanes.forEach(Woken::wake);
                        TimeUnit.MILLISECONDS.sleep(
                                Math.min(FARTHEST_APART_MILLIS, CALLS_APART_MILLIS + events / EVENTS_PER_MILLI_MORE));
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                again(e);
            }
        }
    }

    /** Once, for all lanes that read what is cached: called together, each would read it for itself. */
    private static int read(TrackedEventMessage<?> event) {
        try {
            return event.getPayload() instanceof StoredEvent told ? told.facts() : 1;
        } catch (RuntimeException e) {
            log.debug("An event that cannot be read; the lanes that handle it say so", e);
            return 1;
        }
    }

    /** Until it follows again, lanes look by themselves, each time they extend their claims. */
    private void again(RuntimeException e) {
        if (over) {
            return;
        }
        log.warn("Lanes are not woken for the moment, and look for events every second: {}", e.toString());
        try {
            TimeUnit.SECONDS.sleep(LOOK_SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            over = true;
        }
    }

    private final class Woken implements TrackingEventStream {

        private final TrackingEventStream events;
        private volatile @Nullable Runnable lane;

        Woken(TrackingEventStream events) {
            this.events = events;
        }

        /** One that is stopping takes no call, and keeps none from the others. */
        void wake() {
            Runnable known = lane;
            if (known != null) {
                try {
                    known.run();
                } catch (RuntimeException e) {
                    log.debug("A lane was not woken", e);
                }
            }
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            watch();
            lane = callback;
            lanes.add(this);
            return true;
        }

        @Override
        public void close() {
            lanes.remove(this);
            events.close();
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return events.peek();
        }

        @Override
        public boolean hasNextAvailable() {
            return events.hasNextAvailable();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return events.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            return events.nextAvailable();
        }

        @Override
        public Stream<TrackedEventMessage<?>> asStream() {
            return events.asStream();
        }

        @Override
        public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
            events.skipMessagesWithPayloadTypeOf(ignored);
        }
    }
}
