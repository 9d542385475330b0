package io.sluice.chain;

import java.util.Map;
import java.util.Optional;

/** Takes orders to the chain. */
public interface ChainOrders {

    /**
     * Writes the order down in the caller's database transaction; it is executed after that commits, and the outcome told to every
     * {@link ChainOutcomeListener}. The same order again changes nothing.
     *
     * @throws IllegalStateException outside a transaction, or when the key already stands for another call: a defect
     */
    void enqueue(ChainOrder order);

    /** Where an order stands; empty when its key is unknown. */
    Optional<ChainOrderStatus> find(String key);

    /** How many orders are in each state; states without any are left out. */
    Map<ChainOrderState, Long> counts();
}
