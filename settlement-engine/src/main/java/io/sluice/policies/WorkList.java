package io.sluice.policies;

import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Page;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What waits for a second person. An item names the content it is about by hash: an approval of other content is refused. */
@Component
public class WorkList {

    /**
     * One thing that waits.
     *
     * @param madeBy who has put it forward, or has put it forward again after it was declined
     * @param mayBeDeclined whether a person has put it forward, and nothing is lost when it is not to be
     */
    public record Item(
            String itemId,
            String kind,
            String hash,
            String summary,
            String madeBy,
            Instant madeAt,
            boolean mayBeDeclined) {}

    /** A capability that has things approved. */
    public interface Approvable {

        /** The kind of its items, such as RULE. */
        String kind();

        /** Approves; throws {@link Rejection} when it may not be. Runs in the transaction that closes the item. */
        void approve(String itemId, String hash, String approver);

        /** Whether an item can be declined: what it asks for is then as if nobody had put it forward, and can be put forward again. */
        default boolean mayBeDeclined() {
            return false;
        }
    }

    /** The kind of items that only tell. */
    private static final String TOLD = "PARKED";

    private static final String ITEM =
            "select item_id, kind, hash, summary, coalesce(again_by, made_by), made_at from work_item ";

    private final JdbcClient db;
    private final BusinessClock clock;
    private final AuditLog audit;
    private final Transactions transactions;
    private final ObjectProvider<Approvable> approvables;

    WorkList(
            JdbcClient db,
            BusinessClock clock,
            AuditLog audit,
            Transactions transactions,
            ObjectProvider<Approvable> approvables) {
        this.db = db;
        this.clock = clock;
        this.audit = audit;
        this.transactions = transactions;
        this.approvables = approvables;
    }

    /**
     * Puts something on the list, in the caller's transaction; putting it there again changes nothing, unless it was {@link #decline
     * declined} meanwhile: then it waits once more.
     */
    public void open(String itemId, String kind, String hash, String summary, String madeBy) {
        db.sql("insert into work_item (item_id, kind, hash, summary, made_by, made_at, state)"
                        + " values (?, ?, ?, ?, ?, ?, 'OPEN') on conflict (item_id) do update"
                        + " set state = 'OPEN', again_by = excluded.made_by, done_by = null, note = null"
                        + " where work_item.state = 'DECLINED'")
                .params(itemId, kind, hash, summary, madeBy, clock.now().atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * Tells of something that nobody has to approve and that somebody should know, in the caller's transaction. Telling it again gives it
     * its newest words; it stands until it is {@link #withdraw withdrawn}, or for good until somebody {@link #dismiss dismisses} it.
     */
    public void tell(String itemId, String hash, String summary) {
        db.sql("insert into work_item (item_id, kind, hash, summary, made_by, made_at, state)"
                        + " values (?, ?, ?, ?, 'engine', ?, 'OPEN') on conflict (item_id) do update"
                        + " set summary = excluded.summary, state = 'OPEN', done_by = null"
                        + " where work_item.state = 'OPEN' or work_item.done_by = 'engine'")
                .params(itemId, TOLD, hash, summary, clock.now().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Tells as {@link #tell} does, also when somebody has dismissed it: it has happened once more since. */
    public void tellAgain(String itemId, String hash, String summary) {
        db.sql("update work_item set done_by = 'engine' where item_id = ? and kind = ? and state = 'DONE'")
                .params(itemId, TOLD)
                .update();
        tell(itemId, hash, summary);
    }

    /** What was told is over by itself. */
    public void withdraw(String itemId) {
        db.sql("update work_item set state = 'DONE', done_by = 'engine' where item_id = ? and state = 'OPEN'")
                .param(itemId)
                .update();
    }

    /**
     * What was put forward is not to be, says who may approve it; or who made it takes it back.
     *
     * @param approver whether {@code by} may approve
     * @throws Rejection {@code no-such-item}; {@code note-missing}; {@code not-to-decline} for what stands until its cause is gone; {@code
     *     not-yours}
     */
    public void decline(String itemId, String note, String by, boolean approver) {
        if (note.isBlank()) {
            throw new Rejection("note-missing", "note: found nothing, expected in a few words why not");
        }
        transactions.run(() -> {
            Item item = waiting(itemId);
            if (!item.mayBeDeclined()) {
                throw new Rejection("not-to-decline", "What the engine asks for stands until its cause is gone");
            }
            if (!approver && !item.madeBy().equals(by)) {
                throw new Rejection("not-yours", "An approver declines it, or " + item.madeBy() + " takes it back");
            }
            db.sql("update work_item set state = 'DECLINED', done_by = ?, note = ? where item_id = ?")
                    .params(by, note.strip(), itemId)
                    .update();
            audit.record(by, "DECLINE_ITEM", itemId);
        });
    }

    private Item waiting(String itemId) {
        return db.sql(ITEM + "where item_id = ? and state = 'OPEN' for update")
                .param(itemId)
                .query(items())
                .optional()
                .orElseThrow(() -> new Rejection("no-such-item", "Nothing of this id waits for approval"));
    }

    /** Somebody has dealt with what was told, and says how. What waits for an approval cannot be dismissed. */
    public void dismiss(String itemId, String note, String by) {
        if (note.isBlank()) {
            throw new Rejection("note-missing", "Say in a few words how it was dealt with");
        }
        transactions.run(() -> close(itemId, note.strip(), by));
    }

    private void close(String itemId, String note, String by) {
        int dismissed = db.sql("update work_item set state = 'DONE', done_by = ?, note = ?"
                        + " where item_id = ? and kind = ? and state = 'OPEN'")
                .params(by, note, itemId, TOLD)
                .update();
        if (dismissed == 0) {
            throw new Rejection("no-such-item", "Nothing of this id is there to be dismissed");
        }
        audit.record(by, "DISMISS_ITEM", itemId);
    }

    public List<Item> openItems() {
        return db.sql(ITEM + "where state = 'OPEN' order by made_at, item_id limit 500")
                .query(items())
                .list();
    }

    /** A page of what is open, the oldest first. Throws {@link IllegalArgumentException} for a foreign cursor. */
    Page<Item> page(@Nullable String cursor, int limit) {
        int rows = Page.limit(limit);
        Page.Place after = Page.Place.after(cursor);
        List<Item> found = db.sql(ITEM + "where state = 'OPEN' and (made_at, item_id) > (?, ?)"
                        + " order by made_at, item_id limit ?")
                .params(after.at().atOffset(ZoneOffset.UTC), after.id(), rows + 1)
                .query(items())
                .list();
        return Page.ofPlaces(found, rows, item -> new Page.Place(item.madeAt(), item.itemId()));
    }

    /** The hash of what an open item is about. */
    Optional<String> hash(String itemId) {
        return db.sql("select hash from work_item where item_id = ? and state = 'OPEN'")
                .param(itemId)
                .query(String.class)
                .optional();
    }

    private RowMapper<Item> items() {
        Set<String> toDecline = approvables.stream()
                .filter(Approvable::mayBeDeclined)
                .map(Approvable::kind)
                .collect(Collectors.toSet());
        return (rs, n) -> new Item(
                rs.getString(1),
                rs.getString(2),
                rs.getString(3),
                rs.getString(4),
                rs.getString(5),
                rs.getTimestamp(6).toInstant(),
                toDecline.contains(rs.getString(2)));
    }

    /** At first, or again after it was declined. */
    private boolean hasPutForward(String itemId, String user) {
        return db.sql("select count(*) from work_item where item_id = ? and ? in (made_by, again_by)")
                        .params(itemId, user)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private Optional<Approvable> byKind(String kind) {
        return approvables.stream()
                .filter(approvable -> kind.equals(approvable.kind()))
                .findFirst();
    }

    /** Approves an item as a second person. Approving what is approved already is refused. */
    public void approve(String itemId, String hash, String approver) {
        transactions.run(() -> {
            Item item = waiting(itemId);
            if (!item.hash().equals(hash)) {
                throw new Rejection(
                        "content-differs", "The item is about " + item.hash() + ", the approval about " + hash);
            }
            if (hasPutForward(itemId, approver)) {
                throw new Rejection("same-person", "What " + approver + " made is approved by somebody else");
            }
            Approvable approvable = byKind(item.kind())
                    .orElseThrow(() -> new Rejection(
                            "not-for-approval", "This item only tells of something: it is dealt with and dismissed"));
            db.sql("update work_item set state = 'DONE', done_by = ? where item_id = ?")
                    .params(approver, itemId)
                    .update();
            approvable.approve(itemId, hash, approver);
            audit.record(approver, "APPROVE_ITEM", itemId);
        });
    }
}
