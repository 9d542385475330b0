package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class PaceTest {

    private final FactsAhead ahead = new FactsAhead();

    /** Of the slowest lane. */
    private final AtomicLong position = new AtomicLong(-1);

    private final AtomicInteger asked = new AtomicInteger();
    private final Pace pace = new Pace(
            ahead,
            new LanePositions(new StaticListableBeanFactory()
                    .getBeanProvider(org.axonframework.config.EventProcessingConfiguration.class)) {
                @Override
                long slowest() {
                    asked.incrementAndGet();
                    return position.get();
                }
            });

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
        for (int batch = 0; batch < 2; batch++) {
            asked.set(0);
            Thread lane = Thread.ofVirtual().start(() -> {
                int before = asked.get();
                while (asked.get() < before + 3) {
                    Thread.onSpinWait();
                }
                position.incrementAndGet();
            });
            pace.keep(100);
            assertThat(asked).as("batch %d", batch).hasValueGreaterThan(3);
            lane.interrupt();
        }
    }

    @Test
    void aLaneThatMakesAViewOfAllThatEverHappenedKeepsNobodyForLong() {
        for (int event = 0; event < 10_000; event++) {
            ahead.seen(event, 1);
        }
        Thread lane = Thread.ofVirtual().start(() -> {
            while (asked.get() < 3) {
                Thread.onSpinWait();
            }
            position.incrementAndGet();
        });
        pace.keep(100);
        asked.set(0);
        pace.keep(100);
        assertThat(asked).as("nobody waits for it now").hasValue(0);
        lane.interrupt();
    }

    @Test
    void aFewFactsWaitForNothing() {
        ahead.seen(0, 20);
        pace.keep(0);
        assertThat(asked).hasValue(1);
    }
}
