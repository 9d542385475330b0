package io.sluice.chain;

/**
 * Signs for one address. Takes whole transactions, never a hash, so that whatever holds the key can see what it signs. It says
 * nothing about repeats: {@link GuardedSigner} does.
 */
interface TransactionSigner {

    /** Lower-case hexadecimal. */
    String address();

    SignedTransaction sign(UnsignedTransaction transaction);
}
