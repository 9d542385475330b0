package io.sluice.routing;

import io.sluice.platform.AuditLog;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.ReadModels;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements.Held;
import io.sluice.routing.RoutingCommand.HoldRouting;
import io.sluice.routing.RoutingCommand.ReleaseRouting;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stops an agreement's routing, which one person may do at any hour, and lets it go on, which takes two. What comes in meanwhile is booked and
 * waits, and is divided by its value date afterwards, in the order it came.
 */
@Component
public class RoutingHolds implements WorkList.Approvable {

    private static final String ITEM = "ROUTING-";

    private final JdbcClient db;
    private final Agreements agreements;
    private final Commands commands;
    private final WorkList work;
    private final AuditLog audit;
    private final Transactions transactions;
    private final ReadModels readModels;

    RoutingHolds(
            JdbcClient db,
            Agreements agreements,
            Commands commands,
            WorkList work,
            AuditLog audit,
            Transactions transactions,
            ReadModels readModels) {
        this.db = db;
        this.agreements = agreements;
        this.commands = commands;
        this.work = work;
        this.audit = audit;
        this.transactions = transactions;
        this.readModels = readModels;
    }

    /** @throws Rejection {@code no-such-agreement}; {@code routing-held} while it is stopped; {@code reason-missing} */
    public void hold(String agreementId, String reason, String by) {
        if (agreements.find(agreementId).isEmpty()) {
            throw new Rejection("no-such-agreement", "There is no agreement " + agreementId);
        }
        if (reason.isBlank()) {
            throw new Rejection("reason-missing", "reason: found nothing, expected why");
        }
        transactions.run(() -> {
            commands.send(new HoldRouting(agreementId, by, reason.strip()));
            audit.record(by, "HOLD_ROUTING", agreementId);
        });
        readModels.untilShown(
                "The stop of " + agreementId,
                () -> agreements.held().stream()
                        .anyMatch(held -> held.agreementId().equals(agreementId)));
    }

    /**
     * Puts the release on the work list, for somebody else to approve; asking again changes nothing.
     *
     * @throws Rejection {@code routing-not-held}
     */
    public String askForRelease(String agreementId, String by) {
        Held held = agreements.held().stream()
                .filter(one -> one.agreementId().equals(agreementId))
                .findFirst()
                .orElseThrow(() -> new Rejection(
                        "routing-not-held", "Nobody has stopped the routing of agreement " + agreementId));
        String hash = hash(agreementId, held.at());
        work.open(
                ITEM + hash,
                kind(),
                hash,
                "Let the routing of " + agreementId + " go on, which " + held.by() + " stopped: " + held.reason(),
                by);
        return ITEM + hash;
    }

    private static String hash(String agreementId, Instant heldAt) {
        return Hashes.sha256(agreementId + "\n" + heldAt);
    }

    @Override
    public String kind() {
        return "ROUTING";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        Held held = agreements.held().stream()
                .filter(one -> hash(one.agreementId(), one.at()).equals(hash))
                .findFirst()
                .orElseThrow(() -> new Rejection("routing-not-held", "That stop is over already"));
        String askedBy = db.sql("select coalesce(again_by, made_by) from work_item where item_id = ?")
                .param(itemId)
                .query(String.class)
                .single();
        commands.send(new ReleaseRouting(held.agreementId(), held.at(), askedBy, approver));
    }
}
