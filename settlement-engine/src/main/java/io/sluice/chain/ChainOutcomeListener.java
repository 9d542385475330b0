package io.sluice.chain;

/**
 * Is told what became of orders, once each, in the same database transaction that records it. When it throws, nothing is recorded and
 * it is told again; it must do no I/O but to that database. Keys of others' orders are to be ignored.
 */
@FunctionalInterface
public interface ChainOutcomeListener {

    void on(ChainOutcome outcome);

    /**
     * The order has been refused for a while and is tried again by itself; told again with every further refusal. {@code why} is in the
     * contract's or the node's words.
     */
    default void waits(String key, String why) {}
}
