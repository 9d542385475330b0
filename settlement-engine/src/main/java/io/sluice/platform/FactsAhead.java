package io.sluice.platform;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/** How many facts the events that this node has seen tell of, behind a lane's position; how fast it handles them; and who may add to them. */
@Component
class FactsAhead {

    /** More events than anybody waits for; a few kilobytes. */
    private static final int RECENT = 5_000;

    /** After so long what was admitted does not come. */
    static final Duration ADMITTED = Duration.ofMillis(100);

    /** Lanes handle some hundreds of facts at a time: for as long they are watched at work before it is said how fast they are. */
    static final Duration WATCHED = Duration.ofMillis(250);

    /** Between looks no farther apart a lane that had work has it until the end, near enough; between others only if some is left. */
    static final Duration LOOKED = Duration.ofMillis(20);

    private static final Duration FORGOTTEN = Duration.ofSeconds(1);

    private record Seen(long index, int facts) {}

    private final LongSupplier nanos;
    private final ArrayDeque<Seen> recent = new ArrayDeque<>();

    /** Facts that somebody was let record, less those that were seen since. */
    private long admitted;

    private long admittedAt;

    /** Of all that were ever seen. */
    private long seen;

    private double perSecond;

    /** As found when somebody asked last. */
    private long askedAt;

    private long behindThen;
    private long handledThen;

    /** While watched: nanoseconds for which there were facts to handle, and how many were handled. */
    private long busy;

    private long handled;

    FactsAhead() {
        this(System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    FactsAhead(LongSupplier nanos) {
        this.nanos = nanos;
        this.admittedAt = nanos.getAsLong();
        this.askedAt = admittedAt;
    }

    synchronized void seen(long index, int facts) {
        recent.addLast(new Seen(index, facts));
        seen += facts;
        admitted = Math.max(0, admitted - facts);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** Whether all events behind that position are known: it is not far behind. */
    synchronized boolean reaches(long position) {
        return recent.isEmpty() || recent.getFirst().index() <= position + 1;
    }

    /** How fast the lanes that were asked for lately handle facts while they have some before them; 0 when that is not known. */
    synchronized double perSecond() {
        return perSecond;
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
        long behind = behind(position);
        watch(behind, now);
        long ahead = behind + admitted;
        if (ahead > 0 && ahead + facts > most) {
            return false;
        }
        admitted += facts;
        admittedAt = now;
        return true;
    }

    private long behind(long position) {
        long behind = 0;
        for (Iterator<Seen> newest = recent.descendingIterator(); newest.hasNext(); ) {
            Seen event = newest.next();
            if (event.index() <= position) {
                break;
            }
            behind += event.facts();
        }
        return behind;
    }

    /**
     * While a lane has nothing to do, or nobody asks about it, it does not show how fast it is. Nor does one whose place another lane takes, as the
     * slowest, when it stops: more than was behind it is then handled at once, or less than nothing.
     */
    private void watch(long behind, long now) {
        long elapsed = now - askedAt;
        long did = seen - behind - handledThen;
        boolean worked = behindThen > 0 && did >= 0 && did <= behindThen;
        if (worked && (elapsed <= LOOKED.toNanos() || did < behindThen && elapsed < FORGOTTEN.toNanos())) {
            busy += elapsed;
            handled += did;
        }
        askedAt = now;
        behindThen = behind;
        handledThen = seen - behind;
        if (busy >= WATCHED.toNanos()) {
            double measured = handled * 1e9 / busy;
            perSecond = perSecond == 0 ? measured : (perSecond + measured) / 2;
            busy = 0;
            handled = 0;
        }
    }
}
