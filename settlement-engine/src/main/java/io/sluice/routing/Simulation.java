package io.sluice.routing;

import io.sluice.platform.Rejection;
import io.sluice.routing.RuleDocument.Tranche;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a rule would make of inflows, from empty counters on, by the very code that divides real ones. Inflows are taken in the order in
 * which they are given; those that the rule does not divide are counted by reason, as the engine words it.
 */
public final class Simulation {

    /** Inflows that a rule does not divide. Units are minor units, of whatever currency each has. */
    public record Undivided(long inflows, long units) {}

    private final RuleDocument rule;
    private final Waterfall waterfall = new Waterfall();
    private final Map<Destination, Long> divided = new EnumMap<>(Destination.class);
    private final Map<String, Undivided> undivided = new LinkedHashMap<>();
    private long inflows;
    private long units;
    private long arrears;

    /** @param rule valid ({@link RuleFile}) */
    public Simulation(RuleDocument rule) {
        this.rule = rule;
        for (Tranche tranche : rule.waterfall()) {
            divided.put(tranche.to(), 0L);
        }
    }

    /** @param inflowUnits minor units, above zero; throws {@link Rejection} for others */
    public void add(LocalDate valueDate, long inflowUnits, String currency) {
        if (inflowUnits <= 0) {
            throw new Rejection(
                    "inflow-invalid", "amount: found " + inflowUnits + " minor units, expected more than zero");
        }
        if (!currency.equals(rule.currency())) {
            leave("currency-differs", inflowUnits);
        } else if (valueDate.isBefore(rule.effectiveFrom())) {
            leave("no-rule-in-force", inflowUnits);
        } else {
            divide(inflowUnits);
        }
    }

    private void leave(String reason, long inflowUnits) {
        undivided.merge(
                reason,
                new Undivided(1, inflowUnits),
                (a, b) -> new Undivided(a.inflows() + b.inflows(), Math.addExact(a.units(), b.units())));
    }

    private void divide(long inflowUnits) {
        Waterfall.Division division = waterfall.divide(rule, inflowUnits);
        Map<Destination, Long> paid = new EnumMap<>(Destination.class);
        for (Waterfall.Part part : division.parts()) {
            paid.merge(part.tranche().to(), part.units(), Math::addExact);
            divided.merge(part.tranche().to(), part.units(), Math::addExact);
        }
        waterfall.remember(rule, inflowUnits, paid);
        inflows++;
        units = Math.addExact(units, inflowUnits);
        arrears = division.arrears();
    }

    /** How many inflows were divided. */
    public long inflows() {
        return inflows;
    }

    /** Their sum in minor units, which is the sum of all destinations. */
    public long units() {
        return units;
    }

    /** Royalty that is due and that nothing has covered yet, in minor units. */
    public long arrears() {
        return arrears;
    }

    /** What each destination of the rule got, in minor units, in the waterfall's order of destinations. */
    public Map<Destination, Long> divided() {
        return Collections.unmodifiableMap(divided);
    }

    /** What the rule did not divide, by reason, in the order in which the reasons first came up. */
    public Map<String, Undivided> undivided() {
        return Collections.unmodifiableMap(undivided);
    }
}
