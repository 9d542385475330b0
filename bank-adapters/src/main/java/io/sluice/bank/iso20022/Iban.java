package io.sluice.bank.iso20022;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** An IBAN whose check digits are right. That the account exists is for the bank to say (AC01). */
final class Iban {

    private static final Pattern FORM = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");
    private static final BigInteger MODULUS = BigInteger.valueOf(97);

    /** Countries whose banks need neither BIC nor address in SEPA: the European Economic Area. */
    private static final Set<String> EEA = Set.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
            "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK");

    private Iban() {}

    /** @throws IllegalArgumentException when the text is none; the message does not repeat it */
    static String of(String what, String text) {
        String iban = text.replaceAll("[ -]", "").toUpperCase(Locale.ROOT);
        if (!FORM.matcher(iban).matches() || !checks(iban)) {
            throw new IllegalArgumentException("The " + what + " is an IBAN with right check digits");
        }
        return iban;
    }

    static boolean inEea(String iban) {
        return EEA.contains(iban.substring(0, 2));
    }

    private static boolean checks(String iban) {
        StringBuilder digits = new StringBuilder();
        (iban.substring(4) + iban.substring(0, 4))
                .chars()
                .forEach(character -> digits.append(Character.digit(character, 36)));
        return new BigInteger(digits.toString()).mod(MODULUS).equals(BigInteger.ONE);
    }
}
