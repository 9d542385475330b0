package io.sluice.platform;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Where in a document something is wrong, and what, in our words: the reader's own name classes. */
public final class JsonPlace {

    private static final int LONGEST = 300;
    private static final Pattern MISSING = Pattern.compile("^Missing required creator property '([^']+)'");
    private static final Pattern TOKEN = Pattern.compile("JsonToken\\.([A-Z_]+)");
    private static final Pattern TEXT =
            Pattern.compile("^Cannot coerce String value \\(\"(.*)\"\\) to ", Pattern.DOTALL);
    private static final Pattern BEYOND = Pattern.compile("^(.+) \\((\\d+)\\) exceeds the maximum allowed \\((\\d+)");
    private static final Pattern RANGE =
            Pattern.compile("^Numeric value \\((.+)\\) out of range of .* \\((-?\\d+) - (\\d+)\\)");
    private static final Pattern TWICE = Pattern.compile("^Duplicate Object property \"(.*)\"$", Pattern.DOTALL);

    private JsonPlace() {}

    /** Such as {@code stores[2].merchantId}; empty where the reader does not know. */
    public static String of(JacksonException problem) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : problem.getPath()) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    /**
     * Path, found and expected.
     *
     * @param whole what the document is called where no path is known
     */
    public static String problem(JacksonException e, String whole) {
        String path = of(e);
        String place = path.isEmpty() ? whole : path;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException) { // a type of ours refused it, and says why
                return place + ": " + cause.getMessage();
            }
        }
        if (e instanceof StreamConstraintsException) { // it has no path and no line
            return whole + ": " + beyond(String.valueOf(e.getOriginalMessage()));
        }
        if (e instanceof InputCoercionException) {
            return place + ": " + outOfRange(String.valueOf(e.getOriginalMessage()));
        }
        if (e instanceof UnrecognizedPropertyException) {
            return path + ": there is no such field here";
        }
        if (e instanceof InvalidTypeIdException kind) {
            return kind(path, kind);
        }
        if (e instanceof MismatchedInputException mismatched) {
            return mismatch(path, place, mismatched);
        }
        if (e instanceof DatabindException) {
            return place + ": not of the expected shape";
        }
        Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
        if (twice.find()) {
            return whole + ": found \"" + shortened(twice.group(1)) + "\" twice, expected it once: line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr();
        }
        return whole + " is not JSON: line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
    }

    private static String beyond(String said) {
        Matcher limit = BEYOND.matcher(said);
        if (!limit.find()) {
            return "found more than can be read";
        }
        String found = limit.group(2);
        return switch (limit.group(1)) {
                    case "Document nesting depth" -> "found lists and objects nested " + found + " deep";
                    case "Number value length" -> "found a number of " + found + " digits";
                    case "Name length" -> "found a field's name of " + found + " characters";
                    case "String value length" -> "found text of " + found + " characters";
                    default -> "found a length of " + found;
                }
                + ", expected at most " + limit.group(3);
    }

    private static String outOfRange(String said) {
        Matcher range = RANGE.matcher(said);
        if (!range.find()) {
            return "found a number that is too large";
        }
        String found = range.group(1);
        return "found " + shortened(found) + ", expected a whole number of at "
                + (found.startsWith("-") ? "least " + range.group(2) : "most " + range.group(3));
    }

    /** Of a type whose field says which of its kinds an object is. */
    private static String kind(String path, InvalidTypeIdException e) {
        Class<?> type = e.getBaseType().getRawClass();
        JsonTypeInfo field = type.getAnnotation(JsonTypeInfo.class);
        JsonSubTypes kinds = type.getAnnotation(JsonSubTypes.class);
        return (field == null ? path : path.isEmpty() ? field.property() : path + "." + field.property()) + ": found "
                + (e.getTypeId() == null ? "nothing" : "\"" + shortened(e.getTypeId()) + "\"") + ", expected "
                + (kinds == null
                        ? "a value"
                        : Stream.of(kinds.value())
                                .map(JsonSubTypes.Type::name)
                                .collect(Collectors.joining(", ", "one of ", "")));
    }

    private static String mismatch(String path, String place, MismatchedInputException e) {
        String said = String.valueOf(e.getOriginalMessage());
        Matcher missing = MISSING.matcher(said);
        if (missing.find()) {
            String field = missing.group(1);
            return (path.endsWith(field) ? path : path.isEmpty() ? field : path + "." + field)
                    + ": found nothing, expected a value";
        }
        if (said.startsWith("Trailing token")) {
            return place + ": found more behind its end, expected nothing there";
        }
        String expected = e.getTargetType() == null ? "a value" : RequiredFields.expected(e.getTargetType());
        return place + ": found " + found(said, e) + ", expected " + expected;
    }

    private static String found(String said, MismatchedInputException e) {
        if (said.startsWith("Cannot coerce Floating-point value")) { // the reader no longer knows how it was written
            return "a number with a point or an exponent";
        }
        if (e instanceof InvalidFormatException format) {
            return "\"" + shortened(String.valueOf(format.getValue())) + "\"";
        }
        Matcher text = TEXT.matcher(said);
        if (text.find()) {
            return "\"" + shortened(text.group(1)) + "\"";
        }
        Matcher token = TOKEN.matcher(said);
        return token.find() ? found(token.group(1)) : numberOrElse(said);
    }

    private static String numberOrElse(String said) {
        if (said.startsWith("Cannot map `null`")) {
            return "null";
        }
        return said.contains("int/Int-argument")
                        || said.contains("double/Double-argument")
                        || said.contains("Number value")
                ? "a number"
                : "something else";
    }

    private static String found(String token) {
        return switch (token) {
            case "START_ARRAY" -> "a list";
            case "START_OBJECT" -> "an object";
            case "VALUE_STRING" -> "text";
            case "VALUE_NUMBER_INT", "VALUE_NUMBER_FLOAT" -> "a number";
            case "VALUE_TRUE", "VALUE_FALSE" -> "true or false";
            case "VALUE_NULL" -> "null";
            default -> "something else";
        };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
