package io.sluice.banks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Rebuilding;
import io.sluice.TestEngine;
import io.sluice.banks.SimulatedBank.Movement;
import io.sluice.platform.BusinessClock;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.royalty.DistributionDesk;
import io.sluice.settlement.SettledStore;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A bank takes a credit back whose money is gone: divided, swept, paid to the merchant, distributed and paid to holders. Of 1 000.00 the
 * fee is 1/1000, the royalty 1/10, the rest the merchant's.
 */
class ReversalAfterSettlementTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);

    @TempDir
    static Path dir;

    private static final SimulatedIncrease INCREASE = new SimulatedIncrease();
    private static final SimulatedClearBank CLEARBANK = new SimulatedClearBank();
    private static final SimulatedAirwallex AIRWALLEX = new SimulatedAirwallex();
    private static final SimulatedFolderBank FOLDER = new SimulatedFolderBank();

    private static ConnectedBanks at;
    private static TestEngine engine;
    private static JdbcClient db;
    private static final Map<SimulatedBank, SettledStore> STORES = new HashMap<>();

    static Stream<SimulatedBank> banks() {
        return Stream.of(INCREASE, CLEARBANK, AIRWALLEX, FOLDER);
    }

    @BeforeAll
    static void start() throws IOException {
        at = ConnectedBanks.start(dir, banks().toList());
        engine = at.engine();
        db = at.db();
        // Whether something is remitted is the test's choice.
        db.sql("insert into cut_off (day, state, ran_at) values (date '2099-01-01', 'DONE', now())")
                .update();
        for (SimulatedBank bank : banks().toList()) {
            Onboarding.of(engine, bank, bank + "-trust", bank + "-fees");
        }
        at.until(
                "the rules are in force",
                () -> at.count("select count(*) from routing_rule where state = 'ACTIVE'") == 4);
        at.until(
                "the stores are known",
                () -> engine.bean(Agreements.class).stores().size() == 4);
        for (SimulatedBank bank : banks().toList()) {
            STORES.put(bank, SettledStore.frozen(engine, "STORE-" + bank));
            TreeMap<String, BigInteger> holdings = new TreeMap<>(Map.of("H1-" + bank, BigInteger.TEN));
            engine.bean(DistributionDesk.class)
                    .register(engine.bean(Agreements.class).find("AGR-" + bank).orElseThrow(), holdings);
        }
    }

    /** What the events make of it all is what the read models held. */
    @AfterAll
    static void stop() {
        at.close();
        Rebuilding.Answer verified = Rebuilding.rebuild(dir, "--verify");
        assertThat(verified.exit()).as(verified.err()).isZero();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("banks")
    void whatWasPaidIsAReceivableThatLaterResidualsCoverAndTheRestIsAsIfTheCreditHadNeverBeen(SimulatedBank bank)
            throws IOException {
        long wasLeft = open(bank, "merchant.residual");
        assertThat(wasLeft).isZero();
        Movement credit = bank.credit(100_000, "INV-SETTLED");
        assertThat(bank.tell(credit)).isBetween(200, 299);
        at.until("it is divided", () -> legs(bank) == 100_000);
        payEverythingOut(bank);
        assertThat(paid(bank, "RESIDUAL")).isEqualTo(89_900);
        assertThat(paid(bank, "HOLDER_PAYOUT")).isEqualTo(10_000);
        List<Map<String, Object>> instructions = instructions(bank);
        List<Map<String, Object>> distributions = distributions(bank);

        Movement reversal = bank.takeBack(credit);
        for (int i = 0; i < 3; i++) {
            assertThat(bank.tell(reversal)).isBetween(200, 299);
        }
        if (bank == FOLDER) {
            FOLDER.statement("2026-11-23", 0, List.of(credit, reversal));
        }
        at.until("it is a receivable", () -> ledger(bank, "receivable.recall") == 100_000);
        at.allRead(bank);
        if (bank == FOLDER) {
            at.until("the statement is compared", () -> at.count("select count(*) from statement_line") == 2);
        }
        at.until("the inflow says so", () -> takenBack(bank) == 1);
        assertThat(ledger(bank, "bank.taken-back/" + bank.account())).isZero();
        assertThat(ledger(bank, "bank.collection/" + bank.account())).isEqualTo(-100_000);
        assertThat(instructions(bank)).as("what was paid is not touched").isEqualTo(instructions);
        assertThat(distributions(bank)).as("nor what was distributed").isEqualTo(distributions);
        assertThat(frozenFor(bank, "took back")).isEqualTo(1);

        // The merchant's next residuals cover it; the holders' royalty was paid ahead and is not paid twice.
        Movement small = bank.credit(30_000, "INV-NEXT");
        assertThat(bank.tell(small)).isBetween(200, 299);
        at.until("it covers what it can", () -> ledger(bank, "receivable.recall") == 70_000);
        STORES.get(bank).remit(DAY);
        assertThat(instructions(bank)).as("nothing is left to pay").isEqualTo(instructions);
        assertThat(bank.tell(bank.credit(100_000, "INV-AFTER"))).isBetween(200, 299);
        at.until("all is covered", () -> ledger(bank, "receivable.recall") == 0);
        assertThat(open(bank, "fees.platform")).isEqualTo(30);
        assertThat(open(bank, "royalty.pool")).isEqualTo(3_000);
        assertThat(open(bank, "merchant.residual")).isEqualTo(26_970);
        STORES.get(bank).remit(DAY.plusDays(1));
        STORES.get(bank).settleAll(DAY.plusDays(1));
        at.until("the account is empty", () -> ledger(bank, "bank.collection/" + bank.account()) == 0);
        assertThat(paid(bank, "RESIDUAL")).isEqualTo(116_870);
        assertThat(paid(bank, "SWEEP")).isEqualTo(13_000);
        assertThat(paid(bank, "FEE")).isEqualTo(130);
        assertThat(ledger(bank, "collection.due-to-trust")).isZero();
        assertThat(ledger(bank, "merchant.residual/" + bank.account())).isZero();
        if (bank == FOLDER) {
            assertThat(at.count("select count(*) from statement_line where rule = 'R1-reversal'"))
                    .isEqualTo(1);
        }

        whatWasNotPaidIsTakenFromItsOwnLegs(bank);
    }

    private void whatWasNotPaidIsTakenFromItsOwnLegs(SimulatedBank bank) throws IOException {
        long pool = ledger(bank, "royalty.pool");
        long fees = ledger(bank, "fees.platform");
        Movement credit = bank.credit(50_000, "INV-UNPAID");
        assertThat(bank.tell(credit)).isBetween(200, 299);
        at.until("it is divided", () -> open(bank, "merchant.residual") == 44_950);
        at.until(
                "the pool has it",
                () -> pool(bank) == -ledger(bank, "royalty.pool") && ledger(bank, "royalty.pool") == pool - 5_000);
        assertThat(bank.tell(bank.takeBack(credit))).isBetween(200, 299);
        at.until(
                "nothing of it is open",
                () -> open(bank, "merchant.residual") == 0
                        && open(bank, "royalty.pool") == 0
                        && open(bank, "fees.platform") == 0);
        at.until("nor in the books", () -> ledger(bank, "royalty.pool") == pool && pool(bank) == -pool);
        assertThat(ledger(bank, "fees.platform")).isEqualTo(fees);
        assertThat(ledger(bank, "receivable.recall")).isZero();
        assertThat(ledger(bank, "bank.taken-back/" + bank.account())).isZero();
        assertThat(ledger(bank, "bank.collection/" + bank.account())).isZero();
        List<Map<String, Object>> instructions = instructions(bank);
        STORES.get(bank).remit(DAY.plusDays(2));
        assertThat(instructions(bank)).isEqualTo(instructions);
        anAuditorFindsNothing();
    }

    private static void anAuditorFindsNothing() {
        assertThat(
                        at.count(
                                "select count(*) from (select 1 from chk_posting group by journal_id, currency having sum(units) <> 0) p"))
                .isZero();
        assertThat(at.count(
                        "select count(*) from (select 1 from chk_routing r join chk_inflow i on i.inflow_id = r.inflow_id"
                                + " group by i.inflow_id, i.units having sum(r.units) <> i.units) r"))
                .isZero();
        assertThat(at.count(
                        "select count(*) from leg l join (select leg_id, sum(units) as units from leg_reduction group by 1) r"
                                + " on r.leg_id = l.leg_id where r.units > l.units"))
                .isZero();
        assertThat(at.count(
                        "select count(*) from (select inflow_id, sum(units) as units from leg_reduction group by 1) r"
                                + " full join recourse c on c.inflow_id = r.inflow_id"
                                + " where coalesce(r.units, 0) <> coalesce(c.covered, 0)"))
                .isZero();
    }

    private static void payEverythingOut(SimulatedBank bank) {
        SettledStore store = STORES.get(bank);
        store.remit(DAY);
        store.settleAll(DAY);
        at.until("the pool has the royalty", () -> pool(bank) == 10_000);
        engine.bean(DistributionDesk.class)
                .declare(
                        engine.bean(Agreements.class).find("AGR-" + bank).orElseThrow(),
                        10_000,
                        engine.bean(BusinessClock.class).now());
        at.until("a person has approved the distribution", () -> approved(bank));
        at.until(
                "its payout is ordered",
                () -> at.count("select count(*) from instruction where kind = 'HOLDER_PAYOUT' and agreement_id = 'AGR-"
                                + bank + "'")
                        == 1);
        store.settleAll(DAY);
        at.until(
                "the distribution is complete",
                () -> at.count("select count(*) from distribution where state = 'COMPLETED' and agreement_id = 'AGR-"
                                + bank + "'")
                        == 1);
        at.until(
                "nothing is in transit",
                () -> ledger(bank, "in-transit.bank/" + bank.account()) == 0
                        && ledger(bank, "in-transit.bank/" + bank + "-trust") == 0
                        && ledger(bank, "bank.collection/" + bank.account()) == 0);
    }

    private static boolean approved(SimulatedBank bank) {
        List<List<String>> items = db.sql("select item_id, hash from work_item where state = 'OPEN' and item_id in"
                        + " (select 'DISTRIBUTION-' || distribution_id from distribution where agreement_id = ?)")
                .param("AGR-" + bank)
                .query((rs, n) -> List.of(rs.getString(1), rs.getString(2)))
                .list();
        items.forEach(item -> engine.bean(WorkList.class).approve(item.get(0), item.get(1), "approver"));
        return !items.isEmpty();
    }

    private static List<Map<String, Object>> instructions(SimulatedBank bank) {
        return db.sql("select instruction_id, kind, units, state from instruction where agreement_id = ? order by 1")
                .param("AGR-" + bank)
                .query()
                .listOfRows();
    }

    private static List<Map<String, Object>> distributions(SimulatedBank bank) {
        return db.sql("select distribution_id, pool_units, entitled_units, paid_units, state from distribution"
                        + " where agreement_id = ? order by 1")
                .param("AGR-" + bank)
                .query()
                .listOfRows();
    }

    private static long paid(SimulatedBank bank, String kind) {
        return db.sql("select coalesce(sum(units), 0)::bigint from instruction"
                        + " where agreement_id = ? and kind = ? and state = 'ACSC'")
                .params("AGR-" + bank, kind)
                .query(Long.class)
                .single();
    }

    private static long takenBack(SimulatedBank bank) {
        return db.sql("select count(*) from inflow where account = ? and state = 'REVERSED'")
                .param(bank.account())
                .query(Long.class)
                .single();
    }

    private static long legs(SimulatedBank bank) {
        return db.sql("select coalesce(sum(units), 0)::bigint from leg where account = ?")
                .param(bank.account())
                .query(Long.class)
                .single();
    }

    private static long open(SimulatedBank bank, String destination) {
        return db.sql("select coalesce(sum(open_units), 0)::bigint from open_leg where account = ? and destination = ?")
                .params(bank.account(), destination)
                .query(Long.class)
                .single();
    }

    private static long pool(SimulatedBank bank) {
        return db.sql("select coalesce(sum(units), 0)::bigint from royalty_pool where agreement_id = ?")
                .param("AGR-" + bank)
                .query(Long.class)
                .single();
    }

    /** In minor units; debits are above zero. */
    private static long ledger(SimulatedBank bank, String account) {
        return db.sql(
                        "select coalesce(sum(units), 0)::bigint from balance where account = ? and agreement_id in ('-', ?)")
                .params(account, "AGR-" + bank)
                .query(Long.class)
                .single();
    }

    private static long frozenFor(SimulatedBank bank, String why) {
        return db.sql("select count(*) from release_freeze where account = ? and lifted_at is null and reason like ?")
                .params(bank.account(), "%" + why + "%")
                .query(Long.class)
                .single();
    }
}
