package io.sluice.bank.webhook;

import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Verifies deliveries that carry, in one header, base64 of an RSA signature (PKCS #1 v1.5, SHA-256) of the body: ClearBank's {@code
 * DigitalSignature}, Wise's {@code X-Signature-SHA256}.
 *
 * <p>Guarantee of {@link Verdict.Verified}: the holder of one of the bank's private keys signed exactly these bytes. Not covered: when, and
 * whether for the first time; the inbox sees that it is the same event.
 */
public final class RsaSignature {

    private final String header;
    private final List<BankPublicKey> keys;

    /** @param keys every active one of the bank, the newest first; at least one */
    public RsaSignature(String header, List<BankPublicKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("At least one public key of the bank is needed");
        }
        this.header = header.toLowerCase(Locale.ROOT);
        this.keys = List.copyOf(keys);
    }

    /** @param eventId finds the event's id in a body that is known to be genuine; may throw {@link io.sluice.bank.UnreadableMessage} */
    public Verdict verify(WebhookDelivery delivery, Instant now, Function<byte[], String> eventId) {
        String written = SignedBody.signature(delivery, header);
        if (written == null) {
            return SignedBody.missing(header);
        }
        byte[] signature;
        try {
            signature = Base64.getDecoder().decode(written);
        } catch (IllegalArgumentException e) {
            return SignedBody.wrong();
        }
        // One signature, one spelling: the decoder is lenient about padding and the last bits.
        if (!Base64.getEncoder().encodeToString(signature).equals(written)) {
            return SignedBody.wrong();
        }
        for (BankPublicKey key : keys) {
            if (key.verifies(signature, delivery.body())) {
                return SignedBody.verified(delivery.body(), now, key.keyId(), eventId);
            }
        }
        return SignedBody.wrong();
    }
}
