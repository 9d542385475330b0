package io.sluice.routing;

import io.sluice.money.Currencies;
import io.sluice.money.Fraction;
import io.sluice.platform.Rejection;
import io.sluice.routing.RuleDocument.Kind;
import io.sluice.routing.RuleDocument.Tranche;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every static check of a rule document. Each finding names the path, what was found and what was expected. */
final class RuleChecker {

    private final List<String> findings = new ArrayList<>();

    private RuleChecker() {}

    /** Throws {@link Rejection} with all findings, if there are any. */
    static void check(RuleDocument rule) {
        List<String> findings = findings(rule);
        if (!findings.isEmpty()) {
            throw new Rejection("rule-invalid", String.join("; ", findings));
        }
    }

    /** All that is wrong, in the order of the document; empty when nothing is. */
    static List<String> findings(RuleDocument rule) {
        RuleChecker checker = new RuleChecker();
        checker.look(rule);
        return List.copyOf(checker.findings);
    }

    private void look(RuleDocument rule) {
        expect(rule.schema().equals(RuleDocument.SCHEMA), "schema", rule.schema(), RuleDocument.SCHEMA);
        expect(rule.basis().equals("CASH_RECEIVED"), "basis", rule.basis(), "CASH_RECEIVED");
        expect(rule.version() >= 1, "version", rule.version(), "1 or more");
        expect(
                (rule.previous() == null) == (rule.version() == 1),
                "previous",
                rule.previous(),
                "the hash of version " + (rule.version() - 1) + ", and null for version 1");
        try {
            Currencies.digits(rule.currency());
        } catch (IllegalArgumentException e) {
            findings.add("currency: " + e.getMessage());
        }
        List<Tranche> waterfall = rule.waterfall();
        expect(
                !waterfall.isEmpty() && waterfall.getLast().kind() == Kind.REMAINDER,
                "waterfall",
                "a last tranche that is not a remainder",
                "the remainder last");
        Fraction sum = Fraction.ZERO;
        Set<String> names = new HashSet<>();
        Set<Destination> destinations = new HashSet<>();
        for (int i = 0; i < waterfall.size(); i++) {
            Tranche tranche = waterfall.get(i);
            String path = "waterfall[" + i + "]";
            expect(names.add(tranche.name()), path + ".name", tranche.name(), "a name of its own");
            expect(destinations.add(tranche.to()), path + ".to", tranche.to().text(), "a destination of its own");
            boolean last = i == waterfall.size() - 1;
            expect(
                    (tranche.kind() == Kind.REMAINDER) == last,
                    path + ".kind",
                    tranche.kind(),
                    last ? "remainder" : "portion or royalty: what follows a remainder gets nothing");
            expect(
                    (tranche.kind() == Kind.ROYALTY) == (tranche.to() == Destination.ROYALTY_POOL),
                    path + ".to",
                    tranche.to().text(),
                    "royalty.pool for royalty and for nothing else");
            var portion = tranche.portion();
            expect(
                    (portion == null) == last,
                    path + ".portion",
                    portion,
                    last ? "none" : "an exact fraction such as 1/10");
            if (portion != null) {
                expect(portion.numerator().signum() > 0, path + ".portion", portion, "more than nothing");
                sum = sum.plus(portion.of(BigInteger.ONE));
            }
        }
        expect(
                sum.numerator().compareTo(sum.denominator()) <= 0,
                "waterfall",
                "portions that sum to " + sum,
                "1 or less");
    }

    private void expect(boolean holds, String path, @org.jspecify.annotations.Nullable Object found, String expected) {
        if (!holds) {
            findings.add(path + ": found " + found + ", expected " + expected);
        }
    }
}
