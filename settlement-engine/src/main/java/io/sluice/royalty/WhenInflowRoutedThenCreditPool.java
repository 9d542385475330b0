package io.sluice.royalty;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.Commands;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.royalty.RoyaltyCommand.CreditPool;
import io.sluice.royalty.RoyaltyCommand.OpenPool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Credits the royalty legs of a batch of inflows to their pools: one command per pool, in the transaction of the lane's token. Each leg
 * is claimed, so that it counts once even if the lane is replayed.
 */
@Component
@ProcessingGroup("royalty.pool-credits")
@DisallowReplay
class WhenInflowRoutedThenCreditPool extends BufferedProjection<UUID, WhenInflowRoutedThenCreditPool.RoyaltyLeg> {

    record RoyaltyLeg(String agreementId, String currency, long units) {
        String poolId() {
            return RoyaltyPool.idOf(agreementId, currency);
        }
    }

    private final JdbcClient db;
    private final Commands commands;

    WhenInflowRoutedThenCreditPool(JdbcClient db, Commands commands) {
        super((first, second) -> first);
        this.db = db;
        this.commands = commands;
    }

    @EventHandler
    void on(InflowRouted event) {
        for (Leg leg : event.legs()) {
            if (leg.destination() == Destination.ROYALTY_POOL) {
                add(leg.legId(), new RoyaltyLeg(event.agreementId(), event.currency(), leg.units()));
            }
        }
    }

    @Override
    protected void flush(SortedMap<UUID, RoyaltyLeg> legs) {
        Set<UUID> mine = new HashSet<>(db.sql("insert into pool_credit (leg_id) select unnest(:ids::uuid[])"
                        + " on conflict do nothing returning leg_id")
                .param("ids", legs.keySet().toArray(UUID[]::new))
                .query(UUID.class)
                .list());
        SortedMap<String, List<RoyaltyLeg>> byPool = new TreeMap<>();
        legs.forEach((id, leg) -> {
            if (mine.contains(id)) {
                byPool.computeIfAbsent(leg.poolId(), p -> new java.util.ArrayList<>())
                        .add(leg);
            }
        });
        byPool.forEach((poolId, its) -> {
            commands.begin(
                    poolId,
                    new OpenPool(
                            poolId, its.getFirst().agreementId(), its.getFirst().currency()));
            commands.send(new CreditPool(
                    poolId, its.stream().mapToLong(RoyaltyLeg::units).reduce(0, Math::addExact), its.size()));
        });
    }
}
