package io.sluice.chain;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * What the chain says. Every read but {@link #head()} is refused with {@link ChainFailure} while no new block has been seen for the
 * staleness bound: an old answer looks like a true one.
 */
public interface ChainReads {

    /** Which block is asked. */
    enum At {
        LATEST,
        FINALIZED
    }

    /**
     * The newest block, as followed.
     *
     * @param age how long ago, by our own clock, the newest block was first seen
     */
    record Head(long number, String hash, Instant blockTime, long finalizedNumber, Duration age, boolean stale) {}

    /** Throws {@link ChainFailure} before the first block was seen. */
    Head head();

    /** Units of a token that an address holds. */
    BigInteger balanceOf(String token, String holder, At at);

    /** What a contract answers. */
    <R> R ask(String contract, ContractQuery<R> query, At at);

    /** The address that the engine signs as. */
    String sender();
}
