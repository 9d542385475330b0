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
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.concurrent.TimeUnit;
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
    private static final SimulatedFolderBank FOLDER = new SimulatedFolderBank();

    private static ConnectedBanks at;
    private static JdbcClient db;

    static Stream<SimulatedBank> banks() {
        return Stream.of(INCREASE, CLEARBANK, AIRWALLEX);
    }

    @BeforeAll
    static void start() throws IOException {
        at = ConnectedBanks.start(dir, List.of(INCREASE, CLEARBANK, AIRWALLEX, FOLDER));
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
        whileLocked("booked_inflow", () -> assertThat(CLEARBANK.tell(credit)).isEqualTo(200));
        at.until("it is an inflow", () -> at.inflows(CLEARBANK, 15_001) == 1);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void whileTheDatabaseDoesNotCommitTheBankIsToldToComeAgainAndThenNothingIsLost(SimulatedBank bank)
            throws Exception {
        List<Movement> credits = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            credits.add(bank.credit(16_001 + i, "INV-STUCK-" + i));
        }
        whileLocked("inbox", () -> assertThat(tellAll(bank, credits)).containsOnly(503));
        assertThat(tellAll(bank, credits)).allMatch(status -> status >= 200 && status < 300);
        String found = "select count(*) from inflow where account = '" + bank.account()
                + "' and units between 16001 and 16040";
        at.until("all are inflows", () -> at.count(found) == 40);
        at.allRead(bank);
        assertThat(at.count(found)).isEqualTo(40);
    }

    private static List<Integer> tellAll(SimulatedBank bank, List<Movement> movements) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService senders = Executors.newFixedThreadPool(movements.size())) {
            List<Callable<Integer>> each = movements.stream()
                    .map(m -> (Callable<Integer>) () -> bank.tell(m))
                    .toList();
            for (Future<Integer> answer : senders.invokeAll(each)) {
                statuses.add(answer.get());
            }
        }
        return statuses;
    }

    static Stream<SimulatedBank> thoseThatAnnounce() {
        return Stream.of(INCREASE, AIRWALLEX, FOLDER);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("thoseThatAnnounce")
    void whatIsAnnouncedIsNoMoneyUntilItIsBookedAndThenIsWhatIsBooked(SimulatedBank bank) throws IOException {
        Movement never = bank.expected(17_001, "INV-NEVER");
        Movement otherwise = bank.expected(17_002, "INV-OTHERWISE");
        assertThat(bank.announce(never)).isTrue();
        assertThat(bank.announce(otherwise)).isTrue();
        Movement booked = bank.bookedOtherwise(otherwise, 17_003);
        assertThat(bank.tell(booked)).isBetween(200, 299);
        at.until("what was booked is an inflow", () -> at.inflows(bank, 17_003) == 1);
        at.allRead(bank);
        assertThat(at.inflows(bank, 17_001) + at.inflows(bank, 17_002)).isZero();
    }

    @Test
    void whatNobodyToldIsFoundByTheDailyStatement() throws IOException {
        List<Movement> day = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Movement credit = FOLDER.credit(18_001 + i, "INV-DAY-" + i);
            day.add(credit);
            if (i % 20 != 7) {
                FOLDER.tell(credit);
            }
        }
        String found = "select count(*) from inflow where account = '" + FOLDER.account()
                + "' and units between 18001 and 18040";
        at.until("what was told is there", () -> at.count(found) == 38);
        FOLDER.statement("2026-11-23", 0, day);
        at.until("so is the rest", () -> at.count(found) == 40);
        at.until(
                "the statement is compared",
                () -> at.count("select count(*) from statement_line where state = 'MATCHED'") == 40);
        assertThat(at.count("select count(*) from reconciliation_break where account = '" + FOLDER.account() + "'"))
                .isZero();
        assertThat(at.count(found)).isEqualTo(40);
    }

    @Test
    void aFileThatIsTooLargeIsKeptAndToldAndHoldsUpNothing() throws IOException {
        long larger = 50L * 1024 * 1024 + 1;
        sparse(dir.resolve("intake").resolve("large.xml"), larger, "");
        sparse(
                dir.resolve("bank-in").resolve("larger.xml"),
                256L * 1024 * 1024 + 1,
                "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">");
        assertThat(FOLDER.tell(FOLDER.credit(19_001, "INV-BEHIND"))).isBetween(200, 299);
        at.until("what came behind it is an inflow", () -> at.inflows(FOLDER, 19_001) == 1);
        Path aside = dir.resolve("intake").resolve("too-large").resolve("large.xml");
        at.until("it is put aside", () -> Files.exists(aside));
        assertThat(Files.size(aside)).isEqualTo(larger);
        assertThat(dir.resolve("bank-in").resolve("larger.xml")).exists();
        assertThat(db.sql("select summary from work_item where kind = 'PARKED' and state = 'OPEN'"
                                + " and (item_id like 'TOO-LARGE-%' or item_id like 'STATEMENT-%')")
                        .query(String.class)
                        .list())
                .hasSize(2)
                .anyMatch(summary -> summary.contains("large.xml") && summary.contains("at most 52428800"))
                .anyMatch(summary -> summary.contains("larger.xml") && summary.contains("too-large"));
    }

    /** Long, and next to nothing on the disk. */
    private static void sparse(Path file, long size, String beginning) throws IOException {
        Path part = Path.of(file + ".part");
        try (RandomAccessFile written = new RandomAccessFile(part.toFile(), "rw")) {
            written.write(beginning.getBytes(StandardCharsets.UTF_8));
            written.setLength(size);
        }
        Files.move(part, file);
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
            while (!locked.await(50, TimeUnit.MILLISECONDS)) {
                if (lock.isDone()) {
                    lock.get(); // says why there is no lock
                }
            }
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
