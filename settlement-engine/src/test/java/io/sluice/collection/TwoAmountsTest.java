package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One movement told with two amounts: one of them counts, the other is a person's. */
class TwoAmountsTest {

    private static TestEngine engine;
    private static JdbcClient db;
    private static LocalDate today;

    @BeforeAll
    static void start(@TempDir Path dir) {
        engine = TestEngine.start(dir);
        db = engine.bean(JdbcClient.class);
        today = engine.bean(BusinessClock.class).today();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static BankAccount account(String name, String bank, AccountPolicy policy) {
        engine.bean(Commands.class)
                .begin(name, new RegisterAccount(name, bank, "EUR", AccountKind.COLLECTION, "amounts", policy));
        return new BankAccount(name, bank, "EUR", AccountKind.COLLECTION, "amounts", policy);
    }

    private static Sighting told(
            BankAccount account, Telling way, Direction direction, String movement, String amount) {
        Sighting sighting = Sighting.of(
                new BankEntry(
                        account.account(),
                        "EUR",
                        new BigDecimal(amount),
                        direction,
                        way == Telling.PENDING ? EntryStatus.PENDING : EntryStatus.BOOKED,
                        direction == Direction.DEBIT,
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
                0,
                "test",
                Hashes.sha256(account.account() + way + direction + movement + amount),
                way == Telling.STATEMENT ? today : null,
                way == Telling.STATEMENT);
        return way == Telling.LISTED ? sighting.asListed() : sighting;
    }

    private static void tell(BankAccount account, Telling way, String movement, String amount) {
        record(account, told(account, way, Direction.CREDIT, movement, amount));
    }

    private static void record(BankAccount account, Sighting... together) {
        engine.bean(Transactions.class)
                .run(() -> engine.bean(NoticeRecorder.class).record(account, List.of(together)));
    }

    /** What counts by now, once all of it is shown: it may become more meanwhile. */
    private static List<Long> counted(BankAccount account) {
        return Awaitility.await("all that counts is shown")
                .until(
                        () -> db.sql("select units from inflow where account = ? order by units")
                                .param(account.account())
                                .query(Long.class)
                                .list(),
                        units -> units.size()
                                == db.sql("select count(*) from " + TestEvents.BOOKED + " where aggregate_id = ?")
                                        .param(account.account())
                                        .query(Long.class)
                                        .single());
    }

    private static List<String> parked(BankAccount account) {
        return db.sql(
                        "select reason || '; ' || summary from parked_sighting p join work_item w on w.hash = p.evidence_sha256"
                                + " where account = ? and w.state = 'OPEN'")
                .param(account.account())
                .query(String.class)
                .list();
    }

    @Test
    void aNoticeAndTheStatementWithTwoAmountsOfOneMovementCountOnceInEitherOrder() {
        for (Telling beside : List.of(Telling.NOTICE, Telling.LISTED)) {
            BankAccount notice = account("AMOUNTS-" + beside, "meridian", AccountPolicy.BOOKED_NOTICE);
            tell(notice, beside, "M-1", "100.00");
            tell(notice, Telling.STATEMENT, "M-1", "99.50");
            tell(notice, Telling.STATEMENT, "M-1", "99.50");
            assertThat(counted(notice)).containsExactly(10_000L);
            assertThat(parked(notice))
                    .singleElement()
                    .asString()
                    .contains(
                            "100.00 EUR",
                            "99.50 EUR",
                            "the daily statement says",
                            "It was not booked",
                            "bank-correction");
        }
        BankAccount statement = account("AMOUNTS-STATEMENT", "meridian", AccountPolicy.BOOKED_NOTICE);
        tell(statement, Telling.STATEMENT, "M-1", "99.50");
        tell(statement, Telling.NOTICE, "M-1", "100.00");
        assertThat(counted(statement)).containsExactly(9_950L);
        assertThat(parked(statement)).singleElement().asString().contains("100.00 EUR", "99.50 EUR", "a notice says");
        tell(statement, Telling.NOTICE, "M-1", "99.50");
        tell(statement, Telling.NOTICE, "M-2", "100.00");
        assertThat(counted(statement)).as("others are not in doubt").containsExactly(9_950L, 10_000L);
        assertThat(parked(statement)).hasSize(1);
    }

    @Test
    void aBankThatDoesNotNameEachMovementHasAsManyInflowsAsAmounts() {
        BankAccount account = account("AMOUNTS-FILES", "folder", AccountPolicy.BOOKED_NOTICE);
        tell(account, Telling.NOTICE, "M-1", "100.00");
        tell(account, Telling.STATEMENT, "M-1", "99.50");
        assertThat(counted(account)).containsExactly(9_950L, 10_000L);
        assertThat(parked(account)).isEmpty();
    }

    @Test
    void twoAmountsOfOneMovementCountOnceWhateverTellsThem() {
        BankAccount account = account("AMOUNTS-NOTICES", "meridian", AccountPolicy.BOOKED_NOTICE);
        tell(account, Telling.NOTICE, "M-1", "100.00");
        tell(account, Telling.NOTICE, "M-1", "99.50");
        assertThat(counted(account)).containsExactly(10_000L);
        assertThat(parked(account)).singleElement().asString().contains("a notice says");

        BankAccount listed = account("AMOUNTS-THEN-LISTED", "meridian", AccountPolicy.BOOKED_NOTICE);
        tell(listed, Telling.NOTICE, "M-1", "100.00");
        tell(listed, Telling.LISTED, "M-1", "99.50");
        tell(listed, Telling.STATEMENT, "M-1", "99.50");
        assertThat(counted(listed)).containsExactly(10_000L);
        assertThat(parked(listed)).hasSize(2);

        BankAccount amended = account("AMOUNTS-AMENDED", "meridian", AccountPolicy.BOOKED_NOTICE);
        tell(amended, Telling.STATEMENT, "M-1", "99.50");
        tell(amended, Telling.STATEMENT, "M-1", "100.00");
        assertThat(counted(amended)).containsExactly(9_950L);
        assertThat(parked(amended)).singleElement().asString().contains("the daily statement says");
    }

    @Test
    void anotherPolicyDoesNotCountWhatAStatementHasContradicted() {
        BankAccount account = account("AMOUNTS-POLICY", "meridian", AccountPolicy.BOOKED_STATEMENT);
        tell(account, Telling.NOTICE, "M-1", "100.00");
        tell(account, Telling.STATEMENT, "M-1", "99.50");
        tell(account, Telling.NOTICE, "M-2", "20.00");
        engine.bean(Commands.class)
                .send(new CollectionCommand.ChangePolicy(account.account(), AccountPolicy.BOOKED_NOTICE));
        Awaitility.await("what nothing speaks against counts").untilAsserted(() -> {
            engine.bean(AnnouncementReview.class).wake();
            assertThat(counted(account)).containsExactly(2_000L, 9_950L);
        });
    }

    @Test
    void whatIsOnlyAnnouncedHoldsUpNoOtherAmountThatCounts() {
        BankAccount account = account("AMOUNTS-ANNOUNCED", "meridian", AccountPolicy.BOOKED_STATEMENT);
        tell(account, Telling.NOTICE, "M-1", "100.00");
        tell(account, Telling.STATEMENT, "M-1", "99.50");
        assertThat(counted(account)).containsExactly(9_950L);
        assertThat(parked(account)).isEmpty();
        BankAccount pending = account("AMOUNTS-PENDING", "meridian", AccountPolicy.BOOKED_NOTICE);
        tell(pending, Telling.PENDING, "M-1", "100.00");
        tell(pending, Telling.STATEMENT, "M-1", "99.50");
        assertThat(counted(pending)).containsExactly(9_950L);
        tell(account, Telling.NOTICE, "M-1", "100.00");
        assertThat(counted(account)).containsExactly(9_950L);
    }

    /** As they do when a bank announces a credit and books it otherwise before the inbox is read. */
    @Test
    void whatIsToldAtOnceCountsAsWhatIsToldOneByOne() {
        BankAccount announced = account("AMOUNTS-AT-ONCE", "meridian", AccountPolicy.BOOKED_NOTICE);
        record(
                announced,
                told(announced, Telling.PENDING, Direction.CREDIT, "M-1", "100.00"),
                told(announced, Telling.NOTICE, Direction.CREDIT, "M-1", "99.50"));
        assertThat(counted(announced)).containsExactly(9_950L);
        assertThat(parked(announced)).isEmpty();

        BankAccount twice = account("AMOUNTS-TWICE-AT-ONCE", "meridian", AccountPolicy.BOOKED_NOTICE);
        tell(twice, Telling.PENDING, "M-1", "100.00");
        record(
                twice,
                told(twice, Telling.NOTICE, Direction.CREDIT, "M-1", "100.00"),
                told(twice, Telling.NOTICE, Direction.CREDIT, "M-1", "99.50"));
        assertThat(counted(twice)).containsExactly(10_000L);
        assertThat(parked(twice)).singleElement().asString().contains("99.50 EUR");
    }

    @Test
    void aMovementOfEarlyBooksIsTheSameInflowAndIsTakenBackAsThat() {
        BankAccount account = account("AMOUNTS-EARLY", "meridian", AccountPolicy.BOOKED_NOTICE);
        Sighting first = told(account, Telling.NOTICE, Direction.CREDIT, "M-1", "100.00");
        record(account, first);
        assertThat(db.sql("update inflow_key set kind = ?, key = ? where account = ? and kind = 'MOVEMENT'")
                        .params(InflowKeys.EARLY, first.earlyMovement() + "#1", account.account())
                        .update())
                .isEqualTo(1);
        assertThat(engine.bean(NoticeRecorder.class)
                        .isKnown(account, told(account, Telling.LISTED, Direction.CREDIT, "M-1", "100.00")))
                .isTrue();
        tell(account, Telling.STATEMENT, "M-1", "100.00");
        tell(account, Telling.NOTICE, "M-2", "100.00");
        assertThat(counted(account)).containsExactly(10_000L, 10_000L);
        record(account, told(account, Telling.STATEMENT, Direction.DEBIT, "M-1", "100.00"));
        assertThat(db.sql("select count(*) from inflow_reversal where account = ?")
                        .param(account.account())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }
}
