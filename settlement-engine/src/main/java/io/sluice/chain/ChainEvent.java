package io.sluice.chain;

import java.math.BigInteger;

/** What a contract reported in a transaction. Addresses and hashes are lower-case hexadecimal, units are the token's smallest. */
public sealed interface ChainEvent permits ChainEvent.TokenTransferred, ContractEvent {

    /** The contract that reported it. */
    String contract();

    /** A token has changed hands; {@code contract} is the token. */
    record TokenTransferred(String contract, String from, String to, BigInteger units) implements ChainEvent {}
}
