package io.sluice.ledger.evidence;

import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainOutcome;
import io.sluice.chain.ChainOutcomeListener;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.RoutingRuleRegistry;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Anchors the newest seal in the registry of rules, by the hour: from then on not even who can rewrite the whole database can change what
 * it covers without the chain saying otherwise. An anchoring that is refused does not stand: the next hour's covers as much and more.
 */
@Component
@EnableConfigurationProperties(SealSettings.class)
class SealAnchors extends Worker implements ChainOutcomeListener {

    private static final String KEY = "seal:";
    private static final String REFUSED = "SEALS-NOT-ANCHORED";
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final JdbcClient db;
    private final ChainOrders chain;
    private final ChainSettings settings;
    private final SealSettings seals;
    private final WorkList work;
    private final Transactions transactions;
    private final Clock clock;
    private Instant tried = Instant.MIN;

    SealAnchors(
            JdbcClient db,
            ChainOrders chain,
            ChainSettings settings,
            SealSettings seals,
            WorkList work,
            Transactions transactions,
            Clock clock) {
        super("seal-anchors");
        this.db = db;
        this.chain = chain;
        this.settings = settings;
        this.seals = seals;
        this.work = work;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return LOOK;
    }

    @Override
    protected boolean work() {
        if (clock.instant().isBefore(latest().plus(seals.anchorEvery()))) {
            return false;
        }
        db.sql(
                        "select seal_no, hash from event_seal where seal_no > (select coalesce(max(seal_no), 0) from seal_anchor)"
                                + " order by seal_no desc limit 1")
                .query((row, n) -> new ChainOrder(
                        KEY + settings.id() + ":" + settings.ruleRegistry() + ":" + row.getLong(1),
                        settings.ruleRegistry(),
                        new RoutingRuleRegistry.AnchorSeal(row.getLong(1), "0x" + row.getString(2)).data()))
                .optional()
                .ifPresent(order -> {
                    transactions.run(() -> chain.enqueue(order));
                    tried = clock.instant();
                });
        return false;
    }

    /** When the last one was tried, over restarts as far as it was anchored. */
    private Instant latest() {
        if (tried.equals(Instant.MIN)) {
            tried = db.sql("select max(anchored_at) from seal_anchor")
                    .query((row, n) -> row.getTimestamp(1) == null
                            ? Instant.EPOCH
                            : row.getTimestamp(1).toInstant())
                    .single();
        }
        return tried;
    }

    @Override
    public void on(ChainOutcome outcome) {
        if (!outcome.key().startsWith(KEY)) {
            return;
        }
        long number = Long.parseLong(outcome.key().substring(outcome.key().lastIndexOf(':') + 1));
        switch (outcome) {
            case ChainOutcome.Executed executed -> anchored(number, executed);
            case ChainOutcome.Failed failed ->
                work.tell(
                        REFUSED,
                        failed.key(),
                        "Seal " + number + " over the events was not anchored: " + failed.detail()
                                + ". A later one is tried by itself and covers this one too");
        }
    }

    private void anchored(long number, ChainOutcome.Executed executed) {
        boolean said = executed.events().stream()
                .filter(RoutingRuleRegistry.SealAnchored.class::isInstance)
                .map(RoutingRuleRegistry.SealAnchored.class::cast)
                .anyMatch(seal -> seal.contract().equals(settings.ruleRegistry()) && seal.sealNo() == number);
        if (!said) {
            throw new IllegalStateException(
                    "The registry reported nothing on seal " + number + " in " + executed.transactionHash());
        }
        db.sql("insert into seal_anchor (seal_no, registry, transaction_hash, block_number) values (?, ?, ?, ?)")
                .params(number, settings.ruleRegistry(), executed.transactionHash(), executed.blockNumber())
                .update();
        work.withdraw(REFUSED);
    }
}
