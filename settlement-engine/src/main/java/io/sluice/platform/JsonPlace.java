package io.sluice.platform;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Where in a document something is wrong, and what, in our words: the reader's own name classes. */
public final class JsonPlace {

    private static final int LONGEST = 300;
    private static final Pattern MISSING = Pattern.compile("^Missing required creator property '([^']+)'");
    private static final Pattern TOKEN = Pattern.compile("JsonToken\\.([A-Z_]+)");

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
        if (e instanceof UnrecognizedPropertyException) {
            return path + ": there is no such field here";
        }
        if (e instanceof MismatchedInputException mismatched) {
            return mismatch(path, place, mismatched);
        }
        if (e instanceof DatabindException) {
            return place + ": not of the expected shape";
        }
        if (String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")) {
            return whole + ": " + e.getOriginalMessage();
        }
        return whole + " is not JSON: line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
    }

    private static String mismatch(String path, String place, MismatchedInputException e) {
        String said = String.valueOf(e.getOriginalMessage());
        Matcher missing = MISSING.matcher(said);
        if (missing.find()) {
            String field = missing.group(1);
            return (path.endsWith(field) ? path : path.isEmpty() ? field : path + "." + field)
                    + ": found nothing, expected a value";
        }
        Matcher token = TOKEN.matcher(said);
        String found = e instanceof InvalidFormatException format
                ? "\"" + shortened(String.valueOf(format.getValue())) + "\""
                : token.find() ? found(token.group(1)) : numberOrElse(said);
        String expected = e.getTargetType() == null ? "a value" : RequiredFields.expected(e.getTargetType());
        return place + ": found " + found + ", expected " + expected;
    }

    private static String numberOrElse(String said) {
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
