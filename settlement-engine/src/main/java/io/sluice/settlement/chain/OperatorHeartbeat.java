package io.sluice.settlement.chain;

import io.sluice.chain.ChainFailure;
import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainReads.At;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.PolicyGuard;
import io.sluice.chain.RoyaltyDistributor;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Tells the guard that the operator is alive, by the time that a third of its limit has passed since the last time. When the limit has
 * passed, anybody may push what is anchored: the holders' way out when we are gone.
 */
@Component
class OperatorHeartbeat extends Worker {

    static final String KEY = "heartbeat:";

    private static final Duration LOOK = Duration.ofSeconds(30);
    private static final int PARTS = 3;
    private static final Logger log = LoggerFactory.getLogger(OperatorHeartbeat.class);

    private final ChainReads reads;
    private final ChainOrders chain;
    private final ChainSettings settings;
    private final Transactions transactions;

    OperatorHeartbeat(ChainReads reads, ChainOrders chain, ChainSettings settings, Transactions transactions) {
        super("heartbeat");
        this.reads = reads;
        this.chain = chain;
        this.settings = settings;
        this.transactions = transactions;
    }

    @Override
    protected Duration idle() {
        return LOOK;
    }

    @Override
    protected boolean work() {
        try {
            giveIfDue();
        } catch (ChainFailure unread) {
            log.debug("The heartbeat waits: {}", unread.getMessage()); // the chain's own health says more
        }
        return false;
    }

    private void giveIfDue() {
        String guard = reads.ask(settings.distributor(), new RoyaltyDistributor.Guard(), At.FINALIZED);
        long last = reads.ask(guard, new PolicyGuard.LastHeartbeat(), At.FINALIZED);
        long limit = reads.ask(guard, new PolicyGuard.HeartbeatLimit(), At.FINALIZED);
        if (reads.head().blockTime().getEpochSecond() - last >= limit / PARTS) {
            // The last one's time is in the key: one heartbeat after each, however often this is looked at.
            transactions.run(() -> chain.enqueue(new ChainOrder(
                            KEY + settings.id() + ":" + reads.sender() + ":" + guard + ":" + last,
                            guard,
                            new PolicyGuard.Heartbeat().data())
                    .standing()));
        }
    }
}
