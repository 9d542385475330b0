package io.sluice.sandbox;

import java.math.BigDecimal;
import java.util.Currency;

/** Bank money between its text ({@code "12.34"}) and minor units (1234): exact both ways, or refused. */
final class Units {

    private static final int MOST_DIGITS = 15;

    private Units() {}

    /** How many decimals the currency has: 2 for EUR, 0 for JPY. Throws {@link IllegalArgumentException} for no currency. */
    static int decimals(String currency) {
        return Currency.getInstance(currency).getDefaultFractionDigits();
    }

    static String text(long units, String currency) {
        return BigDecimal.valueOf(units, decimals(currency)).toPlainString();
    }

    /** Minor units of a text with exactly the currency's decimals, greater than zero. */
    static long parse(String text, String currency) {
        int decimals = decimals(currency);
        String pattern = "[0-9]{1," + MOST_DIGITS + "}" + (decimals == 0 ? "" : "\\.[0-9]{" + decimals + "}");
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException(
                    "An amount of " + currency + " has " + decimals + " decimals, was \"" + text + "\"");
        }
        long units = new BigDecimal(text).unscaledValue().longValueExact();
        if (units <= 0) {
            throw new IllegalArgumentException("An amount is greater than zero, was \"" + text + "\"");
        }
        return units;
    }
}
