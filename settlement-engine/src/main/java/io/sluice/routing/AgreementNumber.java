package io.sluice.routing;

import io.sluice.platform.Hashes;

/**
 * An agreement's number on chain, where registries and caps are kept per number: the first 31 bits of the SHA-256 of its id, and above
 * them a one, so that it never is the number of a store's title, which count from 1. Anybody can work it out from the id.
 */
public final class AgreementNumber {

    private static final int DIGITS = 8;

    private AgreementNumber() {}

    /** 2^31 to 2^32 - 1. Two agreements of one number cannot be opened. */
    public static long of(String agreementId) {
        return Long.parseLong(Hashes.sha256(agreementId).substring(0, DIGITS), 16) | 1L << 31;
    }
}
