package io.sluice.royalty;

import io.sluice.money.Fraction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Shares a pool over the holders so that each one's lifetime sum is the floor of its exact lifetime share: over the years nobody loses a
 * minor unit to rounding. What a holder is ahead is carried as an exact fraction, which stays with the holder after a sale.
 *
 * <p>Invariants: for every holder 0 &lt;= carry &lt; 1; the parts and the change of all carries sum to the pool; the order of listing
 * changes nothing.
 */
final class CumulativeAllocation {

    static final String NAME = "CUMULATIVE/1";

    /** One holder's part, in minor units, and what is carried on. */
    record Part(String holderId, long units, Fraction carry) {}

    private CumulativeAllocation() {}

    /** Parts in order of holder id. */
    static List<Part> allocate(long pool, Register register, Map<String, Fraction> carries) {
        BigInteger total = register.total();
        BigInteger amount = BigInteger.valueOf(pool);
        List<Part> parts = new ArrayList<>(register.units().size());
        register.units().forEach((holder, held) -> {
            Fraction exact =
                    carries.getOrDefault(holder, Fraction.ZERO).plus(new Fraction(amount.multiply(held), total));
            BigInteger whole = exact.floor();
            parts.add(new Part(holder, whole.longValueExact(), exact.minus(whole)));
        });
        return parts;
    }
}
