package io.sluice.chain;

/**
 * Signed bytes as they go to the node, and the hash by which the chain will know them.
 *
 * @param raw 0x-hexadecimal
 */
record SignedTransaction(String raw, String hash) {}
