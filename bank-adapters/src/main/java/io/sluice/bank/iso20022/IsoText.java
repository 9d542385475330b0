package io.sluice.bank.iso20022;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Currency;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The simple types of ISO 20022, checked as text before anything is computed with them. */
final class IsoText {

    /** Unsigned, no exponent: {@code new BigDecimal("1e999999999")} followed by an addition never returns. */
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,18}(\\.[0-9]{0,5})?|\\.[0-9]{1,5}");

    /** What an amount is, in words. */
    static final String AN_AMOUNT = "an unsigned decimal of at most 18 digits before its point and 5 behind it";

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile(
            "T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?|24:00:00(\\.0+)?)(Z|[+-][0-9]{2}:[0-9]{2})?");
    private static final int DATE_LENGTH = 10;

    private IsoText() {}

    /** The amount, with the decimals that were written; null when the text is none. */
    static @Nullable BigDecimal amount(String text) {
        return AMOUNT.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    /** A day that exists; null for 2026-02-30 and for whatever is no date. */
    static @Nullable LocalDate date(String text) {
        if (!DATE.matcher(text).matches()) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The day of a time as the bank wrote it, in the bank's own zone: no zone of ours changes it. */
    static @Nullable LocalDate dateOfTime(String text) {
        if (text.length() < DATE_LENGTH
                || !TIME.matcher(text.substring(DATE_LENGTH)).matches()) {
            return null;
        }
        return date(text.substring(0, DATE_LENGTH));
    }

    /** Decimals of the currency's minor unit; -1 when it is no currency of money (EURO, XXX, XAU). */
    static int digits(String currency) {
        try {
            return Currency.getInstance(currency).getDefaultFractionDigits();
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    /** What was found, fit for a sentence: short, on one line. */
    static String quoted(String text) {
        String cut = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return "\"" + cut.replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}
