package io.sluice.chain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A call to a contract, or one's creation, ready but for the signature. It carries no value.
 *
 * @param to the contract; empty for a creation
 * @param data the call, 0x-hexadecimal
 */
record UnsignedTransaction(long chainId, long nonce, String to, String data, long gasLimit, Fees fees) {

    /** What a second signature under this nonce must not change: everything but the fees. */
    String payloadHash() {
        String payload = "call/1|" + chainId + "|" + nonce + "|" + to + "|" + gasLimit + "|" + data;
        return Hex.keccak(payload.getBytes(StandardCharsets.UTF_8));
    }

    BigInteger bigNonce() {
        return BigInteger.valueOf(nonce);
    }
}
