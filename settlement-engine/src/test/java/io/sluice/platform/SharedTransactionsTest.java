package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionTimedOutException;

class SharedTransactionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch go = new CountDownLatch(1);
    private TestBeans beans;
    private SharedTransactions<Supplier<String>, String> together;

    @BeforeEach
    void begin() {
        beans = TestBeans.on(TestDatabase.fresh());
        together = new SharedTransactions<>(
                beans.transactions(), work -> work.stream().map(Supplier::get).toList(), 1);
    }

    private String write(String action) {
        beans.db()
                .sql("insert into audit_log (username, action, subject) values ('x', ?, 'x')")
                .param(action)
                .update();
        return action;
    }

    private List<String> written() {
        return beans.db()
                .sql("select action from audit_log order by action")
                .query(String.class)
                .list();
    }

    @Test
    void whoReturnsIsCommitted() {
        assertThat(together.in(() -> write("one"), PATIENCE)).isEqualTo("one");
        assertThat(written()).containsExactly("one");
    }

    /** All that wait while one is at work go into the next transaction; the bad one of them fails alone. */
    @Test
    void takesAllWhoWaitTogetherAndLetsABadOneFailAlone() throws Exception {
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<String> first = begin(threads);
            for (int i = 0; i < 8; i++) {
                String name = "waiting" + i;
                answers.add(threads.submit((Callable<String>) () -> together.in(() -> write(name), PATIENCE)));
            }
            Future<String> bad = threads.submit((Callable<String>) () -> together.in(
                    () -> {
                        write("bad");
                        throw new IllegalArgumentException("bad");
                    },
                    PATIENCE));
            Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> together.waiting() == 9);
            go.countDown();
            assertThat(first.get()).isEqualTo("first");
            for (int i = 0; i < 8; i++) {
                assertThat(answers.get(i).get()).isEqualTo("waiting" + i);
            }
            assertThatThrownBy(bad::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("bad");
        }
        assertThat(written()).hasSize(9).doesNotContain("bad");
    }

    @Test
    void whoHasNoTimeLeftIsToldSoAndWhatHadNotBegunIsNotDone() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<String> first = begin(threads);
            assertThatThrownBy(() -> together.in(() -> write("late"), Duration.ofMillis(1)))
                    .isInstanceOf(TransactionTimedOutException.class);
            go.countDown();
            assertThat(first.get()).isEqualTo("first");
        }
        assertThat(together.in(() -> write("next"), PATIENCE)).isEqualTo("next");
        assertThat(written()).containsExactly("first", "next");
    }

    /** A transaction that is under way until {@code go}. */
    private Future<String> begin(ExecutorService threads) {
        CountDownLatch begun = new CountDownLatch(1);
        Future<String> first = threads.submit((Callable<String>) () -> together.in(
                () -> {
                    begun.countDown();
                    await(go);
                    return write("first");
                },
                PATIENCE));
        await(begun);
        return first;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
