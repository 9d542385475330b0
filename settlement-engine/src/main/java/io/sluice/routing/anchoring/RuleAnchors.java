package io.sluice.routing.anchoring;

import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainOutcome;
import io.sluice.chain.ChainOutcomeListener;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.RoutingRuleRegistry;
import io.sluice.platform.Commands;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.routing.AgreementNumber;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.WaitingRule;
import io.sluice.routing.RoutingCommand.ConfirmAnchor;
import io.sluice.routing.RoutingCommand.FailAnchor;
import io.sluice.routing.RoutingEvent.Anchor;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Anchors each rule that two people stand behind: its hash, under the agreement's number, from the start of its first day (UTC). It
 * divides inflows once a finalized block holds it. The registry takes no day that has begun: such a rule is refused, and its version is
 * drafted again for a later day.
 */
@Component
class RuleAnchors extends Worker implements ChainOutcomeListener {

    private static final String KEY = "rule:";

    private final Agreements agreements;
    private final ChainOrders chain;
    private final ChainSettings settings;
    private final Commands commands;
    private final Transactions transactions;

    RuleAnchors(
            Agreements agreements,
            ChainOrders chain,
            ChainSettings settings,
            Commands commands,
            Transactions transactions) {
        super("rule-anchors");
        this.agreements = agreements;
        this.chain = chain;
        this.settings = settings;
        this.commands = commands;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
        List<WaitingRule> waiting = agreements.waitingForAnchor().stream()
                .filter(rule ->
                        chain.find(key(rule.agreementId(), rule.ruleHash())).isEmpty())
                .toList();
        if (!waiting.isEmpty()) {
            transactions.run(() -> waiting.forEach(rule -> chain.enqueue(call(rule))));
        }
        return !waiting.isEmpty();
    }

    private ChainOrder call(WaitingRule rule) {
        return new ChainOrder(
                key(rule.agreementId(), rule.ruleHash()),
                settings.ruleRegistry(),
                new RoutingRuleRegistry.Anchor(
                                AgreementNumber.of(rule.agreementId()),
                                rule.version(),
                                "0x" + rule.ruleHash(),
                                rule.effectiveFrom()
                                        .atStartOfDay(ZoneOffset.UTC)
                                        .toEpochSecond())
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
                commands.send(new ConfirmAnchor(
                        agreementId,
                        ruleHash,
                        new Anchor(
                                settings.ruleRegistry(),
                                AgreementNumber.of(agreementId),
                                executed.transactionHash(),
                                executed.blockNumber())));
            }
            case ChainOutcome.Failed failed ->
                commands.send(new FailAnchor(agreementId, ruleHash, failed.reason() + ": " + failed.detail()));
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
