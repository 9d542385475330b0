package io.sluice.platform;

import java.util.Set;
import java.util.TreeSet;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, in the order in which one reader saw them: read and parsed once for all lanes. Of that order, not of the events', since
 * an event that was committed late comes behind those that it precedes.
 */
final class EventTail {

    /** Of an event of which nobody can say which it was. */
    static final long UNKNOWN = Long.MIN_VALUE;

    /** One event that was seen, and all that had been by then. */
    static final class Seen {

        private final long number;
        private final @Nullable TrackingToken token;
        private final @Nullable TrackedEventMessage<?> event;
        private final long index;
        private volatile @Nullable Seen next;

        private Seen(long number, @Nullable TrackingToken token, @Nullable TrackedEventMessage<?> event, long index) {
            this.number = number;
            this.token = token;
            this.event = event;
            this.index = index;
        }

        /** All events that had been seen, this one included. */
        @Nullable
        TrackingToken token() {
            return token;
        }

        /** Not of the one that the tail began behind. */
        TrackedEventMessage<?> event() {
            if (event == null) {
                throw new IllegalStateException("the tail begins behind this");
            }
            return event;
        }

        /** The event's own place in the store, or {@link #UNKNOWN}. */
        long index() {
            return index;
        }

        /** Null until there is one, and when this is not kept any more. */
        @Nullable
        Seen next() {
            return next;
        }
    }

    private final int most;
    private volatile Seen oldest;
    private Seen newest;

    /**
     * @param token what was seen before
     * @param most so many events are kept
     */
    EventTail(@Nullable TrackingToken token, int most) {
        this.most = most;
        this.oldest = new Seen(0, token, null, UNKNOWN);
        this.newest = oldest;
    }

    /** What the reader has seen, to read on behind it. */
    synchronized @Nullable TrackingToken token() {
        return newest.token;
    }

    /** From here on all is kept. */
    Seen oldest() {
        return oldest;
    }

    boolean keeps(Seen seen) {
        return seen.number >= oldest.number;
    }

    /** @param event whose token is {@link #token} with the event */
    synchronized void append(TrackedEventMessage<?> event) {
        TrackingToken token = event.trackingToken();
        Seen seen = new Seen(newest.number + 1, token, event, own(newest.token, token));
        newest.next = seen;
        newest = seen;
        if (newest.number - oldest.number > most) {
            Seen first = oldest;
            Seen second = first.next;
            oldest = second == null ? newest : second;
            // Whoever stands there goes on from the store, and holds none of what came since in memory.
            first.next = null;
        }
    }

    /** Wakes who waits in {@link #await}. */
    synchronized void told() {
        notifyAll();
    }

    /** Until something is appended, or for so long. */
    synchronized void await(long millis) throws InterruptedException {
        wait(Math.max(1, millis));
    }

    /**
     * Which event makes the one token of the other: the one behind all of before, or one that had been stepped over because nothing was there
     * yet. When others that were stepped over are given up for good at the same time, it cannot be told which of them it is.
     */
    private static long own(@Nullable TrackingToken before, TrackingToken token) {
        long position = token.position().orElse(UNKNOWN);
        if (before == null || before.position().orElse(UNKNOWN) < position) {
            return position;
        }
        if (before instanceof GapAwareTrackingToken had && token instanceof GapAwareTrackingToken has) {
            Set<Long> filled = new TreeSet<>(had.getGaps());
            filled.removeAll(has.getGaps());
            if (filled.size() == 1) {
                return filled.iterator().next();
            }
        }
        return UNKNOWN;
    }
}
