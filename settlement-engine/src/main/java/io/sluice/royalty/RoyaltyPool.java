package io.sluice.royalty;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.sluice.royalty.RoyaltyCommand.CreditPool;
import io.sluice.royalty.RoyaltyCommand.DrawPool;
import io.sluice.royalty.RoyaltyCommand.Drawn;
import io.sluice.royalty.RoyaltyCommand.OpenPool;
import io.sluice.royalty.RoyaltyCommand.ReducePool;
import io.sluice.royalty.RoyaltyCommand.RegisterHoldings;
import io.sluice.royalty.RoyaltyEvent.HoldingsRegistered;
import io.sluice.royalty.RoyaltyEvent.PoolCredited;
import io.sluice.royalty.RoyaltyEvent.PoolDrawn;
import io.sluice.royalty.RoyaltyEvent.PoolOpened;
import io.sluice.royalty.RoyaltyEvent.PoolReduced;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** Funded royalty of one agreement and currency that is not distributed yet: never below zero. */
@Aggregate(cache = "aggregateCache", type = "RoyaltyPool")
class RoyaltyPool {

    @AggregateIdentifier
    private @Nullable String poolId;

    private String agreementId = "";
    private String currency = "";
    private String snapshotHash = "";
    private long units;
    private int distributions;

    RoyaltyPool() {} // for Axon

    static String idOf(String agreementId, String currency) {
        return "POOL-" + agreementId + "-" + currency;
    }

    @CommandHandler
    RoyaltyPool(OpenPool command) {
        apply(new PoolOpened(command.poolId(), command.agreementId(), command.currency()));
    }

    @CommandHandler
    void decide(RegisterHoldings command) {
        if (!command.snapshotHash().equals(snapshotHash)) {
            apply(new HoldingsRegistered(
                    command.poolId(),
                    agreementId,
                    currency,
                    command.snapshotHash(),
                    command.holders(),
                    command.totalUnits()));
        }
    }

    @CommandHandler
    void decide(CreditPool command) {
        if (command.units() <= 0) {
            throw new IllegalArgumentException("A pool is credited with more than zero, was " + command.units());
        }
        apply(new PoolCredited(command.poolId(), agreementId, currency, command.units(), command.legs()));
    }

    /** Only royalty that has not reached the trust account is taken out, and only what has reached it is drawn. */
    @CommandHandler
    void decide(ReducePool command) {
        if (command.units() <= 0) {
            throw new IllegalArgumentException("A pool is reduced by more than zero, was " + command.units());
        }
        apply(new PoolReduced(command.poolId(), agreementId, currency, command.units(), command.legs()));
    }

    @CommandHandler
    Drawn decide(DrawPool command) {
        long drawn = Math.min(units, command.atMost());
        if (drawn <= 0) {
            return new Drawn(0, distributions);
        }
        int sequence = distributions + 1;
        apply(new PoolDrawn(command.poolId(), agreementId, currency, command.distributionId(), drawn, sequence));
        return new Drawn(drawn, sequence);
    }

    @EventSourcingHandler
    void evolve(PoolOpened event) {
        poolId = event.poolId();
        agreementId = event.agreementId();
        currency = event.currency();
    }

    @EventSourcingHandler
    void evolve(HoldingsRegistered event) {
        snapshotHash = event.snapshotHash();
    }

    @EventSourcingHandler
    void evolve(PoolCredited event) {
        units = Math.addExact(units, event.units());
    }

    @EventSourcingHandler
    void evolve(PoolReduced event) {
        units = Math.subtractExact(units, event.units());
    }

    @EventSourcingHandler
    void evolve(PoolDrawn event) {
        units -= event.units();
        distributions = event.sequence();
    }
}
