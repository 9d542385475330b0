package io.sluice.banks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEngine;
import io.sluice.banks.SimulatedBank.Movement;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RegisterAccount;
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
