package io.sluice.ledger.evidence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A seal over the events from one index to another, both included: {@code count} rows, gaps left out. Hashes are SHA-256 in lower-case
 * hex; {@code hash} covers every other part but the hints, and by {@code previous} every seal before.
 *
 * @param hints index and first eight bytes of the leaf of each row, eight bytes each
 */
record Seal(long number, long from, long to, int count, String root, String previous, String hash, byte[] hints) {

    static final String COLUMNS = "seal_no, from_index, to_index, count, merkle_root, prev_hash, hash, leaves";

    /** What the first seal follows. */
    static final String NONE = "0".repeat(64);

    private static final byte[] DOMAIN = "sluice/seal/1".getBytes(StandardCharsets.UTF_8);

    /** The seal that follows another, or is the first, over rows in the order of their index. */
    static Seal over(@Nullable Seal last, List<EventRow> rows) {
        long number = last == null ? 1 : last.number + 1;
        long from = last == null ? 1 : last.to + 1;
        long to = rows.getLast().index();
        String root = rootOf(rows);
        String previous = last == null ? NONE : last.hash;
        ByteBuffer hints = ByteBuffer.allocate(rows.size() * 2 * Long.BYTES);
        rows.forEach(row -> hints.putLong(row.index()).putLong(row.hint()));
        return new Seal(
                number,
                from,
                to,
                rows.size(),
                root,
                previous,
                hash(number, from, to, rows.size(), root, previous),
                hints.array());
    }

    static Seal of(ResultSet row) throws SQLException {
        return new Seal(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getBytes(8));
    }

    static String rootOf(List<EventRow> rows) {
        return SealHashes.hex(SealHashes.root(rows.stream().map(EventRow::leaf).toList()));
    }

    /** What its hash has to be. */
    String recomputed() {
        return hash(number, from, to, count, root, previous);
    }

    private static String hash(long number, long from, long to, int count, String root, String previous) {
        HexFormat hex = HexFormat.of();
        return SealHashes.hex(SealHashes.sha256(ByteBuffer.allocate(DOMAIN.length + 4 * Long.BYTES + 64)
                .put(DOMAIN)
                .putLong(number)
                .putLong(from)
                .putLong(to)
                .putLong(count)
                .put(hex.parseHex(root))
                .put(hex.parseHex(previous))
                .array()));
    }
}
