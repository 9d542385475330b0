package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TestEngine;
import io.sluice.TestEvents;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two sources tell of one credit at the same moment, each in a transaction that cannot see the other's. */
class RacingSourcesTest {

    private static TestEngine engine;
    private static JdbcClient db;
    private static Transactions transactions;
    private static NoticeRecorder recorder;
    private static LocalDate today;

    private final ExecutorService sources = Executors.newThreadPerTaskExecutor(Thread::new);

    @BeforeAll
    static void start(@TempDir Path dir) {
        engine = TestEngine.start(dir);
        db = engine.bean(JdbcClient.class);
        transactions = engine.bean(Transactions.class);
        recorder = engine.bean(NoticeRecorder.class);
        today = engine.bean(BusinessClock.class).today();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @AfterEach
    void end() {
        sources.close();
    }

    @Test
    void aCreditThatTwoSourcesTellAtOnceCountsOnceAmongOthersThatOneAloneTells() {
        BankAccount account = account("RACED");
        List<Sighting> list = IntStream.range(0, 6)
                .mapToObj(n ->
                        credit(account, "M-" + n, 10_000 + n, n, "list", null).asListed())
                .toList();
        race(account, List.of(credit(account, "M-3", 10_003, 0, "notice", null)), list);
        assertThat(counted(account)).containsExactly("10000", "10001", "10002", "10003", "10004", "10005");
    }

    @Test
    void aMovementThatTwoSourcesTellAtOnceWithTwoAmountsCountsOnceAndIsAPersons() {
        BankAccount account = account("RACED-AMOUNTS");
        race(
                account,
                List.of(credit(account, "M-1", 10_000, 0, "notice", null)),
                List.of(credit(account, "M-1", 9_950, 0, "statement", today)));
        assertThat(counted(account)).containsExactly("10000");
        assertThat(db.sql("select units from parked_sighting where account = ?")
                        .param(account.account())
                        .query(Long.class)
                        .list())
                .containsExactly(9_950L);
    }

    /** As one would of an engine from before that runs beside this one: then all of the batch is tried again. */
    @Test
    void aCreditThatAnotherClaimsWithoutWaitingIsRefusedWithAllThatIsToldBesideIt() {
        BankAccount account = account("RACED-OTHERWISE");
        List<Sighting> list = IntStream.range(0, 6)
                .mapToObj(n -> credit(account, "M-" + n, 10_000 + n, n, "list", null))
                .toList();
        CountDownLatch commit = new CountDownLatch(1);
        CompletableFuture<Void> other = CompletableFuture.runAsync(
                () -> transactions.run(() -> {
                    db.sql(
                                    "insert into inflow_key (account, kind, key, inflow_id) values (?, 'MOVEMENT', ?, gen_random_uuid())")
                            .params(account.account(), list.get(3).key(InflowIdentity.Kind.MOVEMENT) + "#1")
                            .update();
                    awaitQuietly(commit);
                }),
                sources);
        Awaitility.await("the other has claimed its credit").until(() -> transactionsWithKeys() > 0);
        CompletableFuture<Void> sweep =
                CompletableFuture.runAsync(() -> transactions.run(() -> recorder.record(account, list)), sources);
        Awaitility.await("the sweep waits for the other's key").until(() -> waitingFor("transactionid") > 0);
        commit.countDown();
        other.join();
        assertThatThrownBy(sweep::join).hasCauseInstanceOf(ConcurrencyFailureException.class);
        assertThat(counted(account)).isEmpty();
    }

    /** The second comes while the first has claimed and not committed. */
    private void race(BankAccount account, List<Sighting> first, List<Sighting> second) {
        CountDownLatch commit = new CountDownLatch(1);
        CompletableFuture<Void> one = CompletableFuture.runAsync(
                () -> transactions.run(() -> {
                    recorder.record(account, first);
                    awaitQuietly(commit);
                }),
                sources);
        Awaitility.await("the first has claimed its credit").until(() -> transactionsWithKeys() > 0);
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> transactions.run(() -> recorder.record(account, second)), sources);
        Awaitility.await("the second waits for the first").until(() -> waitingFor("advisory") > 0);
        commit.countDown();
        one.join();
        other.join();
    }

    private static List<String> counted(BankAccount account) {
        return db.sql("select inflow ->> 'units' from " + TestEvents.BOOKED + " where aggregate_id = ? order by 1")
                .param(account.account())
                .query(String.class)
                .list();
    }

    private static BankAccount account(String name) {
        engine.bean(Commands.class)
                .begin(
                        name,
                        new RegisterAccount(
                                name, "meridian", "EUR", AccountKind.COLLECTION, "raced", AccountPolicy.BOOKED_NOTICE));
        return new BankAccount(name, "meridian", "EUR", AccountKind.COLLECTION, "raced", AccountPolicy.BOOKED_NOTICE);
    }

    private static Sighting credit(
            BankAccount account, String movement, long units, int line, String source, @Nullable LocalDate statement) {
        return Sighting.of(
                new BankEntry(
                        account.account(),
                        "EUR",
                        BigDecimal.valueOf(units, 2),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        today,
                        today,
                        movement,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                line,
                "test",
                Hashes.sha256(account.account() + source),
                statement,
                statement != null);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int transactionsWithKeys() {
        return db.sql(
                        "select count(*) from pg_locks where relation = 'inflow_key'::regclass and mode = 'RowExclusiveLock'")
                .query(Integer.class)
                .single();
    }

    private static int waitingFor(String lock) {
        return db.sql("select count(*) from pg_locks where locktype = ? and not granted")
                .param(lock)
                .query(Integer.class)
                .single();
    }
}
