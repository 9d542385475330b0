package io.sluice.collection;

import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.platform.BufferedProjection;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Every inflow there is. */
@Component
@ProcessingGroup("collection.inflows")
class Inflows extends BufferedProjection<UUID, InflowBooked> {

    private final JdbcTemplate db;

    Inflows(JdbcTemplate db) {
        super((first, second) -> first);
        this.db = db;
    }

    @EventHandler
    void on(InflowBooked event) {
        add(event.inflowId(), event);
    }

    @Override
    protected void flush(SortedMap<UUID, InflowBooked> booked) {
        db.batchUpdate(
                "insert into inflow (inflow_id, account, kind, units, currency, value_date, state, evidence_sha256, end_to_end_id, booked_at)"
                        + " values (?, ?, ?, ?, ?, ?, 'BOOKED', ?, ?, ?) on conflict do nothing",
                booked.values().stream()
                        .map(b -> new Object[] {
                            b.inflowId(),
                            b.account(),
                            b.kind().name(),
                            b.units(),
                            b.currency(),
                            b.valueDate(),
                            b.evidenceSha256(),
                            b.ourReference(),
                            b.bookedAt().atOffset(ZoneOffset.UTC)
                        })
                        .toList());
    }
}
