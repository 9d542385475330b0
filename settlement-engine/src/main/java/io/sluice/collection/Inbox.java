package io.sluice.collection;

import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
     * @param state NEW, FETCH while its bank is asked for what it names, DONE, or PARKED with a reason
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
    private final WorkList work;

    Inbox(JdbcClient db, Evidence evidence, Transactions transactions, WorkList work) {
        this.db = db;
        this.evidence = evidence;
        this.transactions = transactions;
        this.work = work;
    }

    /**
     * Something delivered, to be kept.
     *
     * @param repeated what of the body the bank repeats when it repeats the event: this is compared, the body is kept
     */
    record Arrival(String source, String eventId, Kind kind, byte[] body, byte[] repeated) {

        private Event event() {
            return new Event(source, eventId);
        }
    }

    private record Event(String source, String eventId) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return Comparator.comparing(Event::source)
                    .thenComparing(Event::eventId)
                    .compare(this, other);
        }
    }

    Kept keep(String source, String eventId, Kind kind, byte[] body) {
        return keep(List.of(new Arrival(source, eventId, kind, body, body))).getFirst();
    }

    /** What keeping each came to, in their order, which is the order in which they arrived. Two statements when nothing is repeated. */
    List<Kept> keep(List<Arrival> arrivals) {
        return transactions.in(() -> {
            List<String> hashes = evidence.keep(arrivals.stream()
                    .map(arrival -> new Evidence.Piece(arrival.source(), arrival.body()))
                    .toList());
            Set<Event> fresh = insert(arrivals, hashes);
            List<Kept> kept = new ArrayList<>();
            Map<Event, String> known = Map.of();
            for (int i = 0; i < arrivals.size(); i++) {
                Arrival arrival = arrivals.get(i);
                if (fresh.remove(arrival.event())) {
                    kept.add(Kept.NEW);
                    continue;
                }
                known = known.isEmpty() ? known(arrivals) : known;
                if (compared(arrival, hashes.get(i)).equals(known.get(arrival.event()))) {
                    kept.add(Kept.REPEATED);
                } else {
                    conflict(arrival, hashes.get(i));
                    kept.add(Kept.CONFLICT);
                }
            }
            return kept;
        });
    }

    /** Those that were not here before; of two with one id, the first is kept. */
    private Set<Event> insert(List<Arrival> arrivals, List<String> hashes) {
        SortedMap<Event, Integer> first =
                new TreeMap<>(); // in one order, so that two who keep the same wait and do not deadlock
        for (int i = 0; i < arrivals.size(); i++) {
            first.putIfAbsent(arrivals.get(i).event(), i);
        }
        int[] rows = first.values().stream().mapToInt(i -> i).toArray();
        List<Event> fresh = db.sql("""
                        insert into inbox (source, event_id, body_sha256, kind, repeated_sha256)
                        select source, event_id, sha256, kind, nullif(repeated, sha256)
                        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                            as arrival(source, event_id, sha256, kind, repeated)
                        on conflict (source, event_id) do nothing returning source, event_id
                        """)
                .params(
                        column(rows, i -> arrivals.get(i).source()),
                        column(rows, i -> arrivals.get(i).eventId()),
                        column(rows, hashes::get),
                        column(rows, i -> arrivals.get(i).kind().name()),
                        column(rows, i -> compared(arrivals.get(i), hashes.get(i))))
                .query((rs, n) -> new Event(rs.getString(1), rs.getString(2)))
                .list();
        return new HashSet<>(fresh);
    }

    /** What the bank repeats of each of these that are in the inbox, by its hash. */
    private Map<Event, String> known(List<Arrival> arrivals) {
        Map<Event, String> known = new HashMap<>();
        db.sql("select source, event_id, coalesce(repeated_sha256, body_sha256) from inbox"
                        + " join unnest(?::text[], ?::text[]) as arrival(source, event_id) using (source, event_id)")
                .params(
                        arrivals.stream().map(Arrival::source).toArray(String[]::new),
                        arrivals.stream().map(Arrival::eventId).toArray(String[]::new))
                .query(rs -> {
                    known.put(new Event(rs.getString(1), rs.getString(2)), rs.getString(3));
                });
        return known;
    }

    private void conflict(Arrival arrival, String sha256) {
        int conflicts = db.sql("insert into inbox_conflict (inbox_id, body_sha256)"
                        + " select inbox_id, ? from inbox where source = ? and event_id = ? on conflict do nothing")
                .params(sha256, arrival.source(), arrival.eventId())
                .update();
        if (conflicts == 1) {
            tell(arrival.source(), arrival.eventId(), sha256);
        }
    }

    private static String compared(Arrival arrival, String sha256) {
        return arrival.repeated() == arrival.body() ? sha256 : Hashes.sha256(arrival.repeated());
    }

    private static String[] column(int[] rows, IntFunction<String> value) {
        return IntStream.of(rows).mapToObj(value).toArray(String[]::new);
    }

    private void tell(String source, String eventId, String otherSha256) {
        String event = Hashes.sha256(source + "|" + eventId).substring(0, 16);
        work.open(
                "CONFLICT-" + event + "-" + otherSha256.substring(0, 16),
                "PARKED",
                otherSha256,
                "Bank " + source + " delivered " + eventId
                        + " again with other content: ask it which holds; both are kept, and only"
                        + " the first is acted on",
                "engine");
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
                .query(Inbox::item)
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

    /** They name what their bank must be asked for. */
    void toFetch(List<Long> inboxIds) {
        if (!inboxIds.isEmpty()) {
            db.sql("update inbox set state = 'FETCH', attempts = 0, next_try_at = now() where inbox_id = any(:ids)")
                    .param("ids", inboxIds.toArray(Long[]::new))
                    .update();
        }
    }

    /** Those to be asked for that are due, the longest due first; nobody else asks for them until the lease ends. */
    List<Item> leaseFetches(int limit, Duration lease) {
        return db.sql("update inbox set attempts = attempts + 1, next_try_at = now() + make_interval(secs => ?)"
                        + " where inbox_id in (select inbox_id from inbox where state = 'FETCH' and next_try_at <= now()"
                        + " order by next_try_at, inbox_id limit ? for update skip locked)"
                        + " returning inbox_id, source, body_sha256, kind, attempts")
                .params(lease.toSeconds(), limit)
                .query(Inbox::item)
                .list();
    }

    /** Whether this lease still holds; locks the delivery for this transaction. */
    boolean holds(Item leased) {
        return db.sql("select inbox_id from inbox where inbox_id = ? and state = 'FETCH' and attempts = ? for update")
                .params(leased.inboxId(), leased.attempts())
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** The bank is asked again after a while; the reason is for whoever looks meanwhile. */
    void fetchLater(long inboxId, Duration after, String reason) {
        db.sql("update inbox set next_try_at = now() + make_interval(secs => ?), reason = ? where inbox_id = ?")
                .params(after.toSeconds(), reason, inboxId)
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

    private static Item item(ResultSet rs, int n) throws SQLException {
        return new Item(rs.getLong(1), rs.getString(2), rs.getString(3), Kind.valueOf(rs.getString(4)), rs.getInt(5));
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
