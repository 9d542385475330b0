package io.sluice.collection;

import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.ReadModel;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Every inflow there is. */
@Component
@ReadModel("inflow")
@ProcessingGroup("collection.inflows")
class Inflows extends BufferedProjection<UUID, Inflows.Change> {

    /** What happened to one inflow in one unit of work: it was booked, taken back, or both. */
    record Change(@Nullable InflowBooked booked, boolean reversed) {

        Change then(Change later) {
            return new Change(booked != null ? booked : later.booked, reversed || later.reversed);
        }
    }

    private final JdbcTemplate db;
    private final CopyRows rows;

    Inflows(JdbcTemplate db, DataSource source) {
        super(Change::then);
        this.db = db;
        this.rows = new CopyRows(
                source,
                "inflow",
                "inflow_id",
                "account",
                "kind",
                "units",
                "currency",
                "value_date",
                "state",
                "evidence_sha256",
                "end_to_end_id",
                "booked_at",
                "decided_by");
    }

    @EventHandler
    void on(InflowsBooked event) {
        event.each().forEach(this::on);
    }

    @EventHandler
    void on(InflowBooked event) {
        add(event.inflowId(), new Change(event, false));
    }

    @EventHandler
    void on(InflowReversed event) {
        add(event.inflowId(), new Change(null, true));
    }

    @Override
    protected void flush(Map<UUID, Change> changes) {
        rows.write(changes.values().stream()
                .flatMap(change -> Stream.ofNullable(change.booked()))
                .map(b -> new Object[] {
                    b.inflowId(),
                    b.account(),
                    b.kind().name(),
                    b.units(),
                    b.currency(),
                    b.valueDate(),
                    "BOOKED",
                    b.evidenceSha256(),
                    b.ourReference(),
                    b.bookedAt(),
                    b.decidedBy()
                })
                .toList());
        db.batchUpdate(
                "update inflow set state = 'REVERSED' where inflow_id = ?",
                changes.entrySet().stream()
                        .filter(change -> change.getValue().reversed())
                        .map(change -> new Object[] {change.getKey()})
                        .toList());
    }
}
