package io.sluice.bank.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key of 24 to 64 bytes (as text, up to 128) that a bank and we share. It shows itself to nobody: {@link #toString()} gives its {@link #keyId()} alone. */
public final class WebhookSecret {

    private static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final int MOST_CHARACTERS = 128;
    private static final int KEY_ID_DIGITS = 8;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final String keyId;

    private WebhookSecret(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, ALGORITHM);
        this.keyId = fingerprint(bytes);
    }

    /**
     * Reads {@code whsec_} and base64.
     *
     * @throws IllegalArgumentException when it has another form or length; the message does not repeat it
     */
    public static WebhookSecret parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("A webhook secret begins with " + PREFIX);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            // Without the cause: it would quote a character of the secret.
            throw new IllegalArgumentException("A webhook secret is base64 after " + PREFIX);
        }
        if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "A webhook secret has " + LEAST_BYTES + " to " + MOST_BYTES + " bytes, was " + bytes.length);
        }
        return new WebhookSecret(bytes);
    }

    /**
     * A secret whose text is the key, as some banks use it.
     *
     * @throws IllegalArgumentException unless it is 24 to 128 visible ASCII characters; the message does not repeat it
     */
    public static WebhookSecret text(String text) {
        if (!text.matches("[!-~]{" + LEAST_BYTES + "," + MOST_CHARACTERS + "}")) {
            throw new IllegalArgumentException("A webhook secret has " + LEAST_BYTES + " to " + MOST_CHARACTERS
                    + " visible ASCII characters, was " + text.length());
        }
        return of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * A secret written in hexadecimal digits.
     *
     * @throws IllegalArgumentException when it has another form or length; the message does not repeat it
     */
    public static WebhookSecret hex(String digits) {
        if (!digits.matches("([0-9A-Fa-f]{2}){" + LEAST_BYTES + "," + MOST_BYTES + "}")) {
            throw new IllegalArgumentException("A webhook secret has " + LEAST_BYTES + " to " + MOST_BYTES
                    + " bytes in hexadecimal digits, was " + digits.length() + " characters");
        }
        return of(HexFormat.of().parseHex(digits));
    }

    /** Any bytes: the public test vectors use keys that no bank would. */
    static WebhookSecret of(byte[] bytes) {
        return new WebhookSecret(bytes);
    }

    /** Tells two secrets apart without telling them: the first digits of a hash. */
    public String keyId() {
        return keyId;
    }

    byte[] mac(byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(head);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }

    private static String fingerprint(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).substring(0, KEY_ID_DIGITS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "WebhookSecret[" + keyId + "]";
    }
}
