package io.sluice.royalty;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.Commands;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.royalty.RoyaltyCommand.CreditPool;
import io.sluice.royalty.RoyaltyCommand.OpenPool;
import io.sluice.royalty.RoyaltyCommand.ReducePool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Credits the royalty legs of a batch of inflows to their pools, and takes out what of them was given up again: one command per pool, in
 * the transaction of the lane's token. An event's credits are claimed, and each leg that is reduced, so that they count once even if the
 * lane is replayed. That an inflow is divided once, and so a leg told of by one event, is the router's claim.
 */
@Component
@ProcessingGroup("royalty.pool-credits")
@DisallowReplay
class WhenInflowRoutedThenCreditPool extends BufferedProjection<String, WhenInflowRoutedThenCreditPool.RoyaltyLegs> {

    /** Of one pool; never of zero units. */
    record RoyaltyLeg(UUID legId, String agreementId, String currency, long units) {
        String poolId() {
            return RoyaltyPool.idOf(agreementId, currency);
        }
    }

    /** Of one event. */
    record RoyaltyLegs(List<RoyaltyLeg> credited, List<RoyaltyLeg> reduced) {}

    private final JdbcClient db;
    private final Commands commands;

    WhenInflowRoutedThenCreditPool(JdbcClient db, Commands commands) {
        super((first, second) -> first);
        this.db = db;
        this.commands = commands;
    }

    @EventHandler
    void on(InflowsRouted event, EventMessage<?> message) {
        List<int[]> places = event.terms().stream()
                .map(its -> IntStream.range(0, its.claims().size())
                        .filter(place -> its.claims().get(place).destination() == Destination.ROYALTY_POOL)
                        .toArray())
                .toList();
        List<RoyaltyLeg> credited = new ArrayList<>(event.inflows().size());
        for (Routed inflow : event.inflows()) {
            for (int place : places.get(inflow.terms())) {
                if (place < inflow.parts().size() && inflow.parts().get(place) > 0) {
                    credited.add(new RoyaltyLeg(
                            Leg.idOf(inflow.inflowId(), place),
                            event.agreementId(),
                            event.currency(),
                            inflow.parts().get(place)));
                }
            }
        }
        credit(message, credited);
    }

    @EventHandler
    void on(InflowRouted event, EventMessage<?> message) {
        credit(message, royalty(event.agreementId(), event.currency(), event.legs()));
    }

    @EventHandler
    void on(HeldReleased event, EventMessage<?> message) {
        credit(message, royalty(event.agreementId(), event.currency(), event.legs()));
    }

    private static List<RoyaltyLeg> royalty(String agreementId, String currency, List<Leg> legs) {
        return legs.stream()
                .filter(leg -> leg.destination() == Destination.ROYALTY_POOL && leg.units() > 0)
                .map(leg -> new RoyaltyLeg(leg.legId(), agreementId, currency, leg.units()))
                .toList();
    }

    private void credit(EventMessage<?> message, List<RoyaltyLeg> credited) {
        if (!credited.isEmpty()) {
            add(message.getIdentifier(), new RoyaltyLegs(credited, List.of()));
        }
    }

    /** A royalty leg is given up for its own inflow alone, and in one step. */
    @EventHandler
    void on(LegsReduced event, EventMessage<?> message) {
        List<RoyaltyLeg> reduced = event.reductions().stream()
                .filter(reduction -> reduction.destination() == Destination.ROYALTY_POOL && reduction.units() > 0)
                .map(reduction ->
                        new RoyaltyLeg(reduction.legId(), event.agreementId(), event.currency(), reduction.units()))
                .toList();
        if (!reduced.isEmpty()) {
            add(message.getIdentifier(), new RoyaltyLegs(List.of(), reduced));
        }
    }

    @Override
    protected void flush(Map<String, RoyaltyLegs> events) {
        byPool(claimCredits(events)).forEach((poolId, its) -> {
            commands.begin(
                    poolId,
                    new OpenPool(
                            poolId, its.getFirst().agreementId(), its.getFirst().currency()));
            commands.send(new CreditPool(poolId, sum(its), its.size()));
        });
        byPool(claimReductions(events.values()))
                .forEach((poolId, its) -> commands.send(new ReducePool(poolId, sum(its), its.size())));
    }

    /** Of events that this claims now, but for legs that were claimed one by one. */
    private List<RoyaltyLeg> claimCredits(Map<String, RoyaltyLegs> events) {
        Set<String> ids = new HashSet<>();
        events.forEach((id, its) -> {
            if (!its.credited().isEmpty()) {
                ids.add(id);
            }
        });
        if (ids.isEmpty()) {
            return List.of();
        }
        Set<String> claimed = new HashSet<>(db.sql("insert into pool_credit_event (event_id)"
                        + " select id from unnest(:ids::text[]) as e (id) order by id"
                        + " on conflict do nothing returning event_id")
                .param("ids", ids.toArray(String[]::new))
                .query(String.class)
                .list());
        List<RoyaltyLeg> legs = events.entrySet().stream()
                .filter(event -> claimed.contains(event.getKey()))
                .flatMap(event -> event.getValue().credited().stream())
                .toList();
        return without(claimedOneByOne(legs), legs);
    }

    /** By engines until 2026-11-29. */
    private Set<UUID> claimedOneByOne(List<RoyaltyLeg> legs) {
        boolean any = db.sql("select exists (select from pool_credit)")
                .query(Boolean.class)
                .single();
        return any
                ? new HashSet<>(db.sql("select leg_id from pool_credit where leg_id = any(:ids)")
                        .param("ids", ids(legs))
                        .query(UUID.class)
                        .list())
                : Set.of();
    }

    private List<RoyaltyLeg> claimReductions(Collection<RoyaltyLegs> events) {
        Map<UUID, RoyaltyLeg> legs = new LinkedHashMap<>();
        events.forEach(its -> its.reduced().forEach(leg -> legs.putIfAbsent(leg.legId(), leg)));
        if (legs.isEmpty()) {
            return List.of();
        }
        return db
                .sql("insert into pool_reduction (leg_id) select id from unnest(:ids::uuid[]) as l (id) order by id"
                        + " on conflict do nothing returning leg_id")
                .param("ids", ids(legs.values()))
                .query(UUID.class)
                .list()
                .stream()
                .map(id -> Objects.requireNonNull(legs.get(id)))
                .toList();
    }

    private static UUID[] ids(Collection<RoyaltyLeg> legs) {
        return legs.stream().map(RoyaltyLeg::legId).toArray(UUID[]::new);
    }

    private static List<RoyaltyLeg> without(Set<UUID> some, List<RoyaltyLeg> legs) {
        return some.isEmpty()
                ? legs
                : legs.stream().filter(leg -> !some.contains(leg.legId())).toList();
    }

    private static SortedMap<String, List<RoyaltyLeg>> byPool(List<RoyaltyLeg> legs) {
        SortedMap<String, List<RoyaltyLeg>> byPool = new TreeMap<>();
        for (RoyaltyLeg leg : legs) {
            byPool.computeIfAbsent(leg.poolId(), p -> new ArrayList<>()).add(leg);
        }
        return byPool;
    }

    private static long sum(List<RoyaltyLeg> legs) {
        return legs.stream().mapToLong(RoyaltyLeg::units).reduce(0, Math::addExact);
    }
}
