package io.sluice.chain;

/** Is told of each {@link IncomingTransfer} once, under the terms of {@link ChainOutcomeListener}. */
@FunctionalInterface
public interface IncomingTransferListener {

    void on(IncomingTransfer transfer);
}
