package io.sluice.money;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * Splits an amount in proportion to weights, by largest remainder.
 *
 * <p>Invariants: the parts sum to the amount; no part differs from its exact share by a whole unit; equal remainders are settled by the
 * order of the keys, never by the order of listing, so a replay gives the same answer.
 */
public final class Apportionment {

    private Apportionment() {}

    /**
     * @param amount not negative
     * @param weights not negative, at least one positive
     */
    public static <K> SequencedMap<K, BigInteger> byLargestRemainder(
            BigInteger amount, SortedMap<K, BigInteger> weights) {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("An amount to split is not negative, was " + amount);
        }
        BigInteger total = weights.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        if (total.signum() <= 0 || weights.values().stream().anyMatch(w -> w.signum() < 0)) {
            throw new IllegalArgumentException("Weights are not negative and not all zero");
        }
        record Remainder<K>(K key, BigInteger value) {}
        SequencedMap<K, BigInteger> parts = new LinkedHashMap<>();
        List<Remainder<K>> remainders = new ArrayList<>();
        BigInteger left = amount;
        for (Map.Entry<K, BigInteger> weight : weights.entrySet()) {
            BigInteger[] share = amount.multiply(weight.getValue()).divideAndRemainder(total);
            parts.put(weight.getKey(), share[0]);
            remainders.add(new Remainder<>(weight.getKey(), share[1]));
            left = left.subtract(share[0]);
        }
        // The sort is stable and the list is in key order: that is the tie rule.
        remainders.sort(Comparator.comparing((Remainder<K> r) -> r.value()).reversed());
        for (int i = 0; i < left.intValueExact(); i++) {
            parts.merge(remainders.get(i).key(), BigInteger.ONE, BigInteger::add);
        }
        return parts;
    }
}
