package io.sluice.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.QueryTimeoutException;

class OneByOneTest {

    private final List<String> done = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-23T09:00:00Z");
    private boolean broken = true;
    private WorkList work;
    private OneByOne oneByOne;

    @BeforeEach
    void wire() {
        TestBeans beans = TestBeans.on(TestDatabase.fresh());
        work = new WorkList(
                beans.db(),
                () -> now,
                beans.audit(),
                beans.transactions(),
                new StaticListableBeanFactory().getBeanProvider(WorkList.Approvable.class));
        oneByOne = new OneByOne(work, beans.transactions(), new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        });
    }

    private boolean run(String item) {
        return oneByOne.run("ITEM-" + item, "Item " + item, () -> {
            if (broken && item.equals("first")) {
                work.open("HALF", "RULE", "h", "half of what it does", "engine");
                throw new IllegalStateException("it is broken");
            }
            done.add(item);
        });
    }

    private void after(Duration time) {
        now = now.plus(time);
    }

    private List<String> told() {
        return work.openItems().stream().map(WorkList.Item::summary).toList();
    }

    @Test
    void oneThatFailsHoldsNobodyElseUpAndIsTold() {
        assertThat(run("first")).isFalse();
        assertThat(run("second")).isTrue();
        assertThat(run("first")).as("it waits").isFalse();
        assertThat(told()).as("nothing of it stays done").isEmpty();
        after(Duration.ofSeconds(1));
        assertThat(run("first")).isFalse();
        assertThat(told()).isEmpty();
        after(Duration.ofSeconds(2));
        assertThat(run("first")).isFalse();
        assertThat(told())
                .containsExactly("Item first fails (IllegalStateException, see the log)."
                        + " It waits and is tried again by itself; all others go on.");

        broken = false;
        after(Duration.ofSeconds(3));
        assertThat(run("first")).as("the pause has grown to 4 s").isFalse();
        after(Duration.ofSeconds(1));
        assertThat(run("first")).isTrue();
        assertThat(told()).isEmpty();
        assertThat(done).containsExactly("second", "first");
    }

    @Test
    void whatSomebodyHasDismissedIsToldTheNextDayWhileItStillFails() {
        for (int i = 0; i < 4; i++) {
            run("first");
            after(Duration.ofMinutes(5));
        }
        work.dismiss("ITEM-first", "known", "tom");
        run("first");
        assertThat(told()).isEmpty();
        after(Duration.ofDays(1));
        run("first");
        assertThat(told()).hasSize(1);
    }

    @Test
    void aDatabaseThatFailsFailsAll() {
        assertThatThrownBy(() -> oneByOne.run("ITEM", "Item", () -> {
                    throw new QueryTimeoutException("slow");
                }))
                .isInstanceOf(QueryTimeoutException.class);
        assertThat(oneByOne.run("ITEM", "Item", () -> done.add("again"))).isTrue();
    }
}
