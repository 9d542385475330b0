package io.sluice.bank.webhook;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** A bank's public RSA key of at least 2048 bits. */
public final class BankPublicKey {

    static final String ALGORITHM = "SHA256withRSA";
    private static final int LEAST_BITS = 2048;
    private static final int KEY_ID_DIGITS = 8;

    private final RSAPublicKey key;
    private final String keyId;

    private BankPublicKey(RSAPublicKey key) {
        this.key = key;
        this.keyId = SignedBody.sha256(key.getEncoded()).substring(0, KEY_ID_DIGITS);
    }

    /**
     * Reads PEM, {@code BEGIN PUBLIC KEY}.
     *
     * @throws IllegalArgumentException when it is none, no RSA key, or too short
     */
    public static BankPublicKey parse(String pem) {
        RSAPublicKey key;
        try {
            key = (RSAPublicKey)
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Pem.read(pem, "PUBLIC KEY")));
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new IllegalArgumentException("A bank's public key is an RSA key in PEM (BEGIN PUBLIC KEY)", e);
        }
        if (key.getModulus().bitLength() < LEAST_BITS) {
            throw new IllegalArgumentException("A bank's public key has at least " + LEAST_BITS + " bits, was "
                    + key.getModulus().bitLength());
        }
        return new BankPublicKey(key);
    }

    /** Tells two keys apart: the first digits of a hash. */
    public String keyId() {
        return keyId;
    }

    /** Whether {@code signature}, as base64, is this key's of {@code body}. */
    public boolean verifies(String signature, byte[] body) {
        try {
            return verifies(Base64.getDecoder().decode(signature), body);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    boolean verifies(byte[] signature, byte[] body) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(body);
            return check.verify(signature);
        } catch (SignatureException e) {
            return false; // not of the key's length
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "BankPublicKey[" + keyId + "]";
    }
}
