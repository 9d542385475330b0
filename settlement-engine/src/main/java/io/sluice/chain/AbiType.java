package io.sluice.chain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A type of Solidity, and how its values lie in call data and logs: hexadecimal digits in words of 64. Values are {@link BigInteger},
 * {@link Boolean}, {@link String} (text; bytes and addresses as 0x-hexadecimal) and lists of these for arrays and structs.
 *
 * @see <a href="https://docs.soliditylang.org/en/v0.8.33/abi-spec.html">Contract ABI specification</a>
 */
sealed interface AbiType {

    int WORD = 64;

    /** As it stands in a signature. */
    String canonical();

    /** Whether the value lies behind an offset. */
    boolean dynamic();

    /** Words in the place where the value, or its offset, is. */
    default int headWords() {
        return 1;
    }

    /** Throws {@link IllegalArgumentException} for a value that the type does not hold. */
    String encode(Object value);

    /** The value that begins at a digit. Throws {@link IllegalArgumentException} where there are too few. */
    Object decode(String digits, int at);

    /** A whole number from zero on. */
    record Unsigned(int bits) implements AbiType {

        @Override
        public String canonical() {
            return "uint" + bits;
        }

        @Override
        public boolean dynamic() {
            return false;
        }

        @Override
        public String encode(Object value) {
            BigInteger number = (BigInteger) value;
            if (number.signum() < 0 || number.bitLength() > bits) {
                throw new IllegalArgumentException(canonical() + " does not hold " + number);
            }
            return word(number);
        }

        @Override
        public Object decode(String digits, int at) {
            return number(digits, at);
        }
    }

    record Bool() implements AbiType {

        @Override
        public String canonical() {
            return "bool";
        }

        @Override
        public boolean dynamic() {
            return false;
        }

        @Override
        public String encode(Object value) {
            return word((Boolean) value ? BigInteger.ONE : BigInteger.ZERO);
        }

        @Override
        public Object decode(String digits, int at) {
            return number(digits, at).signum() != 0;
        }
    }

    record AddressType() implements AbiType {

        @Override
        public String canonical() {
            return "address";
        }

        @Override
        public boolean dynamic() {
            return false;
        }

        @Override
        public String encode(Object value) {
            return Hex.topic(Hex.address("An address", (String) value)).substring(2);
        }

        @Override
        public Object decode(String digits, int at) {
            return "0x" + slice(digits, at, WORD).substring(24);
        }
    }

    /** A fixed number of bytes, at the left of the word. */
    record FixedBytes(int length) implements AbiType {

        @Override
        public String canonical() {
            return "bytes" + length;
        }

        @Override
        public boolean dynamic() {
            return false;
        }

        @Override
        public String encode(Object value) {
            String digits =
                    Hex.data("A value of " + canonical(), (String) value).substring(2);
            if (digits.length() != 2 * length) {
                throw new IllegalArgumentException(canonical() + " does not hold " + value);
            }
            return padded(digits);
        }

        @Override
        public Object decode(String digits, int at) {
            return "0x" + slice(digits, at, 2 * length);
        }
    }

    record Bytes() implements AbiType {

        @Override
        public String canonical() {
            return "bytes";
        }

        @Override
        public boolean dynamic() {
            return true;
        }

        @Override
        public String encode(Object value) {
            String digits = Hex.data("A value of bytes", (String) value).substring(2);
            return word(BigInteger.valueOf(digits.length() / 2)) + padded(digits);
        }

        @Override
        public Object decode(String digits, int at) {
            return "0x" + slice(digits, at + WORD, 2 * position(digits, at));
        }
    }

    record Text() implements AbiType {

        @Override
        public String canonical() {
            return "string";
        }

        @Override
        public boolean dynamic() {
            return true;
        }

        @Override
        public String encode(Object value) {
            return new Bytes().encode(Hex.of(((String) value).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Object decode(String digits, int at) {
            return new String(Hex.bytes((String) new Bytes().decode(digits, at)), StandardCharsets.UTF_8);
        }
    }

    /** As many values of a type as there are. */
    record ListOf(AbiType element) implements AbiType {

        @Override
        public String canonical() {
            return element.canonical() + "[]";
        }

        @Override
        public boolean dynamic() {
            return true;
        }

        @Override
        public String encode(Object value) {
            List<?> values = (List<?>) value;
            return word(BigInteger.valueOf(values.size()))
                    + encodeAll(Collections.nCopies(values.size(), element), values);
        }

        @Override
        public Object decode(String digits, int at) {
            int count = position(digits, at);
            slice(digits, at + WORD, count * element.headWords() * WORD); // so many there are
            return decodeAll(Collections.nCopies(count, element), digits, at + WORD);
        }
    }

    /** A struct. */
    record Tuple(List<Parameter> parts) implements AbiType {

        @Override
        public String canonical() {
            return signature(parts);
        }

        @Override
        public boolean dynamic() {
            return parts.stream().anyMatch(part -> part.type().dynamic());
        }

        @Override
        public int headWords() {
            return dynamic()
                    ? 1
                    : parts.stream().mapToInt(part -> part.type().headWords()).sum();
        }

        @Override
        public String encode(Object value) {
            return encodeAll(types(parts), (List<?>) value);
        }

        @Override
        public Object decode(String digits, int at) {
            return decodeAll(types(parts), digits, at);
        }
    }

    /** A named value of a call, an event, a struct. */
    record Parameter(String name, AbiType type, boolean indexed) {

        static List<Parameter> all(JsonNode inputs) {
            List<Parameter> all = new ArrayList<>();
            for (JsonNode input : inputs) {
                all.add(new Parameter(
                        input.path("name").asString(),
                        parse(input.path("type").asString(), input),
                        input.path("indexed").asBoolean(false)));
            }
            return List.copyOf(all);
        }
    }

    /** The types between brackets, as a selector or topic is made of. */
    static String signature(List<Parameter> parameters) {
        return parameters.stream()
                .map(parameter -> parameter.type().canonical())
                .collect(Collectors.joining(",", "(", ")"));
    }

    static List<AbiType> types(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::type).toList();
    }

    /** Values side by side: first what is fixed and offsets, then what they point to. */
    static String encodeAll(List<AbiType> types, List<?> values) {
        if (types.size() != values.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + types.size() + " parameters");
        }
        int headWords = types.stream().mapToInt(AbiType::headWords).sum();
        StringBuilder head = new StringBuilder();
        StringBuilder tail = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            String encoded = types.get(i).encode(values.get(i));
            if (types.get(i).dynamic()) {
                head.append(word(BigInteger.valueOf((headWords * (long) WORD + tail.length()) / 2)));
                tail.append(encoded);
            } else {
                head.append(encoded);
            }
        }
        return head.append(tail).toString();
    }

    static List<Object> decodeAll(List<AbiType> types, String digits, int base) {
        List<Object> values = new ArrayList<>();
        int at = base;
        for (AbiType type : types) {
            values.add(type.decode(digits, type.dynamic() ? base + 2 * position(digits, at) : at));
            at += type.headWords() * WORD;
        }
        return List.copyOf(values);
    }

    private static AbiType parse(String name, JsonNode input) {
        if (name.endsWith("[]")) {
            return new ListOf(parse(name.substring(0, name.length() - 2), input));
        }
        Matcher sized = Sized.PATTERN.matcher(name);
        if (sized.matches()) {
            int size = Integer.parseInt(sized.group(2));
            return sized.group(1).equals("uint") ? new Unsigned(size) : new FixedBytes(size);
        }
        return switch (name) {
            case "address" -> new AddressType();
            case "bool" -> new Bool();
            case "bytes" -> new Bytes();
            case "string" -> new Text();
            case "tuple" -> new Tuple(Parameter.all(input.path("components")));
            default -> throw new IllegalArgumentException("No contract of ours takes or gives " + name);
        };
    }

    private static String word(BigInteger number) {
        String digits = number.toString(16);
        return "0".repeat(WORD - digits.length()) + digits;
    }

    private static String padded(String digits) {
        return digits + "0".repeat((WORD - digits.length() % WORD) % WORD);
    }

    private static BigInteger number(String digits, int at) {
        return new BigInteger(slice(digits, at, WORD), 16);
    }

    /** A length or an offset: never more than there are digits. */
    private static int position(String digits, int at) {
        BigInteger number = number(digits, at);
        if (number.bitLength() > 30 || number.intValue() > digits.length()) {
            throw new IllegalArgumentException("An offset or length of " + number + " leads out of the data");
        }
        return number.intValue();
    }

    private static String slice(String digits, int at, int length) {
        if (length < 0 || (long) at + length > digits.length()) {
            throw new IllegalArgumentException(
                    "The data ends at digit " + digits.length() + ", asked for " + length + " from " + at);
        }
        return digits.substring(at, at + length);
    }

    /** Types whose name ends with their size. */
    final class Sized {
        private static final Pattern PATTERN = Pattern.compile("(uint|bytes)(\\d+)");

        private Sized() {}
    }
}
