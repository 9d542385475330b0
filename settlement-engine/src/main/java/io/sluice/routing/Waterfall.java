package io.sluice.routing;

import io.sluice.money.Fraction;
import io.sluice.money.Portion;
import io.sluice.routing.RuleDocument.Kind;
import io.sluice.routing.RuleDocument.Tranche;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Divides an inflow by a rule. Each portion accrues exactly and is paid out by one floor over its whole life, across versions: 1 000 sales
 * of 9 cents at 10 % give 900 cents, where flooring each would give nothing.
 *
 * <p>Invariants: the parts are not negative and sum to the inflow; what a claim has been paid is the floor of what it has accrued, less
 * what no inflow could cover (its arrears, which the next inflows cover first); the order and batching of inflows change no claim's total.
 * What was paid of an inflow that was taken back since is ahead of what has accrued, and the next inflows pay so much less.
 */
final class Waterfall {

    /** What a destination has accrued, exactly, and been paid so far. */
    record Counter(Fraction accrued, long paid) {
        static final Counter ZERO = new Counter(Fraction.ZERO, 0);

        long due() {
            return accrued.floor().subtract(BigInteger.valueOf(paid)).longValueExact();
        }
    }

    /** A tranche's part of one inflow; may be zero. */
    record Part(Tranche tranche, long units) {}

    /** How an inflow falls apart. {@code arrears}: royalty that is due and not covered by anything that has come in, after this inflow. */
    record Division(List<Part> parts, long arrears) {}

    private final Map<Destination, Counter> counters = new EnumMap<>(Destination.class);

    /** What {@code units} would be divided into now; remembers nothing. */
    Division divide(RuleDocument rule, long units) {
        List<Part> parts = new ArrayList<>(rule.waterfall().size());
        long left = units;
        long arrears = 0;
        for (Tranche tranche : rule.waterfall()) {
            long part = left;
            if (tranche.kind() != Kind.REMAINDER) {
                long due = accrue(tranche, units).due();
                part = Math.clamp(due, 0, left);
                arrears += tranche.to() == Destination.ROYALTY_POOL ? Math.max(0, due - part) : 0;
            }
            parts.add(new Part(tranche, part));
            left -= part;
        }
        return new Division(parts, arrears);
    }

    /** Advances the counters by what each claim accrued and was paid; of what was taken back, both are below zero. */
    void remember(RuleDocument rule, long units, Map<Destination, Long> paid) {
        for (Tranche tranche : rule.waterfall()) {
            if (tranche.kind() != Kind.REMAINDER) {
                Counter accrued = accrue(tranche, units);
                counters.put(
                        tranche.to(),
                        new Counter(accrued.accrued(), accrued.paid() + paid.getOrDefault(tranche.to(), 0L)));
            }
        }
    }

    private Counter accrue(Tranche tranche, long units) {
        Counter before = counters.getOrDefault(tranche.to(), Counter.ZERO);
        Portion portion = Objects.requireNonNull(tranche.portion());
        return new Counter(before.accrued().plus(portion.of(BigInteger.valueOf(units))), before.paid());
    }
}
