package io.sluice.banks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEngine;
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
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A running engine with a shop's account at each of some simulated banks, and what a test asks of its books. */
final class ConnectedBanks implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestEngine engine;
    private final JdbcClient db;
    private final List<SimulatedBank> banks;

    private ConnectedBanks(TestEngine engine, List<SimulatedBank> banks) {
        this.engine = engine;
        this.db = engine.bean(JdbcClient.class);
        this.banks = banks;
    }

    static ConnectedBanks start(Path dir, List<SimulatedBank> banks) throws IOException {
        List<String> settings = new ArrayList<>();
        for (SimulatedBank bank : banks) {
            settings.addAll(bank.settings(dir));
        }
        ConnectedBanks connected =
                new ConnectedBanks(TestEngine.start(dir, settings, "treasury=TREASURY_OPERATOR"), banks);
        connected.register();
        return connected;
    }

    private void register() {
        for (SimulatedBank bank : banks) {
            bank.connect(engine.address());
            engine.bean(Commands.class)
                    .begin(
                            bank.account(),
                            new RegisterAccount(
                                    bank.account(), bank.name(), bank.currency(), AccountKind.COLLECTION, "shop"));
        }
        until(
                "the accounts are known",
                () -> count("select count(*) from bank_account where name = 'shop'") == banks.size());
    }

    TestEngine engine() {
        return engine;
    }

    JdbcClient db() {
        return db;
    }

    @Override
    public void close() {
        engine.close();
        banks.forEach(SimulatedBank::close);
    }

    /** Another business day begins for the sweep; returns once it is through. */
    void night(SimulatedBank bank) {
        until("the account is swept", () -> sweptOn(bank) == 1);
        db.sql("update transaction_sweep set swept_on = swept_on - 1 where account = ?")
                .param(bank.account())
                .update();
        until("the account is swept again", () -> sweptOn(bank) == 1);
    }

    long sweptOn(SimulatedBank bank) {
        return db.sql("select count(*) from transaction_sweep where account = ? and swept_on >= ?")
                .params(bank.account(), engine.bean(BusinessClock.class).today())
                .query(Long.class)
                .single();
    }

    long reversed(SimulatedBank bank, long units) {
        return db.sql("select count(*) from inflow where account = ? and units = ? and state = 'REVERSED'")
                .params(bank.account(), units)
                .query(Long.class)
                .single();
    }

    long waitingReversals(SimulatedBank bank) {
        return db.sql("select count(*) from waiting_reversal where account = ? and state = 'WAITING'")
                .param(bank.account())
                .query(Long.class)
                .single();
    }

    long freezes(SimulatedBank bank) {
        return db.sql("select count(*) from release_freeze where account = ? and lifted_at is null")
                .param(bank.account())
                .query(Long.class)
                .single();
    }

    /** What the ledger says that the bank account holds, in minor units. */
    long ledger(SimulatedBank bank) {
        return db.sql("select coalesce(sum(units), 0)::bigint from balance where account = ?")
                .param("bank.collection/" + bank.account())
                .query(Long.class)
                .single();
    }

    long inflows(SimulatedBank bank, long units) {
        return db.sql("select count(*) from inflow where account = ? and units = ?")
                .params(bank.account(), units)
                .query(Long.class)
                .single();
    }

    /** Everything that this bank delivered has been read, and nothing is parked. */
    void allRead(SimulatedBank bank) {
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

    long count(String sql) {
        return db.sql(sql).query(Long.class).single();
    }

    void until(String what, BooleanSupplier condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(
                    "Waited " + PATIENCE + " for: " + what + "; parked: "
                            + db.sql("select source, reason from inbox where state <> 'DONE'")
                                    .query()
                                    .listOfRows()
                            + "; the books: "
                            + db.sql("select account, agreement_id, units from balance where units <> 0 order by 1, 2")
                                    .query()
                                    .listOfRows()
                            + "; recourse: "
                            + db.sql("select * from recourse").query().listOfRows(),
                    late);
        }
    }
}
