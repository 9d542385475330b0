package io.sluice.routing;

import io.sluice.money.Currencies;
import io.sluice.money.Decimal;
import io.sluice.platform.Rejection;
import io.sluice.routing.RuleDocument.Example;
import io.sluice.routing.RuleDocument.Given;
import io.sluice.routing.RuleDocument.Placed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a rule does what the examples in it say. */
final class RuleExamples {

    private static final int MOST_EXAMPLES = 16;
    private static final int MOST_INFLOWS = 100;

    private RuleExamples() {}

    /** Path, found and expected of each figure that differs, and of examples that cannot be tried. */
    static List<String> findings(RuleDocument rule) {
        List<String> findings = new ArrayList<>();
        List<Example> examples = rule.goldenExamples();
        if (examples.size() > MOST_EXAMPLES) {
            return List.of("examples: found " + examples.size() + ", expected at most " + MOST_EXAMPLES);
        }
        for (int i = 0; i < examples.size(); i++) {
            String path = "examples[" + i + "]";
            List<String> wrong = unfit(path, rule, examples.get(i));
            findings.addAll(wrong.isEmpty() ? differences(path, rule, examples.get(i)) : wrong);
        }
        return findings;
    }

    private static List<String> unfit(String path, RuleDocument rule, Example example) {
        List<String> findings = new ArrayList<>();
        int size = example.inflows().size();
        if (size < 1 || size > MOST_INFLOWS) {
            findings.add(path + ".inflows: found " + size + ", expected 1 to " + MOST_INFLOWS);
        }
        for (int i = 0; i < size; i++) {
            Given given = example.inflows().get(i);
            String place = path + ".inflows[" + i + "]";
            if (given.valueDate().isBefore(rule.effectiveFrom())) {
                findings.add(place + ".valueDate: found " + given.valueDate() + ", expected " + rule.effectiveFrom()
                        + " or later");
            }
            findings.addAll(RuleChecker.wrongDecimals(place + ".amount", given.amount(), rule.currency()));
        }
        Set<String> names =
                rule.claims().stream().map(placed -> placed.claim().name()).collect(Collectors.toSet());
        example.expect().forEach((name, amount) -> {
            String place = path + ".expect." + name;
            if (!names.contains(name)) {
                findings.add(place + ": found a claim that is none of "
                        + names.stream().sorted().toList());
            }
            findings.addAll(RuleChecker.wrongDecimals(place, amount, rule.currency()));
        });
        return findings;
    }

    private static List<String> differences(String path, RuleDocument rule, Example example) {
        Map<String, BigInteger> given = new LinkedHashMap<>();
        rule.claims().forEach(placed -> given.put(placed.claim().name(), BigInteger.ZERO));
        Simulation simulation = new Simulation(rule);
        for (int i = 0; i < example.inflows().size(); i++) {
            Given inflow = example.inflows().get(i);
            simulation.triggers(inflow.triggersOn() == null ? List.of() : inflow.triggersOn());
            BigInteger units = inflow.amount().units();
            try {
                simulation.add(
                        inflow.valueDate(),
                        Boolean.TRUE.equals(inflow.refund()) ? units.negate() : units,
                        rule.currency(),
                        inflow.channel(),
                        inflow.country());
            } catch (Rejection wrong) {
                return List.of(path + ".inflows[" + i + "]." + wrong.getMessage());
            }
        }
        given.putAll(simulation.byClaim());
        List<String> findings = new ArrayList<>();
        for (Placed placed : rule.claims()) {
            String name = placed.claim().name();
            Decimal expected = example.expect().get(name);
            BigInteger found = given.getOrDefault(name, BigInteger.ZERO);
            if (!found.equals(expected == null ? BigInteger.ZERO : expected.units())) {
                findings.add(path + ".expect." + name + ": found " + text(found, rule.currency()) + ", expected "
                        + (expected == null ? "nothing, as it is not named" : expected) + " (" + example.name() + ")");
            }
        }
        return findings;
    }

    private static String text(BigInteger units, String currency) {
        return new BigDecimal(units, Currencies.digits(currency)).toPlainString();
    }
}
