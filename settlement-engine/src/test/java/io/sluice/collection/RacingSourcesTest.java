package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TestEngine;
import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The inbox and the sweep tell of one credit at the same moment, each in a transaction that cannot see the other's. */
class RacingSourcesTest {

    private static final String ACCOUNT = "RACED";

    @Test
    void aCreditThatTwoSourcesTellAtOnceCountsOnceAlsoAmongOthersThatOneAloneTells(@TempDir Path dir) throws Exception {
        try (TestEngine engine = TestEngine.start(dir);
                ExecutorService sources = Executors.newThreadPerTaskExecutor(Thread::new)) {
            JdbcClient db = engine.bean(JdbcClient.class);
            Transactions transactions = engine.bean(Transactions.class);
            NoticeRecorder recorder = engine.bean(NoticeRecorder.class);
            LocalDate today = engine.bean(BusinessClock.class).today();
            engine.bean(Commands.class)
                    .begin(
                            ACCOUNT,
                            new RegisterAccount(
                                    ACCOUNT,
                                    "meridian",
                                    "EUR",
                                    AccountKind.COLLECTION,
                                    "raced",
                                    AccountPolicy.BOOKED_NOTICE));
            BankAccount account = new BankAccount(
                    ACCOUNT, "meridian", "EUR", AccountKind.COLLECTION, "raced", AccountPolicy.BOOKED_NOTICE);
            List<Sighting> notice = List.of(credit(today, 3, "notice"));
            List<Sighting> list = IntStream.range(0, 6)
                    .mapToObj(n -> credit(today, n, "list").asListed())
                    .toList();

            CountDownLatch commit = new CountDownLatch(1);
            CompletableFuture<Void> inbox = CompletableFuture.runAsync(
                    () -> transactions.run(() -> {
                        recorder.record(account, notice);
                        awaitQuietly(commit);
                    }),
                    sources);
            Awaitility.await("the inbox has claimed its credit").until(() -> openTransactionsWithKeys(db) > 0);
            CompletableFuture<Void> sweep =
                    CompletableFuture.runAsync(() -> transactions.run(() -> recorder.record(account, list)), sources);
            Awaitility.await("the sweep waits for the inbox's claim").until(() -> waitingForAnother(db) > 0);
            commit.countDown();

            inbox.join();
            assertThatThrownBy(sweep::join).hasCauseInstanceOf(ConcurrencyFailureException.class);
            transactions.run(() -> recorder.record(account, list));
            assertThat(db.sql("select convert_from(payload, 'UTF8')::jsonb ->> 'units' from event"
                                    + " where aggregate_id = ? and payload_type like '%InflowBooked' order by 1")
                            .param(ACCOUNT)
                            .query(String.class)
                            .list())
                    .containsExactly("10000", "10001", "10002", "10003", "10004", "10005");
        }
    }

    private static Sighting credit(LocalDate day, int number, String source) {
        return Sighting.of(
                new BankEntry(
                        ACCOUNT,
                        "EUR",
                        BigDecimal.valueOf(10_000 + number, 2),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        day,
                        day,
                        "M-" + number,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                number,
                "test",
                Hashes.sha256(source),
                null,
                false);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int openTransactionsWithKeys(JdbcClient db) {
        return db.sql(
                        "select count(*) from pg_locks where relation = 'inflow_key'::regclass and mode = 'RowExclusiveLock'")
                .query(Integer.class)
                .single();
    }

    private static int waitingForAnother(JdbcClient db) {
        return db.sql("select count(*) from pg_locks where locktype = 'transactionid' and not granted")
                .query(Integer.class)
                .single();
    }
}
