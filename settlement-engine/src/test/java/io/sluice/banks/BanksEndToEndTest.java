package io.sluice.banks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.banks.SimulatedBank.Movement;
import java.io.IOException;
import java.nio.file.Path;
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

    @TempDir
    static Path dir;

    private static final SimulatedIncrease INCREASE = new SimulatedIncrease();
    private static final SimulatedClearBank CLEARBANK = new SimulatedClearBank();
    private static final SimulatedAirwallex AIRWALLEX = new SimulatedAirwallex();
    private static final SimulatedFolderBank FOLDER = new SimulatedFolderBank();

    private static ConnectedBanks at;
    private static JdbcClient db;

    static Stream<SimulatedBank> banks() {
        return Stream.of(INCREASE, CLEARBANK, AIRWALLEX, FOLDER);
    }

    @BeforeAll
    static void start() throws IOException {
        at = ConnectedBanks.start(dir, banks().toList());
        db = at.db();
    }

    @AfterAll
    static void stop() {
        at.close();
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
        at.until("both credits of " + bank + " are inflows", () -> at.inflows(bank, 10_050) == 2);
        at.allRead(bank);
        assertThat(at.inflows(bank, 10_050)).isEqualTo(2);
    }

    @Test
    void bothEventsOfOneClearBankPaymentAreOneInflowInEitherOrder() throws IOException {
        Movement first = CLEARBANK.credit(20_001, "INV-BOTH-1");
        assertThat(CLEARBANK.tell(first)).isEqualTo(200);
        assertThat(CLEARBANK.tellPayment(first)).isEqualTo(200);
        Movement second = CLEARBANK.credit(20_002, "INV-BOTH-2");
        assertThat(CLEARBANK.tellPayment(second)).isEqualTo(200);
        assertThat(CLEARBANK.tell(second)).isEqualTo(200);
        at.allRead(CLEARBANK);
        at.until("both are inflows", () -> at.inflows(CLEARBANK, 20_001) == 1 && at.inflows(CLEARBANK, 20_002) == 1);
    }

    @Test
    void aRecallIsForAPersonAndHoldsUpNothing() throws IOException {
        Movement credit = CLEARBANK.credit(30_001, "INV-RECALLED");
        assertThat(CLEARBANK.recall(credit)).isEqualTo(200);
        assertThat(CLEARBANK.recall(credit)).isEqualTo(200);
        assertThat(CLEARBANK.tell(credit)).isEqualTo(200);
        at.until("the credit is an inflow", () -> at.inflows(CLEARBANK, 30_001) == 1);
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
        at.until("the credit is an inflow", () -> at.inflows(INCREASE, 40_001) == 1);
        at.allRead(INCREASE);
        assertThat(at.count("select max(attempts) from inbox where source = 'increase'"))
                .isEqualTo(3);
    }

    static Stream<SimulatedBank> thoseThatList() {
        return Stream.of(INCREASE, AIRWALLEX);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void aReversalIsACompensationOfItsCreditHoweverOftenItIsTold(SimulatedBank bank) throws IOException {
        long before = at.ledger(bank);
        Movement kept = bank.credit(50_001, "INV-KEPT");
        Movement credit = bank.credit(50_001, "INV-TAKEN-BACK");
        assertThat(bank.tell(kept)).isBetween(200, 299);
        assertThat(bank.tell(credit)).isBetween(200, 299);
        at.until("both credits are inflows", () -> at.inflows(bank, 50_001) == 2);
        Movement reversal = bank.takeBack(credit);
        for (int i = 0; i < 3; i++) {
            assertThat(bank.tell(reversal)).isBetween(200, 299);
        }
        at.until("one of them is taken back", () -> at.reversed(bank, 50_001) == 1);
        at.allRead(bank);
        at.until("the ledger holds what the bank's books hold", () -> at.ledger(bank) == before + 50_001);
        assertThat(at.reversed(bank, 50_001)).isEqualTo(1);
        assertThat(at.inflows(bank, 50_001)).isEqualTo(2);
        assertThat(at.freezes(bank)).isPositive();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void aReversalToldBeforeItsCreditWaitsForIt(SimulatedBank bank) throws IOException {
        long before = at.ledger(bank);
        Movement credit = bank.credit(60_001, "INV-LATE");
        Movement reversal = bank.takeBack(credit);
        assertThat(bank.tell(reversal)).isBetween(200, 299);
        at.until("the reversal waits", () -> at.waitingReversals(bank) == 1);
        assertThat(at.inflows(bank, 60_001)).isZero();
        assertThat(bank.tell(credit)).isBetween(200, 299);
        at.until("the credit is taken back", () -> at.reversed(bank, 60_001) == 1);
        at.until("the ledger holds nothing of it", () -> at.ledger(bank) == before);
        assertThat(at.waitingReversals(bank)).isZero();
        at.until(
                "it waits for no rule",
                () -> db.sql("select count(*) from routing_queue where account = ? and units = 60001")
                                .param(bank.account())
                                .query(Long.class)
                                .single()
                        == 0);
        at.until(
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
        at.until("the credit is an inflow", () -> at.inflows(bank, 90_001) == 1);
        long frozen = at.freezes(bank);
        Movement part = bank.takeBackPart(credit, 40_000);
        assertThat(bank.tell(part)).isBetween(200, 299);
        assertThat(bank.tell(part)).isBetween(200, 299);
        if (bank == AIRWALLEX) { // it takes deposits back whole
            at.until("the deposit is taken back", () -> at.reversed(bank, 90_001) == 1);
            return;
        }
        at.until("nothing leaves the account", () -> at.freezes(bank) > frozen);
        at.allRead(bank);
        assertThat(at.reversed(bank, 90_001)).isZero();
        db.sql("update waiting_reversal set told_on = told_on - 1 where account = ? and state = 'WAITING'")
                .param(bank.account())
                .update();
        at.night(bank);
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
        at.until("what was told is an inflow", () -> at.inflows(bank, 70_001) == 1);
        Movement untold = bank.credit(70_002, "INV-NEVER-TOLD");
        at.night(bank);
        at.until("the sweep has found it", () -> at.inflows(bank, 70_002) == 1);
        assertThat(bank.tell(untold)).isBetween(200, 299);
        at.allRead(bank);
        at.night(bank);
        assertThat(at.inflows(bank, 70_001)).isEqualTo(1);
        assertThat(at.inflows(bank, 70_002)).isEqualTo(1);
    }

    @Test
    void aPayoutThatComesBackIsKnownByWhatTheBankSaidOfIt() throws IOException {
        String ours = "SLA" + "B".repeat(26);
        assertThat(CLEARBANK.tellReturned(ours)).isEqualTo(200);
        at.allRead(CLEARBANK);
        assertThat(CLEARBANK.tell(CLEARBANK.credit(80_001, ours))).isEqualTo(200);
        at.until("the credit is an inflow", () -> at.inflows(CLEARBANK, 80_001) == 1);
        assertThat(db.sql("select kind from inflow where units = 80001")
                        .query(String.class)
                        .list())
                .containsExactly("RETURN");
    }

    @Test
    void aPayoutThatCameBackWithoutACreditIsForAPersonTheDayAfter() throws IOException {
        String ours = "SLA" + "C".repeat(26);
        assertThat(CLEARBANK.tellReturned(ours)).isEqualTo(200);
        at.allRead(CLEARBANK);
        db.sql("update returned_transfer set told_on = told_on - 1 where end_to_end_id = ?")
                .param(ours)
                .update();
        at.night(CLEARBANK);
        assertThat(db.sql("select summary from work_item where item_id = ?")
                        .param("RETURN-" + ours)
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .contains("clearbank", "AC04");
    }
}
