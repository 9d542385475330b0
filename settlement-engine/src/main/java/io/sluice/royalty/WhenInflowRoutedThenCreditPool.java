package io.sluice.royalty;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.Commands;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.royalty.RoyaltyCommand.CreditPool;
import io.sluice.royalty.RoyaltyCommand.OpenPool;
import io.sluice.royalty.RoyaltyCommand.ReducePool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Credits the royalty legs of a batch of inflows to their pools, and takes out what of them was given up again: one command per pool, in
 * the transaction of the lane's token. Each leg is claimed, so that it counts once even if the lane is replayed.
 */
@Component
@ProcessingGroup("royalty.pool-credits")
@DisallowReplay
class WhenInflowRoutedThenCreditPool extends BufferedProjection<UUID, WhenInflowRoutedThenCreditPool.RoyaltyLeg> {

    /** Of one unit of work; either may be zero. */
    record RoyaltyLeg(String agreementId, String currency, long credited, long reduced) {
        String poolId() {
            return RoyaltyPool.idOf(agreementId, currency);
        }

        RoyaltyLeg and(RoyaltyLeg other) {
            return new RoyaltyLeg(
                    agreementId,
                    currency,
                    Math.addExact(credited, other.credited),
                    Math.addExact(reduced, other.reduced));
        }
    }

    private final JdbcClient db;
    private final Commands commands;

    WhenInflowRoutedThenCreditPool(JdbcClient db, Commands commands) {
        super(RoyaltyLeg::and);
        this.db = db;
        this.commands = commands;
    }

    @EventHandler
    void on(InflowsRouted event) {
        List<int[]> places = event.terms().stream()
                .map(its -> IntStream.range(0, its.claims().size())
                        .filter(place -> its.claims().get(place).destination() == Destination.ROYALTY_POOL)
                        .toArray())
                .toList();
        for (Routed inflow : event.inflows()) {
            for (int place : places.get(inflow.terms())) {
                if (place < inflow.parts().size() && inflow.parts().get(place) != 0) {
                    add(
                            Leg.idOf(inflow.inflowId(), place),
                            new RoyaltyLeg(
                                    event.agreementId(),
                                    event.currency(),
                                    inflow.parts().get(place),
                                    0));
                }
            }
        }
    }

    @EventHandler
    void on(InflowRouted event) {
        credit(event.agreementId(), event.currency(), event.legs());
    }

    @EventHandler
    void on(HeldReleased event) {
        credit(event.agreementId(), event.currency(), event.legs());
    }

    private void credit(String agreementId, String currency, List<Leg> legs) {
        for (Leg leg : legs) {
            if (leg.destination() == Destination.ROYALTY_POOL) {
                add(leg.legId(), new RoyaltyLeg(agreementId, currency, leg.units(), 0));
            }
        }
    }

    /** A royalty leg is given up for its own inflow alone, and in one step. */
    @EventHandler
    void on(LegsReduced event) {
        for (Reduction reduction : event.reductions()) {
            if (reduction.destination() == Destination.ROYALTY_POOL) {
                add(reduction.legId(), new RoyaltyLeg(event.agreementId(), event.currency(), 0, reduction.units()));
            }
        }
    }

    @Override
    protected void flush(Map<UUID, RoyaltyLeg> legs) {
        SortedMap<String, List<RoyaltyLeg>> credits = byPool(legs, "pool_credit", RoyaltyLeg::credited);
        SortedMap<String, List<RoyaltyLeg>> reductions = byPool(legs, "pool_reduction", RoyaltyLeg::reduced);
        credits.forEach((poolId, its) -> {
            commands.begin(
                    poolId,
                    new OpenPool(
                            poolId, its.getFirst().agreementId(), its.getFirst().currency()));
            commands.send(new CreditPool(poolId, sum(its, RoyaltyLeg::credited), its.size()));
        });
        reductions.forEach(
                (poolId, its) -> commands.send(new ReducePool(poolId, sum(its, RoyaltyLeg::reduced), its.size())));
    }

    /** Those of the legs with such units that this claims now: mostly all, so that the others are asked for. */
    private SortedMap<String, List<RoyaltyLeg>> byPool(
            Map<UUID, RoyaltyLeg> legs, String claims, ToLongFunction<RoyaltyLeg> units) {
        SortedMap<String, List<RoyaltyLeg>> byPool = new TreeMap<>();
        UUID[] ids = legs.entrySet().stream()
                .filter(leg -> units.applyAsLong(leg.getValue()) > 0)
                .map(Map.Entry::getKey)
                .toArray(UUID[]::new);
        if (ids.length > 0) {
            Set<UUID> claimedBefore = new HashSet<>(
                    db.sql("with asked as materialized (select unnest(:ids::uuid[]) as id), claimed as (insert into "
                                    + claims + " (leg_id) select id from asked on conflict do nothing returning leg_id)"
                                    + " select id from asked where id not in (select leg_id from claimed)")
                            .param("ids", ids)
                            .query(UUID.class)
                            .list());
            for (UUID id : ids) {
                if (!claimedBefore.contains(id)) {
                    RoyaltyLeg leg = Objects.requireNonNull(legs.get(id));
                    byPool.computeIfAbsent(leg.poolId(), p -> new ArrayList<>()).add(leg);
                }
            }
        }
        return byPool;
    }

    private static long sum(List<RoyaltyLeg> legs, ToLongFunction<RoyaltyLeg> units) {
        return legs.stream().mapToLong(units).reduce(0, Math::addExact);
    }
}
