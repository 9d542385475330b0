package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.money.Money;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is written into a spreadsheet is in it: amounts as numbers where a program keeps them exactly, else as text. */
class SpreadsheetTest {

    @Test
    void amountsAreNumbersOnlyWhereTheyStayExact() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Spreadsheet sheet = new Spreadsheet(out, "Sums", List.of("Name", "Day", "Amount"));
        sheet.add("a <b> & \"c\"", LocalDate.of(2026, 11, 23), new Money("-1234567890123.45", "EUR"));
        sheet.add("longer", null, new Money("12345678901234.56", "EUR"));
        sheet.add("=1+1", null, new Money("5", "JPY"));
        sheet.add("coins", null, new Money("0.000001", "xEUR"));
        sheet.finish();
        assertThat(rows(out.toByteArray()))
                .containsExactly(
                        List.of("Name", "Day", "Amount"),
                        List.of("a <b> & \"c\"", "2026-11-23", "-1234567890123.45"),
                        List.of("longer", "", "text 12345678901234.56"),
                        List.of("=1+1", "", "5"),
                        List.of("coins", "", "0.000001"));
    }

    @Test
    void manyRowsNeedNoMemoryAndAreAllThere() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Spreadsheet sheet = new Spreadsheet(out, "Sums", List.of("Number"));
        for (int i = 0; i < 20_000; i++) {
            sheet.add(Money.of(i, "EUR"));
        }
        sheet.finish();
        List<List<String>> rows = rows(out.toByteArray());
        assertThat(rows).hasSize(20_001);
        assertThat(rows.getLast()).containsExactly("199.99");
    }

    /** The rows of the first sheet, read by nothing but ZIP and XML; an amount that is text in the third column is said to be. */
    static List<List<String>> rows(byte[] workbook) throws Exception {
        Map<String, byte[]> files = unzip(workbook);
        List<String> shared = new ArrayList<>();
        if (files.containsKey("xl/sharedStrings.xml")) {
            each(files.get("xl/sharedStrings.xml"), "si", text -> shared.add(text.getTextContent()));
        }
        List<Integer> decimals = decimals(files.get("xl/styles.xml"));
        List<List<String>> rows = new ArrayList<>();
        each(files.get("xl/worksheets/sheet1.xml"), "row", row -> {
            List<String> cells = new ArrayList<>();
            NodeList found = row.getElementsByTagName("c");
            for (int i = 0; i < found.getLength(); i++) {
                Element cell = (Element) found.item(i);
                int column = cell.getAttribute("r").charAt(0) - 'A';
                while (cells.size() < column) {
                    cells.add("");
                }
                cells.add(value(cell, shared, decimals, column));
            }
            rows.add(cells);
        });
        return rows;
    }

    private static String value(Element cell, List<String> shared, List<Integer> decimals, int column) {
        String text = cell.getTextContent();
        return switch (cell.getAttribute("t")) {
            case "s" -> shared.get(Integer.parseInt(text));
            case "inlineStr" -> column == 2 && text.matches("-?[0-9.]+") ? "text " + text : text;
            default -> {
                String style = cell.getAttribute("s");
                int digits = style.isEmpty() ? 0 : decimals.get(Integer.parseInt(style));
                yield digits < 0
                        ? LocalDate.of(1899, 12, 30)
                                .plusDays(new BigDecimal(text).longValueExact())
                                .toString()
                        : new BigDecimal(text).setScale(digits).toPlainString();
            }
        };
    }

    /** Of each style: the decimals that its format shows, or -1 for a day. */
    private static List<Integer> decimals(byte[] styles) throws Exception {
        Map<String, String> formats = new TreeMap<>();
        each(
                styles,
                "numFmt",
                format -> formats.put(format.getAttribute("numFmtId"), format.getAttribute("formatCode")));
        List<Integer> decimals = new ArrayList<>();
        each(styles, "cellXfs", all -> {
            NodeList its = all.getElementsByTagName("xf");
            for (int i = 0; i < its.getLength(); i++) {
                String format = formats.getOrDefault(((Element) its.item(i)).getAttribute("numFmtId"), "");
                decimals.add(
                        format.startsWith("yyyy")
                                ? -1
                                : format.indexOf('.') < 0 ? 0 : format.length() - format.indexOf('.') - 1);
            }
        });
        return decimals;
    }

    private static void each(byte[] xml, String name, java.util.function.Consumer<Element> consumer) throws Exception {
        NodeList found = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml))
                .getElementsByTagName(name);
        for (int i = 0; i < found.getLength(); i++) {
            consumer.accept((Element) found.item(i));
        }
    }

    /** By the directory at its end, as spreadsheet programs read it. */
    private static Map<String, byte[]> unzip(byte[] workbook) throws IOException {
        Path file = Files.createTempFile("sheet", ".xlsx");
        try {
            Files.write(file, workbook);
            Map<String, byte[]> files = new TreeMap<>();
            try (ZipFile zip = new ZipFile(file.toFile())) {
                for (ZipEntry entry : Collections.list(zip.entries())) {
                    files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
            return files;
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
