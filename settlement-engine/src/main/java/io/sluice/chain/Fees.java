package io.sluice.chain;

import java.math.BigInteger;

/**
 * What a transaction offers per gas, in wei.
 *
 * @param maxFee the most that is paid, base fee and tip together
 * @param tip the block maker's part of it
 */
record Fees(BigInteger maxFee, BigInteger tip) {

    private static final BigInteger THOUSAND = BigInteger.valueOf(1000);
    private static final BigInteger BUMP = BigInteger.valueOf(1125);

    Fees {
        if (tip.signum() < 0 || maxFee.compareTo(tip) < 0) {
            throw new IllegalArgumentException("The fee must cover the tip, was " + maxFee + " and " + tip);
        }
    }

    /** Twice the base fee, so that six full blocks in a row do not outprice it, and the tip. */
    static Fees over(BigInteger baseFee, BigInteger tip) {
        return new Fees(baseFee.add(baseFee).add(tip), tip);
    }

    /** Both raised by 12.5 % rounded up (nodes ask for 10 %), or to what the base fee now asks for where that is more. */
    Fees bumped(BigInteger baseFee) {
        BigInteger raisedTip = raised(tip);
        return new Fees(raised(maxFee).max(over(baseFee, raisedTip).maxFee()), raisedTip);
    }

    boolean within(BigInteger cap) {
        return maxFee.compareTo(cap) <= 0;
    }

    private static BigInteger raised(BigInteger fee) {
        return fee.multiply(BUMP).add(THOUSAND).subtract(BigInteger.ONE).divide(THOUSAND);
    }
}
