package io.sluice.bank.iso20022;

import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Text in the characters that every SEPA bank takes: {@code a-z A-Z 0-9 / - ? : ( ) . , ' +} and space, with no slash at an end and no two
 * together (EPC217-08, <i>SEPA requirements for an extended character set</i>). Letters of European languages are written with the basic
 * ones; what has no such form, as Chinese, is refused and never dropped.
 */
public final class SepaText {

    /** Longest name of a party in SEPA. */
    public static final int NAME = 70;
    /** Longest unstructured remittance information. */
    public static final int REMITTANCE = 140;
    /** Longest reference. */
    public static final int REFERENCE = 35;

    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9/\\-?:().,'+ ]+");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private static final Map<Integer, String> WRITTEN_OUT = Map.ofEntries(
            Map.entry((int) 'ä', "ae"),
            Map.entry((int) 'ö', "oe"),
            Map.entry((int) 'ü', "ue"),
            Map.entry((int) 'Ä', "Ae"),
            Map.entry((int) 'Ö', "Oe"),
            Map.entry((int) 'Ü', "Ue"),
            Map.entry((int) 'ß', "ss"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'Æ', "AE"),
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'Ø', "O"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'Ł', "L"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'Đ', "D"),
            Map.entry((int) 'ı', "i"),
            Map.entry((int) '€', "E"),
            Map.entry((int) '@', "(at)"),
            Map.entry((int) '_', "-"),
            Map.entry((int) '–', "-"),
            Map.entry((int) '—', "-"),
            Map.entry((int) '’', "'"),
            Map.entry((int) '‘', "'"),
            Map.entry((int) '`', "'"),
            Map.entry((int) '&', "+"),
            Map.entry((int) '*', "."),
            Map.entry((int) '#', "."),
            Map.entry((int) '%', "."),
            Map.entry((int) '"', "."),
            Map.entry((int) ';', ","),
            Map.entry((int) '!', "."),
            Map.entry((int) '=', "."),
            Map.entry((int) '|', "/"),
            Map.entry((int) '\\', "/"));

    private SepaText() {}

    /**
     * The text in SEPA's characters.
     *
     * @param what it is, for the message
     * @throws IllegalArgumentException when it is blank, too long, or has a character without a SEPA form
     */
    public static String of(String what, String text, int longest) {
        StringBuilder written = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFC)
                .codePoints()
                .forEach(character -> written.append(basic(character)));
        String plain =
                written.toString().strip().replaceAll("[ \\t\\r\\n]+", " ").replaceAll("/{2,}", "/");
        plain = plain.replaceAll("^[/ ]+|[/ ]+$", "");
        if (plain.isEmpty() || plain.length() > longest) {
            throw new IllegalArgumentException(
                    "The " + what + " has 1 to " + longest + " SEPA characters, was " + plain.length());
        }
        if (!ALLOWED.matcher(plain).matches()) {
            throw new IllegalArgumentException("The " + what + " has a character that SEPA cannot carry");
        }
        return plain;
    }

    /** @throws IllegalArgumentException unless the reference can go through SEPA as it is: a changed one would not come back */
    public static void requireReference(String what, String reference) {
        if (reference.length() > REFERENCE || !ALLOWED.matcher(reference).matches() || !isClean(reference)) {
            throw new IllegalArgumentException(
                    "The " + what + " has 1 to 35 SEPA characters, no slash at an end and no two together");
        }
    }

    private static boolean isClean(String reference) {
        return reference.equals(reference.strip())
                && !reference.startsWith("/")
                && !reference.endsWith("/")
                && !reference.contains("//");
    }

    private static String basic(int character) {
        String known = WRITTEN_OUT.get(character);
        if (known != null) {
            return known;
        }
        String single = Character.toString(character);
        return character < 0x80
                ? single
                : MARKS.matcher(Normalizer.normalize(single, Normalizer.Form.NFD))
                        .replaceAll("");
    }
}
