package io.sluice.ledger;

import io.sluice.money.Money;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * An XLSX workbook that is written while its rows come, in little memory. Spreadsheets calculate in binary floating point: an amount of up to
 * 15 digits is a number, which such programs show and give back exactly; a longer one is text. What does not fit on a sheet goes on on the
 * next.
 */
final class Spreadsheet implements Table {

    static final String MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /** Decimal digits that every spreadsheet program keeps. */
    private static final int EXACT_DIGITS = 15;

    /** A sheet has 1 048 576. */
    private static final int ROWS_OF_A_SHEET = 1_000_000;

    private static final int ROWS_IN_MEMORY = 500;

    private final Workbook workbook;
    private final String name;
    private final List<String> columns;
    private Worksheet sheet;
    private int sheets;
    private int row;

    /** @param out is not closed */
    Spreadsheet(OutputStream out, String name, List<String> columns) {
        this.workbook = new Workbook(out, "Sluice", "1.0");
        this.name = name;
        this.columns = List.copyOf(columns);
        this.sheet = begin();
    }

    private Worksheet begin() {
        sheets++;
        Worksheet next = workbook.newWorksheet(sheets == 1 ? name : name + " " + sheets);
        next.freezePane(0, 1);
        for (int column = 0; column < columns.size(); column++) {
            next.value(0, column, columns.get(column));
            next.style(0, column).bold().set();
        }
        row = 1;
        return next;
    }

    @Override
    public void add(@Nullable Object... cells) {
        try {
            if (row == ROWS_OF_A_SHEET) {
                sheet.finish();
                sheet = begin();
            }
            for (int column = 0; column < cells.length; column++) {
                write(column, cells[column]);
            }
            row++;
            if (row % ROWS_IN_MEMORY == 0) {
                sheet.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(int column, @Nullable Object cell) {
        switch (cell) {
            case null -> {}
            case Money money -> {
                BigDecimal amount = new BigDecimal(money.amount());
                if (amount.precision() <= EXACT_DIGITS) {
                    sheet.value(row, column, amount);
                    sheet.style(row, column).format(format(amount.scale())).set();
                } else {
                    sheet.inlineString(row, column, money.amount());
                }
            }
            case LocalDate day -> {
                sheet.value(row, column, day);
                sheet.style(row, column).format("yyyy-mm-dd").set();
            }
            default -> sheet.inlineString(row, column, cell.toString());
        }
    }

    private static String format(int decimals) {
        return decimals == 0 ? "#,##0" : "#,##0." + "0".repeat(decimals);
    }

    @Override
    public void finish() {
        try {
            sheet.finish();
            workbook.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
