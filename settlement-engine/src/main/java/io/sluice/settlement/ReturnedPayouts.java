package io.sluice.settlement;

import io.sluice.investors.Payees;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Page;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.settlement.Instructions.Draft;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Rail;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Payouts that the bank brought back. Each stays claimed, so that nobody is paid twice, until a person has it paid again: from the same
 * account, to the payee's details as they are registered, by an order that a second person approves.
 */
@Component
public class ReturnedPayouts {

    /**
     * One that nobody has decided.
     *
     * @param units minor units of the currency
     * @param day of the order that had paid it
     * @param reason why it came back
     */
    public record Returned(
            UUID instructionId,
            Kind kind,
            String agreementId,
            String payeeId,
            long units,
            String currency,
            LocalDate day,
            @Nullable String reason) {}

    private record Paid(
            UUID instructionId,
            Kind kind,
            String payeeId,
            long units,
            @Nullable String ruleHash,
            Rail rail,
            String bank,
            String account,
            String agreementId,
            String currency) {}

    private static final String UNDECIDED = "i.state = 'RETURNED' and exists (select 1 from rail_claim c"
            + " where c.instruction_id = i.instruction_id) ";

    private final JdbcClient db;
    private final InstructionRows rows;
    private final Orders orders;
    private final Payees payees;
    private final AuditLog audit;
    private final BusinessClock clock;
    private final Transactions transactions;

    ReturnedPayouts(
            JdbcClient db,
            InstructionRows rows,
            Orders orders,
            Payees payees,
            AuditLog audit,
            BusinessClock clock,
            Transactions transactions) {
        this.db = db;
        this.rows = rows;
        this.orders = orders;
        this.payees = payees;
        this.audit = audit;
        this.clock = clock;
        this.transactions = transactions;
    }

    /** Those that wait, the oldest first. */
    public List<Returned> waiting() {
        return db.sql(
                        "select i.instruction_id, i.kind, i.agreement_id, i.payee_id, i.units, i.currency, o.day, i.reason"
                                + " from instruction i join payment_order o using (order_id) where " + UNDECIDED
                                + "order by o.day, i.instruction_id")
                .query(Returned.class)
                .list();
    }

    /** A page of them. Throws {@link IllegalArgumentException} for a foreign cursor. */
    Page<Returned> page(@Nullable String cursor, int limit) {
        return Page.within(waiting(), cursor, limit, one -> one.instructionId().toString());
    }

    /**
     * Orders it again and puts the order on the work list. Answers the order's id.
     *
     * @throws Rejection {@code not-returned} when it did not come back, or was decided before; {@code payee-unknown} when its payee was
     *     erased
     */
    public UUID payAgain(UUID instructionId, String operator) {
        return transactions.in(() -> {
            Paid paid = lock(instructionId);
            List<UUID> payables = rows.giveUpClaims(instructionId);
            Payees.Known payee = payees.known(List.of(paid.payeeId())).get(paid.payeeId());
            if (payee == null) {
                throw new Rejection("payee-unknown", "The payee of " + instructionId + " is not registered any more");
            }
            audit.record(operator, "PAY_AGAIN", instructionId.toString());
            return orders.create(
                    new Orders.Source(
                            paid.rail(),
                            paid.bank(),
                            paid.account(),
                            paid.agreementId(),
                            paid.currency(),
                            clock.today(),
                            null),
                    List.of(new Draft(
                            paid.kind(),
                            paid.payeeId(),
                            payee.sha256(),
                            paid.units(),
                            paid.ruleHash(),
                            rows.series(payables),
                            payables)),
                    Optional.empty(),
                    operator);
        });
    }

    private Paid lock(UUID instructionId) {
        return db.sql("select i.instruction_id, i.kind, i.payee_id, i.units, i.rule_hash, o.rail, o.bank, o.account,"
                        + " o.agreement_id, o.currency from instruction i join payment_order o using (order_id)"
                        + " where i.instruction_id = ? and o.rail = 'BANK' and " + UNDECIDED + "for update of i")
                .param(instructionId)
                .query(Paid.class)
                .optional()
                .orElseThrow(() -> new Rejection(
                        "not-returned",
                        "Payout " + instructionId + " is none that came back and waits for a decision"));
    }
}
