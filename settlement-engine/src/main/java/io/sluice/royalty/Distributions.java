package io.sluice.royalty;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.ReadModel;
import io.sluice.royalty.RoyaltyEvent.DistributionCompleted;
import io.sluice.royalty.RoyaltyEvent.DistributionReleased;
import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import io.sluice.royalty.RoyaltyEvent.EntitlementsReopened;
import io.sluice.royalty.RoyaltyEvent.HoldingsRegistered;
import io.sluice.royalty.RoyaltyEvent.PayoutsRecorded;
import io.sluice.royalty.RoyaltyEvent.PoolCredited;
import io.sluice.royalty.RoyaltyEvent.PoolDrawn;
import io.sluice.royalty.RoyaltyEvent.PoolReduced;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Pools, registers and distributions, as they stand. What comes into pools is frequent, and so it is written once per unit of work. */
@Component
@ReadModel({"holder_register", "royalty_pool", "distribution"})
@ProcessingGroup("royalty.distributions")
class Distributions extends BufferedProjection<Distributions.Pool, Long> {

    record Pool(String agreementId, String currency) implements Comparable<Pool> {
        @Override
        public int compareTo(Pool other) {
            int byAgreement = agreementId.compareTo(other.agreementId);
            return byAgreement != 0 ? byAgreement : currency.compareTo(other.currency);
        }
    }

    private final JdbcClient db;

    Distributions(JdbcClient db) {
        super(Math::addExact);
        this.db = db;
    }

    @EventHandler
    void on(HoldingsRegistered event) {
        db.sql("insert into holder_register (agreement_id, snapshot_hash, holders, total_units) values (?, ?, ?, ?)"
                        + " on conflict (agreement_id) do update set snapshot_hash = excluded.snapshot_hash,"
                        + " holders = excluded.holders, total_units = excluded.total_units")
                .params(
                        event.agreementId(),
                        event.snapshotHash(),
                        event.holders(),
                        new java.math.BigDecimal(event.totalUnits()))
                .update();
    }

    @EventHandler
    void on(PoolCredited event) {
        add(new Pool(event.agreementId(), event.currency()), event.units());
    }

    @EventHandler
    void on(PoolReduced event) {
        add(new Pool(event.agreementId(), event.currency()), -event.units());
    }

    @EventHandler
    void on(PoolDrawn event) {
        add(new Pool(event.agreementId(), event.currency()), -event.units());
    }

    @Override
    protected void flush(Map<Pool, Long> changes) {
        changes.forEach((pool, units) -> db.sql(
                        "insert into royalty_pool (agreement_id, currency, units) values (?, ?, ?)"
                                + " on conflict (agreement_id, currency) do update set units = royalty_pool.units + excluded.units")
                .params(pool.agreementId(), pool.currency(), units)
                .update());
    }

    @EventHandler
    void on(DistributionSealed event) {
        db.sql(
                        "insert into distribution (distribution_id, agreement_id, currency, record_point, sequence_no, snapshot_hash,"
                                + " pool_units, entitled_units, holders, entitlement_hash, rule_hash, state)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'SEALED') on conflict do nothing")
                .params(
                        event.distributionId(),
                        event.agreementId(),
                        event.currency(),
                        event.recordPoint().atOffset(ZoneOffset.UTC),
                        event.sequence(),
                        event.snapshotHash(),
                        event.poolUnits(),
                        event.entitledUnits(),
                        event.holders(),
                        event.entitlementHash(),
                        event.ruleHash())
                .update();
    }

    @EventHandler
    void on(DistributionReleased event) {
        db.sql("update distribution set state = 'RELEASED', approval_hash = ? where distribution_id = ?")
                .params(event.approvalHash(), event.distributionId())
                .update();
    }

    @EventHandler
    void on(PayoutsRecorded event) {
        pay(event.distributionId(), event.units());
    }

    @EventHandler
    void on(EntitlementsReopened event) {
        pay(event.distributionId(), -event.units());
        db.sql("update distribution set state = 'RELEASED' where distribution_id = ? and state = 'COMPLETED'")
                .param(event.distributionId())
                .update();
    }

    @EventHandler
    void on(DistributionCompleted event) {
        db.sql("update distribution set state = 'COMPLETED' where distribution_id = ?")
                .param(event.distributionId())
                .update();
    }

    private void pay(UUID distributionId, long units) {
        db.sql("update distribution set paid_units = paid_units + ? where distribution_id = ?")
                .params(units, distributionId)
                .update();
    }
}
