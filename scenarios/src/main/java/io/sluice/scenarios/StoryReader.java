package io.sluice.scenarios;

import io.sluice.scenarios.Story.Row;
import io.sluice.scenarios.Story.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a story from Markdown: {@code # title}, a paragraph, and the sections {@code ## Given}, {@code ## What happens} and {@code ## What
 * must follow}, with {@code ### name} above each table. Text between tables is for the reader. Throws {@link StoryUnreadable}.
 */
final class StoryReader {

    static final String GIVEN = "Given";
    static final String HAPPENS = "What happens";
    static final String FOLLOWS = "What must follow";

    private final Path file;
    private final List<String> lines;
    private final Map<String, List<Table>> sections = new LinkedHashMap<>();
    private final StringBuilder why = new StringBuilder();
    private @Nullable String title;
    private @Nullable String section;
    private @Nullable String heading;

    private StoryReader(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static Story read(Path file) {
        try {
            return new StoryReader(file, Files.readAllLines(file)).story();
        } catch (IOException e) {
            throw new UncheckedIOException("The story " + file + " cannot be read", e);
        }
    }

    private Story story() {
        for (int i = 0; i < lines.size(); ) {
            String line = lines.get(i).strip();
            if (line.startsWith("|")) {
                i = table(i);
                continue;
            }
            heading(i + 1, line);
            i++;
        }
        if (title == null || why.isEmpty()) {
            throw new StoryUnreadable(
                    file, 1, "A story begins with \"# \" and its rule, and a sentence why it matters");
        }
        for (String needed : List.of(GIVEN, HAPPENS, FOLLOWS)) {
            if (sections.getOrDefault(needed, List.of()).isEmpty()) {
                throw new StoryUnreadable(file, lines.size(), "There is no table under \"## " + needed + "\"");
            }
        }
        return new Story(
                file,
                title,
                why.toString().strip(),
                Objects.requireNonNull(sections.get(GIVEN)),
                Objects.requireNonNull(sections.get(HAPPENS)),
                Objects.requireNonNull(sections.get(FOLLOWS)));
    }

    private void heading(int number, String line) {
        if (line.startsWith("### ")) {
            heading = line.substring(4).strip();
        } else if (line.startsWith("## ")) {
            section = line.substring(3).strip();
            heading = section;
            if (!List.of(GIVEN, HAPPENS, FOLLOWS).contains(section)) {
                throw new StoryUnreadable(
                        file,
                        number,
                        "A story has the sections Given, What happens and What must follow, not \"" + section + "\"");
            }
        } else if (line.startsWith("# ")) {
            if (title != null) {
                throw new StoryUnreadable(file, number, "A page has one story, and so one title");
            }
            title = line.substring(2).strip();
        } else if (section == null) {
            why.append(line).append(' ');
        }
    }

    /** Reads the table that begins at line index {@code from}; answers the index after it. */
    private int table(int from) {
        String in = section;
        String name = heading;
        if (in == null || name == null) {
            throw new StoryUnreadable(file, from + 1, "A table stands under Given, What happens or What must follow");
        }
        List<String> columns = cells(lines.get(from));
        if (from + 1 >= lines.size() || !lines.get(from + 1).strip().matches("\\|[-:| ]+\\|")) {
            throw new StoryUnreadable(
                    file, from + 2, "Under the headings of table \"" + name + "\" comes a line of dashes");
        }
        if (columns.stream().distinct().count() != columns.size()) {
            throw new StoryUnreadable(file, from + 1, "Table \"" + name + "\" has a column twice: " + columns);
        }
        List<Row> rows = new ArrayList<>();
        int at = from + 2;
        for (; at < lines.size() && lines.get(at).strip().startsWith("|"); at++) {
            List<String> cells = cells(lines.get(at));
            if (cells.size() != columns.size()) {
                throw new StoryUnreadable(
                        file,
                        at + 1,
                        "Table \"" + name + "\" has " + columns.size() + " columns, this row " + cells.size()
                                + " cells");
            }
            Map<String, String> byColumn = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                byColumn.put(columns.get(i), cells.get(i));
            }
            rows.add(new Row(rows.size() + 1, at + 1, byColumn));
        }
        List<Table> tables = sections.computeIfAbsent(in, s -> new ArrayList<>());
        if (tables.stream().anyMatch(t -> t.name().equals(name))) {
            throw new StoryUnreadable(
                    file,
                    from + 1,
                    "There are two tables \"" + name + "\"; a table stands under its own \"### \" heading");
        }
        tables.add(new Table(name, columns, rows));
        return at;
    }

    private static List<String> cells(String line) {
        String inner = line.strip();
        inner = inner.substring(1, inner.endsWith("|") ? inner.length() - 1 : inner.length());
        return Arrays.stream(inner.split("\\|", -1)).map(String::strip).toList();
    }
}
