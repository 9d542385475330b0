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

    private Hashes() {}

    /** Lower-case hex. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256", bytes));
    }

    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** For what is too long to be in memory at once. */
    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    /** UUID version 5 (RFC 9562) of the parts joined by {@code |}, in a name space of ours: the same parts give the same id, always. */
    public static UUID uuid(String kind, String... parts) {
        byte[] hash =
                digest("SHA-1", ("sluice/" + kind + "|" + String.join("|", parts)).getBytes(StandardCharsets.UTF_8));
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
                ByteBuffer.wrap(digest("SHA-256", (String.join("\0", texts) + '\0').getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        return digest(algorithm).digest(bytes);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }
}
