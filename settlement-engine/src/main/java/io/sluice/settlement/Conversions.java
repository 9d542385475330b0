package io.sluice.settlement;

import io.sluice.money.Apportionment;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.SettlementCommand.RecordOnRamp;
import io.sluice.settlement.SettlementCommand.RecordTokens;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What became of bank money on its way to coins: one deal converts the total of an order, the executed coins are shared over its payees by
 * largest remainder, and the chain order goes out once they are at the contract. All in the caller's transaction.
 */
@Component
public class Conversions {

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final InstructionRows rows;
    private final Settlements settlements;
    private final Outbox outbox;
    private final Commands commands;
    private final BusinessClock clock;
    private final ConversionGuard guard;

    Conversions(
            JdbcClient db,
            JdbcTemplate batch,
            InstructionRows rows,
            Settlements settlements,
            Outbox outbox,
            Commands commands,
            BusinessClock clock,
            ConversionGuard guard) {
        this.db = db;
        this.batch = batch;
        this.rows = rows;
        this.settlements = settlements;
        this.outbox = outbox;
        this.commands = commands;
        this.clock = clock;
        this.guard = guard;
    }

    /**
     * The bank sold the coins.
     *
     * @param quoted how many it had promised
     */
    public void executed(
            Row onRamp, BigInteger tokenUnits, String quoteId, String rate, BigInteger quoted, String transactionHash) {
        UUID onRampOrder = onRamp.orderId();
        settlements.submitted(onRampOrder, quoteId, List.of());
        commands.send(new RecordOnRamp(
                onRampOrder.toString(),
                onRamp.units(),
                tokenUnits,
                quoteId,
                rate,
                quoted,
                transactionHash,
                clock.today()));
        db.sql("update payment_order set token_units = ?, transaction_hash = ? where order_id = ?")
                .params(new BigDecimal(tokenUnits), transactionHash, onRampOrder)
                .update();
        share(chainOrderOf(onRampOrder), tokenUnits);
        guard.executed(onRampOrder, onRamp.units(), onRamp.currency(), quoted, tokenUnits);
        arrivalOf(transactionHash).ifPresent(block -> arrived(onRampOrder, tokenUnits, transactionHash, block));
    }

    /** The bank refused to sell: the chain order that waited is undone with it. */
    public void refused(UUID onRampOrder, String reason) {
        settlements.refused(onRampOrder, reason);
        UUID chainOrder = chainOrderOf(onRampOrder);
        outbox.withdraw(chainOrder);
        settlements.refused(chainOrder, "on-ramp refused: " + reason);
    }

    /** Coins arrived at the contract, in a finalized block; told before or after the bank's answer. */
    public void arrived(String token, BigInteger tokenUnits, String transactionHash, long block) {
        db.sql(
                        "insert into token_arrival (transaction_hash, token, token_units, block) values (?, ?, ?, ?) on conflict do nothing")
                .params(transactionHash, token, new BigDecimal(tokenUnits), block)
                .update();
        db.sql("select order_id from payment_order where transaction_hash = ? and rail = 'ONRAMP' and token_units = ?")
                .params(transactionHash, new BigDecimal(tokenUnits))
                .query(UUID.class)
                .optional()
                .ifPresent(order -> arrived(order, tokenUnits, transactionHash, block));
    }

    private void arrived(UUID onRampOrder, BigInteger tokenUnits, String transactionHash, long block) {
        commands.send(new RecordTokens(onRampOrder.toString(), tokenUnits, transactionHash, block, clock.today()));
        if (!guard.holds(onRampOrder)) {
            outbox.ready(chainOrderOf(onRampOrder));
        }
    }

    private void share(UUID chainOrder, BigInteger tokenUnits) {
        SortedMap<UUID, BigInteger> weights = new TreeMap<>();
        for (Row row : rows.of(chainOrder)) {
            weights.put(row.instructionId(), BigInteger.valueOf(row.units()));
        }
        batch.batchUpdate(
                "update instruction set token_units = ? where instruction_id = ?",
                Apportionment.byLargestRemainder(tokenUnits, weights).entrySet().stream()
                        .map(e -> new Object[] {new BigDecimal(e.getValue()), e.getKey()})
                        .toList());
        db.sql("update payment_order set token_units = ? where order_id = ?")
                .params(new BigDecimal(tokenUnits), chainOrder)
                .update();
    }

    private UUID chainOrderOf(UUID onRampOrder) {
        return db.sql("select order_id from payment_order where funded_by = ?")
                .param(onRampOrder)
                .query(UUID.class)
                .single();
    }

    private Optional<Long> arrivalOf(String transactionHash) {
        return db.sql("select block from token_arrival where transaction_hash = ?")
                .param(transactionHash)
                .query(Long.class)
                .optional();
    }
}
