package io.sluice.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One benchmark's figures: lines for people, or one JSON object. */
final class Report {

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> lines = new LinkedHashMap<>();
    private boolean met = true;

    Report(String workload) {
        json.put("workload", workload);
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version().toString());
    }

    void text(String name, String value) {
        json.put(name, value);
        lines.put(name, value);
    }

    void number(String name, double value, String unit) {
        json.put(name, Series.rounded(value));
        lines.put(
                name,
                (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(Series.rounded(value))) + " "
                        + unit);
    }

    Series series(String name, Series series, String unit) {
        json.set(name, series.json());
        lines.put(name, series.text() + " " + unit);
        return series;
    }

    /** A figure with a target: the answer is no when it falls short. */
    void target(String sentence, boolean reached) {
        met &= reached;
        json.withArray("targets").addObject().put("target", sentence).put("met", reached);
        lines.put("target " + sentence, reached ? "met" : "MISSED");
    }

    boolean met() {
        return met;
    }

    void print(PrintStream out, boolean asJson) {
        if (asJson) {
            out.println(new JsonMapper().writeValueAsString(json));
        } else {
            lines.forEach((name, value) -> out.printf("%-48s %s%n", name, value));
        }
    }
}
