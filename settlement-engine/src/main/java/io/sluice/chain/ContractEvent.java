package io.sluice.chain;

/**
 * A fact that one of our contracts reported. A record of this kind has the contract's address, then the event's parameters, in order
 * and by name; {@link ContractAbi} refuses any that has not.
 */
public non-sealed interface ContractEvent extends ChainEvent {}
