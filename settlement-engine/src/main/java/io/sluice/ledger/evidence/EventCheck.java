package io.sluice.ledger.evidence;

import io.sluice.chain.AnchoredSeals;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes every seal from the event rows, and the chain's word from the seals, and names what differs. It needs to read only: the
 * auditor's login is enough. It reads one state of the database, whatever an engine writes meanwhile, a seal at a time.
 */
public final class EventCheck {

    /** What can be wrong. */
    public enum Kind {
        /** The row has another content than when it was sealed. */
        EVENT_ALTERED,
        /** The row was there when it was sealed. */
        EVENT_DELETED,
        /** The row came into a run of the index that had been sealed without it. */
        EVENT_BACK_DATED,
        /** The rows are not those that were sealed, and what the seal keeps of them was changed too. */
        EVENTS_DIFFER,
        /** The seal itself was changed, or does not follow the one before. */
        SEAL_ALTERED,
        /** The chain holds other seals than the table does. */
        CHAIN_DIFFERS
    }

    /** One difference; {@code index} and {@code eventId} where it is of one row. */
    public record Finding(
            Kind kind,
            @Nullable Long seal,
            @Nullable Long index,
            @Nullable String eventId,
            String detail) {}

    /**
     * What was found.
     *
     * @param sealed events that a seal covers
     * @param unsealed events behind the last seal, usually of the last second
     * @param anchored number of the newest seal on chain; zero when none is, null when the chain was not asked
     * @param findings the first of them, at most {@value #MOST_FINDINGS}
     * @param further how many more there are
     */
    public record Report(
            long seals,
            long sealed,
            long unsealed,
            @Nullable Long anchored,
            List<Finding> findings,
            long further) {

        public boolean holds() {
            return findings.isEmpty();
        }
    }

    static final int MOST_FINDINGS = 100;
    private static final int FETCH = 500;

    private final List<Finding> findings = new ArrayList<>();
    private final @Nullable AnchoredSeals onChain;
    private AnchoredSeals chained = AnchoredSeals.NONE;
    private @Nullable Seal justAnchored;
    private long further;
    private long seals;
    private long sealed;
    private long unsealed;

    private EventCheck(@Nullable AnchoredSeals onChain) {
        this.onChain = onChain;
    }

    /**
     * Checks the books that the connection reads.
     *
     * @param onChain what the chain says of the seals; null to leave it out
     */
    public static Report run(Connection connection, @Nullable AnchoredSeals onChain) throws SQLException {
        EventCheck check = new EventCheck(onChain);
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        try {
            check.read(connection);
        } finally {
            connection.rollback();
        }
        return new Report(
                check.seals,
                check.sealed,
                check.unsealed,
                onChain == null ? null : onChain.last(),
                List.copyOf(check.findings),
                check.further);
    }

    private void read(Connection connection) throws SQLException {
        try (Statement sealRows = streaming(connection);
                Statement eventRows = streaming(connection);
                ResultSet seals = sealRows.executeQuery("select " + Seal.COLUMNS
                        + ", a.seal_no from event_seal left join seal_anchor a using (seal_no) order by 1");
                ResultSet events =
                        eventRows.executeQuery("select " + EventRow.COLUMNS + " from event order by global_index")) {
            @Nullable EventRow next = next(events);
            Seal last = null;
            while (seals.next()) {
                Seal seal = Seal.of(seals);
                List<EventRow> rows = new ArrayList<>(seal.count());
                while (next != null && next.index() <= seal.to()) {
                    rows.add(next);
                    next = next(events);
                }
                check(seal, last, rows);
                if (seals.getObject(9) != null) {
                    chained = chained.and(seal.number(), seal.recomputed());
                } else if (onChain != null && seal.number() == onChain.last()) {
                    justAnchored = seal; // the chain was asked after the engine had last read it
                }
                last = seal;
            }
            for (; next != null; next = next(events)) {
                unsealed++;
            }
        }
        if (justAnchored != null) {
            chained = chained.and(justAnchored.number(), justAnchored.recomputed());
        }
        if (onChain != null && !onChain.equals(chained)) {
            found(
                    Kind.CHAIN_DIFFERS,
                    null,
                    null,
                    null,
                    "the chain's last seal is " + onChain.last() + " under " + onChain.chained()
                            + ", the anchored seals here end with " + chained.last() + " under " + chained.chained());
        }
    }

    private static Statement streaming(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.setFetchSize(FETCH);
        return statement;
    }

    private static @Nullable EventRow next(ResultSet events) throws SQLException {
        return events.next() ? EventRow.of(events) : null;
    }

    private void check(Seal seal, @Nullable Seal last, List<EventRow> rows) {
        seals++;
        sealed += rows.size();
        long number = last == null ? 1 : last.number() + 1;
        long from = last == null ? 1 : last.to() + 1;
        String previous = last == null ? Seal.NONE : last.hash();
        if (seal.number() != number || seal.from() != from || !seal.previous().equals(previous)) {
            found(
                    Kind.SEAL_ALTERED,
                    seal.number(),
                    null,
                    null,
                    "it does not follow the seal before: found number "
                            + seal.number() + " from index " + seal.from() + " after " + seal.previous() + ", expected "
                            + number
                            + " from " + from + " after " + previous);
        }
        if (!seal.hash().equals(seal.recomputed())) {
            found(
                    Kind.SEAL_ALTERED,
                    seal.number(),
                    null,
                    null,
                    "its hash is " + seal.hash() + ", recomputed " + seal.recomputed());
        }
        if (rows.size() != seal.count() || !Seal.rootOf(rows).equals(seal.root())) {
            name(seal, rows);
        }
    }

    /** By the hints; when these give no answer they were changed too. */
    private void name(Seal seal, List<EventRow> rows) {
        int before = findings.size();
        Map<Long, Long> hints = new HashMap<>();
        ByteBuffer kept = ByteBuffer.wrap(seal.hints());
        while (kept.remaining() >= 2 * Long.BYTES) {
            hints.put(kept.getLong(), kept.getLong());
        }
        for (EventRow row : rows) {
            Long hint = hints.remove(row.index());
            if (hint == null) {
                found(
                        Kind.EVENT_BACK_DATED,
                        seal.number(),
                        row.index(),
                        row.eventId(),
                        "it was not there when seal " + seal.number() + " was made");
            } else if (hint != row.hint()) {
                found(
                        Kind.EVENT_ALTERED,
                        seal.number(),
                        row.index(),
                        row.eventId(),
                        "its content is not what seal " + seal.number() + " covers");
            }
        }
        hints.keySet().stream()
                .sorted()
                .forEach(index -> found(
                        Kind.EVENT_DELETED,
                        seal.number(),
                        index,
                        null,
                        "it was there when seal " + seal.number() + " was made"));
        if (findings.size() == before && further == 0) {
            found(
                    Kind.EVENTS_DIFFER,
                    seal.number(),
                    null,
                    null,
                    rows.size() + " events have the root " + Seal.rootOf(rows) + ", seal " + seal.number() + " covers "
                            + seal.count() + " under " + seal.root());
        }
    }

    private void found(Kind kind, @Nullable Long seal, @Nullable Long index, @Nullable String eventId, String detail) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(new Finding(kind, seal, index, eventId, detail));
        } else {
            further++;
        }
    }
}
