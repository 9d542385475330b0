package io.sluice.ledger;

import io.sluice.money.Money;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Comma-separated values as RFC 4180 has them, in UTF-8. No text of it is a formula to a spreadsheet program; amounts stay numbers. */
final class Csv implements Table {

    static final String MEDIA_TYPE = "text/csv";

    /** What a spreadsheet program takes for the beginning of a formula. */
    private static final String BEGINS_FORMULA = "=+-@\t\r";

    private final Writer out;

    /** @param out is not closed */
    Csv(OutputStream out, List<String> columns) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        add(columns.stream().map(column -> column.toLowerCase(Locale.ROOT)).toArray());
    }

    @Override
    public void add(@Nullable Object... cells) {
        try {
            for (int i = 0; i < cells.length; i++) {
                out.write(i == 0 ? "" : ",");
                out.write(written(cells[i]));
            }
            out.write("\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String written(@Nullable Object cell) {
        return switch (cell) {
            case null -> "";
            case Money money -> money.amount();
            default -> quoted(plain(cell.toString()));
        };
    }

    private static String plain(String text) {
        return text.isEmpty() || BEGINS_FORMULA.indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    }

    private static String quoted(String text) {
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }

    @Override
    public void finish() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
