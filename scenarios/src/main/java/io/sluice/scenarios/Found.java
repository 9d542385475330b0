package io.sluice.scenarios;

import io.sluice.scenarios.Story.Row;
import io.sluice.scenarios.Story.Table;
import io.sluice.scenarios.StoryFailed.Difference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What was found, as a table with the same columns as the one it is compared with. A story may leave columns out, but no rows: what was
 * found and is not in the story is a difference too.
 *
 * @param columns all that a story may use
 * @param keys those that tell one row from another
 */
record Found(List<String> columns, List<String> keys, List<Map<String, String>> rows) {

    Found {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
        rows = List.copyOf(rows);
    }

    /** A row from alternating column names and values. */
    static Map<String, String> row(String... columnsAndValues) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            row.put(columnsAndValues[i], columnsAndValues[i + 1]);
        }
        return row;
    }

    List<Difference> differences(Table expected) {
        List<Difference> differences = new ArrayList<>();
        List<Map<String, String>> left = new ArrayList<>(rows);
        List<String> used = keys.stream().filter(expected.columns()::contains).toList();
        for (Row row : expected.rows()) {
            List<Map<String, String>> candidates = left.stream()
                    .filter(found -> wrong(row, found, used).isEmpty())
                    .toList();
            if (candidates.isEmpty()) {
                differences.add(new Difference(
                        expected.name(),
                        name(row.number(), row.cells(), used),
                        String.join(", ", used),
                        described(row.cells(), used),
                        left.isEmpty() ? "" : others(left, used),
                        row.line()));
                continue;
            }
            Map<String, String> best = candidates.stream()
                    .min(Comparator.comparingInt(
                            found -> wrong(row, found, expected.columns()).size()))
                    .orElseThrow();
            left.remove(best);
            for (String column : wrong(row, best, expected.columns())) {
                differences.add(new Difference(
                        expected.name(),
                        name(row.number(), row.cells(), used),
                        column,
                        row.cell(column),
                        Objects.requireNonNull(best.get(column)),
                        row.line()));
            }
        }
        for (Map<String, String> more : left) {
            differences.add(new Difference(
                    expected.name(),
                    "a row that the story does not have",
                    String.join(", ", columns),
                    "",
                    described(more, columns),
                    0));
        }
        return differences;
    }

    private static List<String> wrong(Row row, Map<String, String> found, List<String> columns) {
        return columns.stream()
                .filter(column -> !row.cell(column).equals(found.getOrDefault(column, "")))
                .toList();
    }

    private static String name(int number, Map<String, String> cells, List<String> keys) {
        return "row " + number + (keys.isEmpty() ? "" : " (" + described(cells, keys) + ")");
    }

    private static String others(List<Map<String, String>> rows, List<String> keys) {
        return "only " + rows.stream().map(row -> described(row, keys)).collect(Collectors.joining("; "));
    }

    private static String described(Map<String, String> cells, List<String> columns) {
        return columns.stream()
                .filter(column -> !Row.filled(cells.get(column)).isEmpty())
                .map(column -> column + " " + cells.get(column))
                .collect(Collectors.joining(", "));
    }
}
