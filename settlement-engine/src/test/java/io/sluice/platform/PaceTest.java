package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class PaceTest {

    /** When it is asked for so often. */
    private static final int LANE_MOVES_AT = 4;

    /** Stands still unless a test lets it go on: no stall of the machine counts as waiting. */
    private final AtomicLong nanos = new AtomicLong();

    private final FactsAhead ahead = new FactsAhead(nanos::get);

    /** Of the slowest lane. */
    private final AtomicLong position = new AtomicLong(-1);

    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<Thread> askers = new ConcurrentLinkedQueue<>();
    private Runnable whenAsked = () -> {};
    private final Pace pace = new Pace(
            ahead,
            new LanePositions(new StaticListableBeanFactory()
                    .getBeanProvider(org.axonframework.config.EventProcessingConfiguration.class)) {
                @Override
                long slowest() {
                    askers.add(Thread.currentThread());
                    asked.incrementAndGet();
                    whenAsked.run();
                    return position.get();
                }
            },
            nanos::get);

    @Test
    void whoRecordsManyWaitsForTheSlowestLane() throws InterruptedException {
        ahead.seen(0, 5_000);
        CountDownLatch through = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            pace.keep(100);
            through.countDown();
        });
        while (asked.get() < 3) {
            Thread.onSpinWait();
        }
        assertThat(through.getCount()).isEqualTo(1);
        position.set(Long.MAX_VALUE);
        assertThat(through.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aLaneThatStaysBehindKeepsNobodyForLong() {
        whenAsked = this::aMomentPasses;
        ahead.seen(0, 5_000);
        pace.keep(100);
        assertThat(asked).hasValueGreaterThan(1);
        asked.set(0);
        pace.keep(100);
        assertThat(asked).as("nobody waits for it now").hasValue(0);
    }

    @Test
    void aLaneThatWasHeldUpAndComesAfterIsWaitedForByEachWhoRecords() {
        for (int event = 0; event < 100; event++) {
            ahead.seen(event, 5_000);
        }
        whenAsked = this::aMomentPassesAndTheLaneMoves;
        for (int batch = 0; batch < 2; batch++) {
            asked.set(0);
            pace.keep(100);
            assertThat(asked).as("batch %d", batch).hasValueGreaterThan(LANE_MOVES_AT);
        }
    }

    @Test
    void aLaneThatMakesAViewOfAllThatEverHappenedKeepsNobodyForLong() {
        for (int event = 0; event < 10_000; event++) {
            ahead.seen(event, 1);
        }
        whenAsked = this::aMomentPassesAndTheLaneMoves;
        pace.keep(100);
        asked.set(0);
        pace.keep(100);
        assertThat(asked).as("nobody waits for it now").hasValue(0);
    }

    @Test
    void aFewFactsWaitForNothing() {
        ahead.seen(0, 20);
        pace.keep(0);
        assertThat(asked).hasValue(2);
    }

    @Test
    void oneOfThoseWhoWaitLooksAtATime() throws InterruptedException {
        ahead.seen(0, 5_000);
        CountDownLatch through = new CountDownLatch(30);
        for (int waiting = 0; waiting < 30; waiting++) {
            Thread.ofPlatform().start(() -> {
                pace.keep(10);
                through.countDown();
            });
        }
        while (asked.get() < 40 && through.getCount() > 0) {
            Thread.onSpinWait();
        }
        position.set(Long.MAX_VALUE);
        assertThat(through.await(1, TimeUnit.MINUTES)).isTrue();
        Set<Thread> came = new HashSet<>();
        List<Thread> looked =
                askers.stream().filter(thread -> !came.add(thread)).toList(); // when it comes, each may ask
        long turns = IntStream.range(0, looked.size())
                .filter(look -> look == 0 || looked.get(look - 1) != looked.get(look))
                .count();
        assertThat(turns).as("a turn each").isEqualTo(Set.copyOf(looked).size());
    }

    @Test
    void aFastLaneMayHaveMoreBeforeItButNotEndlesslyMore() {
        for (int event = 0; event < 60; event++) { // nearly a hundred thousand a second
            ahead.seen(event, 1_000);
            ahead.admits(0, event - 2L, 0);
            nanos.addAndGet(Duration.ofMillis(10).toNanos());
            ahead.admits(0, event - 1L, 0);
        }
        position.set(59);
        ahead.seen(60, 5_600);
        asked.set(0);
        pace.keep(100);
        assertThat(asked).as("5 700 facts are handled in 60 milliseconds").hasValue(2);
        ahead.seen(61, 400);
        whenAsked = this::aMomentPasses;
        pace.keep(1);
        asked.set(0);
        pace.keep(1);
        assertThat(asked)
                .as("the one before waited, in vain, so that nobody does now")
                .hasValue(0);
    }

    private void aMomentPasses() {
        nanos.addAndGet(Duration.ofMillis(100).toNanos());
    }

    private void aMomentPassesAndTheLaneMoves() {
        aMomentPasses();
        if (asked.get() == LANE_MOVES_AT) {
            position.incrementAndGet();
        }
    }
}
