/**
 * The way to the chain and back, without a business word.
 *
 * <p>An order to the chain is written by the caller in its own database transaction ({@link io.sluice.chain.ChainOrders}); from there on
 * the package promises: one nonce per order, no gap in a sender's nonces, signed bytes stored before they are sent, the same bytes
 * after a restart, a higher fee only under the same nonce and payload, and one word back to {@link
 * io.sluice.chain.ChainOutcomeListener} when a finalized block says what became of it. Tokens that arrive at the watched contract are
 * told once, when final. Anything not final is a guess and is told to nobody. No other package sees web3j.
 */
@NullMarked
package io.sluice.chain;

import org.jspecify.annotations.NullMarked;
