package io.sluice.scenarios;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of business: a title that states the rule, why it matters, what was given, what happened, and what must follow.
 *
 * @param file where it is written
 */
record Story(Path file, String title, String why, List<Table> given, List<Table> happens, List<Table> follows) {

    Story {
        given = List.copyOf(given);
        happens = List.copyOf(happens);
        follows = List.copyOf(follows);
    }

    /** A table under a heading; every row has a cell for every column. */
    record Table(String name, List<String> columns, List<Row> rows) {

        Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /**
     * One row.
     *
     * @param number from 1, as a reader counts them
     * @param line in the file
     */
    record Row(int number, int line, Map<String, String> cells) {

        Row {
            cells = Map.copyOf(cells);
        }

        /** What stands in a column; empty where the column is missing or the cell is blank or a dash. */
        String cell(String column) {
            return filled(cells.get(column));
        }

        boolean has(String column) {
            return !cell(column).isEmpty();
        }

        static String filled(@Nullable String cell) {
            return cell == null || cell.equals("–") || cell.equals("-") ? "" : cell;
        }
    }
}
