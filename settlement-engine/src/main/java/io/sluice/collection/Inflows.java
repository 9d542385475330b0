package io.sluice.collection;

import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.ReadModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Every inflow there is. */
@Component
@ReadModel({"inflow_terms", "booked_inflow"})
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
                "booked_inflow",
                "inflow_id",
                "terms_id",
                "units",
                "booked_at",
                "value_date",
                "reversed",
                "kind",
                "evidence_sha256",
                "end_to_end_id");
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
        Map<InflowTerms, UUID> terms = new HashMap<>();
        Map<String, byte[]> evidence = new HashMap<>();
        List<Object[]> booked = new ArrayList<>(changes.size());
        List<Object[]> reversed = new ArrayList<>();
        changes.forEach((id, change) -> {
            InflowBooked its = change.booked();
            if (its != null) {
                booked.add(new Object[] {
                    id,
                    terms.computeIfAbsent(
                            new InflowTerms(its.account(), its.currency(), its.decidedBy()), InflowTerms::id),
                    its.units(),
                    its.bookedAt(),
                    its.valueDate(),
                    change.reversed(),
                    its.kind().name(),
                    evidence.computeIfAbsent(its.evidenceSha256(), HexFormat.of()::parseHex),
                    its.ourReference() == null ? "" : its.ourReference()
                });
            } else {
                reversed.add(new Object[] {id});
            }
        });
        write(terms);
        rows.write(booked);
        db.batchUpdate("update booked_inflow set reversed = true where inflow_id = ?", reversed);
    }

    private void write(Map<InflowTerms, UUID> terms) {
        db.batchUpdate(
                "insert into inflow_terms (terms_id, account, currency, decided_by)"
                        + " values (?, ?, ?, ?) on conflict (terms_id) do nothing",
                terms.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue())
                        .map(its -> new Object[] {
                            its.getValue(),
                            its.getKey().account(),
                            its.getKey().currency(),
                            its.getKey().decidedBy()
                        })
                        .toList());
    }
}
