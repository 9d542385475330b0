package io.sluice.platform;

import java.time.Duration;
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

    /** What lanes of this node take a tenth of a second for on two busy cores, so that balances are hardly ever older than twice that. */
    private static final int FACTS_AHEAD = 1_000;

    /** Who brings more at a time, as a statement does, waits for more at a time: fewer would leave lanes idle. */
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
    private volatile long waitsFrom = System.nanoTime();

    Pace(FactsAhead ahead, LanePositions lanes) {
        this.ahead = ahead;
        this.lanes = lanes;
    }

    /**
     * Returns at once while lanes keep up, and otherwise as soon as they have caught up, or after a second.
     *
     * @param facts that the caller is about to record; 0 when it does not know yet
     */
    public void keep(int facts) {
        if (System.nanoTime() - waitsFrom < 0) {
            return;
        }
        int most = Math.max(FACTS_AHEAD, BATCHES_AHEAD * facts);
        long since = System.nanoTime();
        long from = lanes.slowest();
        for (long slowest = from; !ahead.admits(facts, slowest, most); slowest = lanes.slowest()) {
            if (System.nanoTime() - since > LONGEST.toNanos()) {
                if (slowest == from || !ahead.reaches(slowest)) {
                    waitsFrom = System.nanoTime() + NOBODY_WAITS.toNanos();
                }
                return;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
