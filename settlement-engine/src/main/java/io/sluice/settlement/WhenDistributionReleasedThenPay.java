package io.sluice.settlement;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.Transactions;
import io.sluice.royalty.RoyaltyEvent.DistributionReleased;
import java.util.Map;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Queues a released distribution for payment, in the transaction of the lane's token. Claims keep a replay from paying again. */
@Component
@ProcessingGroup("settlement.payout-queue")
@DisallowReplay
class WhenDistributionReleasedThenPay extends BufferedProjection<UUID, DistributionReleased> {

    private final JdbcTemplate db;
    private final ObjectProvider<PayoutBuilder> builder;

    WhenDistributionReleasedThenPay(JdbcTemplate db, ObjectProvider<PayoutBuilder> builder) {
        super((first, second) -> first);
        this.db = db;
        this.builder = builder;
    }

    @EventHandler
    void on(DistributionReleased event) {
        add(event.distributionId(), event);
    }

    @Override
    protected void flush(Map<UUID, DistributionReleased> released) {
        db.batchUpdate(
                "insert into payout_queue (distribution_id, agreement_id, currency, approval_hash, rule_hash) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                released.values().stream()
                        .map(d -> new Object[] {
                            d.distributionId(), d.agreementId(), d.currency(), d.approvalHash(), d.ruleHash()
                        })
                        .toList());
        Transactions.afterCommit(() -> builder.getObject().wake());
    }
}
