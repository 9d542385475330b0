package io.sluice.chain;

/**
 * A call that changes nothing and is answered.
 *
 * @param <R> the answer: {@link java.math.BigInteger}, {@link Long}, {@link Boolean}, {@link String}, or a record for a struct
 */
public interface ContractQuery<R> extends ContractCall {

    /** What the answer is read as. */
    Class<R> answer();
}
