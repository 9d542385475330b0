package io.sluice.bank.increase;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our EndToEndId inside a transfer's text, as payers have long written their reference: {@code /ROC/id//text}. Text of others is not taken
 * for a reference.
 */
final class RemittanceReference {

    /** The longest text that every rail carries. */
    private static final int LONGEST = 140;

    private static final Pattern WRITTEN = Pattern.compile("/ROC/([A-Z0-9-]{1,35})(//.*)?", Pattern.DOTALL);

    private RemittanceReference() {}

    /** The remittance is cut where the rail's room ends; the reference never. */
    static String write(String endToEndId, @Nullable String remittance) {
        String whole = "/ROC/" + endToEndId + (remittance == null ? "" : "//" + remittance);
        return whole.length() > LONGEST ? whole.substring(0, LONGEST) : whole;
    }

    static @Nullable String read(@Nullable String text) {
        Matcher written = WRITTEN.matcher(text == null ? "" : text);
        return written.matches() ? written.group(1) : null;
    }
}
