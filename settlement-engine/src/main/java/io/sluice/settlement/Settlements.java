package io.sluice.settlement;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.royalty.RoyaltyCommand.RecordPayouts;
import io.sluice.royalty.RoyaltyCommand.ReopenEntitlements;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.SettlementCommand.ConfirmOnChain;
import io.sluice.settlement.SettlementCommand.ConfirmReconciled;
import io.sluice.settlement.SettlementCommand.RecordReturn;
import io.sluice.settlement.SettlementCommand.RecordSubmission;
import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Line;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What became of orders: moves the rows and tells the order and the distributions that it paid. All in the caller's transaction. */
@Component
public class Settlements {

    private final InstructionRows rows;
    private final Commands commands;
    private final BusinessClock clock;

    Settlements(InstructionRows rows, Commands commands, BusinessClock clock) {
        this.rows = rows;
        this.commands = commands;
        this.clock = clock;
    }

    /** The rail took the order, except for some rows. */
    public void submitted(UUID orderId, String reference, List<Deviation> rejected) {
        rows.accepted(orderId);
        rows.rejected(rejected);
        commands.send(new RecordSubmission(orderId.toString(), reference, rejected, clock.today()));
    }

    /** The rail refused the whole order. */
    public void refused(UUID orderId, String reason) {
        List<Deviation> all = rows.of(orderId).stream()
                .map(r -> new Deviation(r.instructionId(), r.kind(), r.units(), reason))
                .toList();
        submitted(orderId, "refused", all);
        rows.state(orderId, "REJECTED");
    }

    /** Booked statement entries show these rows, all of one order. */
    public void reconciled(UUID orderId, List<Row> settled, String evidence, LocalDate valueDate) {
        List<UUID> ids = settled.stream().map(Row::instructionId).toList();
        rows.settled(ids, null);
        commands.send(new ConfirmReconciled(orderId.toString(), lines(settled), evidence, valueDate));
        recordPayouts(orderId, ids);
    }

    /** A finalized block shows the whole chain order; {@code owed} of its coins stay in the contract for payees whom the token refused. */
    public void settledOnChain(UUID orderId, BigInteger paid, BigInteger owed, String transactionHash, long block) {
        List<UUID> ids = rows.of(orderId).stream().map(Row::instructionId).toList();
        rows.settled(ids, transactionHash);
        rows.state(orderId, "SETTLED");
        commands.send(new ConfirmOnChain(orderId.toString(), paid, owed, transactionHash, block, clock.today()));
        recordPayouts(orderId, ids);
    }

    /** A settled payout came back by an inflow. */
    void returned(Row row, String reason, UUID inflowId, LocalDate valueDate) {
        rows.returned(row.instructionId(), reason);
        commands.send(new RecordReturn(
                row.orderId().toString(),
                List.of(new Deviation(row.instructionId(), row.kind(), row.units(), reason)),
                inflowId,
                valueDate));
        for (InstructionRows.PaidPart part : rows.distributionsOf(List.of(row.instructionId()))) {
            commands.send(new ReopenEntitlements(part.distributionId().toString(), row.orderId(), part.units()));
        }
    }

    private void recordPayouts(UUID orderId, List<UUID> instructionIds) {
        for (InstructionRows.PaidPart part : rows.distributionsOf(instructionIds)) {
            commands.send(new RecordPayouts(part.distributionId().toString(), orderId, part.units()));
        }
    }

    private static List<Line> lines(List<Row> settled) {
        Map<Kind, Line> lines = new EnumMap<>(Kind.class);
        for (Row row : settled) {
            lines.merge(
                    row.kind(),
                    new Line(row.kind(), row.units(), 1, ownAccount(row.kind(), row.payeeId())),
                    (a, b) -> new Line(
                            a.kind(), Math.addExact(a.units(), b.units()), a.rows() + b.rows(), a.ownAccount()));
        }
        return List.copyOf(lines.values());
    }

    /** An order has at most one account of ours per kind to pay to. */
    static @Nullable String ownAccount(Kind kind, String payeeId) {
        return kind == Kind.SWEEP || kind == Kind.FEE ? payeeId.substring("OWN-".length()) : null;
    }
}
