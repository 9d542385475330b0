package io.sluice.routing;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A waterfall and what it gave, for tests: each movement is divided twice, and remembered by its parts, as the engine does. */
final class Books {

    static final LocalDate MONDAY = LocalDate.of(2026, 1, 5);

    private final Waterfall waterfall = new Waterfall();
    private final SequencedMap<String, BigInteger> given = new LinkedHashMap<>();
    private String hash = "";
    private @Nullable RuleDocument rule;
    private Waterfall.@Nullable Division last;

    static Books of(RuleDocument rule) {
        return new Books().begin("v" + rule.version(), rule);
    }

    /** The version that divides from now on. */
    Books begin(String ruleHash, RuleDocument next) {
        hash = ruleHash;
        rule = next;
        waterfall.begin(next);
        return this;
    }

    /** The parts that are not zero, by path. */
    Map<String, Long> inflow(long units) {
        return inflow(MONDAY, units);
    }

    Map<String, Long> inflow(LocalDate day, long units) {
        return move(cash(day, units, units));
    }

    Map<String, Long> refund(LocalDate day, long units) {
        return move(Movement.ofBase(day, BigInteger.valueOf(-units), "ACC"));
    }

    /** A deposit whose base is estimated. */
    Map<String, Long> deposit(long units) {
        BigInteger base = waterfall.base(rule(), "ACC", BigInteger.valueOf(units));
        return move(cash(MONDAY, units, base.longValueExact()));
    }

    static Movement cash(LocalDate day, long units, long base) {
        return Movement.inflow(day, BigInteger.valueOf(units), BigInteger.valueOf(base), "ACC", null, null);
    }

    Map<String, Long> move(Movement movement) {
        return move(hash, rule(), movement);
    }

    Map<String, Long> move(String ruleHash, RuleDocument by, Movement movement) {
        last = waterfall.divide(ruleHash, by, movement);
        Map<String, BigInteger> parts = new LinkedHashMap<>();
        last.parts().stream()
                .filter(part -> part.units().signum() != 0)
                .forEach(part -> parts.merge(part.path(), part.units(), BigInteger::add));
        waterfall.remember(ruleHash, by, movement, parts);
        parts.forEach((path, units) -> given.merge(path, units, BigInteger::add));
        Map<String, Long> told = new LinkedHashMap<>();
        parts.forEach((path, units) -> told.put(path, units.longValueExact()));
        return told;
    }

    Books trigger(String trigger, boolean on) {
        waterfall.set(trigger, on);
        return this;
    }

    /** All that went to a path so far. */
    long given(String path) {
        return given.getOrDefault(path, BigInteger.ZERO).longValueExact();
    }

    long arrears() {
        return division().arrears().longValueExact();
    }

    long deferred() {
        return division().deferred().longValueExact();
    }

    Waterfall.Division division() {
        return java.util.Objects.requireNonNull(last);
    }

    Waterfall waterfall() {
        return waterfall;
    }

    RuleDocument rule() {
        return java.util.Objects.requireNonNull(rule);
    }
}
