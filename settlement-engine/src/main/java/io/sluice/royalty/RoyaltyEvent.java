package io.sluice.royalty;

import io.sluice.platform.StoredEvent;
import java.math.BigInteger;
import java.time.Instant;
import java.util.UUID;

/** What can have happened to pools, registers and distributions. Units are minor units of the currency. */
public sealed interface RoyaltyEvent extends StoredEvent {

    record PoolOpened(String poolId, String agreementId, String currency) implements RoyaltyEvent {}

    record HoldingsRegistered(
            String poolId, String agreementId, String currency, String snapshotHash, int holders, BigInteger totalUnits)
            implements RoyaltyEvent {}

    record PoolCredited(String poolId, String agreementId, String currency, long units, int legs)
            implements RoyaltyEvent {}

    /** Credited royalty was not paid by anybody after all. */
    record PoolReduced(String poolId, String agreementId, String currency, long units, int legs)
            implements RoyaltyEvent {}

    record PoolDrawn(String poolId, String agreementId, String currency, UUID distributionId, long units, int sequence)
            implements RoyaltyEvent {}

    /**
     * What every holder is owed is fixed: the rows can be computed again from the snapshot, the carries before and these figures.
     *
     * @param recordPoint whose holdings count, in business time
     * @param poolUnits drawn from the pool
     * @param entitledUnits owed to the holders in all; the difference to {@code poolUnits} goes to, or comes from, the dust
     * @param algorithm CUMULATIVE/1: lifetime(h) = floor(sum of w x P / W); pay lifetime less paid
     * @param entitlementHash SHA-256 over lines of holder id and units, in order of holder id
     */
    record DistributionSealed(
            UUID distributionId,
            String agreementId,
            String currency,
            Instant recordPoint,
            int sequence,
            String snapshotHash,
            String ruleHash,
            long poolUnits,
            long entitledUnits,
            long largestUnits,
            int holders,
            String algorithm,
            String entitlementHash)
            implements RoyaltyEvent {}

    record DistributionReleased(
            UUID distributionId,
            String agreementId,
            String currency,
            String ruleHash,
            String approvalHash,
            String approver)
            implements RoyaltyEvent {}

    record PayoutsRecorded(UUID distributionId, UUID orderId, long units) implements RoyaltyEvent {}

    record EntitlementsReopened(UUID distributionId, UUID orderId, long units) implements RoyaltyEvent {}

    record DistributionCompleted(UUID distributionId) implements RoyaltyEvent {}
}
