package io.sluice.routing;

import io.sluice.collection.CollectionEvent.InflowAssigned;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.InflowKind;
import io.sluice.platform.BufferedProjection;
import io.sluice.platform.Transactions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Puts each booked sale, and what a person said is one, where the router finds it, in the transaction of its token. An inflow stays there
 * until it is routed, however long no rule covers it, or until it is {@linkplain #withhold withheld}.
 */
@Component
@ProcessingGroup("routing.queue")
@DisallowReplay
public class RoutingQueue extends BufferedProjection<UUID, RoutingQueue.Sale> {

    record Sale(
            UUID inflowId,
            String account,
            long units,
            String currency,
            LocalDate valueDate,
            @Nullable LocalDate bookedOn) {}

    private final JdbcTemplate db;
    private final ObjectProvider<Router> router;

    RoutingQueue(JdbcTemplate db, ObjectProvider<Router> router) {
        super((first, second) -> first);
        this.db = db;
        this.router = router;
    }

    @EventHandler
    void on(InflowsBooked event) {
        event.each().forEach(this::on);
    }

    @EventHandler
    void on(InflowBooked event) {
        if (event.kind() == InflowKind.SALE) {
            add(
                    event.inflowId(),
                    new Sale(
                            event.inflowId(),
                            event.account(),
                            event.units(),
                            event.currency(),
                            event.valueDate(),
                            event.bookedAt().atZone(ZoneOffset.UTC).toLocalDate()));
        }
    }

    @EventHandler
    void on(InflowAssigned event) {
        add(
                event.inflowId(),
                new Sale(event.inflowId(), event.account(), event.units(), event.currency(), event.valueDate(), null));
    }

    /**
     * In the caller's transaction: takes the claim that the router needs, so that the inflow is never divided.
     *
     * @return whether it had not been divided; otherwise nothing changes
     */
    public boolean withhold(UUID inflowId) {
        lock("pg_advisory_xact_lock");
        // The router locks the row first and claims after: nobody waits for each other.
        db.update("delete from routing_queue where inflow_id = ?", inflowId);
        return db.update("insert into routed_inflow (inflow_id) values (?) on conflict do nothing", inflowId) == 1;
    }

    /** Between who queues and who withholds: otherwise neither may see what the other has not committed, and the row would stay for ever. */
    private void lock(String how) {
        db.query("select " + how + "(hashtext('routing.queue'))", row -> {});
    }

    @Override
    protected void flush(Map<UUID, Sale> booked) {
        lock("pg_advisory_xact_lock_shared");
        // What was routed before is not queued again, even if this lane is ever replayed.
        db.batchUpdate(
                "insert into routing_queue (inflow_id, account, units, currency, value_date, booked_on)"
                        + " select ?, ?, ?, ?, ?, ? where not exists (select 1 from routed_inflow where inflow_id = ?)"
                        + " on conflict do nothing",
                booked.values().stream()
                        .map(b -> new Object[] {
                            b.inflowId(),
                            b.account(),
                            b.units(),
                            b.currency(),
                            b.valueDate(),
                            b.bookedOn(),
                            b.inflowId()
                        })
                        .toList());
        Transactions.afterCommit(() -> router.getObject().wake());
    }
}
