package io.sluice.scenarios;

import io.sluice.scenarios.Story.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table that the runner understands.
 *
 * @param needed columns that must be there
 * @param allowed columns that may be there too
 */
record TableForm(String name, List<String> needed, List<String> allowed) {

    TableForm {
        needed = List.copyOf(needed);
        allowed = List.copyOf(allowed);
    }

    static TableForm of(String name, String needed, String allowed) {
        return new TableForm(name, columns(needed), columns(allowed));
    }

    private static List<String> columns(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(", "));
    }

    /** Throws {@link StoryUnreadable} where the table is unknown or has not the columns of its form. */
    static void check(Path file, Table table, List<TableForm> known) {
        int line = table.rows().isEmpty() ? 1 : table.rows().getFirst().line() - 2;
        Optional<TableForm> form =
                known.stream().filter(f -> f.name().equals(table.name())).findFirst();
        if (form.isEmpty()) {
            throw new StoryUnreadable(
                    file,
                    line,
                    "There is no table \"" + table.name() + "\" here; known are "
                            + known.stream().map(TableForm::name).toList());
        }
        List<String> columns = new ArrayList<>(form.get().needed());
        columns.addAll(form.get().allowed());
        for (String column : table.columns()) {
            if (!columns.contains(column)) {
                throw new StoryUnreadable(
                        file,
                        line,
                        "Table \"" + table.name() + "\" knows no column \"" + column + "\"; known are " + columns);
            }
        }
        for (String needed : form.get().needed()) {
            if (!table.columns().contains(needed)) {
                throw new StoryUnreadable(
                        file, line, "Table \"" + table.name() + "\" needs the column \"" + needed + "\"");
            }
        }
    }
}
