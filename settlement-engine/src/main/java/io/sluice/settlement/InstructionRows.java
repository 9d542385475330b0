package io.sluice.settlement;

import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Kind;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The rows of payment orders and where each is (RELIABILITY 3.6). A row moves only along the states that each call names; the number of
 * rows that moved is checked, so that nothing is settled twice.
 */
@Component
public class InstructionRows {

    /** One row as reconciliation and the rails see it. */
    public record Row(
            UUID instructionId,
            UUID orderId,
            Kind kind,
            String agreementId,
            String payeeId,
            long units,
            String currency,
            String endToEndId,
            String state,
            @Nullable String tokenUnits) {}

    private static final String COLUMNS =
            "instruction_id, order_id, kind, agreement_id, payee_id, units, currency, end_to_end_id, state, token_units";

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final Refusals refusals;

    InstructionRows(JdbcClient db, JdbcTemplate batch, Refusals refusals) {
        this.db = db;
        this.batch = batch;
        this.refusals = refusals;
    }

    public List<Row> of(UUID orderId) {
        return query("order_id = ? order by row_no", orderId);
    }

    public List<Row> byEndToEndId(List<String> endToEndIds) {
        return query("end_to_end_id = any(?)", (Object) endToEndIds.toArray(String[]::new));
    }

    public Optional<Row> byEndToEndId(String endToEndId) {
        return query("end_to_end_id = ?", endToEndId).stream().findFirst();
    }

    private List<Row> query(String where, Object parameter) {
        return batch.query(
                "select " + COLUMNS + " from instruction where " + where,
                (rs, n) -> new Row(
                        rs.getObject(1, UUID.class),
                        rs.getObject(2, UUID.class),
                        Kind.valueOf(rs.getString(3)),
                        rs.getString(4),
                        rs.getString(5),
                        rs.getLong(6),
                        rs.getString(7),
                        rs.getString(8),
                        rs.getString(9),
                        rs.getString(10)),
                parameter);
    }

    /** The rail has them: RELEASED to ACSP. */
    void accepted(UUID orderId) {
        db.sql("update instruction set state = 'ACSP' where order_id = ? and state = 'RELEASED'")
                .param(orderId)
                .update();
        state(orderId, "SUBMITTED");
    }

    /** Definitely not executed: their payables may be ordered again, under the next series. */
    void rejected(List<Deviation> rows) {
        for (Deviation row : rows) {
            moved(
                    1,
                    db.sql("update instruction set state = 'RJCT', reason = ? where instruction_id = ?"
                                    + " and state in ('RELEASED', 'ACSP')")
                            .params(row.reason(), row.instructionId())
                            .update());
            giveUpClaims(row.instructionId());
            refusals.refused(row);
        }
    }

    /** What it pays for may be ordered again, under the next series; answers that. */
    List<UUID> giveUpClaims(UUID instructionId) {
        db.sql("insert into payable_series (payable_id, series)"
                        + " select payable_id, 1 from rail_claim where instruction_id = ?"
                        + " on conflict (payable_id) do update set series = payable_series.series + 1")
                .param(instructionId)
                .update();
        return db.sql("delete from rail_claim where instruction_id = ? returning payable_id")
                .param(instructionId)
                .query(UUID.class)
                .list();
    }

    /** How often these were ordered before; those that are ordered together are told apart by the one that was ordered most. */
    int series(List<UUID> payables) {
        return db.sql("select coalesce(max(series), 0) from payable_series where payable_id = any(:ids)")
                .param("ids", payables.toArray(UUID[]::new))
                .query(Integer.class)
                .single();
    }

    /** A booked statement entry or a finalized block shows them. Throws when one of them is not in flight. */
    public void settled(List<UUID> instructionIds, @Nullable String transactionHash) {
        moved(
                instructionIds.size(),
                db.sql("update instruction set state = 'ACSC', tx_hash = coalesce(:tx, tx_hash)"
                                + " where instruction_id = any(:ids) and state in ('RELEASED', 'ACSP')")
                        .param("tx", transactionHash)
                        .param("ids", instructionIds.toArray(UUID[]::new))
                        .update());
        refusals.paid(instructionIds);
    }

    /** Came back after settlement; stays claimed, since a person decides what now. */
    void returned(UUID instructionId, String reason) {
        moved(
                1,
                db.sql(
                                "update instruction set state = 'RETURNED', reason = ? where instruction_id = ? and state = 'ACSC'")
                        .params(reason, instructionId)
                        .update());
    }

    public void state(UUID orderId, String state) {
        db.sql("update payment_order set state = ? where order_id = ?")
                .params(state, orderId)
                .update();
    }

    /** What each distribution gets of settled or returned rows: the units of its entitlements that they pay. */
    List<PaidPart> distributionsOf(List<UUID> instructionIds) {
        return db.sql(
                        "select e.distribution_id, sum(e.gross)::bigint from rail_claim c join entitlement e on e.entitlement_id = c.payable_id"
                                + " where c.instruction_id = any(:ids) group by e.distribution_id order by e.distribution_id")
                .param("ids", instructionIds.toArray(UUID[]::new))
                .query((rs, n) -> new PaidPart(rs.getObject(1, UUID.class), rs.getLong(2)))
                .list();
    }

    record PaidPart(UUID distributionId, long units) {}

    private static void moved(int expected, int rows) {
        if (rows != expected) {
            throw new IllegalStateException(
                    "Of " + expected + " instructions " + rows + " were in the state to be moved on");
        }
    }
}
