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
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies deliveries that carry one HMAC-SHA256 in one header: over the body, or over a time in milliseconds and the body.
 *
 * <p>Guarantee of {@link Verdict.Verified}: someone who holds one of the secrets signed exactly these bytes and, for a scheme with a time,
 * says to have sent them within {@link StandardWebhooks#TOLERANCE}. Not covered: a replay, which a scheme without a time lets pass for
 * ever; the inbox sees that it is the same event. Compared in constant time with every secret.
 */
public final class HmacSignature {

    private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,15}");
    private static final Duration TOLERANCE = StandardWebhooks.TOLERANCE;

    private final Scheme scheme;
    private final List<WebhookSecret> secrets;

    /** @param secrets every active one, the newest first; at least one */
    public HmacSignature(Scheme scheme, List<WebhookSecret> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("At least one webhook secret is needed");
        }
        this.scheme = scheme;
        this.secrets = List.copyOf(secrets);
    }

    /** Who signs how, by the banks' own documentation. */
    public enum Scheme {
        /** {@code x-signature}: hexadecimal, over {@code x-timestamp} in milliseconds and the body, nothing between them. */
        AIRWALLEX("x-signature", "x-timestamp", true),
        /** {@code HmacSignature}: base64 over the body (balance platform). */
        ADYEN("hmacsignature", null, false),
        /** {@code X-Signature}: hexadecimal over the body. */
        MODERN_TREASURY("x-signature", null, true);

        private final String signatureHeader;
        private final @Nullable String timestampHeader;
        private final boolean hexadecimal;

        Scheme(String signatureHeader, @Nullable String timestampHeader, boolean hexadecimal) {
            this.signatureHeader = signatureHeader;
            this.timestampHeader = timestampHeader;
            this.hexadecimal = hexadecimal;
        }

        private String written(byte[] mac) {
            return hexadecimal
                    ? HexFormat.of().formatHex(mac)
                    : Base64.getEncoder().encodeToString(mac);
        }
    }

    /** The signature as it stands in the header. {@code timestamp} is signed before the body; empty where the scheme has none. */
    public static String sign(Scheme scheme, WebhookSecret secret, String timestamp, byte[] body) {
        return scheme.written(secret.mac(timestamp.getBytes(StandardCharsets.UTF_8), body));
    }

    /** @param eventId finds the event's id in a body that is known to be genuine; may throw {@link io.sluice.bank.UnreadableMessage} */
    public Verdict verify(WebhookDelivery delivery, Instant now, Function<byte[], String> eventId) {
        String signature = SignedBody.signature(delivery, scheme.signatureHeader);
        if (signature == null) {
            return SignedBody.missing(scheme.signatureHeader);
        }
        String timestamp = "";
        Instant attemptedAt = now;
        if (scheme.timestampHeader != null) {
            timestamp = delivery.header(scheme.timestampHeader);
            if (timestamp == null || !MILLISECONDS.matcher(timestamp).matches()) {
                return new Refused(
                        Reason.TIMESTAMP_MALFORMED,
                        "Expected one header " + scheme.timestampHeader + " in milliseconds since 1970");
            }
            attemptedAt = Instant.ofEpochMilli(Long.parseLong(timestamp));
            Refused late = outOfWindow(attemptedAt, now);
            if (late != null) {
                return late;
            }
        }
        WebhookSecret signer = signer(signature, timestamp, delivery.body());
        return signer == null
                ? SignedBody.wrong()
                : SignedBody.verified(delivery.body(), attemptedAt, signer.keyId(), eventId);
    }

    private static @Nullable Refused outOfWindow(Instant attemptedAt, Instant now) {
        Duration age = Duration.between(attemptedAt, now);
        if (age.compareTo(TOLERANCE) > 0) {
            return new Refused(
                    Reason.TIMESTAMP_TOO_OLD, "Sent " + age.toSeconds() + " s ago, at most " + TOLERANCE.toSeconds());
        }
        if (age.negated().compareTo(TOLERANCE) > 0) {
            return new Refused(
                    Reason.TIMESTAMP_IN_FUTURE,
                    "Sent " + age.negated().toSeconds() + " s ahead, at most " + TOLERANCE.toSeconds());
        }
        return null;
    }

    private @Nullable WebhookSecret signer(String signature, String timestamp, byte[] body) {
        byte[] found = signature.getBytes(StandardCharsets.UTF_8);
        WebhookSecret signer = null;
        for (WebhookSecret secret : secrets) {
            byte[] expected = sign(scheme, secret, timestamp, body).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(expected, found) && signer == null) {
                signer = secret;
            }
        }
        return signer;
    }
}
