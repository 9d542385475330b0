package io.sluice.routing;

import io.sluice.platform.ReadModel;
import io.sluice.platform.Rejection;
import io.sluice.routing.RoutingEvent.AgreementClosed;
import io.sluice.routing.RoutingEvent.AgreementOpened;
import io.sluice.routing.RoutingEvent.AgreementRestated;
import io.sluice.routing.RoutingEvent.Anchor;
import io.sluice.routing.RoutingEvent.CapReached;
import io.sluice.routing.RoutingEvent.CapReopened;
import io.sluice.routing.RoutingEvent.RoutingHeld;
import io.sluice.routing.RoutingEvent.RoutingReleased;
import io.sluice.routing.RoutingEvent.RuleActivated;
import io.sluice.routing.RoutingEvent.RuleAnchoringFailed;
import io.sluice.routing.RoutingEvent.RuleApproved;
import io.sluice.routing.RoutingEvent.RuleDrafted;
import io.sluice.routing.RoutingEvent.RunOffBegun;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RoutingEvent.TriggerSet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The agreements, their stores and their rule versions. */
@Component
@ReadModel({"agreement", "store", "routing_rule", "agreement_trigger"})
@ProcessingGroup("routing.agreements")
public class Agreements {

    public record AgreementView(
            String agreementId, String name, String currency, String token, String trustAccount, String feeAccount) {}

    public record StoreView(
            String storeId,
            String agreementId,
            String merchantId,
            String merchantName,
            String collectionAccount,
            String payeeId) {}

    /**
     * @param state DRAFT; APPROVED, while it waits for the chain; SCHEDULED until its day, once nothing but that is missing; ACTIVE from then
     *     on; SUPERSEDED from the day of a later version on, though it still divides what has a value date before that; or REFUSED by the
     *     chain for {@code reason}
     * @param restatedBy hash of the version in whose terms its inflows have accrued since
     */
    record RuleView(
            String ruleHash,
            int version,
            LocalDate effectiveFrom,
            String state,
            String madeBy,
            @Nullable String approvedBy,
            @Nullable String anchorRegistry,
            @Nullable String anchorTx,
            @Nullable Long anchorBlock,
            @Nullable String reason,
            @Nullable String restatedBy) {

        /**
         * As it is on this day. Kept is only that nothing stands against it any more: which days are its own is said by the versions that there
         * are.
         *
         * @param all versions of its agreement, as they are kept
         */
        RuleView on(LocalDate day, List<RuleView> all) {
            boolean superseded = all.stream()
                    .anyMatch(other -> other.state.equals("ACTIVE")
                            && other.effectiveFrom.isAfter(effectiveFrom)
                            && !other.effectiveFrom.isAfter(day));
            String then = !state.equals("ACTIVE")
                    ? state
                    : effectiveFrom.isAfter(day) ? "SCHEDULED" : superseded ? "SUPERSEDED" : "ACTIVE";
            return new RuleView(
                    ruleHash,
                    version,
                    effectiveFrom,
                    then,
                    madeBy,
                    approvedBy,
                    anchorRegistry,
                    anchorTx,
                    anchorBlock,
                    reason,
                    restatedBy);
        }
    }

    /** A trigger, and who turned it on or off last, and why; null where nobody has. */
    public record TriggerView(
            String trigger,
            boolean on,
            @Nullable String by,
            @Nullable String reason) {}

    /** An agreement whose routing somebody has stopped. */
    public record Held(String agreementId, String by, Instant at, String reason) {}

    /** A rule that waits for the chain. */
    public record WaitingRule(String ruleHash, String agreementId, int version, LocalDate effectiveFrom) {}

    private final JdbcClient db;
    private final ObjectProvider<Router> router;

    Agreements(JdbcClient db, ObjectProvider<Router> router) {
        this.db = db;
        this.router = router;
    }

    public List<AgreementView> all() {
        return db.sql(
                        "select agreement_id, name, currency, token, trust_account, fee_account from agreement order by agreement_id")
                .query(AgreementView.class)
                .list();
    }

    /** An agreement's rule versions as they are on this day, oldest first; a version that was refused stands beside its successor. */
    List<RuleView> rules(String agreementId, LocalDate day) {
        List<RuleView> kept = db.sql(
                        "select rule_hash, version, effective_from, state, made_by, approved_by, anchor_registry, anchor_tx, anchor_block,"
                                + " reason, restated_by from routing_rule where agreement_id = ? order by version, rule_hash")
                .param(agreementId)
                .query(RuleView.class)
                .list();
        return kept.stream().map(rule -> rule.on(day, kept)).toList();
    }

    /** The triggers of an agreement that somebody has turned on or off, in the order of the alphabet. */
    public List<TriggerView> triggers(String agreementId) {
        return db.sql("select name, is_on, set_by, reason from agreement_trigger where agreement_id = ?"
                        + " order by name collate \"C\"")
                .param(agreementId)
                .query((row, n) ->
                        new TriggerView(row.getString(1), row.getBoolean(2), row.getString(3), row.getString(4)))
                .list();
    }

    /** Rules that two people stand behind and that the chain does not hold yet. */
    public List<WaitingRule> waitingForAnchor() {
        return db.sql(
                        "select rule_hash, agreement_id, version, effective_from from routing_rule where state = 'APPROVED'"
                                + " order by agreement_id limit 100")
                .query(WaitingRule.class)
                .list();
    }

    /**
     * Where an agreement is in its life.
     *
     * @param state ACTIVE, CAP_REACHED, RUN_OFF or CLOSED
     * @param capReachedOn since when the pool has all that its cap lets it have; null while there is room
     */
    public record Life(
            String state,
            @Nullable LocalDate capReachedOn,
            @Nullable LocalDate runOffUntil,
            @Nullable LocalDate closedOn) {}

    /** By agreement. */
    Map<String, Life> lives() {
        Map<String, Life> lives = new HashMap<>();
        db.sql("select agreement_id, cap_reached_on, run_off_until, closed_on from agreement")
                .query(row -> {
                    LocalDate cap = row.getObject(2, LocalDate.class);
                    LocalDate until = row.getObject(3, LocalDate.class);
                    LocalDate closed = row.getObject(4, LocalDate.class);
                    String state = closed != null
                            ? "CLOSED"
                            : until != null ? "RUN_OFF" : cap != null ? "CAP_REACHED" : "ACTIVE";
                    lives.put(row.getString(1), new Life(state, cap, until, closed));
                });
        return lives;
    }

    /** Those whose routing somebody has stopped, the longest stopped first. */
    public List<Held> held() {
        return db.sql("select agreement_id, held_by, held_at, held_reason from agreement where held_by is not null"
                        + " order by held_at, agreement_id")
                .query((row, n) -> new Held(
                        row.getString(1), row.getString(2), row.getTimestamp(3).toInstant(), row.getString(4)))
                .list();
    }

    public Optional<AgreementView> find(String agreementId) {
        return all().stream().filter(a -> a.agreementId().equals(agreementId)).findFirst();
    }

    /** @throws Rejection {@code no-such-agreement} */
    AgreementView known(String agreementId) {
        return find(agreementId)
                .orElseThrow(() -> new Rejection("no-such-agreement", "There is no agreement " + agreementId));
    }

    public List<StoreView> stores() {
        return db.sql(
                        "select store_id, agreement_id, merchant_id, merchant_name, collection_account, payee_id from store order by store_id")
                .query(StoreView.class)
                .list();
    }

    /**
     * The rule that divides value dates of this day; the hash that a distribution cites. Empty while a version that would end it is being
     * anchored: the chain may hold that one already.
     */
    public Optional<String> ruleInForce(String agreementId, LocalDate day) {
        return db.sql(
                        "select rule_hash, state from routing_rule where agreement_id = ? and state in ('ACTIVE', 'APPROVED')"
                                + " and effective_from <= ? order by effective_from desc limit 1")
                .params(agreementId, day)
                .query((rs, n) ->
                        rs.getString(2).equals("ACTIVE") ? Optional.of(rs.getString(1)) : Optional.<String>empty())
                .optional()
                .flatMap(found -> found);
    }

    @EventHandler
    void on(AgreementOpened event, ReplayStatus status) {
        db.sql("insert into agreement (agreement_id, name, currency, token, trust_account, fee_account)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        event.agreementId(),
                        event.name(),
                        event.currency(),
                        event.token(),
                        event.trustAccount(),
                        event.feeAccount())
                .update();
        for (StoreTerms store : event.stores()) {
            db.sql(
                            "insert into store (store_id, agreement_id, merchant_id, merchant_name, collection_account, payee_id)"
                                    + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                    .params(
                            store.storeId(),
                            event.agreementId(),
                            store.merchantId(),
                            store.merchantName(),
                            store.collectionAccount(),
                            store.payeeId())
                    .update();
        }
        lookAgain(status);
    }

    @EventHandler
    void on(RuleDrafted event) {
        db.sql("insert into routing_rule (rule_hash, agreement_id, version, effective_from, state, made_by)"
                        + " values (?, ?, ?, ?, 'DRAFT', ?) on conflict do nothing")
                .params(
                        event.ruleHash(),
                        event.agreementId(),
                        event.rule().version(),
                        event.rule().effectiveFrom(),
                        event.maker())
                .update();
    }

    @EventHandler
    void on(RuleApproved event) {
        db.sql("update routing_rule set state = 'APPROVED', approved_by = ? where rule_hash = ?")
                .params(event.approver(), event.ruleHash())
                .update();
    }

    @EventHandler
    void on(RuleAnchoringFailed event, ReplayStatus status) {
        db.sql("update routing_rule set state = 'REFUSED', reason = ? where rule_hash = ?")
                .params(event.reason(), event.ruleHash())
                .update();
        lookAgain(status);
    }

    @EventHandler
    void on(RuleActivated event, ReplayStatus status) {
        Anchor anchor = event.anchor();
        db.sql(
                        "update routing_rule set state = 'ACTIVE', approved_by = ?, anchor_registry = ?, anchor_tx = ?, anchor_block = ?"
                                + " where rule_hash = ?")
                .param(event.approver())
                .param(anchor == null ? null : anchor.registry())
                .param(anchor == null ? null : anchor.transactionHash())
                .param(anchor == null ? null : anchor.blockNumber())
                .param(event.ruleHash())
                .update();
        lookAgain(status);
    }

    @EventHandler
    void on(CapReached event) {
        db.sql("update agreement set cap_reached_on = ? where agreement_id = ?")
                .params(event.day(), event.agreementId())
                .update();
    }

    @EventHandler
    void on(CapReopened event) {
        db.sql("update agreement set cap_reached_on = null where agreement_id = ?")
                .param(event.agreementId())
                .update();
    }

    @EventHandler
    void on(RunOffBegun event) {
        db.sql("update agreement set run_off_until = ? where agreement_id = ?")
                .params(event.until(), event.agreementId())
                .update();
    }

    @EventHandler
    void on(AgreementClosed event) {
        db.sql("update agreement set closed_on = ? where agreement_id = ?")
                .params(event.day(), event.agreementId())
                .update();
    }

    @EventHandler
    void on(RoutingHeld event) {
        db.sql("update agreement set held_by = ?, held_at = ?, held_reason = ? where agreement_id = ?")
                .params(event.by(), event.heldAt().atOffset(ZoneOffset.UTC), event.reason(), event.agreementId())
                .update();
    }

    @EventHandler
    void on(RoutingReleased event, ReplayStatus status) {
        db.sql("update agreement set held_by = null, held_at = null, held_reason = null where agreement_id = ?")
                .param(event.agreementId())
                .update();
        lookAgain(status);
    }

    @EventHandler
    void on(TriggerSet event) {
        db.sql("insert into agreement_trigger (agreement_id, name, is_on, set_by, reason) values (?, ?, ?, ?, ?)"
                        + " on conflict (agreement_id, name) do update set is_on = excluded.is_on, set_by = excluded.set_by,"
                        + " reason = excluded.reason")
                .params(event.agreementId(), event.trigger(), event.on(), event.by(), event.reason())
                .update();
    }

    @EventHandler
    void on(AgreementRestated event) {
        db.sql("update routing_rule set restated_by = ? where rule_hash = ?")
                .params(event.byHash(), event.replacedHash())
                .update();
    }

    /** What could not be routed may be routable now. */
    private void lookAgain(ReplayStatus status) {
        if (!status.isReplay()) {
            router.getObject().lookAgain();
        }
    }
}
