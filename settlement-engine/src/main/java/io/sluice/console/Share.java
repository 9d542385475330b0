package io.sluice.console;

import java.time.Instant;

/** A distribution, and how much of it has been paid. */
record Share(
        String distributionId,
        String agreementId,
        String agreement,
        Instant recordPoint,
        int holders,
        Amount entitled,
        Amount paid,
        String state) {

    /** Paid per cent, rounded down: it says 100 only when all is paid. */
    public int percent() {
        return entitled.zero()
                ? 100
                : paid.units()
                        .multiply(java.math.BigInteger.valueOf(100))
                        .divide(entitled.units())
                        .intValue();
    }
}
