package io.sluice.settlement;

import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.platform.BufferedProjection;
import io.sluice.platform.Transactions;
import java.util.Map;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Puts each inflow that was taken back where recourse is taken for it. One that is there is not put there again. */
@Component
@ProcessingGroup("settlement.recourse")
@DisallowReplay
class WhenInflowIsTakenBackThenTakeRecourse extends BufferedProjection<UUID, InflowReversed> {

    private final JdbcTemplate db;
    private final ObjectProvider<RecourseWorker> worker;

    WhenInflowIsTakenBackThenTakeRecourse(JdbcTemplate db, ObjectProvider<RecourseWorker> worker) {
        super((first, second) -> first);
        this.db = db;
        this.worker = worker;
    }

    @EventHandler
    void on(InflowReversed event) {
        add(event.inflowId(), event);
    }

    @Override
    protected void flush(Map<UUID, InflowReversed> reversed) {
        db.batchUpdate(
                "insert into recourse (inflow_id, account, units, currency, value_date) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                reversed.values().stream()
                        .map(r -> new Object[] {r.inflowId(), r.account(), r.units(), r.currency(), r.valueDate()})
                        .toList());
        Transactions.afterCommit(() -> worker.getObject().wake());
    }
}
