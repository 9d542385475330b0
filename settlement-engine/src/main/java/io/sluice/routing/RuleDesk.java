package io.sluice.routing;

import io.sluice.investors.Payees;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoyaltyLimits.Conversion;
import io.sluice.routing.RuleDocument.Placed;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where rules are put forward and approved. */
@Component
@EnableConfigurationProperties(RuleSettings.class)
public class RuleDesk implements WorkList.Approvable {

    private final JdbcClient db;
    private final Commands commands;
    private final WorkList work;
    private final Transactions transactions;
    private final RuleSettings settings;
    private final Payees payees;
    private final SimulationRecords simulations;
    private final AuditLog audit;
    private final BusinessClock clock;

    RuleDesk(
            JdbcClient db,
            Commands commands,
            WorkList work,
            Transactions transactions,
            RuleSettings settings,
            Payees payees,
            SimulationRecords simulations,
            AuditLog audit,
            BusinessClock clock) {
        this.db = db;
        this.commands = commands;
        this.work = work;
        this.transactions = transactions;
        this.settings = settings;
        this.payees = payees;
        this.simulations = simulations;
        this.audit = audit;
        this.clock = clock;
    }

    /** Checks a document, keeps it under its hash and puts it on the work list. Answers the hash. */
    public String draft(String agreementId, byte[] document, String maker) {
        CanonicalRule canonical = checked(agreementId, document);
        beginsInTime(canonical.rule());
        transactions.run(() -> {
            db.sql("insert into rule_document (rule_hash, document) values (?, ?) on conflict do nothing")
                    .params(canonical.hash(), canonical.bytes())
                    .update();
            commands.send(new DraftRule(agreementId, canonical.hash(), canonical.rule(), maker));
            work.open(
                    "RULE-" + canonical.hash(),
                    kind(),
                    canonical.hash(),
                    "Rule version " + canonical.rule().version() + " of " + agreementId + ", from "
                            + canonical.rule().effectiveFrom(),
                    maker);
        });
        return canonical.hash();
    }

    /** What can be said of a document without the agreement's state: {@link Rejection} {@code rule-invalid} for one that is not valid. */
    CanonicalRule checked(String agreementId, byte[] document) {
        CanonicalRule canonical = CanonicalRule.parse(document);
        if (!canonical.rule().agreement().equals(agreementId)) {
            throw new Rejection(
                    "rule-invalid", "agreement: found " + canonical.rule().agreement() + ", expected " + agreementId);
        }
        RuleChecker.check(canonical.rule());
        payeesThereAre(canonical.rule());
        return canonical;
    }

    /** By what a rule's payee is known where payments are made. */
    static String payeeOf(String partyId) {
        return "PARTY-" + partyId;
    }

    /**
     * A first version may be as old as its agreement, of which nothing was divided yet; a later one begins on a day that has not begun, so
     * that no day's inflows are divided by two.
     */
    private void beginsInTime(RuleDocument rule) {
        LocalDate today = clock.today();
        LocalDate earliest = rule.version() == 1 ? today.minusYears(1) : today.plusDays(1);
        LocalDate latest = today.plusYears(5);
        if (rule.effectiveFrom().isBefore(earliest) || rule.effectiveFrom().isAfter(latest)) {
            throw new Rejection(
                    "rule-invalid",
                    "effectiveFrom: found " + rule.effectiveFrom() + ", expected a day from " + earliest + " to "
                            + latest);
        }
    }

    private void payeesThereAre(RuleDocument rule) {
        for (Placed placed : rule.claims()) {
            String party = placed.claim().payee();
            if (party != null && payees.known(List.of(payeeOf(party))).isEmpty()) {
                throw new Rejection(
                        "rule-invalid",
                        placed.path() + ".payee: found " + party + ", expected a party that is registered");
            }
        }
    }

    /** Whom the claim of a rule version pays by name; empty where its destination says it. */
    public Optional<String> payee(String ruleHash, String path) {
        return Optional.ofNullable(rule(ruleHash).claimOf(path).payee()).map(RuleDesk::payeeOf);
    }

    /** Within what bounds the pool's money becomes coins by this version; empty where it says nothing. */
    public Optional<Conversion> conversion(String ruleHash) {
        return Optional.ofNullable(rule(ruleHash).limits().conversion());
    }

    RuleDocument rule(String ruleHash) {
        return CanonicalRule.parse(document(ruleHash)).rule();
    }

    private byte[] document(String ruleHash) {
        return db.sql("select document from rule_document where rule_hash = ?")
                .param(ruleHash)
                .query(byte[].class)
                .optional()
                .map(document -> unaltered(ruleHash, document))
                .orElseThrow(() -> new Rejection("no-such-draft", "There is no rule " + ruleHash));
    }

    /** Throws {@link Rejection} {@code no-such-rule} for a hash that is none of a rule of this agreement. */
    byte[] document(String agreementId, String ruleHash) {
        return db.sql("select d.document from rule_document d join routing_rule r on r.rule_hash = d.rule_hash"
                        + " where r.agreement_id = ? and r.rule_hash = ?")
                .params(agreementId, ruleHash)
                .query(byte[].class)
                .optional()
                .map(document -> unaltered(ruleHash, document))
                .orElseThrow(
                        () -> new Rejection("no-such-rule", "Agreement " + agreementId + " has no rule " + ruleHash));
    }

    private static byte[] unaltered(String ruleHash, byte[] document) {
        String found = Hashes.sha256(document);
        if (!found.equals(ruleHash)) {
            throw new Rejection(
                    "document-altered",
                    "The document that is kept of rule " + ruleHash + " has hash " + found
                            + ": somebody has altered it. Its events have the rule, by which inflows are divided");
        }
        return document;
    }

    /** The state of a rule that was drafted; one that the projection does not show yet is a draft. */
    String state(String ruleHash) {
        return db.sql("select state from routing_rule where rule_hash = ?")
                .param(ruleHash)
                .query(String.class)
                .optional()
                .orElse("DRAFT");
    }

    @Override
    public String kind() {
        return "RULE";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    /**
     * Approves, citing the newest simulation in the audit log.
     *
     * @throws Rejection {@code not-simulated} while nobody has simulated exactly this rule, or its newest simulation divides nothing
     */
    @Override
    public void approve(String itemId, String hash, String approver) {
        RuleDocument rule = rule(hash);
        beginsInTime(rule);
        String agreementId = rule.agreement();
        Simulations.Shown simulated = simulations
                .newest(hash)
                .orElseThrow(() -> new Rejection(
                        "not-simulated",
                        "Nobody has simulated rule " + hash + ": POST /api/v1/agreements/" + agreementId
                                + "/simulations, or its page on the console, shows first who would get what"));
        if (!simulated.result().divides()) {
            throw new Rejection(
                    "not-simulated",
                    "Simulation " + simulated.simulationId() + ", the newest of rule " + hash
                            + ", divides no inflow: simulate it on inflows that it divides");
        }
        audit.record(approver, "APPROVE_UPON_SIMULATION", hash + " " + simulated.simulationId());
        commands.send(
                new ApproveRule(agreementId, hash, approver, settings.anchoring() == RuleSettings.Anchoring.REQUIRED));
    }
}
