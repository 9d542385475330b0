package io.sluice.settlement.chain;

import io.sluice.chain.ChainEvent;
import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainOutcome;
import io.sluice.chain.ChainOutcomeListener;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.IncomingTransfer;
import io.sluice.chain.IncomingTransferListener;
import io.sluice.chain.PayoutsContract;
import io.sluice.investors.Payees;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import io.sluice.settlement.Conversions;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.Outbox;
import io.sluice.settlement.Outbox.Leased;
import io.sluice.settlement.PayoutFunding;
import io.sluice.settlement.SettlementEvent.Rail;
import io.sluice.settlement.Settlements;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Pays chain orders from the payouts contract: one order, one batch, which the contract executes once however often it is sent. It is
 * settled when a finalized block holds it.
 */
@Component
class ChainRail extends Worker implements ChainOutcomeListener, IncomingTransferListener, PayoutFunding {

    private static final String KEY = "order:";

    private final Outbox outbox;
    private final ChainOrders chain;
    private final ChainSettings settings;
    private final InstructionRows rows;
    private final Payees payees;
    private final Settlements settlements;
    private final Conversions conversions;
    private final WorkList work;
    private final Transactions transactions;

    ChainRail(
            Outbox outbox,
            ChainOrders chain,
            ChainSettings settings,
            InstructionRows rows,
            Payees payees,
            Settlements settlements,
            Conversions conversions,
            WorkList work,
            Transactions transactions) {
        super("chain-rail");
        this.outbox = outbox;
        this.chain = chain;
        this.settings = settings;
        this.rows = rows;
        this.payees = payees;
        this.settlements = settlements;
        this.conversions = conversions;
        this.work = work;
        this.transactions = transactions;
    }

    @Override
    public String contract() {
        return settings.payouts();
    }

    @Override
    protected boolean work() {
        Optional<Leased> leased = outbox.lease(Rail.CHAIN);
        leased.ifPresent(order -> transactions.run(() -> {
            if (outbox.done(order)) {
                chain.enqueue(batch(order.orderId()));
                settlements.submitted(order.orderId(), KEY + order.orderId(), List.of());
            }
        }));
        return leased.isPresent();
    }

    private ChainOrder batch(UUID orderId) {
        List<Row> its = rows.of(orderId);
        String token = tokenOf(its.getFirst().currency());
        List<PayoutsContract.Entry> entries = new ArrayList<>(its.size());
        for (Row row : its) {
            BigInteger units = new BigInteger(Objects.requireNonNull(row.tokenUnits()));
            if (units.signum() > 0) {
                String address = payees.destination(row.payeeId()).orElseThrow().address();
                entries.add(new PayoutsContract.Entry(Objects.requireNonNull(address), units));
            }
        }
        return new ChainOrder(
                KEY + orderId,
                settings.payouts(),
                PayoutsContract.payBatch(idOf(orderId), BigInteger.ZERO, token, entries));
    }

    private String idOf(UUID orderId) {
        return PayoutsContract.orderId(settings.id(), settings.payouts(), orderId.toString());
    }

    private String tokenOf(String currency) {
        return Objects.requireNonNull(settings.tokens().get(currency), () -> "No stablecoin is set for " + currency);
    }

    @Override
    public void on(ChainOutcome outcome) {
        if (!outcome.key().startsWith(KEY)) {
            return;
        }
        UUID orderId = UUID.fromString(outcome.key().substring(KEY.length()));
        switch (outcome) {
            case ChainOutcome.Executed executed -> settled(orderId, executed);
            case ChainOutcome.Failed failed -> {
                rows.state(orderId, "PARKED");
                work.open(
                        "CHAIN-" + orderId,
                        "PARKED",
                        orderId.toString(),
                        "A batch of payouts failed on chain (" + failed.reason() + "): " + failed.detail(),
                        "engine");
            }
        }
    }

    private void settled(UUID orderId, ChainOutcome.Executed executed) {
        ChainEvent.BatchPaid paid = executed.events().stream()
                .filter(ChainEvent.BatchPaid.class::isInstance)
                .map(ChainEvent.BatchPaid.class::cast)
                // A hostile token could report a batch too: only our contract's word on this order counts.
                .filter(batch -> batch.contract().equals(settings.payouts())
                        && batch.orderId().equals(idOf(orderId)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The batch of order " + orderId + " reported nothing"));
        BigInteger ordered = rows.of(orderId).stream()
                .map(row -> new BigInteger(Objects.requireNonNull(row.tokenUnits())))
                .reduce(BigInteger.ZERO, BigInteger::add);
        if (!paid.sum().equals(ordered)) {
            throw new IllegalStateException(
                    "Order " + orderId + " is of " + ordered + ", the contract paid " + paid.sum());
        }
        settlements.settledOnChain(
                orderId,
                paid.sum().subtract(paid.failedSum()),
                paid.failedSum(),
                executed.transactionHash(),
                executed.blockNumber());
    }

    @Override
    public void on(IncomingTransfer transfer) {
        conversions.arrived(transfer.token(), transfer.units(), transfer.transactionHash(), transfer.blockNumber());
    }
}
