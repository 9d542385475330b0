package io.sluice.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * An amount at the edge of the engine, as people and other systems write it: {@code {"amount":"12.34","currency":"EUR"}} with exactly
 * the currency's decimals. Inside, amounts are minor units.
 */
public record Money(String amount, String currency) {

    /** In minor units; more than anybody moves at once: more is a defect or an attack, and would overflow sums. */
    public static final long LARGEST = 1_000_000_000_000_000L;

    private static final Pattern AMOUNT = Pattern.compile("-?(0|[1-9][0-9]{0,26})(\\.[0-9]{1,18})?");

    /** In files people write no leading zeros or decimals, or more than needed; ASCII digits, and as few as can be an amount. */
    private static final Pattern WRITTEN = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    private static final int MOST_SHOWN = 40;

    @JsonCreator
    public Money(
            @JsonProperty(value = "amount", required = true) String amount,
            @JsonProperty(value = "currency", required = true) String currency) {
        if (!AMOUNT.matcher(amount).matches()) {
            throw new IllegalArgumentException(
                    "An amount is a plain decimal such as \"12.34\", was \"" + amount + "\"");
        }
        int digits = Currencies.digits(currency);
        int found = amount.indexOf('.') < 0 ? 0 : amount.length() - amount.indexOf('.') - 1;
        if (found != digits) {
            throw new IllegalArgumentException(
                    "An amount in " + currency + " has " + digits + " decimals, was \"" + amount + "\"");
        }
        this.amount = amount;
        this.currency = currency;
    }

    public static Money of(BigInteger units, String currency) {
        return new Money(new BigDecimal(units, Currencies.digits(currency)).toPlainString(), currency);
    }

    public static Money of(long units, String currency) {
        return of(BigInteger.valueOf(units), currency);
    }

    /** In minor units. */
    public BigInteger units() {
        return new BigDecimal(amount).unscaledValue();
    }

    /**
     * In minor units, from a file's decimal text, which may carry fewer or trailing zero decimals. Checked as text, since a number of a
     * million digits takes minutes to compute with.
     *
     * @throws IllegalArgumentException found and expected, when it is none, has more decimals than the currency, or does not fit
     */
    public static long unitsOf(String amount, String currency) {
        if (!WRITTEN.matcher(amount).matches()) {
            throw new IllegalArgumentException(
                    "found \""
                            + (amount.length() > MOST_SHOWN ? amount.substring(0, MOST_SHOWN) + "…" : amount)
                            + "\", expected an amount such as -12.34, with at most 18 digits before its point and 18 behind it");
        }
        return unitsOf(new BigDecimal(amount), currency);
    }

    /**
     * In minor units, from a bank's decimal, which may carry fewer or trailing zero decimals.
     *
     * @throws IllegalArgumentException when the amount has more decimals than the currency, which is never rounded, or does not fit
     */
    public static long unitsOf(BigDecimal amount, String currency) {
        int digits = Currencies.digits(currency);
        BigDecimal plain = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        if (plain.scale() > digits) {
            throw new IllegalArgumentException("An amount in " + currency + " has at most " + digits + " decimals, was "
                    + plain); // with an exponent where there is one: plainly written, 1e-999999999 takes gigabytes
        }
        if (plain.precision() - plain.scale() > 18) {
            throw new IllegalArgumentException("An amount has at most 18 digits before the point");
        }
        BigInteger units = plain.setScale(digits).unscaledValue();
        if (units.bitLength() > 63) {
            throw new IllegalArgumentException("An amount in " + currency + " is at most 2^63-1 minor units");
        }
        return units.longValueExact();
    }

    /** The decimal of so many minor units, with exactly the currency's decimals. */
    public static BigDecimal decimalOf(long units, String currency) {
        return BigDecimal.valueOf(units, Currencies.digits(currency));
    }

    @Override
    public String toString() {
        return amount + " " + currency;
    }
}
