package io.sluice.ledger;

import java.math.BigInteger;

/** A sum of units: exact however large it gets, and without a new object for each term while it is small, which it nearly always is. */
final class UnitSum {

    private static final int SMALL = 63;

    private long small;
    private BigInteger large = BigInteger.ZERO;

    void add(BigInteger units) {
        if (units.bitLength() > SMALL) {
            large = large.add(units);
        } else {
            add(units.longValue());
        }
    }

    void add(long term) {
        long sum = small + term;
        if (((small ^ sum) & (term ^ sum)) < 0) { // beyond 64 bits
            large = large.add(BigInteger.valueOf(small));
            small = term;
        } else {
            small = sum;
        }
    }

    BigInteger total() {
        return large.add(BigInteger.valueOf(small));
    }
}
