package io.sluice.chain;

/** Where an order to the chain stands. Only {@link #FINAL} and {@link #FAILED} are facts; the rest may change back. */
public enum ChainOrderState {
    /** Written down; no nonce, nothing signed. */
    PREPARED,
    /** Signed under its nonce and stored; perhaps sent. */
    SIGNED,
    /** The node has taken it, once at least. */
    SENT,
    /** In a block that may still be replaced. */
    MINED,
    /** Executed, in a final block. */
    FINAL,
    /** Not executed: given up before it was signed, or reverted in a final block. */
    FAILED
}
