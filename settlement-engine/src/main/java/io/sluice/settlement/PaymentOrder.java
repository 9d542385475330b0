package io.sluice.settlement;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.sluice.money.Currencies;
import io.sluice.settlement.SettlementCommand.ConfirmOnChain;
import io.sluice.settlement.SettlementCommand.ConfirmReconciled;
import io.sluice.settlement.SettlementCommand.RecordOnRamp;
import io.sluice.settlement.SettlementCommand.RecordReturn;
import io.sluice.settlement.SettlementCommand.RecordSubmission;
import io.sluice.settlement.SettlementCommand.RecordTokens;
import io.sluice.settlement.SettlementCommand.ReleaseOrder;
import io.sluice.settlement.SettlementEvent.ChainRowsSettled;
import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Line;
import io.sluice.settlement.SettlementEvent.OnRampExecuted;
import io.sluice.settlement.SettlementEvent.OrderReleased;
import io.sluice.settlement.SettlementEvent.OrderSubmitted;
import io.sluice.settlement.SettlementEvent.RowsRejected;
import io.sluice.settlement.SettlementEvent.RowsReturned;
import io.sluice.settlement.SettlementEvent.RowsSettled;
import io.sluice.settlement.SettlementEvent.TokensArrived;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * At most 500 instructions of one rail, funding account and date, from release to the last settlement. It defends totals: no more can be
 * settled or refused than was released. Which row is where, is in the rows.
 */
@Aggregate(cache = "aggregateCache", type = "PaymentOrder")
class PaymentOrder {

    @AggregateIdentifier
    private @Nullable String orderId;

    private @Nullable OrderReleased order;
    private boolean submitted;
    private boolean converted;
    private boolean arrived;
    private final Map<Kind, Long> outstanding = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> settled = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> openRows = new EnumMap<>(Kind.class);

    PaymentOrder() {} // for Axon

    @CommandHandler
    PaymentOrder(ReleaseOrder command) {
        apply(command.order());
    }

    @CommandHandler
    void decide(RecordSubmission command) {
        if (!submitted) {
            apply(new OrderSubmitted(order().orderId(), command.reference(), command.day()));
        }
        if (!command.rejected().isEmpty()) {
            for (Deviation row : command.rejected()) {
                expectOutstanding(row.kind(), row.units(), "refused");
            }
            apply(new RowsRejected(order().orderId(), order().context(), command.rejected(), command.day()));
        }
    }

    @CommandHandler
    void decide(RecordOnRamp command) {
        if (!converted) {
            apply(new OnRampExecuted(
                    order().orderId(),
                    order().context(),
                    command.units(),
                    coin(),
                    command.tokenUnits(),
                    command.quoteId(),
                    command.rate(),
                    command.quotedUnits(),
                    command.transactionHash(),
                    command.day()));
        }
    }

    @CommandHandler
    void decide(RecordTokens command) {
        if (!arrived) {
            apply(new TokensArrived(
                    order().orderId(),
                    order().context(),
                    coin(),
                    command.tokenUnits(),
                    command.transactionHash(),
                    command.block(),
                    command.day()));
        }
    }

    @CommandHandler
    void decide(ConfirmReconciled command) {
        for (Line line : command.lines()) {
            expectOutstanding(line.kind(), line.units(), "settled");
        }
        apply(new RowsSettled(
                order().orderId(), order().context(), command.lines(), command.evidence(), command.valueDate()));
    }

    @CommandHandler
    void decide(ConfirmOnChain command) {
        long units = outstanding.getOrDefault(Kind.HOLDER_PAYOUT, 0L);
        if (units == 0) {
            return; // confirmed before
        }
        apply(new ChainRowsSettled(
                order().orderId(),
                order().context(),
                coin(),
                command.paid(),
                command.owed(),
                units,
                openRows.getOrDefault(Kind.HOLDER_PAYOUT, 0),
                command.transactionHash(),
                command.block(),
                command.day()));
    }

    @CommandHandler
    void decide(RecordReturn command) {
        for (Deviation row : command.rows()) {
            if (settled.getOrDefault(row.kind(), 0L) < row.units()) {
                throw new IllegalStateException("Order " + orderId + " had " + settled.getOrDefault(row.kind(), 0L)
                        + " settled of " + row.kind() + ", " + row.units() + " came back");
            }
        }
        apply(new RowsReturned(
                order().orderId(), order().context(), command.rows(), command.inflowId(), command.valueDate()));
    }

    private OrderReleased order() {
        return Objects.requireNonNull(order);
    }

    private String coin() {
        return Currencies.stablecoinOf(order().context().currency());
    }

    /** More out than was released is a defect of ours, never an answer. */
    private void expectOutstanding(Kind kind, long units, String what) {
        long left = outstanding.getOrDefault(kind, 0L);
        if (units <= 0 || units > left) {
            throw new IllegalStateException(
                    "Order " + orderId + " has " + left + " outstanding of " + kind + ", " + units + " were " + what);
        }
    }

    private void take(Kind kind, long units, int rows) {
        outstanding.merge(kind, -units, Long::sum);
        openRows.merge(kind, -rows, Integer::sum);
    }

    @EventSourcingHandler
    void evolve(OrderReleased event) {
        orderId = event.orderId().toString();
        order = event;
        for (Line line : event.lines()) {
            outstanding.merge(line.kind(), line.units(), Math::addExact);
            openRows.merge(line.kind(), line.rows(), Math::addExact);
        }
    }

    @EventSourcingHandler
    void evolve(OrderSubmitted event) {
        submitted = true;
    }

    @EventSourcingHandler
    void evolve(RowsRejected event) {
        event.rows().forEach(row -> take(row.kind(), row.units(), 1));
    }

    @EventSourcingHandler
    void evolve(OnRampExecuted event) {
        converted = true;
    }

    @EventSourcingHandler
    void evolve(TokensArrived event) {
        arrived = true;
    }

    @EventSourcingHandler
    void evolve(RowsSettled event) {
        for (Line line : event.lines()) {
            take(line.kind(), line.units(), line.rows());
            settled.merge(line.kind(), line.units(), Math::addExact);
        }
    }

    @EventSourcingHandler
    void evolve(ChainRowsSettled event) {
        take(Kind.HOLDER_PAYOUT, event.units(), event.rows());
        settled.merge(Kind.HOLDER_PAYOUT, event.units(), Math::addExact);
    }

    @EventSourcingHandler
    void evolve(RowsReturned event) {
        event.rows().forEach(row -> settled.merge(row.kind(), -row.units(), Long::sum));
    }
}
