package io.sluice.ledger.evidence;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored, every column, in the order of {@link #COLUMNS}.
 *
 * @param leaf SHA-256 of a zero byte and all columns, each as a byte that says whether it is there, its length in four bytes and its
 *     bytes; numbers in eight bytes, big-endian, text in UTF-8
 * @param writtenBy the transaction that wrote it
 */
record EventRow(long index, String eventId, Instant occurredAt, long writtenBy, byte[] leaf) {

    static final String COLUMNS =
            "global_index, event_id, aggregate_id, sequence_no, aggregate_type, occurred_at, payload_type,"
                    + " payload_revision, payload, meta_data, written_by::text";

    static EventRow of(ResultSet row) throws SQLException {
        MessageDigest leaf = SealHashes.sha256();
        try (DataOutputStream out =
                new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), leaf))) {
            out.writeByte(0);
            number(out, row.getLong(1));
            text(out, row.getString(2));
            text(out, row.getString(3));
            number(out, row.getLong(4));
            for (int column = 5; column <= 8; column++) {
                text(out, row.getString(column));
            }
            put(out, row.getBytes(9));
            put(out, row.getBytes(10));
            long writtenBy = Long.parseUnsignedLong(row.getString(11));
            number(out, writtenBy);
            return new EventRow(
                    row.getLong(1), row.getString(2), Instant.parse(row.getString(6)), writtenBy, leaf.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The start of the leaf that a seal keeps. */
    long hint() {
        return SealHashes.firstLong(leaf);
    }

    private static void number(DataOutputStream out, long value) throws IOException {
        out.writeByte(1);
        out.writeInt(Long.BYTES);
        out.writeLong(value);
    }

    private static void text(DataOutputStream out, @Nullable String value) throws IOException {
        put(out, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(DataOutputStream out, byte @Nullable [] value) throws IOException {
        out.writeByte(value == null ? 0 : 1);
        if (value != null) {
            out.writeInt(value.length);
            out.write(value);
        }
    }
}
