package io.sluice.settlement;

import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Line;
import io.sluice.settlement.SettlementEvent.OrderReleased;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What a payment order can be told. */
public sealed interface SettlementCommand {

    String orderId();

    record ReleaseOrder(@TargetAggregateIdentifier String orderId, OrderReleased order) implements SettlementCommand {}

    /** Bank or chain took the order; {@code rejected} of its rows it refused. */
    record RecordSubmission(
            @TargetAggregateIdentifier String orderId, String reference, List<Deviation> rejected, LocalDate day)
            implements SettlementCommand {}

    /** The bank sold the coins. */
    record RecordOnRamp(
            @TargetAggregateIdentifier String orderId,
            long units,
            BigInteger tokenUnits,
            String quoteId,
            String rate,
            BigInteger quotedUnits,
            String transactionHash,
            LocalDate day)
            implements SettlementCommand {}

    /** The coins are at the contract, in a finalized block. */
    record RecordTokens(
            @TargetAggregateIdentifier String orderId,
            BigInteger tokenUnits,
            String transactionHash,
            long block,
            LocalDate day)
            implements SettlementCommand {}

    /** Booked statement entries show so much of the order. Rows are marked in the same transaction, each once. */
    record ConfirmReconciled(
            @TargetAggregateIdentifier String orderId, List<Line> lines, String evidence, LocalDate valueDate)
            implements SettlementCommand {}

    /** A finalized block shows the whole order. */
    record ConfirmOnChain(
            @TargetAggregateIdentifier String orderId,
            BigInteger paid,
            BigInteger owed,
            String transactionHash,
            long block,
            LocalDate day)
            implements SettlementCommand {}

    record RecordReturn(
            @TargetAggregateIdentifier String orderId, List<Deviation> rows, UUID inflowId, LocalDate valueDate)
            implements SettlementCommand {}
}
