package io.sluice.chain;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Records what became of an order and tells the listeners, in one transaction. A listener that throws holds up its own order alone, which
 * is told again.
 */
final class Outcomes {

    private static final Duration REPEAT = Duration.ofSeconds(1);
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
        record(order, () -> {
            if (orders.giveUp(order.key(), detail)) {
                tell(new ChainOutcome.Failed(order.baseKey(), reason, null, detail));
            }
        });
    }

    /** Nothing was signed; it is tried again after the pause. */
    void waits(OpenOrder order, String why, Duration pause) {
        record(order, () -> {
            orders.postpone(order.key(), why, pause);
            listeners.forEach(listener -> listener.waits(order.baseKey(), why));
        });
    }

    /** The receipt is in this final block. */
    void executed(OpenOrder order, Node.Receipt receipt, Node.Block block) {
        record(order, () -> {
            if (orders.markFinal(order, true, "")) {
                tell(new ChainOutcome.Executed(
                        order.baseKey(),
                        receipt.transactionHash(),
                        block.number(),
                        block.hash(),
                        block.time(),
                        ContractEvents.read(receipt.logs())));
            }
        });
    }

    /** The transaction reverted in a final block: the order has failed, or stands and is given again. */
    void reverted(OpenOrder order, Node.Receipt receipt, String detail) {
        log.warn("Order {} {}", order.key(), detail);
        record(order, () -> {
            if (!orders.markFinal(order, false, detail)) {
                return;
            }
            if (order.stands()) {
                orders.repeat(order, REPEAT);
                listeners.forEach(listener -> listener.waits(order.baseKey(), detail));
            } else {
                tell(new ChainOutcome.Failed(
                        order.baseKey(), ChainOutcome.Reason.REVERTED, receipt.transactionHash(), detail));
            }
        });
    }

    private void record(OpenOrder order, Runnable what) {
        try {
            transactions.executeWithoutResult(status -> what.run());
        } catch (TransientDataAccessException | DataAccessResourceFailureException databaseFails) {
            throw databaseFails;
        } catch (RuntimeException defect) {
            log.error("What became of order {} cannot be recorded; it is tried again", order.key(), defect);
            orders.note(order.key(), "its outcome cannot be recorded: " + defect.getMessage());
        }
    }

    private void tell(ChainOutcome outcome) {
        listeners.forEach(listener -> listener.on(outcome));
    }
}
