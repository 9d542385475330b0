package io.sluice.platform;

import io.sluice.platform.EventTail.Seen;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * What one lane reads: from the store until it has seen all that the tail began behind, from the tail since, each event once. What it has seen and
 * what the tail's reader has seen by some event need not be the same while events are committed out of their order: what the lane
 * has seen is stepped over, and the token that goes with an event is of all that the lane has seen with it, no more and no less.
 *
 * <p>For one thread, but for {@link #wake}.
 */
final class LaneStream implements TrackingEventStream {

    /** What is committed on another node is seen by the tail's reader after as long. */
    private static final long LOOK_MILLIS = 50;

    private final EventStorageEngine store;
    private final EventTail tail;
    private final Consumer<LaneStream> closed;
    private volatile @Nullable Runnable lane;

    /** All that the lane has seen. */
    private @Nullable TrackingToken token;

    /** Up to where of the tail; null while it reads from the store. */
    private @Nullable Seen at;

    /** Whether the lane has seen just what the tail's reader had at {@link #at}, which is so for good once it is. */
    private boolean same;

    private @Nullable Stream<? extends TrackedEventMessage<?>> stored;
    private @Nullable Iterator<? extends TrackedEventMessage<?>> events;
    private @Nullable TrackedEventMessage<?> peeked;

    /** @param token what the lane has seen */
    LaneStream(EventStorageEngine store, EventTail tail, @Nullable TrackingToken token, Consumer<LaneStream> closed) {
        this.store = store;
        this.tail = tail;
        this.token = token;
        this.closed = closed;
    }

    void wake() {
        Runnable known = lane;
        if (known != null) {
            known.run();
        }
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        return Optional.ofNullable(next());
    }

    @Override
    public boolean hasNextAvailable() {
        return next() != null;
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long until = System.nanoTime() + unit.toNanos(timeout);
        while (next() == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            tail.await(Math.min(left, LOOK_MILLIS));
        }
        return true;
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        TrackedEventMessage<?> event = next();
        while (event == null) {
            tail.await(LOOK_MILLIS);
            event = next();
        }
        peeked = null;
        return event;
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        lane = callback;
        return true;
    }

    @Override
    public void close() {
        closed.accept(this);
        readNoMore();
    }

    private @Nullable TrackedEventMessage<?> next() {
        if (peeked == null) {
            peeked = follow();
        }
        return peeked;
    }

    private @Nullable TrackedEventMessage<?> follow() {
        if (at != null && !tail.keeps(at)) {
            at = null; // it has fallen behind
        }
        if (at == null) {
            Seen oldest = tail.oldest();
            if (!SeenEvents.covers(token, oldest.token())) {
                return read();
            }
            readNoMore();
            at = oldest;
            same = SeenEvents.covers(oldest.token(), token);
        }
        for (Seen seen = at.next(); seen != null; seen = seen.next()) {
            TrackedEventMessage<?> event = seen.event();
            TrackingToken all = event.trackingToken();
            if (same) {
                at = seen;
                token = all;
                return event;
            }
            if (seen.index() == EventTail.UNKNOWN) {
                at = null;
                return read();
            }
            boolean known = SeenEvents.has(token, seen.index());
            TrackingToken its = SeenEvents.union(token, all);
            at = seen;
            token = its;
            same = SeenEvents.covers(all, its);
            if (!known) {
                return event.withTrackingToken(its);
            }
        }
        return null;
    }

    /** From the store itself, as far as there is something at the moment. */
    private @Nullable TrackedEventMessage<?> read() {
        if (events == null) {
            stored = store.readEvents(token, false);
            events = stored.iterator();
        }
        if (events.hasNext()) {
            TrackedEventMessage<?> event = events.next();
            token = event.trackingToken();
            return event;
        }
        readNoMore();
        return null;
    }

    private void readNoMore() {
        if (stored != null) {
            stored.close();
            stored = null;
            events = null;
        }
    }
}
