package io.sluice.settlement;

import io.sluice.collection.CollectionCommand.WithdrawInflow;
import io.sluice.collection.InflowKind;
import io.sluice.collection.Suspense;
import io.sluice.platform.Commands;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingCommand.ReduceLegs;
import io.sluice.routing.RoutingCommand.TakeBackInflow;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingQueue;
import io.sluice.routing.SettlementReports;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Who bears an inflow that the bank took back. One that was not divided never is. One that was is covered first by its own legs which
 * nothing has paid, then by the store's unpaid residuals, the oldest first, those of later inflows too; until it is covered it is a
 * receivable. Nothing that was ordered, paid or distributed is touched. All in the caller's transaction.
 */
@Component
class Recourse {

    private record Begun(UUID inflowId, String account, long units, String currency, LocalDate valueDate) {}

    private record Divided(
            String agreementId,
            String storeId,
            String ruleHash,
            LocalDate valueDate,
            List<Leg> legs,
            @Nullable Long base) {}

    private record Open(UUID inflowId, String agreementId, String account, String currency, long units) {}

    private record OpenLeg(UUID legId, String ruleHash, String path, String destination, long units) {}

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final Commands commands;
    private final RoutingQueue queue;
    private final Suspense suspense;
    private final SettlementReports reports;

    Recourse(
            JdbcClient db,
            JdbcTemplate batch,
            Commands commands,
            RoutingQueue queue,
            Suspense suspense,
            SettlementReports reports) {
        this.db = db;
        this.batch = batch;
        this.commands = commands;
        this.queue = queue;
        this.suspense = suspense;
        this.reports = reports;
    }

    /** What was taken back and not looked at yet. */
    List<UUID> begun() {
        return db.sql("select inflow_id from recourse where state = 'NEW' order by inflow_id limit 500")
                .query(UUID.class)
                .list();
    }

    /** Stores with something left to cover. */
    List<String> stores() {
        return db.sql("select distinct store_id from recourse where state = 'OPEN' order by store_id")
                .query(String.class)
                .list();
    }

    /** Finds out how far the inflow had come; one whose way is not written down yet is looked at again. */
    void begin(UUID inflowId) {
        db.sql("select inflow_id, account, units, currency, value_date from recourse"
                        + " where inflow_id = ? and state = 'NEW' for update skip locked")
                .param(inflowId)
                .query(Begun.class)
                .optional()
                .ifPresent(begun -> kind(inflowId).ifPresent(kind -> begin(begun, kind)));
    }

    private Optional<InflowKind> kind(UUID inflowId) {
        return db.sql("select kind from inflow where inflow_id = ?")
                .param(inflowId)
                .query(String.class)
                .optional()
                .map(InflowKind::valueOf);
    }

    private void begin(Begun begun, InflowKind kind) {
        switch (kind) {
            case SALE, REFUND, FUNDING, BANK_FEE, INTEREST, FX_LEG, SUBSCRIPTION -> withdrawOrTakeBack(begun, kind);
            case UNKNOWN -> {
                switch (suspense.takenBack(begun.inflowId())) {
                    case TAKEN_BACK -> withdrawOrTakeBack(begun, kind);
                    case ASSIGNED -> withdrawOrTakeBack(begun, InflowKind.SALE);
                    case RETURNED -> state(begun.inflowId(), "PERSON"); // it may have left twice
                }
            }
            case RETURN, OWN_TRANSFER -> state(begun.inflowId(), "PERSON"); // the frozen account's item says it
        }
    }

    private void withdrawOrTakeBack(Begun begun, InflowKind kind) {
        if (queue.withhold(begun.inflowId())) {
            withdraw(begun, kind);
        } else {
            divided(begun.inflowId()).ifPresent(divided -> takeBack(begun, divided));
        }
    }

    private void withdraw(Begun begun, InflowKind kind) {
        commands.send(new WithdrawInflow(
                begun.account(), begun.inflowId(), kind, begun.units(), begun.currency(), begun.valueDate()));
        state(begun.inflowId(), "DONE");
    }

    private Optional<Divided> divided(UUID inflowId) {
        List<Leg> legs = db.sql("select leg_id, path, destination, units from leg where inflow_id = ? order by leg_id")
                .param(inflowId)
                .query((row, n) -> new Leg(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        Destination.parse(row.getString(3)),
                        row.getLong(4)))
                .list();
        return db.sql("select agreement_id, store_id, rule_hash, value_date from divided where inflow_id = ?")
                .param(inflowId)
                .query((row, n) -> new Divided(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getObject(4, LocalDate.class),
                        legs,
                        reports.counted(inflowId).orElse(null)))
                .optional();
    }

    private void takeBack(Begun begun, Divided divided) {
        commands.send(new TakeBackInflow(
                divided.agreementId(),
                begun.inflowId(),
                divided.storeId(),
                begun.account(),
                divided.ruleHash(),
                begun.units(),
                begun.currency(),
                begun.valueDate(),
                divided.legs(),
                divided.base(),
                divided.valueDate()));
        db.sql("update recourse set state = 'OPEN', agreement_id = ?, store_id = ? where inflow_id = ?")
                .params(divided.agreementId(), divided.storeId(), begun.inflowId())
                .update();
    }

    /** Covers what it can of what is open at this store. Whoever orders this store's legs comes here first, and waits for who is here. */
    void takeFrom(String storeId, LocalDate day) {
        db.sql("select store_id from store where store_id = ? for update")
                .param(storeId)
                .query(String.class)
                .optional();
        for (Open open : open(storeId)) {
            List<Reduction> reductions = new ArrayList<>();
            long left = open.units();
            for (OpenLeg leg : legs(storeId, open.inflowId())) {
                long taken = Math.min(left, leg.units());
                if (taken > 0) {
                    reductions.add(new Reduction(
                            leg.legId(), leg.ruleHash(), leg.path(), Destination.parse(leg.destination()), taken));
                    left -= taken;
                }
            }
            if (!reductions.isEmpty()) {
                reduce(storeId, open, reductions, left, day);
            }
        }
    }

    private List<Open> open(String storeId) {
        return db.sql("select inflow_id, agreement_id, account, currency, units - covered as units from recourse"
                        + " where store_id = ? and state = 'OPEN' order by value_date, inflow_id")
                .param(storeId)
                .query(Open.class)
                .list();
    }

    /** Its own legs of every kind, then other residuals. */
    private List<OpenLeg> legs(String storeId, UUID inflowId) {
        return db.sql("select leg_id, rule_hash, path, destination, open_units as units from open_leg"
                        + " where store_id = :store and (inflow_id = :inflow or destination = :residual)"
                        + " order by inflow_id = :inflow desc, value_date, leg_id limit 1000")
                .param("store", storeId)
                .param("inflow", inflowId)
                .param("residual", Destination.MERCHANT_RESIDUAL.text())
                .query(OpenLeg.class)
                .list();
    }

    private void reduce(String storeId, Open open, List<Reduction> reductions, long left, LocalDate day) {
        batch.batchUpdate(
                "insert into leg_reduction (leg_id, inflow_id, step, units)"
                        + " select ?, ?, count(*), ? from leg_reduction where leg_id = ?",
                reductions.stream()
                        .map(r -> new Object[] {r.legId(), open.inflowId(), r.units(), r.legId()})
                        .toList());
        db.sql("update recourse set covered = units - ?, state = ? where inflow_id = ?")
                .params(left, left == 0 ? "DONE" : "OPEN", open.inflowId())
                .update();
        commands.send(new ReduceLegs(
                open.agreementId(), open.inflowId(), storeId, open.account(), open.currency(), day, reductions));
    }

    private void state(UUID inflowId, String state) {
        db.sql("update recourse set state = ? where inflow_id = ?")
                .params(state, inflowId)
                .update();
    }
}
