package io.sluice.collection;

import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What was delivered and is not yet read. A delivery is kept, with its bytes, by one committed transaction before anybody is told that
 * we have it; it leaves the inbox by the transaction that acted on it.
 */
@Component
public class Inbox {

    /** What keeping a delivery came to. */
    public enum Kept {
        NEW,
        /** The same bytes under the same id were here before. */
        REPEATED,
        /** The same id came with other bytes: both are kept, nothing is acted on, somebody must look. */
        CONFLICT
    }

    enum Kind {
        WEBHOOK,
        CAMT
    }

    record Item(long inboxId, String source, String bodySha256, Kind kind, int attempts) {}

    /**
     * A delivery as people see it.
     *
     * @param source the bank that posted it, or folder
     * @param state NEW, DONE, or PARKED with a reason
     */
    public record Delivery(
            long id,
            String source,
            String kind,
            String state,
            @Nullable String reason,
            int attempts,
            int bytes,
            String sha256,
            Instant receivedAt) {}

    private static final String DELIVERY =
            "select inbox_id, i.source, kind, state, reason, attempts, length, body_sha256,"
                    + " i.received_at from inbox i join raw_evidence e on e.sha256 = i.body_sha256 ";

    private final JdbcClient db;
    private final Evidence evidence;
    private final Transactions transactions;

    Inbox(JdbcClient db, Evidence evidence, Transactions transactions) {
        this.db = db;
        this.evidence = evidence;
        this.transactions = transactions;
    }

    Kept keep(String source, String eventId, Kind kind, byte[] body) {
        return transactions.in(() -> {
            String sha256 = evidence.keep(source, body);
            int inserted = db.sql("insert into inbox (source, event_id, body_sha256, kind) values (?, ?, ?, ?)"
                            + " on conflict (source, event_id) do nothing")
                    .params(source, eventId, sha256, kind.name())
                    .update();
            if (inserted == 1) {
                return Kept.NEW;
            }
            int conflicts = db.sql("insert into inbox_conflict (inbox_id, body_sha256)"
                            + " select inbox_id, ? from inbox where source = ? and event_id = ? and body_sha256 <> ?"
                            + " on conflict do nothing")
                    .params(sha256, source, eventId, sha256)
                    .update();
            boolean same = conflicts == 0
                    && db.sql("select count(*) from inbox where source = ? and event_id = ? and body_sha256 = ?")
                                    .params(source, eventId, sha256)
                                    .query(Integer.class)
                                    .single()
                            == 1;
            return same ? Kept.REPEATED : Kept.CONFLICT;
        });
    }

    /** A CAMT file by its content: the same bytes twice are one delivery. */
    Kept keepFile(String source, byte[] body) {
        return keep(source, Hashes.sha256(body), Kind.CAMT, body);
    }

    /** The oldest unread, locked for this transaction so that no two workers read one. */
    List<Item> take(int limit) {
        return db.sql("select inbox_id, source, body_sha256, kind, attempts from inbox where state = 'NEW'"
                        + " order by inbox_id limit ? for update skip locked")
                .param(limit)
                .query((rs, n) -> new Item(
                        rs.getLong(1), rs.getString(2), rs.getString(3), Kind.valueOf(rs.getString(4)), rs.getInt(5)))
                .list();
    }

    void done(List<Long> inboxIds) {
        if (!inboxIds.isEmpty()) {
            db.sql("update inbox set state = 'DONE', reason = null where inbox_id = any(:ids)")
                    .param("ids", inboxIds.toArray(Long[]::new))
                    .update();
        }
    }

    /** Kept for a person, with the reason; it holds up nothing behind it. */
    void park(long inboxId, String reason) {
        db.sql("update inbox set state = 'PARKED', reason = ? where inbox_id = ?")
                .params(reason, inboxId)
                .update();
    }

    int failed(long inboxId) {
        return db.sql("update inbox set attempts = attempts + 1 where inbox_id = ? returning attempts")
                .param(inboxId)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    Optional<byte[]> body(Item item) {
        return evidence.find(item.bodySha256());
    }

    /** The parked ones, newest first, older than {@code before}. */
    List<Delivery> parked(long before, int limit) {
        return db.sql(DELIVERY + "where state = 'PARKED' and inbox_id < ? order by inbox_id desc limit ?")
                .params(before, limit)
                .query(Inbox::delivery)
                .list();
    }

    Optional<Delivery> delivery(long inboxId) {
        return db.sql(DELIVERY + "where inbox_id = ?")
                .param(inboxId)
                .query(Inbox::delivery)
                .optional();
    }

    /** A parked delivery is read again from the start; false when it is not parked. */
    boolean unpark(long inboxId) {
        return db.sql("update inbox set state = 'NEW', attempts = 0, reason = null"
                                + " where inbox_id = ? and state = 'PARKED'")
                        .param(inboxId)
                        .update()
                == 1;
    }

    private static Delivery delivery(ResultSet rs, int n) throws SQLException {
        return new Delivery(
                rs.getLong(1),
                rs.getString(2),
                rs.getString(3),
                rs.getString(4),
                rs.getString(5),
                rs.getInt(6),
                rs.getInt(7),
                rs.getString(8),
                rs.getTimestamp(9).toInstant());
    }
}
