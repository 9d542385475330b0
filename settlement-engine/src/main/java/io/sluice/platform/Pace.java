package io.sluice.platform;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Keeps whoever records many facts at a time from running ahead of the lanes (docs/decisions/recording-keeps-the-lanes-pace.md): balances show what
 * was recorded a moment later also under the heaviest load, and lanes read events that are in memory still. What has to wait waits where it
 * is durable already: in the inbox, or in the queue to the router.
 *
 * <p>Asked before a batch, outside of transactions. Who records one fact for a person does not ask.
 */
@Component
public class Pace {

    /** For so long lanes may have work before them, so that balances are hardly ever older than thrice that. */
    private static final Duration AHEAD = Duration.ofMillis(60);

    /** As many facts are before them however slow they are, or are not known to be: with fewer they would be idle between two batches. */
    private static final int FACTS_AHEAD = 1_000;

    /** Nor are there ever more for being fast: what is measured is a guess. */
    private static final int MOST_AHEAD = 8_000;

    /** Who brings more at a time, and says so, waits for more at a time: fewer would leave lanes idle. */
    private static final int BATCHES_AHEAD = 8;

    private static final Duration LOOK = Duration.ofMillis(2);

    /** Who has waited so long goes on. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /**
     * For so long nobody waits at all, when a lane has not moved meanwhile or is far behind: it is stuck, or makes a new view of all that ever
     * happened, and money is recorded whatever becomes of views. A lane that was only held up is waited for, else it would never catch up.
     */
    private static final Duration NOBODY_WAITS = Duration.ofSeconds(10);

    private final FactsAhead ahead;
    private final LanePositions lanes;

    /** One looks at a time, in the order in which they came: thirty who look would keep the lanes from the processor. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final LongSupplier nanos;
    private volatile long waitsFrom;

    @Autowired
    Pace(FactsAhead ahead, LanePositions lanes) {
        this(ahead, lanes, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Pace(FactsAhead ahead, LanePositions lanes, LongSupplier nanos) {
        this.ahead = ahead;
        this.lanes = lanes;
        this.nanos = nanos;
        this.waitsFrom = nanos.getAsLong();
    }

    /**
     * Returns at once while lanes keep up, and otherwise as soon as they have caught up, or after a second.
     *
     * @param facts that the caller is about to record; 0 when it does not know yet
     */
    public void keep(int facts) {
        if (nobodyWaits()) {
            return;
        }
        long since = nanos.getAsLong();
        long from = lanes.slowest();
        try {
            if (!turn.tryLock(LONGEST.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            try {
                await(facts, since, from);
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(int facts, long since, long from) throws InterruptedException {
        if (nobodyWaits()) { // since this one came
            return;
        }
        int least = Math.max(FACTS_AHEAD, BATCHES_AHEAD * facts);
        for (long slowest = lanes.slowest(); !ahead.admits(facts, slowest, most(least)); slowest = lanes.slowest()) {
            if (nanos.getAsLong() - since > LONGEST.toNanos()) {
                if (slowest == from || !ahead.reaches(slowest)) {
                    waitsFrom = nanos.getAsLong() + NOBODY_WAITS.toNanos();
                }
                return;
            }
            Thread.sleep(LOOK);
        }
    }

    private boolean nobodyWaits() {
        return nanos.getAsLong() - waitsFrom < 0;
    }

    private int most(int least) {
        return Math.max(least, (int) Math.min(MOST_AHEAD, ahead.perSecond() * AHEAD.toMillis() / 1_000));
    }
}
