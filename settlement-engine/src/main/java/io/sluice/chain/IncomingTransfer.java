package io.sluice.chain;

import java.math.BigInteger;

/**
 * A token arrived at the watched contract, in a final block. {@code from} is the zero address when it was minted.
 *
 * @param units the token's smallest
 */
public record IncomingTransfer(
        String token,
        String from,
        String to,
        BigInteger units,
        String transactionHash,
        long logIndex,
        long blockNumber,
        String blockHash) {}
