package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the rounds of one figure came to. Floating point: these are measurements, not money. */
final class Series {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    void each(DoubleConsumer consumer) {
        values.forEach(consumer::accept);
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    double min() {
        return values.stream().min(Double::compare).orElseThrow();
    }

    double max() {
        return values.stream().max(Double::compare).orElseThrow();
    }

    /** Each round's value over the other's of the same round. */
    Series over(Series floor) {
        Series ratios = new Series();
        for (int round = 0; round < values.size(); round++) {
            ratios.add(values.get(round) / floor.values.get(round));
        }
        return ratios;
    }

    /** The value that so many of a hundred do not exceed. */
    static double percentile(List<Double> sorted, int percent) {
        return sorted.get(Math.max(0, Math.min(sorted.size() - 1, (sorted.size() * percent + 99) / 100 - 1)));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("median", rounded(median())).put("min", rounded(min())).put("max", rounded(max()));
        values.forEach(value -> json.withArray("rounds").add(rounded(value)));
        return json;
    }

    /** Median, with the least and the most in brackets. */
    String text() {
        return number(median()) + " (" + number(min()) + " to " + number(max()) + ")";
    }

    static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }
}
