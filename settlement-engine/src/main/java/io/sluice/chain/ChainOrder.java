package io.sluice.chain;

import org.jspecify.annotations.Nullable;

/**
 * A call that a contract is to execute once. Either it is given up when every trial run reverts or its transaction does, and its giver is
 * told so; or it {@code stands}: it is tried, ever less often, until it is executed. Only a call whose contract refuses to execute it a
 * second time, or that does no harm twice, may stand.
 *
 * @param key the caller's name for it; the same key is the same call, for ever
 * @param to the contract
 * @param data the call, 0x-hexadecimal
 * @param gasLimit gas to allow; estimated by a trial run when null
 * @param stands whether it is tried until it is executed
 */
public record ChainOrder(
        String key, String to, String data, @Nullable Long gasLimit, boolean stands) {

    public ChainOrder {
        if (key.isBlank()) {
            throw new IllegalArgumentException("A chain order needs a key");
        }
        to = Hex.address("The contract of order " + key, to);
        data = Hex.data("The call of order " + key, data);
        if (gasLimit != null && gasLimit <= 0) {
            throw new IllegalArgumentException(
                    "The gas limit of order " + key + " must be above zero, was " + gasLimit);
        }
    }

    /** With gas as a trial run estimates it. */
    public ChainOrder(String key, String to, String data) {
        this(key, to, data, null, false);
    }

    /** The same call, to be tried until it is executed. */
    public ChainOrder standing() {
        return new ChainOrder(key, to, data, gasLimit, true);
    }
}
