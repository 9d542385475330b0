package io.sluice.reconciliation;

import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.Page;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What does not agree, with its reason and since when. */
@Component
public class Breaks {

    public record Break(UUID breakId, String type, String account, String subject, String detail, LocalDate raisedOn) {}

    private static final String OPEN =
            "select break_id, type, account, subject, detail, raised_on from reconciliation_break where resolved_on is null ";

    private final JdbcClient db;
    private final BusinessClock clock;
    private final AuditLog audit;
    private final Transactions transactions;

    Breaks(JdbcClient db, BusinessClock clock, AuditLog audit, Transactions transactions) {
        this.db = db;
        this.clock = clock;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** Raises a break once per subject, in the caller's transaction. */
    void raise(String type, String account, String subject, String detail, LocalDate day) {
        db.sql(
                        "insert into reconciliation_break (break_id, type, account, subject, detail, raised_on) values (?, ?, ?, ?, ?, ?)"
                                + " on conflict do nothing")
                .params(Hashes.uuid("break", type, subject), type, account, subject, detail, day)
                .update();
    }

    /** It agrees after all, in the caller's transaction. */
    void resolve(String type, String subject, LocalDate day) {
        db.sql("update reconciliation_break set resolved_on = ? where break_id = ? and resolved_on is null")
                .params(day, Hashes.uuid("break", type, subject))
                .update();
    }

    public List<Break> open() {
        return db.sql(OPEN + "order by raised_on, type, break_id limit 200")
                .query(Break.class)
                .list();
    }

    /** A page of those that are open, the oldest first. */
    Page<Break> page(@Nullable String cursor, int limit) {
        int rows = Page.limit(limit);
        Page.Place after = Page.Place.after(cursor);
        List<Break> found = db.sql(OPEN + "and (raised_on, break_id::text collate \"C\") > (?, ?)"
                        + " order by raised_on, break_id limit ?")
                .params(LocalDate.ofInstant(after.at(), ZoneOffset.UTC), after.id(), rows + 1)
                .query(Break.class)
                .list();
        return Page.ofPlaces(
                found,
                rows,
                one -> new Page.Place(
                        one.raisedOn().atStartOfDay(ZoneOffset.UTC).toInstant(),
                        one.breakId().toString()));
    }

    /**
     * Somebody has found out why it does not agree, and says so; the books are not changed by it.
     *
     * @throws Rejection {@code note-missing}, {@code no-such-break} when none of this id is open
     */
    public void resolve(UUID breakId, String note, String by) {
        if (note.isBlank()) {
            throw new Rejection("note-missing", "Say in a few words how it was dealt with");
        }
        transactions.run(() -> {
            int resolved = db.sql("update reconciliation_break set resolved_on = ?, resolved_by = ?, note = ?"
                            + " where break_id = ? and resolved_on is null")
                    .params(clock.today(), by, note.strip(), breakId)
                    .update();
            if (resolved == 0) {
                throw new Rejection("no-such-break", "No break " + breakId + " is open");
            }
            audit.record(by, "RESOLVE_BREAK", breakId.toString());
        });
    }
}
