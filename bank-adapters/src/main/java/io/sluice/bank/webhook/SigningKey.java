package io.sluice.bank.webhook;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Our private RSA key towards a bank, of at least 2048 bits. It shows itself to nobody. */
public final class SigningKey {

    private static final int LEAST_BITS = 2048;

    private final RSAPrivateKey key;

    private SigningKey(RSAPrivateKey key) {
        this.key = key;
    }

    /**
     * Reads PEM of PKCS #8, {@code BEGIN PRIVATE KEY}.
     *
     * @throws IllegalArgumentException when it is none, no RSA key, or too short; the message does not repeat it
     */
    public static SigningKey parse(String pem) {
        RSAPrivateKey key;
        try {
            key = (RSAPrivateKey) KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Pem.read(pem, "PRIVATE KEY")));
        } catch (GeneralSecurityException | ClassCastException e) {
            // Without the cause: it could quote the key.
            throw new IllegalArgumentException("A signing key is an RSA key in PEM of PKCS #8 (BEGIN PRIVATE KEY)");
        }
        if (key.getModulus().bitLength() < LEAST_BITS) {
            throw new IllegalArgumentException("A signing key has at least " + LEAST_BITS + " bits, was "
                    + key.getModulus().bitLength());
        }
        return new SigningKey(key);
    }

    /** Base64 of the RSA signature (PKCS #1 v1.5, SHA-256) of these bytes; the same bytes give the same signature. */
    public String sign(byte[] body) {
        try {
            Signature signature = Signature.getInstance(BankPublicKey.ALGORITHM);
            signature.initSign(key);
            signature.update(body);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + BankPublicKey.ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[…]";
    }
}
