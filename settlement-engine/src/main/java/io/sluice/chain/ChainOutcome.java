package io.sluice.chain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an order, for good. */
public sealed interface ChainOutcome {

    String key();

    /** Executed once, in a final block; {@code events} are what its contracts reported, in order. */
    record Executed(
            String key,
            String transactionHash,
            long blockNumber,
            String blockHash,
            Instant blockTime,
            List<ChainEvent> events)
            implements ChainOutcome {}

    /**
     * Not executed, and never will be under this key.
     *
     * @param transactionHash the transaction that reverted; null when nothing was signed
     * @param detail what the node or the contract said
     */
    record Failed(String key, Reason reason, @Nullable String transactionHash, String detail) implements ChainOutcome {}

    /** Why an order failed. */
    enum Reason {
        /** Every trial run reverted; nothing was signed. */
        REFUSED_IN_TRIAL,
        /** It would take more gas than a transaction may; nothing was signed. */
        TOO_MUCH_GAS,
        /** Reverted in a final block. */
        REVERTED
    }
}
