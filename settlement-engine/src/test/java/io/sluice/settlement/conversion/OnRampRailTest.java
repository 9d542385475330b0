package io.sluice.settlement.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankPayments;
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.OnRampQuote;
import io.sluice.collection.Banks;
import io.sluice.money.Portion;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.routing.RoyaltyLimits.Conversion;
import io.sluice.routing.RuleDesk;
import io.sluice.settlement.ConversionGuard;
import io.sluice.settlement.Conversions;
import io.sluice.settlement.ConversionsTestBeans;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.Outbox;
import io.sluice.settlement.PayoutFunding;
import io.sluice.settlement.Settlements;
import io.sluice.settlement.Unanswered;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is done with each of a bank's quotes and answers, on the real outbox. Orders are of 100.00 EUR; a coin has six decimals. */
class OnRampRailTest {

    private static final String RULE = "a".repeat(64);
    private static TestBeans beans;
    private static int orders;

    private final BankPayments bank = mock(BankPayments.class);
    private final Settlements settlements = mock(Settlements.class);
    private final RuleDesk rules = mock(RuleDesk.class);
    private AnnotationConfigApplicationContext context;
    private volatile Instant now = Instant.parse("2026-11-23T16:00:00Z");

    @BeforeAll
    static void database() {
        beans = TestBeans.on(TestDatabase.fresh());
    }

    @BeforeEach
    void wire() {
        BankAdapter adapter = mock(BankAdapter.class);
        when(adapter.name()).thenReturn("meridian");
        when(adapter.payments()).thenReturn(bank);
        when(rules.conversion(RULE)).thenReturn(Optional.empty());
        context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcClient.class, beans::db);
        context.registerBean(JdbcTemplate.class, beans::batch);
        context.registerBean(Evidence.class, beans::evidence);
        context.registerBean(Transactions.class, beans::transactions);
        context.registerBean(AuditLog.class, beans::audit);
        context.registerBean(BusinessClock.class, () -> () -> now);
        context.registerBean(Banks.class, () -> new Banks(List.of(adapter)));
        context.registerBean(Settlements.class, () -> settlements);
        context.registerBean(RuleDesk.class, () -> rules);
        context.registerBean(Commands.class, () -> mock(Commands.class));
        context.register(ConversionsTestBeans.ALL);
        context.register(WorkList.class);
        context.refresh();
    }

    @AfterEach
    void close() {
        beans.db().sql("update outbox set state = 'DONE' where state <> 'DONE'").update();
        beans.db()
                .sql("update work_item set state = 'DONE' where state <> 'DONE'")
                .update();
        context.close();
    }

    /** An on-ramp order and the chain order of two holders that waits for its coins. */
    private UUID order() {
        UUID order = new UUID(1, ++orders);
        UUID chain = chainOf(order);
        payment(order, "ONRAMP", null, "READY");
        payment(chain, "CHAIN", order, "WAITING");
        instruction(order, 0, "ON_RAMP", "OWN-0xabc", 10_000);
        instruction(chain, 0, "HOLDER_PAYOUT", "H-1", 6_000);
        instruction(chain, 1, "HOLDER_PAYOUT", "H-2", 4_000);
        return order;
    }

    private static UUID chainOf(UUID order) {
        return new UUID(2, order.getLeastSignificantBits());
    }

    private static void payment(UUID id, String rail, UUID fundedBy, String state) {
        beans.db()
                .sql(
                        "insert into payment_order (order_id, rail, account, bank, agreement_id, currency, day, rows, units, state,"
                                + " approval_hash, funded_by, made_at) values (?, ?, 'TRUST', 'meridian', 'AGR-1', 'EUR', '2026-11-23', 1,"
                                + " 10000, 'RELEASED', 'h', ?, now())")
                .params(id, rail, fundedBy)
                .update();
        String key = "outbox/" + id;
        beans.db()
                .sql("insert into outbox (order_id, rail, lane, body, body_sha256, key_name, state)"
                        + " values (?, ?, 'meridian', ?, ?, ?, ?)")
                .params(id, rail, beans.evidence().seal(key, new byte[0]), Hashes.sha256(new byte[0]), key, state)
                .update();
    }

    private static void instruction(UUID order, int row, String kind, String payee, long units) {
        beans.db()
                .sql(
                        "insert into instruction (instruction_id, order_id, row_no, kind, agreement_id, payee_id, payee_hash, units,"
                                + " currency, rule_hash, end_to_end_id, state)"
                                + " values (?, ?, ?, ?, 'AGR-1', ?, ?, ?, 'EUR', ?, ?, 'RELEASED')")
                .params(
                        UUID.randomUUID(),
                        order,
                        row,
                        kind,
                        payee,
                        "b".repeat(64),
                        units,
                        RULE,
                        "E" + row + order.toString().replace("-", ""))
                .update();
    }

    /** The next that the bank quotes for 100.00 EUR. */
    private void quotes(long tokenUnits) {
        when(bank.quote(eq("EUR"), any()))
                .thenReturn(new OnRampQuote(
                        "QU-" + tokenUnits,
                        new BigDecimal("100.00"),
                        "EUR",
                        BigDecimal.valueOf(tokenUnits, 8),
                        BigInteger.valueOf(tokenUnits),
                        now));
    }

    private void gives(long tokenUnits, String transaction) {
        when(bank.onRamp(any()))
                .thenReturn(new OnRampOutcome.Accepted("OR-1", BigInteger.valueOf(tokenUnits), transaction));
    }

    private void work() {
        // Of the test alone: a bean would work by itself.
        new OnRampRail(
                        context.getBean(Outbox.class),
                        context.getBean(Banks.class),
                        context.getBean(InstructionRows.class),
                        context.getBean(Conversions.class),
                        context.getBean(ConversionGuard.class),
                        context.getBean(Unanswered.class),
                        context.getBean(PayoutFunding.class),
                        beans.db(),
                        beans.transactions())
                .work();
    }

    private void due(UUID order) {
        beans.db()
                .sql("update outbox set next_at = now() where order_id = ?")
                .param(order)
                .update();
    }

    private static String state(UUID order) {
        return beans.db()
                .sql("select state from outbox where order_id = ?")
                .param(order)
                .query(String.class)
                .single();
    }

    private List<WorkList.Item> items() {
        return context.getBean(WorkList.class).openItems();
    }

    private void approve(WorkList.Item item) {
        context.getBean(WorkList.class).approve(item.itemId(), item.hash(), "approver");
    }

    private void arrives(long tokenUnits, String transaction) {
        beans.transactions()
                .run(() -> context.getBean(Conversions.class)
                        .arrived("xEUR", BigInteger.valueOf(tokenUnits), transaction, 7));
    }

    @Test
    void aQuoteAtTheEdgeOfTheGuardIsTakenAndOneBeyondItBuysNothing() {
        UUID order = order();
        quotes(99_499_999);
        work();
        assertThat(state(order)).isEqualTo("READY");
        verify(bank, never()).onRamp(any());
        assertThat(items()).singleElement().satisfies(item -> {
            assertThat(item.kind()).isEqualTo("CONVERSION");
            assertThat(item.summary()).contains("100.00 EUR", "1 EUR buys 0.995000 coins", "1/200", "Approve to buy");
        });

        quotes(99_500_000);
        gives(99_500_000, "0xedge");
        due(order);
        work();
        assertThat(state(order)).isEqualTo("DONE");
        verify(bank).onRamp(argThat(sent -> sent.quoteId().equals("QU-99500000")));
        assertThat(items()).as("it went by itself").isEmpty();
        arrives(99_500_000, "0xedge");
        assertThat(state(chainOf(order))).isEqualTo("READY");
    }

    @Test
    void aCoinAboveParIsOutsideTheGuardToo() {
        UUID order = order();
        quotes(100_500_001);
        work();
        assertThat(state(order)).isEqualTo("READY");
        assertThat(items()).hasSize(1);
        verify(bank, never()).onRamp(any());
    }

    @Test
    void theRuleOfTheDistributionSaysTheBounds() {
        when(rules.conversion(RULE))
                .thenReturn(Optional.of(new Conversion(Portion.parse("1/1000"), Portion.parse("0/1"))));
        UUID order = order();
        quotes(99_899_999);
        work();
        assertThat(state(order)).isEqualTo("READY");
        assertThat(items())
                .singleElement()
                .satisfies(item -> assertThat(item.summary()).contains("1/1000"));
    }

    @Test
    void anApprovalLetsThroughWhatWasQuotedOrBetterAndNothingWorse() {
        UUID order = order();
        quotes(98_000_000);
        work();
        WorkList.Item told = items().getFirst();
        quotes(98_100_000);
        due(order);
        work();
        assertThat(items()).as("a better quote leaves what was told").containsExactly(told);
        quotes(97_000_000);
        due(order);
        work();
        assertThat(items())
                .as("a worse one replaces it")
                .singleElement()
                .satisfies(item -> assertThat(item.summary()).contains("0.970000"));
        assertThatThrownBy(() -> approve(told)).isInstanceOf(Rejection.class);
        approve(items().getFirst());

        quotes(96_999_999);
        work();
        assertThat(state(order)).isEqualTo("READY");
        assertThat(items()).hasSize(1);
        verify(bank, never()).onRamp(any());
        approve(items().getFirst());
        quotes(97_500_000);
        gives(97_500_000, "0xapproved");
        work();
        assertThat(state(order)).isEqualTo("DONE");
        assertThat(items()).isEmpty();
    }

    @Test
    void fewerCoinsThanQuotedWaitForAPersonWhetherTheyArriveBeforeOrAfter() {
        for (boolean approvedFirst : List.of(true, false)) {
            UUID order = order();
            quotes(100_000_000);
            gives(99_899_999, "0xshort" + approvedFirst);
            work();
            assertThat(state(order)).isEqualTo("DONE");
            WorkList.Item item = items().getFirst();
            assertThat(item.summary()).contains("quoted 1.000000", "gave 0.999000", "Nobody is paid of them yet");
            if (approvedFirst) {
                approve(item);
                assertThat(state(chainOf(order))).isEqualTo("WAITING");
            }
            arrives(99_899_999, "0xshort" + approvedFirst);
            if (!approvedFirst) {
                assertThat(state(chainOf(order))).isEqualTo("WAITING");
                approve(item);
            }
            assertThat(state(chainOf(order))).isEqualTo("READY");
            assertThat(beans.db()
                            .sql("select sum(token_units) from instruction where order_id = ?")
                            .param(chainOf(order))
                            .query(BigDecimal.class)
                            .single())
                    .isEqualByComparingTo("99899999");
        }
    }

    @Test
    void whatIsWithinTheSlippageIsPaidAtOnce() {
        UUID order = order();
        quotes(100_000_000);
        gives(99_900_000, "0xnear");
        work();
        arrives(99_900_000, "0xnear");
        assertThat(items()).isEmpty();
        assertThat(state(chainOf(order))).isEqualTo("READY");
    }

    @Test
    void aQuoteForAnotherAmountIsNone() {
        UUID order = order();
        when(bank.quote(any(), any()))
                .thenReturn(new OnRampQuote(
                        "QU-9", new BigDecimal("10.00"), "EUR", BigDecimal.ONE, BigInteger.valueOf(10_000_000), now));
        work();
        assertThat(state(order)).isEqualTo("READY");
        verify(bank, never()).onRamp(any());
        when(bank.quote(any(), any())).thenThrow(new BankFailure("no quotes now"));
        due(order);
        work();
        assertThat(state(order)).isEqualTo("READY");
    }

    @Test
    void anOrderThatTheBankNeverSawIsSentAgainByteForByteAndOneTooOldIsAPersons() {
        UUID order = order();
        quotes(100_000_000);
        when(bank.onRamp(any())).thenReturn(new OnRampOutcome.Unknown("no answer"));
        when(bank.findOnRamp(any())).thenReturn(Optional.empty());
        work();
        for (int asked = 0; asked < 2; asked++) {
            assertThat(state(order)).isEqualTo("UNKNOWN");
            due(order);
            work();
        }
        assertThat(state(order)).isEqualTo("READY");
        gives(100_000_000, "0xagain");
        work();
        assertThat(state(order)).isEqualTo("DONE");
        var sent = org.mockito.ArgumentCaptor.forClass(OnRampOrder.class);
        verify(bank, times(2)).onRamp(sent.capture());
        assertThat(sent.getAllValues().getFirst()).isEqualTo(sent.getAllValues().getLast());

        UUID old = order();
        when(bank.onRamp(any())).thenReturn(new OnRampOutcome.Unknown("no answer"));
        work();
        now = now.plusSeconds(13 * 3_600);
        for (int asked = 0; asked < 2; asked++) {
            due(old);
            work();
        }
        assertThat(state(old)).isEqualTo("PARKED");
        assertThat(items())
                .singleElement()
                .satisfies(item -> assertThat(item.itemId()).isEqualTo("PARKED-" + old));
    }

    @Test
    void aRefusalOfTheFirstSendingEndsTheOrderAlsoAfterQuotesOutsideTheGuard() {
        UUID order = order();
        quotes(98_000_000);
        work();
        quotes(100_000_000);
        when(bank.onRamp(any())).thenReturn(new OnRampOutcome.Rejected("AM04", "insufficient funds"));
        due(order);
        work();
        assertThat(state(order)).isEqualTo("DONE");
        verify(settlements).refused(order, "AM04");
        assertThat(state(chainOf(order))).isEqualTo("DONE");
        assertThat(items()).isEmpty();
    }
}
