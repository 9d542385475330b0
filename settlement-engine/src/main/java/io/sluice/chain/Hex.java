package io.sluice.chain;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.web3j.crypto.Hash;

/** Hexadecimal text as we keep it: {@code 0x}, then lower-case digits. */
final class Hex {

    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern BYTES32 = Pattern.compile("0x[0-9a-fA-F]{64}");
    private static final Pattern DATA = Pattern.compile("0x([0-9a-fA-F]{2})*");
    private static final HexFormat DIGITS = HexFormat.of();

    private Hex() {}

    static String address(String what, String text) {
        return checked(ADDRESS, what, text, "an address (0x and 40 digits)");
    }

    static String bytes32(String what, String text) {
        return checked(BYTES32, what, text, "32 bytes (0x and 64 digits)");
    }

    static String data(String what, String text) {
        return checked(DATA, what, text, "bytes in hexadecimal with 0x");
    }

    static byte[] bytes(String hex) {
        return DIGITS.parseHex(hex, 2, hex.length());
    }

    static String of(byte[] bytes) {
        return "0x" + DIGITS.formatHex(bytes);
    }

    static String keccak(byte[] bytes) {
        return of(Hash.sha3(bytes));
    }

    /** An address as a topic of 32 bytes. */
    static String topic(String address) {
        return "0x" + "0".repeat(24) + address.substring(2);
    }

    private static String checked(Pattern pattern, String what, String text, String expected) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(what + " must be " + expected + ", was " + text);
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
