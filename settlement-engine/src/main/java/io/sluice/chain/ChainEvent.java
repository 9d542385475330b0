package io.sluice.chain;

import java.math.BigInteger;

/** What a contract reported in a transaction. Addresses and hashes are lower-case hexadecimal, units are the token's smallest. */
public sealed interface ChainEvent
        permits ChainEvent.BatchPaid, ChainEvent.PayoutFailed, ChainEvent.TokenTransferred, ContractEvent {

    /** The contract that reported it. */
    String contract();

    /** A batch has executed: {@code count} entries over {@code sum} units, {@code failedSum} of them credited instead of paid. */
    record BatchPaid(String contract, String orderId, BigInteger index, int count, BigInteger sum, BigInteger failedSum)
            implements ChainEvent {}

    /** The token refused the payee; the contract owes it. */
    record PayoutFailed(String contract, String orderId, BigInteger index, String payee, String token, BigInteger units)
            implements ChainEvent {}

    /** A token has changed hands; {@code contract} is the token. */
    record TokenTransferred(String contract, String from, String to, BigInteger units) implements ChainEvent {}
}
