package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FactsAheadTest {

    private final AtomicLong nanos = new AtomicLong();
    private final FactsAhead ahead = new FactsAhead(nanos::get);

    @Test
    void admitsNoMoreThanMayBeBehindTheSlowestLane() {
        ahead.seen(0, 3);
        ahead.seen(1, 2);
        assertThat(ahead.admits(1, -1, 5)).as("none of five was handled").isFalse();
        assertThat(ahead.admits(3, 0, 5)).as("two are left").isTrue();
        assertThat(ahead.admits(1, 0, 5)).as("and three that were admitted").isFalse();
        ahead.seen(2, 3);
        assertThat(ahead.admits(1, 0, 5)).as("which have come").isFalse();
        assertThat(ahead.admits(2, 1, 5)).isTrue();
    }

    @Test
    void oneBatchIsAdmittedHoweverLargeWhereNothingIsBehind() {
        assertThat(ahead.admits(9, -1, 5)).isTrue();
        assertThat(ahead.admits(9, -1, 5)).isFalse();
    }

    @Test
    void whatWasAdmittedAndDoesNotComeIsForgotten() {
        assertThat(ahead.admits(5, -1, 5)).isTrue();
        nanos.addAndGet(FactsAhead.ADMITTED.toNanos());
        assertThat(ahead.admits(1, -1, 5)).isFalse();
        nanos.incrementAndGet();
        assertThat(ahead.admits(1, -1, 5)).isTrue();
    }

    @Test
    void aLaneShowsHowFastItIsByWhatItHandlesWhileItHasWork() {
        work(0, 60, 500, Duration.ofMillis(10));
        assertThat(ahead.perSecond()).isCloseTo(50_000, withPercentage(5));
        work(60, 400, 500, Duration.ofMillis(50));
        assertThat(ahead.perSecond()).as("slower, and seldom asked about").isCloseTo(10_000, withPercentage(5));
    }

    /** Whoever waits looks again as soon as it was told, so that the end of a lane's long transaction alone would be seen. */
    @Test
    void aLaneIsNotFastBecauseItsTransactionsEndWhileSomebodyLooks() {
        ahead.seen(0, 6_000);
        for (int event = 1; event < 20; event++) {
            ahead.seen(event, 3_000);
            ahead.admits(0, event - 2L, 0);
            nanos.addAndGet(Duration.ofMillis(80).toNanos());
            ahead.admits(0, event - 2L, 0);
            nanos.addAndGet(Duration.ofMillis(20).toNanos());
            ahead.admits(0, event - 1L, 0);
        }
        assertThat(ahead.perSecond()).isBetween(20_000.0, 40_000.0);
    }

    @Test
    void whileALaneHasNoWorkItDoesNotShowHowFastItIs() {
        for (int event = 0; event < 1_000; event++) {
            ahead.seen(event, 500);
            nanos.addAndGet(Duration.ofMillis(10).toNanos());
            ahead.admits(0, event, 0);
        }
        assertThat(ahead.perSecond()).isZero();
    }

    @Test
    void whatALaneDidWhileNobodyAskedIsNotCounted() {
        for (int event = 0; event < 1_000; event++) {
            ahead.seen(event, 500);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            ahead.admits(0, event - 1L, 0);
        }
        assertThat(ahead.perSecond()).isZero();
    }

    /** The slowest lane is another one while that lane has no place, and none has a place when the engine starts. */
    @Test
    void aPlaceThatJumpsDoesNotShowHowFastALaneIs() {
        work(0, 60, 500, Duration.ofMillis(10));
        double known = ahead.perSecond();
        for (int event = 60; event < 500; event++) {
            ahead.seen(event, 50_000);
            nanos.addAndGet(Duration.ofMillis(2).toNanos());
            ahead.admits(0, event % 2 == 0 ? Long.MAX_VALUE : 60, 0);
        }
        assertThat(ahead.perSecond()).isEqualTo(known);
    }

    /** One event of so many facts in each step is handled and the next one is there. */
    private void work(int from, int until, int facts, Duration step) {
        for (int event = from; event < until; event++) {
            ahead.seen(event, facts);
            ahead.admits(0, event - 2L, 0);
            nanos.addAndGet(step.toNanos());
            ahead.admits(0, event - 1L, 0);
        }
    }
}
