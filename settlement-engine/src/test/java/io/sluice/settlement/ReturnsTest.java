package io.sluice.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.platform.Transactions;
import io.sluice.policies.OneByOne;
import io.sluice.policies.WorkList;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money that came back, and the payment that it belongs to or not. */
class ReturnsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);

    private volatile Instant now = Instant.parse("2026-11-23T16:00:00Z");

    @Test
    void whatFitsNoPaymentIsToldTheDayAfterAndNoMoreOnceItFits() {
        TestBeans beans = TestBeans.on(TestDatabase.fresh());
        Settlements settlements = mock(Settlements.class);
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(JdbcClient.class, beans::db);
            context.registerBean(JdbcTemplate.class, beans::batch);
            context.registerBean(Transactions.class, beans::transactions);
            context.registerBean(AuditLog.class, beans::audit);
            context.registerBean(BusinessClock.class, () -> () -> now);
            context.registerBean(Clock.class, Clock::systemUTC);
            context.register(WorkList.class, OneByOne.class, InstructionRows.class, Refusals.class);
            context.refresh();
            Returns returns = new Returns(
                    beans.db(),
                    context.getBean(InstructionRows.class),
                    settlements,
                    context.getBean(OneByOne.class),
                    context.getBean(WorkList.class),
                    beans.transactions(),
                    context.getBean(BusinessClock.class));
            sent(beans, 1, "ACSC", 10_000);
            back(beans, 1, 9_700); // the bank kept its charge
            sent(beans, 2, "ACSP", 500);
            back(beans, 2, 500); // before the statement that settles it
            returns.work();
            assertThat(told(context)).as("on the day itself it may yet fit").isEmpty();

            now = now.plusSeconds(24 * 3_600);
            returns.work();
            assertThat(told(context))
                    .hasSize(2)
                    .anySatisfy(words -> assertThat(words)
                            .contains("9700 minor units", "E-1", "Its payee is not owed it again by itself"));

            beans.db()
                    .sql("update instruction set state = 'ACSC' where end_to_end_id = 'E-2'")
                    .update();
            returns.work();
            verify(settlements).returned(any(), any(), eq(new UUID(7, 2)), eq(DAY));
            verify(settlements, never()).returned(any(), any(), eq(new UUID(7, 1)), any());
            assertThat(told(context)).hasSize(1);
        }
    }

    private static List<String> told(AnnotationConfigApplicationContext context) {
        return context.getBean(WorkList.class).openItems().stream()
                .map(WorkList.Item::summary)
                .toList();
    }

    private static void sent(TestBeans beans, int number, String state, long units) {
        UUID order = new UUID(6, number);
        beans.db()
                .sql(
                        "insert into payment_order (order_id, rail, account, bank, agreement_id, currency, day, rows, units, state,"
                                + " approval_hash, made_at) values (?, 'BANK', 'A', 'meridian', 'AGR', 'EUR', ?, 1, ?, 'SUBMITTED', 'h', now())")
                .params(order, DAY, units)
                .update();
        beans.db()
                .sql(
                        "insert into instruction (instruction_id, order_id, row_no, kind, agreement_id, payee_id, payee_hash, units,"
                                + " currency, end_to_end_id, state) values (?, ?, 0, 'RESIDUAL', 'AGR', 'P', ?, ?, 'EUR', ?, ?)")
                .params(order, order, "a".repeat(64), units, "E-" + number, state)
                .update();
    }

    private static void back(TestBeans beans, int number, long units) {
        beans.db()
                .sql("insert into return_queue (inflow_id, end_to_end_id, units, value_date) values (?, ?, ?, ?)")
                .params(new UUID(7, number), "E-" + number, units, DAY)
                .update();
    }
}
