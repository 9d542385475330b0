package io.sluice.sandbox;

import java.io.IOException;
import java.math.BigInteger;

/** What the bank needs of a chain to deliver stablecoins. A mint is signed first and kept, so that sending it twice is one mint. */
interface Coins {

    /** A signed transaction and its hash, lower-case hex with 0x. */
    record Signed(String raw, String hash) {}

    /** The issuer's first nonce that no transaction has used. */
    long nextNonce() throws IOException;

    /**
     * Signs the issue of {@code units} smallest units of the currency's coin to an address. Sends nothing.
     *
     * @param nonce the issuer's, gapless
     */
    Signed signMint(long nonce, String currency, String destination, BigInteger units) throws IOException;

    /** Hands a signed transaction to the chain; one that it has already is no error. */
    void send(Signed signed) throws IOException;

    /** Whether the chain has the transaction, waiting or mined. */
    boolean knows(String hash) throws IOException;
}
