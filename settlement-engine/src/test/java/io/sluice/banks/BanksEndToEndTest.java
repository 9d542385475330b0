package io.sluice.banks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEngine;
import io.sluice.banks.SimulatedBank.Movement;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every bank's own wire, from its simulator to the inflows of a running engine on a real database. */
class BanksEndToEndTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path dir;

    private static final SimulatedIncrease INCREASE = new SimulatedIncrease();
    private static final SimulatedClearBank CLEARBANK = new SimulatedClearBank();
    private static final SimulatedAirwallex AIRWALLEX = new SimulatedAirwallex();
    private static final SimulatedFolderBank FOLDER = new SimulatedFolderBank();

    private static TestEngine engine;
    private static JdbcClient db;

    static Stream<SimulatedBank> banks() {
        return Stream.of(INCREASE, CLEARBANK, AIRWALLEX, FOLDER);
    }

    @BeforeAll
    static void start() throws IOException {
        List<String> settings = new ArrayList<>();
        for (SimulatedBank bank : banks().toList()) {
            settings.addAll(bank.settings(dir));
        }
        engine = TestEngine.start(dir, settings, "treasury=TREASURY_OPERATOR");
        db = engine.bean(JdbcClient.class);
        for (SimulatedBank bank : banks().toList()) {
            bank.connect(engine.address());
            engine.bean(Commands.class)
                    .begin(
                            bank.account(),
                            new RegisterAccount(
                                    bank.account(), bank.name(), bank.currency(), AccountKind.COLLECTION, "shop"));
        }
        until("the accounts are known", () -> count("select count(*) from bank_account where name = 'shop'") == 4);
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
        banks().forEach(SimulatedBank::close);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void oneCreditToldOftenIsOneInflow(SimulatedBank bank) throws IOException {
        Movement first = bank.credit(10_050, "INV-OFTEN");
        Movement equal = bank.credit(10_050, "INV-OFTEN-TOO");
        for (int i = 0; i < 3; i++) {
            assertThat(bank.tell(first)).isBetween(200, 299);
        }
        assertThat(bank.tell(equal)).isBetween(200, 299);
        until("both credits of " + bank + " are inflows", () -> inflows(bank, 10_050) == 2);
        allRead(bank);
        assertThat(inflows(bank, 10_050)).isEqualTo(2);
    }

    @Test
    void bothEventsOfOneClearBankPaymentAreOneInflowInEitherOrder() throws IOException {
        Movement first = CLEARBANK.credit(20_001, "INV-BOTH-1");
        assertThat(CLEARBANK.tell(first)).isEqualTo(200);
        assertThat(CLEARBANK.tellPayment(first)).isEqualTo(200);
        Movement second = CLEARBANK.credit(20_002, "INV-BOTH-2");
        assertThat(CLEARBANK.tellPayment(second)).isEqualTo(200);
        assertThat(CLEARBANK.tell(second)).isEqualTo(200);
        allRead(CLEARBANK);
        until("both are inflows", () -> inflows(CLEARBANK, 20_001) == 1 && inflows(CLEARBANK, 20_002) == 1);
    }

    @Test
    void aRecallIsForAPersonAndHoldsUpNothing() throws IOException {
        Movement credit = CLEARBANK.credit(30_001, "INV-RECALLED");
        assertThat(CLEARBANK.recall(credit)).isEqualTo(200);
        assertThat(CLEARBANK.recall(credit)).isEqualTo(200);
        assertThat(CLEARBANK.tell(credit)).isEqualTo(200);
        until("the credit is an inflow", () -> inflows(CLEARBANK, 30_001) == 1);
        assertThat(db.sql("select summary from work_item where kind = 'PARKED' and summary like '%Recalled%'")
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .contains("clearbank", "p-" + credit.id(), "FRAD");
    }

    @Test
    void whatABankDoesNotAnswerIsAskedAgain() throws IOException {
        Movement credit = INCREASE.credit(40_001, "INV-TROUBLE");
        INCREASE.failTwice(credit);
        assertThat(INCREASE.tell(credit)).isBetween(200, 299);
        until("the credit is an inflow", () -> inflows(INCREASE, 40_001) == 1);
        allRead(INCREASE);
        assertThat(count("select max(attempts) from inbox where source = 'increase'"))
                .isEqualTo(3);
    }

    static Stream<SimulatedBank> thoseThatList() {
        return Stream.of(INCREASE, AIRWALLEX);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void aReversalIsACompensationOfItsCreditHoweverOftenItIsTold(SimulatedBank bank) throws IOException {
        long before = ledger(bank);
        Movement kept = bank.credit(50_001, "INV-KEPT");
        Movement credit = bank.credit(50_001, "INV-TAKEN-BACK");
        assertThat(bank.tell(kept)).isBetween(200, 299);
        assertThat(bank.tell(credit)).isBetween(200, 299);
        until("both credits are inflows", () -> inflows(bank, 50_001) == 2);
        Movement reversal = bank.takeBack(credit);
        for (int i = 0; i < 3; i++) {
            assertThat(bank.tell(reversal)).isBetween(200, 299);
        }
        until("one of them is taken back", () -> reversed(bank, 50_001) == 1);
        allRead(bank);
        until("the ledger holds what the bank's books hold", () -> ledger(bank) == before + 50_001);
        assertThat(reversed(bank, 50_001)).isEqualTo(1);
        assertThat(inflows(bank, 50_001)).isEqualTo(2);
        assertThat(freezes(bank)).isPositive();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void aReversalToldBeforeItsCreditWaitsForIt(SimulatedBank bank) throws IOException {
        long before = ledger(bank);
        Movement credit = bank.credit(60_001, "INV-LATE");
        Movement reversal = bank.takeBack(credit);
        assertThat(bank.tell(reversal)).isBetween(200, 299);
        until("the reversal waits", () -> waitingReversals(bank) == 1);
        assertThat(inflows(bank, 60_001)).isZero();
        assertThat(bank.tell(credit)).isBetween(200, 299);
        until("the credit is taken back", () -> reversed(bank, 60_001) == 1);
        until("the ledger holds nothing of it", () -> ledger(bank) == before);
        assertThat(waitingReversals(bank)).isZero();
        until(
                "it waits for no rule",
                () -> db.sql("select count(*) from routing_queue where account = ? and units = 60001")
                                .param(bank.account())
                                .query(Long.class)
                                .single()
                        == 0);
        until(
                "nobody owes it",
                () -> db.sql("select coalesce(sum(units), 0)::bigint from balance where account = ?")
                                .param("bank.taken-back/" + bank.account())
                                .query(Long.class)
                                .single()
                        == 0);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void aReversalOfLessThanItsCreditFreezesTheAccountAndIsForAPerson(SimulatedBank bank) throws IOException {
        Movement credit = bank.credit(90_001, "INV-PART");
        assertThat(bank.tell(credit)).isBetween(200, 299);
        until("the credit is an inflow", () -> inflows(bank, 90_001) == 1);
        long frozen = freezes(bank);
        Movement part = bank.takeBackPart(credit, 40_000);
        assertThat(bank.tell(part)).isBetween(200, 299);
        assertThat(bank.tell(part)).isBetween(200, 299);
        if (bank == AIRWALLEX) { // it takes deposits back whole
            until("the deposit is taken back", () -> reversed(bank, 90_001) == 1);
            return;
        }
        until("nothing leaves the account", () -> freezes(bank) > frozen);
        allRead(bank);
        assertThat(reversed(bank, 90_001)).isZero();
        db.sql("update waiting_reversal set told_on = told_on - 1 where account = ? and state = 'WAITING'")
                .param(bank.account())
                .update();
        night(bank);
        assertThat(db.sql("select summary from work_item where kind = 'PARKED' and item_id like 'REVERSAL-%'"
                                + " and summary like ?")
                        .param("%400.00%")
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allMatch(summary -> summary.contains("took back"));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("thoseThatList")
    void theNightlySweepFindsWhatNoWebhookToldAndNothingTwice(SimulatedBank bank) throws IOException {
        Movement told = bank.credit(70_001, "INV-TOLD");
        assertThat(bank.tell(told)).isBetween(200, 299);
        until("what was told is an inflow", () -> inflows(bank, 70_001) == 1);
        Movement untold = bank.credit(70_002, "INV-NEVER-TOLD");
        night(bank);
        until("the sweep has found it", () -> inflows(bank, 70_002) == 1);
        assertThat(bank.tell(untold)).isBetween(200, 299);
        allRead(bank);
        night(bank);
        assertThat(inflows(bank, 70_001)).isEqualTo(1);
        assertThat(inflows(bank, 70_002)).isEqualTo(1);
    }

    @Test
    void aPayoutThatComesBackIsKnownByWhatTheBankSaidOfIt() throws IOException {
        String ours = "SLA" + "B".repeat(26);
        assertThat(CLEARBANK.tellReturned(ours)).isEqualTo(200);
        allRead(CLEARBANK);
        assertThat(CLEARBANK.tell(CLEARBANK.credit(80_001, ours))).isEqualTo(200);
        until("the credit is an inflow", () -> inflows(CLEARBANK, 80_001) == 1);
        assertThat(db.sql("select kind from inflow where units = 80001")
                        .query(String.class)
                        .list())
                .containsExactly("RETURN");
    }

    @Test
    void aPayoutThatCameBackWithoutACreditIsForAPersonTheDayAfter() throws IOException {
        String ours = "SLA" + "C".repeat(26);
        assertThat(CLEARBANK.tellReturned(ours)).isEqualTo(200);
        allRead(CLEARBANK);
        db.sql("update returned_transfer set told_on = told_on - 1 where end_to_end_id = ?")
                .param(ours)
                .update();
        night(CLEARBANK);
        assertThat(db.sql("select summary from work_item where item_id = ?")
                        .param("RETURN-" + ours)
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .contains("clearbank", "AC04");
    }

    /** Another business day begins for the sweep; returns once it is through. */
    private static void night(SimulatedBank bank) {
        until("the account is swept", () -> sweptOn(bank) == 1);
        db.sql("update transaction_sweep set swept_on = swept_on - 1 where account = ?")
                .param(bank.account())
                .update();
        until("the account is swept again", () -> sweptOn(bank) == 1);
    }

    private static long sweptOn(SimulatedBank bank) {
        return db.sql("select count(*) from transaction_sweep where account = ? and swept_on >= ?")
                .params(bank.account(), engine.bean(BusinessClock.class).today())
                .query(Long.class)
                .single();
    }

    private static long reversed(SimulatedBank bank, long units) {
        return db.sql("select count(*) from inflow where account = ? and units = ? and state = 'REVERSED'")
                .params(bank.account(), units)
                .query(Long.class)
                .single();
    }

    private static long waitingReversals(SimulatedBank bank) {
        return db.sql("select count(*) from waiting_reversal where account = ? and state = 'WAITING'")
                .param(bank.account())
                .query(Long.class)
                .single();
    }

    private static long freezes(SimulatedBank bank) {
        return db.sql("select count(*) from release_freeze where account = ? and lifted_at is null")
                .param(bank.account())
                .query(Long.class)
                .single();
    }

    /** What the ledger says that the bank account holds, in minor units. */
    private static long ledger(SimulatedBank bank) {
        return db.sql("select coalesce(sum(units), 0)::bigint from balance where account = ?")
                .param("bank.collection/" + bank.account())
                .query(Long.class)
                .single();
    }

    private static long inflows(SimulatedBank bank, long units) {
        return db.sql("select count(*) from inflow where account = ? and units = ?")
                .params(bank.account(), units)
                .query(Long.class)
                .single();
    }

    /** Everything that this bank delivered has been read, and nothing is parked. */
    private static void allRead(SimulatedBank bank) {
        until(
                "all deliveries of " + bank + " are read",
                () -> db.sql("select count(*) from inbox where source = ? and state in ('NEW', 'FETCH')")
                                .param(bank.name())
                                .query(Long.class)
                                .single()
                        == 0);
        assertThat(db.sql("select reason from inbox where source = ? and state = 'PARKED'")
                        .param(bank.name())
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private static long count(String sql) {
        return db.sql(sql).query(Long.class).single();
    }

    private static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited " + PATIENCE + " for: " + what + "; parked: "
                        + db.sql("select source, reason from inbox where state <> 'DONE'")
                                .query()
                                .listOfRows());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }
}
