package io.sluice.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What of a row is not as it should be, in words: the columns, and of arrays the elements, counted from 1 as PostgreSQL does. */
final class RowDifference {

    private static final int NAMED = 3;
    private static final int LONGEST = 100;
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private RowDifference() {}

    /**
     * @param had the row as a JSON object
     * @param should the same columns
     */
    static String of(String had, String should) {
        JsonNode left = EXACT.readTree(had);
        JsonNode right = EXACT.readTree(should);
        List<String> found = new ArrayList<>();
        for (String column : left.propertyNames()) {
            JsonNode its = left.path(column);
            JsonNode other = right.path(column);
            if (its.isArray() && other.isArray() && its.size() == other.size()) {
                for (int element = 0; element < its.size(); element++) {
                    add(found, column + "[" + (element + 1) + "]", its.path(element), other.path(element));
                }
            } else {
                add(found, column, its, other);
            }
        }
        int more = found.size() - NAMED;
        return String.join("; ", found.subList(0, Math.min(NAMED, found.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static void add(List<String> found, String name, JsonNode had, JsonNode should) {
        if (!Objects.equals(had, should)) {
            found.add(name + " had " + text(had) + ", should have " + text(should));
        }
    }

    private static String text(JsonNode value) {
        String text = value.isNull() ? "nothing" : value.isString() ? value.asString() : value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
    }
}
