package io.sluice.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * An amount in a document whose currency is said elsewhere in it: plain text such as {@code "12.34"}, not negative. Its minor units are its
 * digits, so whoever reads the document sees to it that it has as many decimals as the currency.
 */
public record Decimal(@JsonValue String text) {

    private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,26})(\\.[0-9]{1,18})?");

    public Decimal {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("An amount is written as \"12.34\", was \"" + text + "\"");
        }
    }

    @JsonCreator
    public static Decimal parse(String text) {
        return new Decimal(text);
    }

    public int decimals() {
        int point = text.indexOf('.');
        return point < 0 ? 0 : text.length() - point - 1;
    }

    /** In minor units of a currency that has {@link #decimals()} of them. */
    public BigInteger units() {
        return new BigDecimal(text).unscaledValue();
    }

    @Override
    public String toString() {
        return text;
    }
}
