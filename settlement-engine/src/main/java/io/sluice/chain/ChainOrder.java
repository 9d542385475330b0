package io.sluice.chain;

import org.jspecify.annotations.Nullable;

/**
 * A call that a contract is to execute once.
 *
 * @param key the caller's name for it; the same key is the same call, for ever
 * @param to the contract
 * @param data the call, 0x-hexadecimal
 * @param gasLimit gas to allow; estimated by a trial run when null
 */
public record ChainOrder(
        String key, String to, String data, @Nullable Long gasLimit) {

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
        this(key, to, data, null);
    }
}
