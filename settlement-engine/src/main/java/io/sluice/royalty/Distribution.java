package io.sluice.royalty;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.sluice.platform.Rejection;
import io.sluice.royalty.RoyaltyCommand.RecordPayouts;
import io.sluice.royalty.RoyaltyCommand.ReleaseDistribution;
import io.sluice.royalty.RoyaltyCommand.ReopenEntitlements;
import io.sluice.royalty.RoyaltyCommand.SealDistribution;
import io.sluice.royalty.RoyaltyEvent.DistributionCompleted;
import io.sluice.royalty.RoyaltyEvent.DistributionReleased;
import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import io.sluice.royalty.RoyaltyEvent.EntitlementsReopened;
import io.sluice.royalty.RoyaltyEvent.PayoutsRecorded;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** One royalty payment to everyone who held the token at the record point, from sealed to completed. Sealed, its amounts never change. */
@Aggregate(cache = "aggregateCache", type = "Distribution")
class Distribution {

    @AggregateIdentifier
    private @Nullable String distributionId;

    private @Nullable DistributionSealed sealed;
    private boolean released;
    private long unpaid;

    Distribution() {} // for Axon

    @CommandHandler
    Distribution(SealDistribution command) {
        apply(command.sealed());
    }

    @CommandHandler
    void decide(ReleaseDistribution command) {
        if (released) {
            throw new Rejection("already-released", "Distribution " + distributionId + " was released before");
        }
        DistributionSealed it = Objects.requireNonNull(sealed);
        apply(new DistributionReleased(
                it.distributionId(),
                it.agreementId(),
                it.currency(),
                it.ruleHash(),
                command.approvalHash(),
                command.approver()));
    }

    @CommandHandler
    void decide(RecordPayouts command) {
        if (!released || command.units() > unpaid || command.units() <= 0) {
            throw new Rejection(
                    "paid-more-than-owed",
                    "Recorded " + command.units() + ", owed " + unpaid + " in distribution " + distributionId);
        }
        var id = Objects.requireNonNull(sealed).distributionId();
        apply(new PayoutsRecorded(id, command.orderId(), command.units()));
        if (unpaid == 0) {
            apply(new DistributionCompleted(id));
        }
    }

    @CommandHandler
    void decide(ReopenEntitlements command) {
        DistributionSealed it = Objects.requireNonNull(sealed);
        if (command.units() <= 0 || command.units() > it.entitledUnits() - unpaid) {
            throw new Rejection(
                    "returned-more-than-paid",
                    "Returned " + command.units() + ", paid " + (it.entitledUnits() - unpaid) + " in distribution "
                            + distributionId);
        }
        apply(new EntitlementsReopened(it.distributionId(), command.orderId(), command.units()));
    }

    @EventSourcingHandler
    void evolve(DistributionSealed event) {
        distributionId = event.distributionId().toString();
        sealed = event;
        unpaid = event.entitledUnits();
    }

    @EventSourcingHandler
    void evolve(DistributionReleased event) {
        released = true;
    }

    @EventSourcingHandler
    void evolve(PayoutsRecorded event) {
        unpaid -= event.units();
    }

    @EventSourcingHandler
    void evolve(EntitlementsReopened event) {
        unpaid += event.units();
    }
}
