package io.sluice.settlement;

import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.InflowKind;
import io.sluice.platform.BufferedProjection;
import java.util.Map;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Queues credits that bring a payout of ours back, and compares those that were taken for own transfers with what was sent. */
@Component
@ProcessingGroup("settlement.returns")
@DisallowReplay
class WhenPayoutComesBack extends BufferedProjection<UUID, InflowBooked> {

    private final JdbcTemplate db;
    private final OwnArrivals arrivals;

    WhenPayoutComesBack(JdbcTemplate db, OwnArrivals arrivals) {
        super((first, second) -> first);
        this.db = db;
        this.arrivals = arrivals;
    }

    @EventHandler
    void on(InflowsBooked event) {
        event.each().forEach(this::on);
    }

    @EventHandler
    void on(InflowBooked event) {
        if (event.kind() == InflowKind.RETURN || event.kind() == InflowKind.OWN_TRANSFER) {
            add(event.inflowId(), event);
        }
    }

    @Override
    protected void flush(Map<UUID, InflowBooked> ours) {
        arrivals.compare(ours.values().stream()
                .filter(inflow -> inflow.kind() == InflowKind.OWN_TRANSFER)
                .toList());
        db.batchUpdate(
                "insert into return_queue (inflow_id, end_to_end_id, units, value_date) values (?, ?, ?, ?) on conflict do nothing",
                ours.values().stream()
                        .filter(inflow -> inflow.kind() == InflowKind.RETURN)
                        .map(r -> new Object[] {r.inflowId(), r.ourReference(), r.units(), r.valueDate()})
                        .toList());
    }
}
