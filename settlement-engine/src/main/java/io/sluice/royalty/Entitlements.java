package io.sluice.royalty;

import io.sluice.money.Fraction;
import io.sluice.platform.ReadModel;
import io.sluice.royalty.CumulativeAllocation.Part;
import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What every distribution owes to every holder, computed again from the sealed registers. Used by a rebuild alone: the running engine
 * writes these rows in the transaction that seals.
 */
@ReadModel({"entitlement", "holder_carry"})
@ProcessingGroup("royalty.entitlements")
class Entitlements {

    private final JdbcClient db;
    private final EntitlementRows rows;
    private final HolderCarries carries;
    private final Map<String, Register> registers = new HashMap<>();

    Entitlements(JdbcClient db, JdbcTemplate batch, DataSource dataSource) {
        this.db = db;
        this.rows = new EntitlementRows(dataSource);
        this.carries = new HolderCarries(db, batch);
    }

    /** Throws when the sealed hash is not that of the rows: then the register, or the way of sharing, is not what it was. */
    @EventHandler
    void on(DistributionSealed event) {
        if (!event.algorithm().equals(CumulativeAllocation.NAME)) {
            throw new IllegalStateException("Distribution " + event.distributionId() + " was shared by "
                    + event.algorithm() + ", which this version does not know");
        }
        Map<String, Fraction> before = carries.of(event.agreementId(), event.currency());
        List<Part> parts = CumulativeAllocation.allocate(
                event.poolUnits(), registers.computeIfAbsent(event.snapshotHash(), this::register), before);
        String hash = EntitlementRows.hash(parts);
        if (!hash.equals(event.entitlementHash())) {
            throw new IllegalStateException("The entitlements of distribution " + event.distributionId() + " come to "
                    + hash + ", and it was sealed with " + event.entitlementHash());
        }
        rows.write(event.distributionId(), parts);
        carries.carryOn(event.agreementId(), event.currency(), parts);
    }

    private Register register(String snapshotHash) {
        return Register.parse(db.sql("select content from register_snapshot where snapshot_hash = ?")
                .param(snapshotHash)
                .query(byte[].class)
                .single());
    }
}
