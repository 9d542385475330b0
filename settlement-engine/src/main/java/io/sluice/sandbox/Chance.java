package io.sluice.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Chance that is the same in every run of one seed, whatever the order in which it is asked: each answer depends on the seed and on
 * the name of what it is for.
 *
 * @param seed names the whole world; printed at start, so that a run can be repeated
 */
record Chance(long seed) {

    /** 64 even bits. */
    long bits(String what) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((seed + "|" + what).getBytes(StandardCharsets.UTF_8));
            long bits = 0;
            for (int i = 0; i < 8; i++) {
                bits = bits << 8 | (digest[i] & 0xff);
            }
            return bits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Evenly from 0 to {@code bound - 1}. */
    int below(int bound, String what) {
        return (int) Long.remainderUnsigned(bits(what), bound);
    }

    /** From {@code from} to {@code to}, both included. */
    long between(long from, long to, String what) {
        return from + Long.remainderUnsigned(bits(what), to - from + 1);
    }

    /** True for that many of 10 000. */
    boolean happens(int ofTenThousand, String what) {
        return below(10_000, what) < ofTenThousand;
    }
}
