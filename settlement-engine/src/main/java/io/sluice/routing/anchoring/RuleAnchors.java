package io.sluice.routing.anchoring;

import io.sluice.chain.ChainFailure;
import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainOutcome;
import io.sluice.chain.ChainOutcomeListener;
import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainReads.At;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.RoutingRuleRegistry;
import io.sluice.platform.Commands;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import io.sluice.routing.AgreementNumber;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.WaitingRule;
import io.sluice.routing.RoutingCommand.ConfirmAnchor;
import io.sluice.routing.RoutingCommand.FailAnchor;
import io.sluice.routing.RoutingEvent.Anchor;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Anchors each rule that two people stand behind: its hash, under the agreement's number, from the start of its first day (UTC). It
 * divides inflows once a finalized block holds it. The registry takes no day that has begun: such a rule is refused, and its version is
 * drafted again for a later day.
 */
@Component
class RuleAnchors extends Worker implements ChainOutcomeListener {

    private static final String KEY = "rule:";
    private static final String WAITS = "RULE-WAITS-";
    private static final Logger log = LoggerFactory.getLogger(RuleAnchors.class);

    private final Agreements agreements;
    private final ChainOrders chain;
    private final ChainReads reads;
    private final ChainSettings settings;
    private final Commands commands;
    private final WorkList work;
    private final Transactions transactions;

    RuleAnchors(
            Agreements agreements,
            ChainOrders chain,
            ChainReads reads,
            ChainSettings settings,
            Commands commands,
            WorkList work,
            Transactions transactions) {
        super("rule-anchors");
        this.agreements = agreements;
        this.chain = chain;
        this.reads = reads;
        this.settings = settings;
        this.commands = commands;
        this.work = work;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
        List<WaitingRule> waiting = agreements.waitingForAnchor().stream()
                .filter(rule ->
                        chain.find(key(rule.agreementId(), rule.ruleHash())).isEmpty())
                .toList();
        try {
            waiting.forEach(this::anchor);
        } catch (ChainFailure unread) {
            log.debug("Rules wait for the chain: {}", unread.getMessage()); // the chain's own health says more
            return false;
        }
        return !waiting.isEmpty();
    }

    /** Or finds it anchored: by a transaction that books which were restored from a backup do not know. */
    private void anchor(WaitingRule rule) {
        RoutingRuleRegistry.Rule held = reads.ask(
                settings.ruleRegistry(),
                new RoutingRuleRegistry.RuleOf(AgreementNumber.of(rule.agreementId()), "0x" + rule.ruleHash()),
                At.FINALIZED);
        if (held.version() == rule.version() && held.from() == startOf(rule)) {
            long block = reads.head().finalizedNumber();
            transactions.run(() -> confirm(rule.agreementId(), rule.ruleHash(), null, block));
        } else {
            transactions.run(() -> chain.enqueue(call(rule)));
        }
    }

    private static long startOf(WaitingRule rule) {
        return rule.effectiveFrom().atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }

    private void confirm(String agreementId, String ruleHash, @Nullable String transaction, long block) {
        commands.send(new ConfirmAnchor(
                agreementId,
                ruleHash,
                new Anchor(settings.ruleRegistry(), AgreementNumber.of(agreementId), transaction, block)));
    }

    private ChainOrder call(WaitingRule rule) {
        return new ChainOrder(
                key(rule.agreementId(), rule.ruleHash()),
                settings.ruleRegistry(),
                new RoutingRuleRegistry.Anchor(
                                AgreementNumber.of(rule.agreementId()),
                                rule.version(),
                                "0x" + rule.ruleHash(),
                                startOf(rule))
                        .data());
    }

    private static String key(String agreementId, String ruleHash) {
        return KEY + agreementId + ":" + ruleHash;
    }

    @Override
    public void on(ChainOutcome outcome) {
        if (!outcome.key().startsWith(KEY)) {
            return;
        }
        String[] parts = outcome.key().substring(KEY.length()).split(":");
        String agreementId = parts[0];
        String ruleHash = parts[1];
        switch (outcome) {
            case ChainOutcome.Executed executed -> {
                require(executed, agreementId, ruleHash);
                confirm(agreementId, ruleHash, executed.transactionHash(), executed.blockNumber());
                work.withdraw(WAITS + ruleHash);
            }
            case ChainOutcome.Failed failed -> {
                commands.send(new FailAnchor(agreementId, ruleHash, failed.reason() + ": " + failed.detail()));
                work.withdraw(WAITS + ruleHash);
                work.tell(
                        "RULE-REFUSED-" + ruleHash,
                        ruleHash,
                        "The chain refused a rule of " + agreementId + ": " + failed.detail()
                                + ". Draft it again for a day that has not begun; until then the version before stays in force");
            }
        }
    }

    @Override
    public void waits(String key, String why) {
        if (key.startsWith(KEY)) {
            String[] parts = key.substring(KEY.length()).split(":");
            work.tell(
                    WAITS + parts[1],
                    parts[1],
                    "A rule of " + parts[0] + " waits for the chain: " + why
                            + ". What it is to divide waits with it; it is tried again by itself");
        }
    }

    private void require(ChainOutcome.Executed executed, String agreementId, String ruleHash) {
        boolean said = executed.events().stream()
                .filter(RoutingRuleRegistry.RuleAnchored.class::isInstance)
                .map(RoutingRuleRegistry.RuleAnchored.class::cast)
                .anyMatch(anchored -> anchored.contract().equals(settings.ruleRegistry())
                        && anchored.storeId() == AgreementNumber.of(agreementId)
                        && anchored.ruleHash().equals("0x" + ruleHash));
        if (!said) {
            throw new IllegalStateException("The registry reported nothing on rule " + ruleHash + " of " + agreementId
                    + " in transaction " + executed.transactionHash());
        }
    }
}
