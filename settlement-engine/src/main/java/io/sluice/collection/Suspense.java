package io.sluice.collection;

import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Page;
import io.sluice.platform.Rejection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Money that nobody expected, until a person has said what becomes of it; each inflow is decided once. */
@Component
public class Suspense {

    /** What a person can say. */
    public enum Decision {
        /** It is a store's proceeds. */
        ASSIGNED,
        /** It goes back to where it came from. */
        RETURNED,
        /** Nobody said anything before its bank took it back. */
        TAKEN_BACK
    }

    /**
     * An inflow that waits.
     *
     * @param units minor units of the currency
     * @param decidedBy what made it unknown: a rule of the account's, or its default; null before there were rules
     * @param ageDays days of business time since it was booked
     * @param owner the role whose people decide it
     */
    public record Item(
            UUID inflowId,
            String account,
            long units,
            String currency,
            LocalDate valueDate,
            Instant bookedAt,
            @Nullable String decidedBy,
            long ageDays,
            String owner) {}

    private static final String OWNER = "TREASURY_OPERATOR";
    private static final String UNKNOWN =
            "select i.inflow_id, i.account, i.units, i.currency, i.value_date, i.booked_at, i.decided_by from inflow i"
                    + " where i.kind = 'UNKNOWN' ";

    private final JdbcClient db;
    private final BusinessClock clock;
    private final AuditLog audit;

    Suspense(JdbcClient db, BusinessClock clock, AuditLog audit) {
        this.db = db;
        this.clock = clock;
        this.audit = audit;
    }

    /** Those that wait, the oldest first. */
    public List<Item> waiting(int limit) {
        return db.sql(UNKNOWN + "and not i.reversed and not exists (select 1 from suspense_decision d"
                        + " where d.inflow_id = i.inflow_id) order by i.booked_at, i.inflow_id limit ?")
                .param(limit)
                .query(this::item)
                .list();
    }

    /** A page of those that wait, the oldest first. Throws {@link IllegalArgumentException} for a foreign cursor. */
    Page<Item> page(@Nullable String cursor, int limit) {
        int rows = Page.limit(limit);
        Page.Place after = Page.Place.after(cursor);
        List<Item> found = db.sql(UNKNOWN + "and not i.reversed and not exists (select 1 from suspense_decision d"
                        + " where d.inflow_id = i.inflow_id) and (i.booked_at, i.inflow_id::text collate \"C\") > (?, ?)"
                        + " order by i.booked_at, i.inflow_id limit ?")
                .params(after.at().atOffset(ZoneOffset.UTC), after.id(), rows + 1)
                .query(this::item)
                .list();
        return Page.ofPlaces(
                found,
                rows,
                item -> new Page.Place(item.bookedAt(), item.inflowId().toString()));
    }

    public long count() {
        return db.sql("select count(*) from inflow i where i.kind = 'UNKNOWN' and not i.reversed"
                        + " and not exists (select 1 from suspense_decision d where d.inflow_id = i.inflow_id)")
                .query(Long.class)
                .single();
    }

    /**
     * The inflow if it is, or was, in suspense.
     *
     * @throws Rejection {@code not-in-suspense} when there is no such inflow or it was never unknown; {@code taken-back} when the bank
     *     took the money back
     */
    public Item find(UUID inflowId) {
        Item item = db.sql(UNKNOWN + "and i.inflow_id = ?")
                .param(inflowId)
                .query(this::item)
                .optional()
                .orElseThrow(() -> new Rejection("not-in-suspense", "Inflow " + inflowId + " is not in suspense"));
        boolean takenBack = db.sql("select count(*) from inflow_reversal where inflow_id = ?")
                        .param(inflowId)
                        .query(Integer.class)
                        .single()
                > 0;
        if (takenBack) {
            throw new Rejection("taken-back", "The bank took inflow " + inflowId + " back");
        }
        return item;
    }

    /** Claims the decision in the caller's transaction; throws {@link Rejection} {@code already-decided} when there is one. */
    public void assign(UUID inflowId, String storeId, String by) {
        if (!claim(inflowId, Decision.ASSIGNED, storeId, by)) {
            throw alreadyDecided(inflowId);
        }
    }

    /**
     * As {@link #assign}; that it goes back can be said again, since the bank may have refused it: {@code true} when it was said before,
     * and the caller must know that nothing of it is under way.
     */
    public boolean sendBack(UUID inflowId, String by) {
        if (claim(inflowId, Decision.RETURNED, null, by)) {
            return false;
        }
        if (decision(inflowId) != Decision.RETURNED) {
            throw alreadyDecided(inflowId);
        }
        return true;
    }

    /** Its bank took it back: answers what a person had said before, and leaves nothing for anybody to say if nobody had. */
    public Decision takenBack(UUID inflowId) {
        claim(inflowId, Decision.TAKEN_BACK, null, "engine");
        return decision(inflowId);
    }

    /** What a second attempt is told. */
    public Rejection alreadyDecided(UUID inflowId) {
        String how = switch (decision(inflowId)) {
            case ASSIGNED -> "assigned to a store";
            case RETURNED -> "sent back to its sender";
            case TAKEN_BACK -> "taken back by the bank";
        };
        return new Rejection("already-decided", "Inflow " + inflowId + " was " + how + " before");
    }

    private Decision decision(UUID inflowId) {
        return db.sql("select decision from suspense_decision where inflow_id = ?")
                .param(inflowId)
                .query((rs, n) -> Decision.valueOf(rs.getString(1)))
                .single();
    }

    private boolean claim(UUID inflowId, Decision decision, @Nullable String storeId, String by) {
        int claimed = db.sql("insert into suspense_decision (inflow_id, decision, store_id, decided_by, decided_at)"
                        + " values (?, ?, ?, ?, ?) on conflict do nothing")
                .param(inflowId)
                .param(decision.name())
                .param(storeId)
                .param(by)
                .param(clock.now().atOffset(ZoneOffset.UTC))
                .update();
        if (claimed == 1) {
            audit.record(by, "DECIDE_SUSPENSE", inflowId + " " + decision);
        }
        return claimed == 1;
    }

    private Item item(ResultSet rs, int row) throws SQLException {
        Instant bookedAt = rs.getTimestamp(6).toInstant();
        LocalDate booked = bookedAt.atZone(ZoneOffset.UTC).toLocalDate();
        return new Item(
                rs.getObject(1, UUID.class),
                rs.getString(2),
                rs.getLong(3),
                rs.getString(4),
                rs.getObject(5, LocalDate.class),
                bookedAt,
                rs.getString(7),
                Math.max(0, clock.today().toEpochDay() - booked.toEpochDay()),
                OWNER);
    }
}
