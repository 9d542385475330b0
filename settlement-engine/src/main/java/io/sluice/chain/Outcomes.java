package io.sluice.chain;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Records what became of an order and tells the listeners, in one transaction. */
final class Outcomes {

    private static final Logger log = LoggerFactory.getLogger(Outcomes.class);

    private final OrderStore orders;
    private final TransactionTemplate transactions;
    private final List<ChainOutcomeListener> listeners;

    Outcomes(OrderStore orders, TransactionTemplate transactions, List<ChainOutcomeListener> listeners) {
        this.orders = orders;
        this.transactions = transactions;
        this.listeners = List.copyOf(listeners);
    }

    /** Nothing was signed, and nothing will be. */
    void gaveUp(OpenOrder order, ChainOutcome.Reason reason, String detail) {
        log.warn("Order {} is given up unsigned: {}", order.key(), detail);
        transactions.executeWithoutResult(status -> {
            if (orders.giveUp(order.key(), detail)) {
                tell(new ChainOutcome.Failed(order.key(), reason, null, detail));
            }
        });
    }

    /** The receipt is in this final block. */
    void isFinal(OpenOrder order, Node.Receipt receipt, Node.Block block) {
        String detail = "reverted in block " + block.number();
        transactions.executeWithoutResult(status -> {
            if (orders.markFinal(order, receipt.succeeded(), detail)) {
                tell(
                        receipt.succeeded()
                                ? new ChainOutcome.Executed(
                                        order.key(),
                                        receipt.transactionHash(),
                                        block.number(),
                                        block.hash(),
                                        block.time(),
                                        ContractEvents.read(receipt.logs()))
                                : new ChainOutcome.Failed(
                                        order.key(), ChainOutcome.Reason.REVERTED, receipt.transactionHash(), detail));
            }
        });
    }

    private void tell(ChainOutcome outcome) {
        listeners.forEach(listener -> listener.on(outcome));
    }
}
