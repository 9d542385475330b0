package io.sluice.money;

import java.util.Currency;
import java.util.Locale;

/**
 * How many decimals a currency has: ISO 4217's, and six for the test stablecoins, whose code is an {@code x} before the currency that
 * they stand for ({@code xEUR}).
 */
public final class Currencies {

    private static final int STABLECOIN_DIGITS = 6;

    private Currencies() {}

    /** @throws IllegalArgumentException when there is no such currency, or it has no minor unit defined (XXX) */
    public static int digits(String currency) {
        if (isStablecoin(currency)) {
            digits(currency.substring(1));
            return STABLECOIN_DIGITS;
        }
        int digits;
        try {
            digits = Currency.getInstance(currency).getDefaultFractionDigits();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("There is no currency \"" + currency + "\"", e);
        }
        if (digits < 0) {
            throw new IllegalArgumentException(
                    "\"" + currency.toUpperCase(Locale.ROOT) + "\" is not a currency of money");
        }
        return digits;
    }

    public static boolean isStablecoin(String currency) {
        return currency.length() == 4 && currency.charAt(0) == 'x';
    }

    /** The stablecoin that stands for a currency on chain. */
    public static String stablecoinOf(String currency) {
        return "x" + currency;
    }
}
