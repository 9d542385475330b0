package io.sluice.settlement.bank;

import io.sluice.bank.BankPayments;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.collection.Banks;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.Outbox;
import io.sluice.settlement.Outbox.Leased;
import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Rail;
import io.sluice.settlement.Settlements;
import io.sluice.settlement.Unanswered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sends bank orders, one at a time and in the order they were made, so that a sweep arrives before what is paid from it. Only a definite
 * answer is acted on; anything else is asked about until it is definite, and sent again only when the bank twice does not know the order
 * and is sure to remember its key still.
 */
@Component
class BankRail extends Worker {

    private static final Logger log = LoggerFactory.getLogger(BankRail.class);

    private final Outbox outbox;
    private final Banks banks;
    private final InstructionRows rows;
    private final Settlements settlements;
    private final Unanswered unanswered;
    private final Transactions transactions;

    BankRail(
            Outbox outbox,
            Banks banks,
            InstructionRows rows,
            Settlements settlements,
            Unanswered unanswered,
            Transactions transactions) {
        super("bank-rail");
        this.outbox = outbox;
        this.banks = banks;
        this.rows = rows;
        this.settlements = settlements;
        this.unanswered = unanswered;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
        Optional<Leased> leased = outbox.lease(Rail.BANK);
        leased.ifPresent(this::handle);
        return leased.isPresent();
    }

    private void handle(Leased leased) {
        BankPayments bank = banks.get(leased.lane()).payments();
        TransferBatch batch = outbox.readTransfers(leased);
        Optional<SubmitOutcome> outcome =
                leased.ask() ? bank.find(batch.idempotencyKey()) : Optional.of(bank.submit(batch));
        transactions.run(() -> {
            if (outcome.isEmpty()) {
                unanswered.notKnown(leased);
                return;
            }
            switch (outcome.get()) {
                case SubmitOutcome.Accepted accepted -> {
                    if (outbox.done(leased)) {
                        settlements.submitted(leased.orderId(), accepted.bankOrderId(), refusals(leased, accepted));
                    }
                }
                case SubmitOutcome.Rejected rejected -> {
                    if (leased.attempt() > 1) {
                        unanswered.refusedLater(leased, rejected.reason());
                    } else if (outbox.done(leased)) {
                        log.warn("Order {} was refused: {}", leased.orderId(), rejected.reason());
                        settlements.refused(leased.orderId(), rejected.reason());
                    }
                }
                case SubmitOutcome.Unknown unknown -> {
                    log.warn(
                            "Order {}: no proof either way ({}); the bank will be asked",
                            leased.orderId(),
                            unknown.why());
                    outbox.unknown(leased, unknown.why(), outbox.asked(leased));
                }
            }
        });
    }

    private List<Deviation> refusals(Leased leased, SubmitOutcome.Accepted accepted) {
        Map<String, Row> byReference = new HashMap<>();
        rows.of(leased.orderId()).forEach(row -> byReference.put(row.endToEndId(), row));
        List<Deviation> refused = new ArrayList<>();
        for (TransferStatus status : accepted.transfers()) {
            Row row = byReference.get(status.endToEndId());
            if (row != null && status.rejected()) {
                String reason = status.reason() == null ? "RJCT" : status.reason();
                refused.add(new Deviation(row.instructionId(), row.kind(), row.units(), reason));
            }
        }
        return refused;
    }
}
