package io.sluice.banks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TestEngine;
import io.sluice.platform.Rejection;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.settlement.ReturnedPayouts;
import io.sluice.settlement.ReturnedPayouts.Returned;
import io.sluice.settlement.SettledStore;
import io.sluice.settlement.SettlementEvent.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A merchant's payout comes back: it is owed again, stands until a person orders it, and is paid once. */
class ReturnedPayoutTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final SimulatedIncrease BANK = new SimulatedIncrease();

    @TempDir
    static Path dir;

    private static ConnectedBanks at;
    private static TestEngine engine;
    private static JdbcClient db;

    @BeforeAll
    static void start() throws IOException {
        at = ConnectedBanks.start(dir, List.of(BANK));
        engine = at.engine();
        db = at.db();
        db.sql("insert into cut_off (day, state, ran_at) values (date '2099-01-01', 'DONE', now())")
                .update();
        Onboarding.of(engine, BANK, BANK + "-trust", BANK + "-fees");
        at.until(
                "the rule is in force",
                () -> at.count("select count(*) from routing_rule where state = 'ACTIVE'") == 1);
        at.until(
                "the store is known",
                () -> engine.bean(Agreements.class).stores().size() == 1);
    }

    @AfterAll
    static void stop() {
        at.close();
    }

    @Test
    void whatCameBackIsPaidAgainOnceUnderFourEyes() throws IOException {
        SettledStore store = SettledStore.frozen(engine, "STORE-" + BANK);
        assertThat(BANK.tell(BANK.credit(100_000, "INV-1"))).isBetween(200, 299);
        at.until("it is divided", () -> at.count("select coalesce(sum(units), 0)::bigint from leg") == 100_000);
        store.remit(DAY);
        store.settleAll(DAY);
        at.until("nobody is owed", () -> owed() == 0);

        ReturnedPayouts returned = engine.bean(ReturnedPayouts.class);
        store.bringBack(Kind.RESIDUAL, DAY.plusDays(2));
        at.until("the merchant is owed again", () -> owed() == -89_900);
        Returned waiting = returned.waiting().getFirst();
        assertThat(returned.waiting()).hasSize(1);
        assertThat(waiting.units()).isEqualTo(89_900);
        assertThat(waiting.reason()).isEqualTo("AC04 closed account");
        store.remit(DAY.plusDays(2));
        assertThat(at.count("select count(*) from instruction where kind = 'RESIDUAL'"))
                .as("nobody pays it by itself")
                .isEqualTo(1);

        UUID order = returned.payAgain(waiting.instructionId(), "treasury");
        assertThat(returned.waiting()).isEmpty();
        assertThatThrownBy(() -> returned.payAgain(waiting.instructionId(), "treasury"))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("none that came back");
        String hash = db.sql("select hash from work_item where item_id = ?")
                .param("ORDER-" + order)
                .query(String.class)
                .single();
        assertThatThrownBy(() -> engine.bean(WorkList.class).approve("ORDER-" + order, hash, "treasury"))
                .isInstanceOf(Rejection.class);
        store.settleAll(DAY.plusDays(3));
        at.until("the merchant is paid", () -> owed() == 0);
        assertThat(db.sql("select state from instruction where kind = 'RESIDUAL' order by state")
                        .query(String.class)
                        .list())
                .containsExactly("ACSC", "RETURNED");
        assertThat(db.sql("select count(distinct end_to_end_id) from instruction where kind = 'RESIDUAL'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(
                        at.count(
                                "select count(*) from (select 1 from chk_posting group by journal_id, currency having sum(units) <> 0) p"))
                .isZero();
        assertThat(db.sql("select username || ' ' || action from audit_log where subject = ?")
                        .param(waiting.instructionId().toString())
                        .query(String.class)
                        .list())
                .containsExactly("treasury PAY_AGAIN");
    }

    /** In minor units; what is owed is below zero. */
    private static long owed() {
        return at.count("select coalesce(sum(units), 0)::bigint from balance where account like 'merchant.residual%'");
    }
}
