package io.sluice.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** A share as an exact fraction, in lowest terms: 1/10 is ten per cent. Written {@code "1/10"}; between 0 and 1. */
public record Portion(BigInteger numerator, BigInteger denominator) {

    private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,17})/([1-9][0-9]{0,17})");

    public static final Portion ZERO = new Portion(BigInteger.ZERO, BigInteger.ONE);

    public Portion {
        if (denominator.signum() <= 0 || numerator.signum() < 0 || numerator.compareTo(denominator) > 0) {
            throw new IllegalArgumentException("A portion is between 0 and 1, was " + numerator + "/" + denominator);
        }
        BigInteger common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    @JsonCreator
    public static Portion parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A portion is written as \"1/10\", was \"" + text + "\"");
        }
        return new Portion(new BigInteger(matcher.group(1)), new BigInteger(matcher.group(2)));
    }

    /** The exact product with an amount that may be negative. */
    public Fraction of(BigInteger units) {
        return new Fraction(numerator.multiply(units), denominator);
    }

    @Override
    @JsonValue
    public String toString() {
        return numerator + "/" + denominator;
    }
}
