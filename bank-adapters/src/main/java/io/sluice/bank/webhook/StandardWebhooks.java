package io.sluice.bank.webhook;

import io.sluice.bank.Verdict;
import io.sluice.bank.Verdict.Reason;
import io.sluice.bank.Verdict.Refused;
import io.sluice.bank.WebhookDelivery;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies deliveries of Standard Webhooks, version {@code v1} (symmetric).
 *
 * <p>Guarantee of {@link Verdict.Verified}: someone who holds one of the secrets signed this id, this timestamp and exactly these bytes,
 * and says to have sent them within the tolerance. Not covered: that it is the first time, and who of those that share the secret it was.
 * Signatures are compared in constant time, each with every secret; one that is right suffices, so that a sender can rotate.
 */
public final class StandardWebhooks {

    /** How far the sender's clock and ours may be apart, either way. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int MOST_SIGNATURES = 16;
    private static final int LONGEST_SIGNATURE_HEADER = 4_096;
    private static final String VERSION = "v1,";

    /** Visible ASCII without the dot, which separates the signed parts: with it, one signature would fit two readings. */
    private static final Pattern ID = Pattern.compile("[!-~&&[^.]]{1,255}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,15}");

    private final List<WebhookSecret> secrets;
    private final Duration tolerance;

    /** @param secrets every active one, the newest first; at least one */
    public StandardWebhooks(List<WebhookSecret> secrets) {
        this(secrets, TOLERANCE);
    }

    public StandardWebhooks(List<WebhookSecret> secrets, Duration tolerance) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("At least one webhook secret is needed");
        }
        this.secrets = List.copyOf(secrets);
        this.tolerance = tolerance;
    }

    /** The headers of one attempt to deliver {@code body}, by lower-case name. */
    public static Map<String, String> headers(WebhookSecret secret, String id, Instant attempt, byte[] body) {
        return Map.of(
                "webhook-id", id,
                "webhook-timestamp", Long.toString(attempt.getEpochSecond()),
                "webhook-signature", sign(secret, id, attempt, body));
    }

    /**
     * One signature as it stands in the header: {@code v1,} and base64.
     *
     * @throws IllegalArgumentException when the id could not be verified again
     */
    public static String sign(WebhookSecret secret, String id, Instant attempt, byte[] body) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("A webhook id is 1 to 255 visible characters without a dot");
        }
        return signature(secret, id, Long.toString(attempt.getEpochSecond()), body);
    }

    /** Whether the delivery is genuine and recent at {@code now}. Parses nothing but the headers. */
    public Verdict verify(WebhookDelivery delivery, Instant now) {
        String names = delivery.headers().keySet().stream().anyMatch(name -> name.startsWith("svix-"))
                        && delivery.headers().keySet().stream().noneMatch(name -> name.startsWith("webhook-"))
                ? "svix-"
                : "webhook-";
        String signatures = delivery.header(names + "signature");
        if (signatures == null || signatures.isBlank()) {
            return new Refused(Reason.SIGNATURE_MISSING, "Expected one header " + names + "signature");
        }
        String id = delivery.header(names + "id");
        if (id == null || !ID.matcher(id).matches()) {
            return new Refused(
                    Reason.EVENT_ID_MALFORMED,
                    "Expected one header " + names + "id of 1 to 255 visible characters without a dot");
        }
        String timestamp = delivery.header(names + "timestamp");
        if (timestamp == null || !SECONDS.matcher(timestamp).matches()) {
            return new Refused(
                    Reason.TIMESTAMP_MALFORMED, "Expected one header " + names + "timestamp in seconds since 1970");
        }
        Instant attemptedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
        Refused late = outOfWindow(attemptedAt, now);
        if (late != null) {
            return late;
        }
        WebhookSecret signer = signer(signatures, id, timestamp, delivery.body());
        return signer == null
                ? new Refused(Reason.SIGNATURE_WRONG, "No signature fits the body and one of our secrets")
                : new Verdict.Verified(id, attemptedAt, signer.keyId());
    }

    private @Nullable Refused outOfWindow(Instant attemptedAt, Instant now) {
        long ageSeconds = now.getEpochSecond() - attemptedAt.getEpochSecond();
        if (ageSeconds > tolerance.toSeconds()) {
            return new Refused(
                    Reason.TIMESTAMP_TOO_OLD, "Sent " + ageSeconds + " s ago, at most " + tolerance.toSeconds());
        }
        if (-ageSeconds > tolerance.toSeconds()) {
            return new Refused(
                    Reason.TIMESTAMP_IN_FUTURE, "Sent " + -ageSeconds + " s ahead, at most " + tolerance.toSeconds());
        }
        return null;
    }

    /** The secret that made one of the signatures. Every one is tried: the time tells nothing of which, or how nearly, one fits. */
    private @Nullable WebhookSecret signer(String header, String id, String timestamp, byte[] body) {
        if (header.length() > LONGEST_SIGNATURE_HEADER) {
            return null;
        }
        String[] signatures = header.strip().split(" +", MOST_SIGNATURES + 1);
        if (signatures.length > MOST_SIGNATURES) {
            return null;
        }
        WebhookSecret signer = null;
        for (WebhookSecret secret : secrets) {
            byte[] expected = ascii(signature(secret, id, timestamp, body));
            boolean fits = false;
            for (String signature : signatures) {
                fits |= MessageDigest.isEqual(expected, ascii(signature));
            }
            if (fits && signer == null) {
                signer = secret;
            }
        }
        return signer;
    }

    private static String signature(WebhookSecret secret, String id, String timestamp, byte[] body) {
        return VERSION + Base64.getEncoder().encodeToString(secret.mac(ascii(id + "." + timestamp + "."), body));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
