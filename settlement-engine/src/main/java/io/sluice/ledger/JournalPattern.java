package io.sluice.ledger;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How facts of one kind are booked: each line of their entries is one of the fact's amounts, on one of the two sides. What an event that tells
 * of a hundred facts has in common is worked out once, by the rules that book a single one.
 */
final class JournalPattern {

    private final JournalShape shape;

    /** Of which amount each line is. */
    private final int[] amounts;

    private final boolean[] credits;

    private JournalPattern(JournalShape shape, int[] amounts, boolean[] credits) {
        this.shape = shape;
        this.amounts = amounts;
        this.credits = credits;
    }

    /**
     * @param numbers of the amounts that are not zero, ascending
     * @param ofOne the lines to which an amount of one unit leads, by its number
     */
    static JournalPattern of(int[] numbers, IntFunction<Lines> ofOne) {
        List<Posting> postings = new ArrayList<>();
        List<Integer> amounts = new ArrayList<>();
        for (int number : numbers) {
            for (Posting posting : ofOne.apply(number).list()) {
                if (!posting.units().abs().equals(BigInteger.ONE)) {
                    throw new IllegalArgumentException("A line is no amount of what it books: " + posting);
                }
                postings.add(posting);
                amounts.add(number);
            }
        }
        boolean[] credits = new boolean[postings.size()];
        for (int line = 0; line < credits.length; line++) {
            credits[line] = postings.get(line).units().signum() < 0;
        }
        return new JournalPattern(
                JournalShape.of(postings),
                amounts.stream().mapToInt(Integer::intValue).toArray(),
                credits);
    }

    JournalShape shape() {
        return shape;
    }

    /** Line by line; empty where nothing is booked. */
    LineUnits units(long... of) {
        long[] units = new long[amounts.length];
        for (int line = 0; line < units.length; line++) {
            long amount = of[amounts[line]];
            units[line] = credits[line] ? Math.negateExact(amount) : amount;
        }
        return LineUnits.of(units);
    }
}
