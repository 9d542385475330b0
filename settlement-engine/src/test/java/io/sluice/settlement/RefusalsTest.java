package io.sluice.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Kind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Payees whom the bank refuses, by several orders at once too. */
class RefusalsTest {

    private static final String OLD = "a".repeat(64);
    private static final String NEW = "b".repeat(64);
    private static TestBeans beans;
    private static int rows;

    private AnnotationConfigApplicationContext context;

    @BeforeAll
    static void database() {
        beans = TestBeans.on(TestDatabase.fresh());
    }

    @BeforeEach
    void wire() {
        context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcClient.class, beans::db);
        context.registerBean(Transactions.class, beans::transactions);
        context.registerBean(AuditLog.class, beans::audit);
        context.registerBean(BusinessClock.class, () -> () -> Instant.parse("2026-11-23T16:00:00Z"));
        context.register(WorkList.class, Refusals.class);
        context.refresh();
    }

    @AfterEach
    void close() {
        context.close();
    }

    private void refuse(String payee, String hash, String reason, int times) {
        for (int i = 0; i < times; i++) {
            UUID order = new UUID(5, ++rows);
            beans.db()
                    .sql(
                            "insert into payment_order (order_id, rail, account, bank, agreement_id, currency, day, rows, units, state,"
                                    + " approval_hash, made_at) values (?, 'BANK', 'A', 'meridian', 'AGR', 'EUR', '2026-11-23', 1, 1,"
                                    + " 'RELEASED', 'h', now())")
                    .param(order)
                    .update();
            beans.db()
                    .sql(
                            "insert into instruction (instruction_id, order_id, row_no, kind, agreement_id, payee_id, payee_hash, units,"
                                    + " currency, end_to_end_id, state) values (?, ?, 0, 'RESIDUAL', 'AGR', ?, ?, 1, 'EUR', ?, 'RJCT')")
                    .params(order, order, payee, hash, "E" + rows)
                    .update();
            beans.transactions()
                    .run(() -> context.getBean(Refusals.class).refused(new Deviation(order, Kind.RESIDUAL, 1, reason)));
        }
    }

    private List<WorkList.Item> items(String payee) {
        return context.getBean(WorkList.class).openItems().stream()
                .filter(item -> item.summary().contains("Payee " + payee + " "))
                .toList();
    }

    private boolean holds(String payee, String hash) {
        return context.getBean(Refusals.class).holds(payee, hash);
    }

    @Test
    void aRefusalThatWasUnderWayWhenThePayeeWasHeldLeavesItsItemToBeApproved() {
        refuse("P-1", OLD, "AC04 closed account", Refusals.MOST + 2);
        assertThat(holds("P-1", OLD)).isTrue();
        WorkList.Item item = items("P-1").getFirst();
        assertThat(items("P-1")).hasSize(1);
        context.getBean(WorkList.class).approve(item.itemId(), item.hash(), "approver");
        assertThat(holds("P-1", OLD)).isFalse();
    }

    @Test
    void newDetailsEndTheHoldAndItsItemAndAreHeldByRefusalsOfTheirOwn() {
        refuse("P-2", OLD, "AC04 closed account", Refusals.MOST);
        refuse("P-2", NEW, "AC04 closed account", 1);
        assertThat(holds("P-2", NEW)).isFalse();
        assertThat(items("P-2")).isEmpty();
        refuse("P-2", NEW, "AC04 closed account", Refusals.MOST - 1);
        assertThat(holds("P-2", NEW)).isTrue();
        assertThat(items("P-2")).hasSize(1);
    }

    @Test
    void whatIsWrongWithOurOwnAccountHoldsNoPayee() {
        for (String reason : List.of("AC02", "AC05", "AC13", "BE10", "BE16", "RC03", "AM04", "NARR")) {
            refuse("P-" + reason, OLD, reason + " of the debtor", Refusals.MOST);
            assertThat(holds("P-" + reason, OLD)).as(reason).isFalse();
        }
    }
}
