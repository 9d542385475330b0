package io.sluice.routing;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule version, and another one beside it, would make of the same inflows from empty books on, as if both had been in force
 * throughout. Units are minor units of {@code currency}.
 *
 * @param version that {@code ruleHash} has, or would have once it is put forward
 * @param comparedHash null where there is nothing to compare with
 * @param from first value date that was looked at
 * @param to last value date that was looked at
 * @param inputsSha256 of the inflows, refunds, reports and triggers: two results of the same inputs can be compared
 * @param lines by account and claim, in the waterfall's order; they sum to what was received
 */
public record SimulationResult(
        String agreementId,
        String currency,
        String ruleHash,
        int version,
        @Nullable String comparedHash,
        @Nullable Integer comparedVersion,
        Source source,
        LocalDate from,
        LocalDate to,
        String inputsSha256,
        Totals rule,
        @Nullable Totals compared,
        List<Line> lines) {

    public SimulationResult {
        lines = List.copyOf(lines);
    }

    /** Where the inflows are from. */
    public enum Source {
        /** The agreement's own, as they were divided. */
        PAST,
        /** Invented, by who asked. */
        GIVEN,
        /** The rule's embedded examples, each from empty books: the agreement had no inflow in these days. */
        EXAMPLES,
        /** A round amount to each store: the agreement had no inflow in these days, and the rule has no example. */
        ASSUMED,
        /** None, in results of before there was {@link #ASSUMED}. */
        NONE
    }

    /**
     * @param received by the inflows that were divided
     * @param refunded what was refunded or taken back
     * @param arrears royalty that is due and not covered
     * @param givenAhead royalty that was given of what was refunded since, and comes off the next inflows
     * @param deferred royalty that waits for a later period's ceiling
     */
    public record Totals(
            long inflows,
            BigInteger received,
            BigInteger refunded,
            BigInteger arrears,
            BigInteger givenAhead,
            BigInteger deferred,
            List<Left> undivided) {

        public Totals {
            givenAhead = givenAhead == null ? BigInteger.ZERO : givenAhead; // results kept before it was told
            undivided = List.copyOf(undivided);
        }
    }

    /**
     * Inflows of one currency that were not divided.
     *
     * @param units minor units, less what was refunded
     * @param currency null in results kept before it was told
     */
    public record Left(
            String reason,
            long inflows,
            BigInteger units,
            @Nullable String currency) {}

    /**
     * One claim's part of what came in on one account.
     *
     * @param party whom the claim names, the store's merchant, {@code holders} or {@code platform}
     * @param units what the version gives it; below zero where a reserve gave up more than it took
     * @param comparedUnits what the other version gives it; null where there is none
     */
    public record Line(
            String account,
            String claim,
            Destination to,
            String party,
            BigInteger units,
            @Nullable BigInteger comparedUnits) {

        /** What the version gives more than the other one; null where there is none. */
        public @Nullable BigInteger difference() {
            return comparedUnits == null ? null : units.subtract(comparedUnits);
        }
    }

    /** Whether an inflow was divided: else nobody has seen what the rule does. */
    public boolean divides() {
        return rule.inflows() > 0;
    }
}
