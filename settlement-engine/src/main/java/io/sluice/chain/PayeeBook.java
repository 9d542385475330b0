package io.sluice.chain;

/** What the book of payees is asked and tells. */
public interface PayeeBook {

    /** @param payees 20 bytes each */
    record Write(String payees) implements ContractCall {}

    /** @param codeHash what the leaves of batches over the page name */
    record PageWritten(String contract, String page, String codeHash, long payees) implements ContractEvent {}
}
