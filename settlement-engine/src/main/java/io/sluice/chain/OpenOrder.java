package io.sluice.chain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order that is not settled, as the worker needs it. {@code baseKey} is the key that its giver knows it by, {@code variants} are its
 * signed transactions, oldest first.
 */
record OpenOrder(
        String key,
        String baseKey,
        boolean stands,
        String to,
        String data,
        @Nullable Long gasLimit,
        ChainOrderState state,
        @Nullable Long nonce,
        @Nullable Long sentAtBlock,
        @Nullable Long minedInBlock,
        @Nullable String minedInHash,
        @Nullable String minedAs,
        int attempts,
        List<Variant> variants) {

    /** One signed transaction; those of one order differ in their fees alone. */
    record Variant(int number, SignedTransaction transaction, Fees fees, long nonce) {}

    Variant newest() {
        return variants.getLast();
    }

    long signedNonce() {
        return newest().nonce();
    }

    OpenOrder with(List<Variant> signed) {
        return new OpenOrder(
                key,
                baseKey,
                stands,
                to,
                data,
                gasLimit,
                state,
                nonce,
                sentAtBlock,
                minedInBlock,
                minedInHash,
                minedAs,
                attempts,
                List.copyOf(signed));
    }
}
