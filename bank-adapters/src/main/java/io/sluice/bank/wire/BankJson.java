package io.sluice.bank.wire;

import io.sluice.bank.UnreadableMessage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Currency;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bank's JSON, read strictly where it matters: no duplicate key, nothing after the end, money exact whatever its form. Fields that we do
 * not know are let be. Every fault is an {@link UnreadableMessage} that names the field, what was found and what was expected.
 */
public final class BankJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,5})?");
    private static final Pattern COLONLESS_OFFSET = Pattern.compile("([+-][0-9]{2})([0-9]{2})$");
    private static final Pattern RATE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,18})?");
    private static final Pattern UNITS = Pattern.compile("[0-9]{1,38}");
    private static final int LONGEST_TEXT = 1_000;
    private static final int MOST_WHOLE_DIGITS = 18;
    private static final int MOST_WRITTEN_DECIMALS = 18;
    private static final long MOST_MINOR_UNITS = 999_999_999_999_999_999L;

    private BankJson() {}

    public static JsonNode object(byte[] body) {
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JacksonException e) {
            boolean duplicate = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            throw new UnreadableMessage(
                    duplicate ? "duplicate-key" : "not-json",
                    duplicate ? "Found a key twice in one object" : "Found text that is not one JSON value");
        } catch (NumberFormatException e) {
            // An exponent that no decimal can have gets past Jackson's own checks as this.
            throw new UnreadableMessage("invalid-number", "Found a number that cannot be held, expected a decimal");
        }
        if (node == null || !node.isObject()) {
            throw new UnreadableMessage("not-json", "Found no JSON object, expected one");
        }
        return node;
    }

    public static JsonNode child(JsonNode parent, String name) {
        JsonNode child = parent.get(name);
        if (child == null || !child.isObject()) {
            throw missing(name, "an object");
        }
        return child;
    }

    public static List<JsonNode> array(JsonNode parent, String name, int most) {
        JsonNode array = parent.get(name);
        if (array == null || !array.isArray()) {
            throw missing(name, "an array");
        }
        if (array.size() > most) {
            throw new UnreadableMessage(
                    "too-large", name + ": found " + array.size() + " elements, expected at most " + most);
        }
        List<JsonNode> elements = array.valueStream().toList();
        if (elements.stream().anyMatch(element -> !element.isObject())) {
            throw missing(name, "an array of objects");
        }
        return elements;
    }

    public static String text(JsonNode parent, String name) {
        String text = optionalText(parent, name);
        if (text == null) {
            throw missing(name, "text");
        }
        return text;
    }

    /** Null when the field is absent, null or empty. */
    public static @Nullable String optionalText(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw missing(name, "text");
        }
        String text = value.stringValue();
        if (text.length() > LONGEST_TEXT) {
            throw new UnreadableMessage(
                    "too-large", name + ": found " + text.length() + " characters, expected at most " + LONGEST_TEXT);
        }
        return text.isBlank() ? null : text;
    }

    /** Unsigned money with exactly the decimals of its currency. */
    public static BigDecimal amount(JsonNode parent, String name, String currency) {
        return exact(name, text(parent, name), currency);
    }

    /** The bytes of what we send. The same tree makes the same bytes. */
    public static byte[] bytes(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    /**
     * Unsigned money that the bank writes as a JSON number, with exactly the decimals of its currency: 1000.0 EUR is 1000.00. An exponent
     * and decimals that the currency does not have are refused.
     */
    public static BigDecimal number(JsonNode parent, String name, String currency) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isNumber()) {
            throw missing(name, "a number");
        }
        BigDecimal found = value.decimalValue();
        if (found.signum() < 0
                || found.scale() < 0
                || found.scale() > MOST_WRITTEN_DECIMALS
                || found.precision() - found.scale() > MOST_WHOLE_DIGITS) {
            throw new UnreadableMessage(
                    "invalid-amount",
                    name
                            + ": expected an unsigned decimal without exponent, of at most 18 digits before its point and 18 behind it");
        }
        int digits = digits(currency);
        if (found.stripTrailingZeros().scale() > digits) {
            throw new UnreadableMessage(
                    "precision",
                    name + ": found " + found.toPlainString() + " " + currency + ", which has " + digits + " decimals");
        }
        return found.setScale(digits, RoundingMode.UNNECESSARY);
    }

    /** Signed money that the bank writes as a whole number of the currency's minor unit. */
    public static BigDecimal minorUnits(JsonNode parent, String name, String currency) {
        JsonNode value = parent.get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new UnreadableMessage("invalid-amount", name + ": expected a whole number of minor units");
        }
        long units = value.longValue();
        if (units > MOST_MINOR_UNITS || units < -MOST_MINOR_UNITS) {
            throw new UnreadableMessage("invalid-amount", name + ": expected at most 18 digits");
        }
        return BigDecimal.valueOf(units, digits(currency));
    }

    /** A whole number; null when the field is absent or null. */
    public static @Nullable Long optionalInteger(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw missing(name, "a whole number");
        }
        return value.longValue();
    }

    /** As {@link #child}; null when the field is absent or null. */
    public static @Nullable JsonNode optionalChild(JsonNode parent, String name) {
        JsonNode child = parent.get(name);
        return child == null || child.isNull() ? null : child(parent, name);
    }

    /** As {@link #amount}, with a minus sign before it when negative. */
    public static BigDecimal signedAmount(JsonNode parent, String name, String currency) {
        String text = text(parent, name);
        return text.startsWith("-") ? exact(name, text.substring(1), currency).negate() : exact(name, text, currency);
    }

    public static BigDecimal rate(JsonNode parent, String name) {
        String text = text(parent, name);
        if (!RATE.matcher(text).matches()) {
            throw missing(name, "an unsigned decimal as text");
        }
        return new BigDecimal(text);
    }

    public static BigInteger units(JsonNode parent, String name) {
        String text = text(parent, name);
        if (!UNITS.matcher(text).matches()) {
            throw missing(name, "an unsigned integer as text");
        }
        return new BigInteger(text);
    }

    public static String currency(JsonNode parent, String name) {
        String currency = text(parent, name);
        digits(currency);
        return currency;
    }

    public static LocalDate date(JsonNode parent, String name) {
        LocalDate date = optionalDate(parent, name);
        if (date == null) {
            throw missing(name, "a day");
        }
        return date;
    }

    public static @Nullable LocalDate optionalDate(JsonNode parent, String name) {
        String text = optionalText(parent, name);
        if (text == null) {
            return null;
        }
        try {
            // LocalDate.parse takes years of more digits with a sign; a bank's day has ten characters.
            if (text.length() == 10) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw new UnreadableMessage("invalid-date", name + ": expected a day that exists, as 2026-11-23");
    }

    public static Instant time(JsonNode parent, String name) {
        return offsetTime(parent, name).toInstant();
    }

    /** A time with its offset, written with a colon in it or without (+0800): the day is the bank's own. */
    public static OffsetDateTime offsetTime(JsonNode parent, String name) {
        String text = COLONLESS_OFFSET.matcher(text(parent, name)).replaceFirst("$1:$2");
        try {
            return OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new UnreadableMessage("invalid-date", name + ": expected a time as 2026-11-23T16:00:00Z");
        }
    }

    /** The amount as the bank wants it. */
    public static String written(BigDecimal amount, String currency) {
        return amount.setScale(digits(currency), RoundingMode.UNNECESSARY).toPlainString();
    }

    private static BigDecimal exact(String name, String text, String currency) {
        if (!AMOUNT.matcher(text).matches()) {
            throw new UnreadableMessage(
                    "invalid-amount",
                    name
                            + ": expected an unsigned decimal as text, of at most 18 digits before its point and 5 behind it");
        }
        BigDecimal amount = new BigDecimal(text);
        int digits = digits(currency);
        if (amount.scale() != digits) {
            throw new UnreadableMessage(
                    "precision",
                    name + ": found " + amount.scale() + " decimals, expected " + digits + " for " + currency);
        }
        return amount;
    }

    /** Decimals of a currency of ISO 4217. */
    public static int digits(String currency) {
        int digits;
        try {
            digits = Currency.getInstance(currency).getDefaultFractionDigits();
        } catch (IllegalArgumentException e) {
            digits = -1;
        }
        if (digits < 0) {
            throw new UnreadableMessage("invalid-currency", "Expected a currency of ISO 4217");
        }
        return digits;
    }

    /** The fault of a field that is absent or of another kind. */
    public static UnreadableMessage missing(String name, String expected) {
        return new UnreadableMessage("missing-field", name + ": expected " + expected);
    }
}
