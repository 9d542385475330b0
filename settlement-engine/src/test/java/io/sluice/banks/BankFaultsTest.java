package io.sluice.banks;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.sluice.banks.SimulatedBank.Movement;
import io.sluice.banks.SimulatedBank.Trouble;
import io.sluice.platform.Transactions;
import io.sluice.routing.Agreements;
import io.sluice.settlement.SettledStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What goes wrong between a bank and a running engine, on each bank's own wire: nothing is lost, nothing is doubled, nobody is believed. */
class BankFaultsTest {

    @TempDir
    static Path dir;

    private static final SimulatedIncrease INCREASE = new SimulatedIncrease();
    private static final SimulatedClearBank CLEARBANK = new SimulatedClearBank();
    private static final SimulatedAirwallex AIRWALLEX = new SimulatedAirwallex();

    private static ConnectedBanks at;
    private static JdbcClient db;

    static Stream<SimulatedBank> banks() {
        return Stream.of(INCREASE, CLEARBANK, AIRWALLEX);
    }

    @BeforeAll
    static void start() throws IOException {
        at = ConnectedBanks.start(dir, banks().toList());
        db = at.db();
        // Whether something is remitted is the test's choice.
        db.sql("insert into cut_off (day, state, ran_at) values (date '2099-01-01', 'DONE', now())")
                .update();
    }

    @AfterAll
    static void stop() {
        at.close();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void whatIsNotTheBanksIsRefusedAndLeavesNothing(SimulatedBank bank) throws IOException {
        Movement credit = bank.credit(11_001, "INV-FORGED");
        long kept = at.count("select count(*) from inbox");
        long evidence = at.count("select count(*) from raw_evidence");
        assertThat(bank.tell(credit, Trouble.CHANGED)).isEqualTo(401);
        if (bank != CLEARBANK) { // which signs no time
            assertThat(bank.tell(credit, Trouble.LATE)).isEqualTo(401);
        }
        assertThat(at.count("select count(*) from inbox")).isEqualTo(kept);
        assertThat(at.count("select count(*) from raw_evidence")).isEqualTo(evidence);
        assertThat(bank.tell(credit)).isBetween(200, 299);
        at.until("the genuine one is an inflow", () -> at.inflows(bank, 11_001) == 1);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void anEventWithOtherContentIsRefusedKeptAndShownToAPerson(SimulatedBank bank) throws IOException {
        Movement credit = bank.credit(12_001, "INV-TWO-TALES");
        assertThat(bank.tell(credit)).isBetween(200, 299);
        for (int i = 0; i < 2; i++) {
            assertThat(bank.tell(credit, Trouble.OTHER_CONTENT)).isEqualTo(409);
        }
        assertThat(bank.tell(credit)).as("the first tale again").isBetween(200, 299);
        at.until("it is an inflow", () -> at.inflows(bank, 12_001) == 1);
        at.allRead(bank);
        assertThat(at.inflows(bank, 12_001)).isEqualTo(1);
        assertThat(db.sql("select c.body_sha256 from inbox_conflict c join inbox i using (inbox_id) where i.source = ?")
                        .param(bank.name())
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allSatisfy(sha256 -> assertThat(
                                db.sql("select count(*) from work_item where item_id like 'CONFLICT-%' and hash = ?")
                                        .param(sha256)
                                        .query(Integer.class)
                                        .single())
                        .isEqualTo(1));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void oneEventFiftyTimesAtOnceIsAcknowledgedEachTimeAndIsOneInflow(SimulatedBank bank) throws Exception {
        Movement credit = bank.credit(13_001, "INV-FLOOD");
        List<Future<Integer>> answers = new ArrayList<>();
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService senders = Executors.newFixedThreadPool(50)) {
            for (int i = 0; i < 50; i++) {
                answers.add(senders.submit((Callable<Integer>) () -> {
                    together.await();
                    return bank.tell(credit);
                }));
            }
            together.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isBetween(200, 299);
            }
        }
        at.until("it is an inflow", () -> at.inflows(bank, 13_001) == 1);
        at.allRead(bank);
        assertThat(at.inflows(bank, 13_001)).isEqualTo(1);
    }

    @Test
    void whatTheBankDoesNotGiveAtOnceIsAskedForAgain() throws IOException {
        List<ResponseDefinitionBuilder> troubles = List.of(
                aResponse().withStatus(404),
                aResponse().withStatus(429).withHeader("Retry-After", "1"),
                aResponse().withStatus(500).withBody("<html>"),
                aResponse().withStatus(302).withHeader("Location", "/transactions"),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                aResponse().withFault(Fault.EMPTY_RESPONSE),
                aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
                aResponse().withStatus(200).withBody("{\"id\":"));
        for (int i = 0; i < troubles.size(); i++) {
            Movement credit = INCREASE.credit(14_001 + i, "INV-SLOW-" + i);
            INCREASE.failOnce(credit, troubles.get(i));
            assertThat(INCREASE.tell(credit)).isBetween(200, 299);
        }
        for (int i = 0; i < troubles.size(); i++) {
            int units = 14_001 + i;
            at.until("credit " + units + " is an inflow", () -> at.inflows(INCREASE, units) == 1);
        }
        at.allRead(INCREASE);
    }

    /** No clock decides here: the answer comes while the table is still locked. */
    @Test
    void clearBankHearsItsNonceWhileNothingCanBeRead() throws Exception {
        Movement credit = CLEARBANK.credit(15_001, "INV-BUSY");
        whileLocked("inflow", () -> assertThat(CLEARBANK.tell(credit)).isEqualTo(200));
        at.until("it is an inflow", () -> at.inflows(CLEARBANK, 15_001) == 1);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void whileTheDatabaseDoesNotCommitTheBankIsToldToComeAgainAndThenNothingIsLost(SimulatedBank bank)
            throws Exception {
        Movement first = bank.credit(16_001, "INV-STUCK-1");
        Movement second = bank.credit(16_002, "INV-STUCK-2");
        whileLocked("inbox", () -> {
            try (ExecutorService senders = Executors.newFixedThreadPool(2)) {
                Future<Integer> other = senders.submit((Callable<Integer>) () -> bank.tell(second));
                assertThat(bank.tell(first)).isEqualTo(503);
                assertThat(other.get()).isEqualTo(503);
            }
        });
        assertThat(bank.tell(first)).isBetween(200, 299);
        assertThat(bank.tell(second)).isBetween(200, 299);
        at.until("both are inflows", () -> at.inflows(bank, 16_001) == 1 && at.inflows(bank, 16_002) == 1);
        at.allRead(bank);
        assertThat(at.inflows(bank, 16_001) + at.inflows(bank, 16_002)).isEqualTo(2);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void aBankThatTakesTransfersOneByOneIsPaidByAsManyOrdersEachOnceThoughAnAnswerIsLost(SimulatedBank bank)
            throws IOException {
        Onboarding.of(at.engine(), bank, bank.payee("trust"), bank.payee("fees"));
        String agreement = "AGR-" + bank;
        at.until(
                "the store is known",
                () -> at.engine().bean(Agreements.class).stores().stream()
                        .anyMatch(store -> store.agreementId().equals(agreement)));
        assertThat(bank.tell(bank.credit(100_000, "INV-PAID-ON"))).isBetween(200, 299);
        at.until(
                "it is divided",
                () -> at.count("select count(*) from leg l join inflow i using (inflow_id) where i.units = 100000"
                                + " and l.agreement_id = '" + agreement + "'")
                        == 3);
        bank.desk.loseAnswers(1);
        SettledStore store = SettledStore.sending(at.engine(), "STORE-" + bank);
        store.remit(LocalDate.of(2026, 11, 23));
        store.approveAll();
        String open = "select count(*) from outbox o join payment_order p using (order_id) where p.agreement_id = '"
                + agreement + "' and o.state <> 'DONE'";
        // ClearBank cannot be asked: its webhooks and statement tell what became of that one.
        long unknown = bank == CLEARBANK ? 1 : 0;
        at.until("all have gone out", () -> bank.desk.sent().size() == 3 && at.count(open) == unknown);
        Map<String, Long> ordered = new TreeMap<>();
        db.sql("select end_to_end_id, units from instruction where agreement_id = ?")
                .param(agreement)
                .query(rs -> {
                    ordered.put(rs.getString(1), rs.getLong(2));
                });
        assertThat(bank.desk.paid()).isEqualTo(ordered).hasSize(3);
        assertThat(bank.desk.sent()).as("none twice").doesNotHaveDuplicates();
        assertThat(ordered.values().stream().mapToLong(units -> units).sum())
                .isEqualTo(db.sql("select sum(units)::bigint from leg where agreement_id = ?")
                        .param(agreement)
                        .query(Long.class)
                        .single());
    }

    private interface Deed {
        void run() throws Exception;
    }

    private static void whileLocked(String table, Deed deed) throws Exception {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> lock =
                    other.submit(() -> at.engine().bean(Transactions.class).run(() -> {
                        db.sql("lock table " + table + " in share row exclusive mode")
                                .update();
                        locked.countDown();
                        await(done);
                    }));
            locked.await();
            try {
                deed.run();
            } finally {
                assertThat(lock.isDone())
                        .as("the table was locked all the time")
                        .isFalse();
                done.countDown();
            }
            lock.get();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
