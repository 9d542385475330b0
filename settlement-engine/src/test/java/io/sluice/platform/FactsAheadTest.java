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
        for (int event = 0; ahead.perSecond() == 0; event++) {
            ahead.seen(event, 500);
            nanos.addAndGet(Duration.ofMillis(10).toNanos());
            ahead.admits(0, event - 1L, 0);
            assertThat(event).isLessThanOrEqualTo(26);
        }
        assertThat(ahead.perSecond()).isCloseTo(50_000, withPercentage(5));
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
            nanos.addAndGet(FactsAhead.LOOKED.toNanos() + 1);
            ahead.admits(0, event - 1L, 0);
        }
        assertThat(ahead.perSecond()).isZero();
    }
}
