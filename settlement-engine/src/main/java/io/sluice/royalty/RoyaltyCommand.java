package io.sluice.royalty;

import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import java.math.BigInteger;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What pools, registers and distributions can be told. */
public sealed interface RoyaltyCommand {

    /** Begins the pool of an agreement and currency. */
    record OpenPool(@TargetAggregateIdentifier String poolId, String agreementId, String currency)
            implements RoyaltyCommand {}

    /** Takes over the whole register of an agreement's token; the snapshot is stored under its hash beforehand. */
    record RegisterHoldings(
            @TargetAggregateIdentifier String poolId, String snapshotHash, int holders, BigInteger totalUnits)
            implements RoyaltyCommand {}

    /** Adds funded royalty; the legs that it comes from are claimed in the same transaction. */
    record CreditPool(@TargetAggregateIdentifier String poolId, long units, int legs) implements RoyaltyCommand {}

    /** Takes credited royalty out again; the legs that it came from are claimed in the same transaction. */
    record ReducePool(@TargetAggregateIdentifier String poolId, long units, int legs) implements RoyaltyCommand {}

    /** Draws up to {@code atMost} for a distribution. Answers what was drawn; nothing when there is nothing. */
    record DrawPool(@TargetAggregateIdentifier String poolId, UUID distributionId, long atMost)
            implements RoyaltyCommand {}

    /** What was drawn, and under which number of the pool's distributions. */
    record Drawn(long units, int sequence) {}

    record SealDistribution(@TargetAggregateIdentifier String distributionId, DistributionSealed sealed)
            implements RoyaltyCommand {}

    /** Two people or a mandate stand behind it: {@code approvalHash} is theirs. */
    record ReleaseDistribution(@TargetAggregateIdentifier String distributionId, String approvalHash, String approver)
            implements RoyaltyCommand {}

    /** Payouts of this distribution's entitlements are settled. */
    record RecordPayouts(@TargetAggregateIdentifier String distributionId, UUID orderId, long units)
            implements RoyaltyCommand {}

    /** Settled payouts came back: their holders are owed again. */
    record ReopenEntitlements(@TargetAggregateIdentifier String distributionId, UUID orderId, long units)
            implements RoyaltyCommand {}
}
