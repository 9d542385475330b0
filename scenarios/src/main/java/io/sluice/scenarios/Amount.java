package io.sluice.scenarios;

import java.math.BigDecimal;
import java.util.Currency;

/**
 * Money as people write it: {@code 1 234.56 EUR}, with all the decimals that the currency has.
 *
 * @param units minor units; negative where less than nothing
 */
record Amount(long units, String currency) {

    private static final String WRITTEN = "-?[0-9]{1,3}( [0-9]{3})*(\\.[0-9]+)? [A-Z]{3}|-?[0-9]+(\\.[0-9]+)? [A-Z]{3}";

    /** Throws {@link IllegalArgumentException} with a sentence for the writer of the story. */
    static Amount parse(String text) {
        if (!text.matches(WRITTEN)) {
            throw new IllegalArgumentException("An amount is written like 1 234.56 EUR, was \"" + text + "\"");
        }
        String currency = text.substring(text.length() - 3);
        BigDecimal number = new BigDecimal(text.substring(0, text.length() - 4).replace(" ", ""));
        if (number.scale() != digits(currency)) {
            throw new IllegalArgumentException(
                    "An amount of " + currency + " has " + digits(currency) + " decimals, was \"" + text + "\"");
        }
        return new Amount(number.unscaledValue().longValueExact(), currency);
    }

    private static int digits(String currency) {
        return Currency.getInstance(currency).getDefaultFractionDigits();
    }

    /** {@code 1234.56}, as interfaces want it. */
    String decimal() {
        return BigDecimal.valueOf(units, digits(currency)).toPlainString();
    }

    @Override
    public String toString() {
        String plain = decimal().replace("-", "");
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        StringBuilder text = new StringBuilder(point < 0 ? "" : plain.substring(point));
        for (int end = whole.length(); end > 0; end -= 3) {
            String group = whole.substring(Math.max(0, end - 3), end);
            text.insert(0, end == whole.length() ? group : group + " ");
        }
        return (units < 0 ? "-" : "") + text + " " + currency;
    }
}
