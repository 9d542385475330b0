package io.sluice.bank.webhook;

import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.Verdict.Reason;
import io.sluice.bank.Verdict.Refused;
import io.sluice.bank.WebhookDelivery;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the schemes share that sign the body alone and leave the event's id to what stands in it. */
final class SignedBody {

    private static final int LONGEST_SIGNATURE = 4_096;

    /** Visible ASCII and spaces: an id is stored and shown, and must not be read in two ways. */
    private static final Pattern ID = Pattern.compile("[ -~]{1,255}");

    private SignedBody() {}

    /** The only signature of the delivery; null where it is absent, blank, repeated or too long to be one. */
    static @Nullable String signature(WebhookDelivery delivery, String header) {
        String signature = delivery.header(header);
        return signature == null || signature.isBlank() || signature.length() > LONGEST_SIGNATURE ? null : signature;
    }

    static Refused missing(String header) {
        return new Refused(Reason.SIGNATURE_MISSING, "Expected one header " + header);
    }

    static Refused wrong() {
        return new Refused(Reason.SIGNATURE_WRONG, "The signature does not fit the body and one of our keys");
    }

    /**
     * The verdict for a genuine body. A body that does not tell its id is kept under its hash: it is the bank's, and is parked when it is
     * read.
     */
    static Verdict verified(byte[] body, Instant attemptedAt, String keyId, Function<byte[], String> eventId) {
        String id;
        try {
            id = eventId.apply(body);
        } catch (UnreadableMessage e) {
            id = "";
        }
        return new Verdict.Verified(ID.matcher(id).matches() ? id : "sha256:" + sha256(body), attemptedAt, keyId);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
