package io.sluice.platform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Raw bytes and personal data, kept encrypted and found by their SHA-256 or by a name. AES-256-GCM under a key per source and month, or
 * per person; keys sit in a table of their own, and destroying one erases what it protects while every hash stays. The key's name is
 * the associated data: a row moved under another key does not open.
 */
@Component
public class Evidence {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final JdbcClient db;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Evidence(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    /**
     * Bytes to be kept.
     *
     * @param source who sent them: they are sealed under its key of the month
     */
    public record Piece(String source, byte[] bytes) {}

    /** Keeps bytes under their hash, which it answers; keeping the same bytes again changes nothing. Joins the caller's transaction. */
    public String keep(String source, byte[] bytes) {
        return keep(List.of(new Piece(source, bytes))).getFirst();
    }

    /** As many at once: the hash of each, in their order. */
    public List<String> keep(List<Piece> pieces) {
        YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        Map<String, SecretKey> keys = new HashMap<>();
        List<String> hashes = new ArrayList<>();
        SortedMap<String, Piece> byHash =
                new TreeMap<>(); // in one order, so that two who keep the same wait and do not deadlock
        for (Piece piece : pieces) {
            String sha256 = Hashes.sha256(piece.bytes());
            hashes.add(sha256);
            byHash.putIfAbsent(sha256, piece);
        }
        List<String> keyNames = new ArrayList<>();
        List<byte[]> sealed = new ArrayList<>();
        for (Piece piece : byHash.values()) {
            String keyName = piece.source() + "/" + month;
            keyNames.add(keyName);
            sealed.add(seal(keyName, keys.computeIfAbsent(keyName, this::keyFor), piece.bytes()));
        }
        db.sql(
                        "insert into raw_evidence (sha256, source, key_name, sealed, length) select * from"
                                + " unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::int[]) on conflict (sha256) do nothing")
                .params(
                        byHash.keySet().toArray(String[]::new),
                        byHash.values().stream().map(Piece::source).toArray(String[]::new),
                        keyNames.toArray(String[]::new),
                        sealed.toArray(byte[][]::new),
                        byHash.values().stream()
                                .map(piece -> piece.bytes().length)
                                .toArray(Integer[]::new))
                .update();
        return hashes;
    }

    /** The bytes with this hash; empty when never kept, or when their key was destroyed. */
    public Optional<byte[]> find(String sha256) {
        record Row(String keyName, byte[] sealed) {}
        return db.sql("select key_name, sealed from raw_evidence where sha256 = ?")
                .param(sha256)
                .query((rs, n) -> new Row(rs.getString(1), rs.getBytes(2)))
                .optional()
                .flatMap(row -> open(row.keyName(), row.sealed()));
    }

    /** Encrypts under a named key, made at first use. */
    public byte[] seal(String keyName, byte[] plain) {
        return seal(keyName, keyFor(keyName), plain);
    }

    private byte[] seal(String keyName, SecretKey key, byte[] plain) {
        try {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(keyName.getBytes(StandardCharsets.UTF_8));
            byte[] sealed = cipher.doFinal(plain);
            return ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Encryption failed under key " + keyName, e);
        }
    }

    /** Decrypts; empty when the key was destroyed. A changed or moved ciphertext is a defect and throws. */
    public Optional<byte[]> open(String keyName, byte[] sealed) {
        SecretKey key = existing(keyName);
        if (key == null) {
            return Optional.empty();
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE));
            cipher.updateAAD(keyName.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(sealed, NONCE, sealed.length - NONCE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("What is stored under key " + keyName + " was altered", e);
        }
    }

    private SecretKey keyFor(String name) {
        SecretKey key = existing(name);
        if (key != null) {
            return key;
        }
        byte[] fresh = new byte[32];
        random.nextBytes(fresh);
        db.sql("insert into data_key (name, key) values (?, ?) on conflict (name) do nothing")
                .params(name, fresh)
                .update();
        byte[] stored = db.sql("select key from data_key where name = ?")
                .param(name)
                .query(byte[].class)
                .single();
        return new SecretKeySpec(stored, "AES");
    }

    private @Nullable SecretKey existing(String name) {
        return db.sql("select key from data_key where name = ?")
                .param(name)
                .query(byte[].class)
                .optional()
                .map(bytes -> (SecretKey) new SecretKeySpec(bytes, "AES"))
                .orElse(null);
    }
}
