package io.sluice.platform;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events on to lanes: one thread reads the store for all of them, as soon as something is committed, and wakes them. Axon 4.13's embedded store
 * wakes nobody ({@code setOnAvailableCallback} answers false), for want of which a lane that has handled all looks again only after half a
 * second; and what it has cached it hands on only to lanes whose token equals a cached one, gaps included, which under load none does for long
 * (docs/decisions/lanes-are-woken.md).
 */
final class WakingEventStore extends EmbeddedEventStore {

    private static final Logger log = LoggerFactory.getLogger(WakingEventStore.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Another node's events are seen after this; our own at once. */
    private static final long LOOK_MILLIS = 50;

    /** A batch is a transaction: what comes meanwhile is better handled together, and the more so the more comes. */
    private static final int CALLS_APART_MILLIS = 25;

    private static final int FARTHEST_APART_MILLIS = 500;
    private static final int FACTS_PER_MILLI_MORE = 200;

    /** With what was read of them, for lanes that follow the head: of the largest about 60 MB. */
    private static final int KEPT = 1_000;

    private final Supplier<@Nullable TrackingToken> head;
    private final FactsAhead facts;
    private final Set<LaneStream> lanes = ConcurrentHashMap.newKeySet();
    private final Semaphore committed = new Semaphore(0);
    private @Nullable EventTail tail;
    private @Nullable Thread watch;
    private volatile boolean over;

    /** @param head all events that there are, and none that may still come: whose place was given out and is empty yet is a gap in it */
    WakingEventStore(EventStorageEngine engine, Supplier<@Nullable TrackingToken> head, FactsAhead facts) {
        super(EmbeddedEventStore.builder().storageEngine(engine).optimizeEventConsumption(false));
        this.head = head;
        this.facts = facts;
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken token) {
        LaneStream stream = new LaneStream(storageEngine(), watch(), token, lanes::remove);
        lanes.add(stream);
        return stream;
    }

    @Override
    protected void afterCommit(List<? extends EventMessage<?>> events) {
        committed.release();
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

    /** From now on: what is there already a lane reads by itself. */
    private synchronized EventTail watch() {
        if (tail == null) {
            tail = new EventTail(head.get(), KEPT);
        }
        if (watch == null && !over) {
            EventTail its = tail;
            watch = Threads.named("lanes-watch").newThread(() -> follow(its));
            watch.start();
        }
        return tail;
    }

    private void follow(EventTail its) {
        while (!over) {
            TrackingToken before = its.token();
            try {
                committed.drainPermits();
                if (!readOn(its)) {
                    committed.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) { // without this thread no lane would ever see anything
                if (its.token() != before) {
                    tell(its); // of what was read before it failed
                }
                again(e);
            }
        }
    }

    private void tell(EventTail its) {
        its.told();
        lanes.forEach(WakingEventStore::wake);
    }

    /**
     * All that there is by now, and what comes meanwhile: the engine's stream ends when it finds nothing, which under load it always does. So lanes are
     * called in the midst of it, too. Answers whether there was anything.
     */
    private boolean readOn(EventTail its) throws InterruptedException {
        int told = 0;
        boolean any = false;
        long called = System.nanoTime();
        try (Stream<? extends TrackedEventMessage<?>> stored = storageEngine().readEvents(its.token(), false)) {
            for (Iterator<? extends TrackedEventMessage<?>> all = stored.iterator(); all.hasNext(); any = true) {
                TrackedEventMessage<?> event = all.next();
                int more = read(event);
                facts.seen(event.trackingToken().position().orElse(-1), more);
                its.append(event);
                told += Math.max(1, more);
                if (System.nanoTime() - called > TimeUnit.MILLISECONDS.toNanos(CALLS_APART_MILLIS)) {
                    call(its, told);
                    told = 0;
                    called = System.nanoTime();
                }
            }
        }
        if (told > 0) {
            call(its, told);
        }
        return any;
    }

    /** And lets what comes next gather meanwhile. */
    private void call(EventTail its, int told) throws InterruptedException {
        tell(its);
        TimeUnit.MILLISECONDS.sleep(Math.min(FARTHEST_APART_MILLIS, CALLS_APART_MILLIS + told / FACTS_PER_MILLI_MORE));
    }

    /** Once, for all lanes: called together, each would read it for itself. */
    private static int read(TrackedEventMessage<?> event) {
        try {
            return event.getPayload() instanceof StoredEvent told ? told.facts() : 1;
        } catch (RuntimeException e) {
            log.debug("An event that cannot be read; the lanes that handle it say so", e);
            return 1;
        }
    }

    /** One that is stopping takes no call, and keeps none from the others. */
    private static void wake(LaneStream lane) {
        try {
            lane.wake();
        } catch (RuntimeException e) {
            log.debug("A lane was not woken", e);
        }
    }

    /** Until then lanes see nothing new. */
    private void again(Throwable e) {
        if (over) {
            return;
        }
        log.warn("Events cannot be read for the moment; in a second again: {}", e.toString());
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            over = true;
        }
    }
}
