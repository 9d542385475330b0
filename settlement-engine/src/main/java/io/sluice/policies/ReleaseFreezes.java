package io.sluice.policies;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import java.time.ZoneOffset;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stops what leaves an account, at once and by itself, until somebody has explained what happened on it. Orders wait in the outbox; none
 * is lost, and what was sent before is still asked about.
 */
@Component
public class ReleaseFreezes implements WorkList.Approvable {

    private static final String ITEM = "FREEZE-";
    private static final Logger log = LoggerFactory.getLogger(ReleaseFreezes.class);

    private final JdbcClient db;
    private final WorkList work;
    private final BusinessClock clock;

    ReleaseFreezes(JdbcClient db, WorkList work, BusinessClock clock) {
        this.db = db;
        this.work = work;
        this.clock = clock;
    }

    /**
     * Joins the caller's transaction. The same cause freezes once, also after it was explained.
     *
     * @param cause what happened, named so that it is never the name of another thing
     * @param reason for people; nothing personal
     */
    public void freeze(String account, String cause, String reason) {
        UUID id = Hashes.uuid("freeze", account, cause);
        int added = db.sql("insert into release_freeze (freeze_id, account, reason, frozen_at) values (?, ?, ?, ?)"
                        + " on conflict do nothing")
                .params(id, account, reason, clock.now().atOffset(ZoneOffset.UTC))
                .update();
        if (added == 1) {
            log.error(
                    "Nothing more leaves account {}: {}", Hashes.sha256(account).substring(0, 8), reason);
            work.open(
                    ITEM + id,
                    kind(),
                    Hashes.sha256(reason),
                    "Nothing leaves this account any more: " + reason,
                    "engine");
        }
    }

    /** Joins the caller's transaction: the cause is gone by itself, so nobody has to explain it. Other causes still freeze the account. */
    public void withdraw(String account, String cause) {
        UUID id = Hashes.uuid("freeze", account, cause);
        int lifted = db.sql(
                        "update release_freeze set lifted_at = ?, lifted_by = 'engine' where freeze_id = ? and lifted_at is null")
                .params(clock.now().atOffset(ZoneOffset.UTC), id)
                .update();
        if (lifted == 1) {
            log.info("What froze account {} is gone", Hashes.sha256(account).substring(0, 8));
            work.withdraw(ITEM + id);
        }
    }

    @Override
    public String kind() {
        return "FREEZE";
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        int lifted = db.sql(
                        "update release_freeze set lifted_at = ?, lifted_by = ? where freeze_id = ? and lifted_at is null")
                .params(
                        clock.now().atOffset(ZoneOffset.UTC),
                        approver,
                        UUID.fromString(itemId.substring(ITEM.length())))
                .update();
        if (lifted == 0) {
            throw new Rejection("no-such-item", "The freeze was lifted before");
        }
    }
}
