package io.sluice.ledger;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Units of one entry, line by line: 64 bits each where all of them fit, as they nearly always do, or however large they are. Never changed. */
final class LineUnits {

    private static final int SMALL = 63; // bits beside the sign

    private final long @Nullable [] small;
    private final List<BigInteger> large; // empty beside small ones

    private LineUnits(long @Nullable [] small, List<BigInteger> large) {
        this.small = small;
        this.large = large;
    }

    /** @param units taken over, not copied */
    static LineUnits of(long... units) {
        return new LineUnits(units, List.of());
    }

    static LineUnits of(List<BigInteger> units) {
        return units.stream().allMatch(its -> its.bitLength() <= SMALL)
                ? of(units.stream().mapToLong(BigInteger::longValue).toArray())
                : new LineUnits(null, List.copyOf(units));
    }

    int lines() {
        return small == null ? large.size() : small.length;
    }

    /** Null where one of them needs more than 64 bits. Not to be changed. */
    long @Nullable [] small() {
        return small;
    }

    List<BigInteger> exact() {
        return small == null
                ? large
                : Arrays.stream(small).mapToObj(BigInteger::valueOf).toList();
    }

    void addTo(UnitSum sum, int line) {
        if (small == null) {
            sum.add(large.get(line));
        } else {
            sum.add(small[line]);
        }
    }

    boolean isDebit(int line) {
        return small == null ? large.get(line).signum() > 0 : small[line] > 0;
    }
}
