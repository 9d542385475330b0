package io.sluice.platform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** SHA-256 and name-based ids. */
public final class Hashes {

    /** Copied for each hash, which costs a fifth of asking the JDK's providers for one. */
    private static final MessageDigest SHA_256 = known("SHA-256");

    private static final MessageDigest SHA_1 = known("SHA-1");

    private Hashes() {}

    /** Lower-case hex. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest(SHA_256, bytes));
    }

    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** For what is too long to be in memory at once. */
    public static MessageDigest sha256() {
        return copy(SHA_256);
    }

    /** UUID version 5 (RFC 9562) of the parts joined by {@code |}, in a name space of ours: the same parts give the same id, always. */
    public static UUID uuid(String kind, String... parts) {
        byte[] hash =
                digest(SHA_1, ("sluice/" + kind + "|" + String.join("|", parts)).getBytes(StandardCharsets.UTF_8));
        hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /**
     * The first 16 bytes of the SHA-256 of all texts, each ended by a zero, which no text of PostgreSQL holds: an id that PostgreSQL computes,
     * too, without the extension that it needs for {@link #uuid}.
     */
    public static UUID sha256Uuid(List<String> texts) {
        ByteBuffer hash =
                ByteBuffer.wrap(digest(SHA_256, (String.join("\0", texts) + '\0').getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static byte[] digest(MessageDigest algorithm, byte[] bytes) {
        return copy(algorithm).digest(bytes);
    }

    private static MessageDigest copy(MessageDigest algorithm) {
        try {
            return (MessageDigest) algorithm.clone();
        } catch (CloneNotSupportedException e) { // a provider that computes elsewhere
            return known(algorithm.getAlgorithm());
        }
    }

    private static MessageDigest known(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }
}
