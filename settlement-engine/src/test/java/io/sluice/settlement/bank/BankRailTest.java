package io.sluice.settlement.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankPayments;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.collection.Banks;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.policies.ReleaseFreezes;
import io.sluice.policies.WorkList;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.Outbox;
import io.sluice.settlement.Refusals;
import io.sluice.settlement.Settlements;
import io.sluice.settlement.Unanswered;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** What is done with each of a bank's answers, on the real outbox. */
class BankRailTest {

    private static TestBeans beans;
    private static int orders;

    private final BankPayments payments = mock(BankPayments.class);
    private final Settlements settlements = mock(Settlements.class);
    private AnnotationConfigApplicationContext context;
    private volatile Instant now = Instant.parse("2026-11-23T16:00:00Z");

    @BeforeAll
    static void database() {
        beans = TestBeans.on(TestDatabase.fresh());
    }

    @BeforeEach
    void wire() {
        BankAdapter bank = mock(BankAdapter.class);
        when(bank.name()).thenReturn("meridian");
        when(bank.payments()).thenReturn(payments);
        BusinessClock clock = () -> now;
        context = new AnnotationConfigApplicationContext();
        context.registerBean(org.springframework.jdbc.core.simple.JdbcClient.class, beans::db);
        context.registerBean(org.springframework.jdbc.core.JdbcTemplate.class, beans::batch);
        context.registerBean(io.sluice.platform.Evidence.class, beans::evidence);
        context.registerBean(io.sluice.platform.Transactions.class, beans::transactions);
        context.registerBean(io.sluice.platform.AuditLog.class, beans::audit);
        context.registerBean(BusinessClock.class, () -> clock);
        context.registerBean(Banks.class, () -> new Banks(List.of(bank)));
        context.registerBean(Settlements.class, () -> settlements);
        context.register(
                Outbox.class,
                WorkList.class,
                ReleaseFreezes.class,
                InstructionRows.class,
                Refusals.class,
                Unanswered.class);
        context.refresh();
    }

    @AfterEach
    void close() {
        beans.db().sql("update outbox set state = 'DONE' where state <> 'DONE'").update();
        context.close();
    }

    private BankRail rail() {
        return new BankRail(
                context.getBean(Outbox.class),
                context.getBean(Banks.class),
                context.getBean(InstructionRows.class),
                settlements,
                context.getBean(Unanswered.class),
                beans.transactions());
    }

    private UUID order() {
        UUID order = new UUID(0, ++orders);
        byte[] body = new JsonMapper()
                .writeValueAsBytes(new TransferBatch(
                        order.toString(),
                        "DE1",
                        "EUR",
                        LocalDate.parse("2026-11-23"),
                        List.of(new TransferBatch.Transfer(
                                "E2E-" + order.toString().substring(0, 8),
                                new BigDecimal("10.00"),
                                "Ada",
                                "DE2",
                                null))));
        String key = "outbox/" + order;
        beans.db()
                .sql("insert into outbox (order_id, rail, lane, body, body_sha256, key_name, state)"
                        + " values (?, 'BANK', 'meridian', ?, ?, ?, 'READY')")
                .params(order, beans.evidence().seal(key, body), Hashes.sha256(body), key)
                .update();
        return order;
    }

    private String state(UUID order) {
        return beans.db()
                .sql("select state from outbox where order_id = ?")
                .param(order)
                .query(String.class)
                .single();
    }

    /** Its next question is due now. */
    private void due(UUID order) {
        beans.db()
                .sql("update outbox set next_at = now() where order_id = ?")
                .param(order)
                .update();
    }

    private List<String> waiting(UUID order) {
        return context.getBean(WorkList.class).openItems().stream()
                .filter(item -> item.itemId().equals("PARKED-" + order))
                .map(WorkList.Item::summary)
                .toList();
    }

    @Test
    void anOrderRefusedAtItsFirstSendingIsRefused() {
        UUID order = order();
        when(payments.submit(any())).thenReturn(new SubmitOutcome.Rejected("AM04", "insufficient funds"));

        rail().work();

        assertThat(state(order)).isEqualTo("DONE");
        verify(settlements).refused(order, "AM04");
        assertThat(waiting(order)).isEmpty();
    }

    @Test
    void anUnansweredOrderIsAskedAboutAndNotSentAgainWhileTheBankCannotSay() {
        UUID order = order();
        when(payments.submit(any())).thenReturn(new SubmitOutcome.Unknown("read timed out"));
        when(payments.find(order.toString())).thenReturn(Optional.of(new SubmitOutcome.Unknown("503")));

        BankRail rail = rail();
        for (int i = 0; i < 5; i++) {
            rail.work();
            due(order);
        }

        assertThat(state(order)).isEqualTo("UNKNOWN");
        verify(payments).submit(any());
        verifyNoInteractions(settlements);
    }

    @Test
    void anOrderRefusedOnlyWhenItIsSentAgainWaitsForAPersonBecauseItsFirstSendingMayHavePaid() {
        UUID order = order();
        when(payments.submit(any()))
                .thenReturn(new SubmitOutcome.Unknown("connection reset"))
                .thenReturn(new SubmitOutcome.Rejected("AM04", "insufficient funds"));
        when(payments.find(order.toString())).thenReturn(Optional.empty());

        BankRail rail = rail();
        for (int i = 0; i < 6; i++) {
            rail.work();
            due(order);
        }

        assertThat(state(order)).isEqualTo("PARKED");
        assertThat(waiting(order)).singleElement().asString().contains("may have paid");
        verifyNoInteractions(settlements);
    }

    @Test
    void anOrderTheBankDoesNotKnowIsNotSentAgainOnceTheBankMayHaveForgottenItsKey() {
        UUID order = order();
        when(payments.submit(any())).thenReturn(new SubmitOutcome.Unknown("connection reset"));
        when(payments.find(order.toString())).thenReturn(Optional.empty());

        BankRail rail = rail();
        rail.work();
        now = Instant.parse("2026-11-24T04:00:01Z");
        for (int i = 0; i < 6; i++) {
            due(order);
            rail.work();
        }

        assertThat(state(order)).isEqualTo("PARKED");
        assertThat(waiting(order)).singleElement().asString().contains("too old to send again");
        verify(payments).submit(any());
    }

    @Test
    void anAnswerThatComesAfterItsLeaseWasLostChangesNothing() {
        UUID order = order();
        when(payments.submit(any())).thenAnswer(call -> {
            beans.db()
                    .sql("update outbox set fence = fence + 1 where order_id = ?")
                    .param(order)
                    .update();
            return new SubmitOutcome.Accepted("batch-1", List.of());
        });

        rail().work();

        assertThat(state(order)).isEqualTo("ATTEMPTED");
        verify(settlements, org.mockito.Mockito.never()).submitted(eq(order), any(), any());
    }

    private void from(String account, UUID order) {
        beans.db()
                .sql(
                        "insert into payment_order (order_id, rail, bank, account, agreement_id, currency, day, rows, units, state,"
                                + " approval_hash, made_at) values (?, 'BANK', 'meridian', ?, 'AGR-1', 'EUR', '2026-11-23', 1, 1000, 'RELEASED', '', now())")
                .params(order, account)
                .update();
    }

    private WorkList.Item freezeItem() {
        return context.getBean(WorkList.class).openItems().stream()
                .filter(item -> item.kind().equals("FREEZE") && item.summary().contains("was not ordered"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingNewLeavesAFrozenAccountAndOtherAccountsGoOnUntilSomebodyLiftsIt() {
        when(payments.submit(any())).thenReturn(new SubmitOutcome.Accepted("batch-1", List.of()));
        ReleaseFreezes freezes = context.getBean(ReleaseFreezes.class);
        UUID frozen = order();
        from("DE-FROZEN", frozen);
        UUID other = order();
        from("DE-OTHER", other);
        freezes.freeze("DE-FROZEN", "statement#1", "a debit of 5.00 EUR was not ordered by us");
        freezes.freeze("DE-FROZEN", "statement#1", "a debit of 5.00 EUR was not ordered by us");

        BankRail rail = rail();
        while (rail.work()) {}
        assertThat(state(frozen)).isEqualTo("READY");
        assertThat(state(other)).isEqualTo("DONE");

        WorkList.Item item = freezeItem();
        assertThat(item.summary()).contains("5.00 EUR");
        beans.transactions().run(() -> freezes.approve(item.itemId(), item.hash(), "ada"));
        while (rail.work()) {}
        assertThat(state(frozen)).isEqualTo("DONE");

        freezes.freeze("DE-FROZEN", "statement#1", "a debit of 5.00 EUR was not ordered by us");
        assertThat(beans.db()
                        .sql("select count(*) from release_freeze where account = 'DE-FROZEN' and lifted_at is null")
                        .query(Integer.class)
                        .single())
                .as("what was explained does not freeze again")
                .isZero();
    }

    @Test
    void anOrderThatWasSentBeforeTheFreezeIsStillAskedAbout() {
        UUID order = order();
        from("DE-FROZEN2", order);
        when(payments.submit(any())).thenReturn(new SubmitOutcome.Unknown("read timed out"));
        when(payments.find(order.toString())).thenReturn(Optional.of(new SubmitOutcome.Accepted("batch-1", List.of())));
        BankRail rail = rail();
        rail.work();
        context.getBean(ReleaseFreezes.class).freeze("DE-FROZEN2", "statement#2", "a debit of 5.00 EUR");

        due(order);
        rail.work();

        assertThat(state(order)).isEqualTo("DONE");
    }
}
