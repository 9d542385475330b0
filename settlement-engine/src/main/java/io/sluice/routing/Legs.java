package io.sluice.routing;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.ReadModel;
import io.sluice.routing.RoutingEvent.InflowRouted;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What each inflow was divided into. */
@Component
@ReadModel("leg")
@ProcessingGroup("routing.legs")
class Legs extends BufferedProjection<UUID, InflowRouted> {

    private final JdbcTemplate db;

    Legs(JdbcTemplate db) {
        super((first, second) -> first);
        this.db = db;
    }

    @EventHandler
    void on(InflowRouted event) {
        add(event.inflowId(), event);
    }

    @Override
    protected void flush(SortedMap<UUID, InflowRouted> routed) {
        List<Object[]> rows = routed.values().stream()
                .flatMap(r -> r.legs().stream().map(leg -> new Object[] {
                    leg.legId(),
                    r.inflowId(),
                    r.agreementId(),
                    r.storeId(),
                    r.account(),
                    r.ruleHash(),
                    leg.path(),
                    leg.destination().text(),
                    leg.units(),
                    r.currency(),
                    r.valueDate()
                }))
                .toList();
        db.batchUpdate(
                "insert into leg (leg_id, inflow_id, agreement_id, store_id, account, rule_hash, path, destination, units, currency, value_date)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                rows);
    }
}
