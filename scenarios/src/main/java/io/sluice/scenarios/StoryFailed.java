package io.sluice.scenarios;

import java.util.List;
import java.util.stream.Collectors;

/** The engine did something else than the story says: names each cell that differs, with what was expected and what was found. */
public final class StoryFailed extends AssertionError {

    private static final long serialVersionUID = 1L;

    /** One cell. {@code row} is as a reader counts, with what tells it from the others; {@code line} is in the file. */
    record Difference(String table, String row, String column, String expected, String found, int line) {

        @Override
        public String toString() {
            return "table \"" + table + "\", " + row + ", column \"" + column + "\": expected " + shown(expected)
                    + ", found " + shown(found) + (line > 0 ? " (line " + line + ")" : "");
        }

        private static String shown(String value) {
            return value.isEmpty() ? "nothing" : "\"" + value + "\"";
        }
    }

    StoryFailed(Story story, List<Difference> differences) {
        super("Story \"" + story.title() + "\" (" + story.file().getFileName() + "): "
                + differences.stream().map(Difference::toString).collect(Collectors.joining("\n  ", "\n  ", "")));
    }
}
