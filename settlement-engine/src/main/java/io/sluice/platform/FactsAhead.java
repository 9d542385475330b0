package io.sluice.platform;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/** How many facts the events that this node has seen tell of, behind a lane's position; and who may add to them. */
@Component
class FactsAhead {

    /** More events than anybody waits for; a few kilobytes. */
    private static final int RECENT = 5_000;

    /** After so long what was admitted does not come. */
    static final Duration ADMITTED = Duration.ofMillis(100);

    private record Seen(long index, int facts) {}

    private final LongSupplier nanos;
    private final ArrayDeque<Seen> recent = new ArrayDeque<>();

    /** Facts that somebody was let record, less those that were seen since. */
    private long admitted;

    private long admittedAt;

    FactsAhead() {
        this(System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    FactsAhead(LongSupplier nanos) {
        this.nanos = nanos;
        this.admittedAt = nanos.getAsLong();
    }

    synchronized void seen(long index, int facts) {
        recent.addLast(new Seen(index, facts));
        admitted = Math.max(0, admitted - facts);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** Whether all events behind that position are known: it is not far behind. */
    synchronized boolean reaches(long position) {
        return recent.isEmpty() || recent.getFirst().index() <= position + 1;
    }

    /**
     * Whether so many facts may come: with those that events behind that position tell of, and those that were admitted a moment ago and are
     * in no event yet, they are not more than {@code most}; or there are no others. What is admitted counts from then on.
     */
    synchronized boolean admits(int facts, long position, int most) {
        long now = nanos.getAsLong();
        if (now - admittedAt > ADMITTED.toNanos()) {
            admitted = 0;
        }
        long ahead = admitted;
        for (Iterator<Seen> newest = recent.descendingIterator(); newest.hasNext(); ) {
            Seen event = newest.next();
            if (event.index() <= position) {
                break;
            }
            ahead += event.facts();
        }
        if (ahead > 0 && ahead + facts > most) {
            return false;
        }
        admitted += facts;
        admittedAt = now;
        return true;
    }
}
