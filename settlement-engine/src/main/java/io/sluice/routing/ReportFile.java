package io.sluice.routing;

import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.routing.ReportFormat.Part;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A platform's file, added up by payout. Amounts are read as decimal text and never rounded; {@link Rejection} {@code report-invalid} names the
 * line, what was found and what was expected.
 *
 * @param pending lines that belong to no payout yet, and are in none of the payouts
 */
record ReportFile(ReportFormat format, List<Payout> payouts, long pending) {

    private static final int MOST_PAYOUTS = 1_000;
    private static final DateTimeFormatter EUROPEAN = DateTimeFormatter.ofPattern("dd.MM.uuuu");

    /** What a file says of one payout, in minor units; nothing has asked yet whether its figures agree. */
    static final class Payout {

        private final String platform;
        private final String reportId;
        private final String currency;
        private @Nullable LocalDate date;
        private @Nullable Long deposit;
        private long sales;
        private long refunds;
        private long fees;
        private long reserve;

        Payout(String platform, String reportId, String currency) {
            this.platform = platform;
            this.reportId = reportId;
            this.currency = currency;
        }

        String reportId() {
            return reportId;
        }

        /** @param units signed, as the platform's balance moves */
        void add(Part part, long units) {
            switch (part) {
                case SALE -> sales = Math.addExact(sales, units);
                case REFUND -> refunds = Math.subtractExact(refunds, units);
                case FEE -> fees = Math.subtractExact(fees, units);
                case RESERVE -> reserve = Math.subtractExact(reserve, units);
                case DEPOSIT -> deposit = Math.subtractExact(deposit == null ? 0 : deposit, units);
            }
        }

        /**
         * Where the platform does not say the deposit itself, it is what the lines come to.
         *
         * @throws Rejection {@code report-contradicts-itself} with both figures, {@code report-invalid}
         */
        SettlementReport report() {
            if (date == null) {
                throw new Rejection("report-invalid", "payout " + reportId + ": found no day of its deposit");
            }
            long sum = Math.subtractExact(Math.subtractExact(Math.subtractExact(sales, refunds), fees), reserve);
            return new SettlementReport(
                    platform, reportId, currency, sales, refunds, fees, reserve, deposit == null ? sum : deposit, date);
        }
    }

    /**
     * @param storeId whose file it is: where a platform does not name its payouts, store, day and currency do
     * @throws Rejection {@code report-invalid}
     */
    static ReportFile read(String storeId, byte[] file) {
        return new Reading(storeId, file).all();
    }

    /** One pass over the lines. */
    private static final class Reading {

        private final String storeId;
        private final SeparatedLines lines;
        private final ReportFormat format;
        private final Map<String, Integer> columns = new HashMap<>();
        private final Map<String, Payout> payouts = new LinkedHashMap<>();
        private List<String> fields = List.of();
        private long pending;

        Reading(String storeId, byte[] file) {
            this.storeId = storeId;
            this.format = format(file);
            this.lines = new SeparatedLines(file, format.separator());
            List<String> header = lines.next();
            for (String name : header == null ? List.<String>of() : header) {
                String column = named(name);
                if (!format.knows(column)) {
                    throw lines.wrong(
                            "found a column \"" + name + "\", which is none that " + format + " is known to have");
                }
                if (columns.put(column, columns.size()) != null) {
                    throw lines.wrong("found the column \"" + name + "\" twice");
                }
            }
        }

        /** The format whose columns are all there. */
        private static ReportFormat format(byte[] file) {
            for (ReportFormat format : ReportFormat.all()) {
                List<String> header = new SeparatedLines(file, format.separator()).next();
                if (header != null
                        && header.stream().map(Reading::named).toList().containsAll(format.needed())) {
                    return format;
                }
            }
            throw new Rejection(
                    "report-invalid",
                    "line 1: found the columns of no report that is known, expected all of one of "
                            + ReportFormat.all().stream()
                                    .map(format -> format + " "
                                            + format.needed().stream().sorted().toList())
                                    .toList());
        }

        private static String named(String column) {
            return column.strip().toLowerCase(Locale.ROOT);
        }

        ReportFile all() {
            for (List<String> next = lines.next(); next != null; next = lines.next()) {
                if (next.size() != columns.size()) {
                    throw lines.wrong("found " + next.size() + " fields, expected " + columns.size());
                }
                fields = next;
                try {
                    take();
                } catch (IllegalArgumentException | ArithmeticException | DateTimeException wrong) {
                    throw lines.wrong(String.valueOf(wrong.getMessage()));
                }
            }
            if (payouts.isEmpty() && pending == 0) {
                throw new Rejection("report-invalid", "found no line below the columns");
            }
            return new ReportFile(format, new ArrayList<>(payouts.values()), pending);
        }

        private void take() {
            switch (format) {
                case SLUICE -> own();
                case AMAZON -> amazon();
                case SHOPIFY ->
                    transaction(shopifyPayout(), field("payout date"), format.part(field("type")), "amount");
                case STRIPE ->
                    transaction(
                            field("automatic_payout_id"),
                            field("automatic_payout_effective_at"),
                            format.part(field("reporting_category")),
                            "gross");
            }
        }

        /** Exports of before the payouts were named have one a day and currency. */
        private String shopifyPayout() {
            String named = columns.containsKey("payout id") ? field("payout id") : "";
            return !named.isEmpty() || field("payout date").isEmpty()
                    ? named
                    : String.join("/", storeId, field("payout date"), currency());
        }

        private void own() {
            if (payouts.containsKey(field("reportid"))) {
                throw new IllegalArgumentException("found the report " + field("reportid") + " twice");
            }
            Payout payout = payout(field("platform"), field("reportid"));
            payout.date = day(field("depositdate"));
            payout.add(Part.SALE, units("grosssales"));
            payout.add(Part.REFUND, -units("refunds"));
            payout.add(Part.FEE, -units("fees"));
            payout.add(Part.RESERVE, -units("platformreserve"));
            payout.add(Part.DEPOSIT, -units("deposit"));
        }

        private void amazon() {
            String id = field("settlement-id");
            if (field("transaction-type").isEmpty()) {
                if (payouts.containsKey(id)) {
                    throw new IllegalArgumentException("found the total of settlement " + id + " twice");
                }
                Payout payout = payout("amazon", id);
                payout.date = day(field("deposit-date"));
                payout.add(Part.DEPOSIT, -units("total-amount"));
            } else if (payouts.containsKey(id)) {
                payout("amazon", id)
                        .add(
                                ReportFormat.amazon(
                                        field("transaction-type"), field("amount-type"), field("amount-description")),
                                units("amount"));
            } else {
                throw new IllegalArgumentException("found settlement-id \"" + id + "\" before the line with its total");
            }
        }

        /** A line with what it moved, its fee, and what is left of it, which must agree. */
        private void transaction(String id, String date, Part part, String gross) {
            long units = units(gross);
            long fee = units("fee");
            long net = units("net");
            if (Math.subtractExact(units, fee) != net) {
                throw new IllegalArgumentException("found net " + field("net") + ", expected " + field(gross) + " less "
                        + field("fee") + ", its fee");
            }
            if (id.isEmpty() || date.isEmpty()) {
                pending++;
                return;
            }
            Payout payout = payout(format.name().toLowerCase(Locale.ROOT), id);
            LocalDate day = day(date);
            if (payout.date != null && !payout.date.equals(day)) {
                throw new IllegalArgumentException(
                        "found " + day + " for payout " + id + ", expected " + payout.date + " as before");
            }
            payout.date = day;
            payout.add(part, units);
            payout.add(Part.FEE, -fee);
        }

        private Payout payout(String platform, String id) {
            if (!id.matches("[!-~]{1,64}") || !platform.matches("[!-~]{1,64}")) {
                throw new IllegalArgumentException("found \"" + platform + "\", \"" + id
                        + "\", expected a platform and a payout of 1 to 64 letters");
            }
            Payout payout = payouts.computeIfAbsent(id, first -> new Payout(platform, id, currency()));
            if (!payout.currency.equals(currency())) {
                throw new IllegalArgumentException(
                        "found " + currency() + " in payout " + id + ", expected " + payout.currency);
            }
            if (payouts.size() > MOST_PAYOUTS) {
                throw new IllegalArgumentException("found more than " + MOST_PAYOUTS + " payouts");
            }
            return payout;
        }

        /** Amazon says it on the line with the total, and leaves it out below. */
        private String currency() {
            Payout above = format == ReportFormat.AMAZON ? payouts.get(field("settlement-id")) : null;
            return above != null && field("currency").isEmpty()
                    ? above.currency
                    : field("currency").toUpperCase(Locale.ROOT);
        }

        private long units(String column) {
            try {
                return Money.unitsOf(field(column), currency());
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(column + ": " + wrong.getMessage());
            }
        }

        /** The day that a time begins with, as the platform wrote it; the zone is the account's. */
        private static LocalDate day(String text) {
            if (text.matches("[0-9]{2}\\.[0-9]{2}\\.[0-9]{4}.*")) {
                return LocalDate.parse(text.substring(0, 10), EUROPEAN);
            }
            if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?")) {
                throw new IllegalArgumentException("found \"" + text + "\", expected a day such as 2026-11-23");
            }
            return LocalDate.parse(text.substring(0, 10));
        }

        private String field(String column) {
            Integer at = columns.get(column);
            return at == null ? "" : fields.get(at).strip();
        }
    }
}
