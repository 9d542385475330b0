package io.sluice.routing;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.ReadModel;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What each inflow was divided into. */
@Component
@ReadModel(value = "division", appended = "division")
@ProcessingGroup("routing.legs")
class Legs extends BufferedProjection<UUID, Legs.Divided> {

    /** @param of the deposit that was let go; null for what is divided itself */
    record Divided(InflowRouted as, @Nullable UUID of) {}

    private final CopyRows rows;

    Legs(DataSource source) {
        super((first, second) -> first);
        this.rows = new CopyRows(
                source,
                "division",
                "inflow_id",
                "agreement_id",
                "store_id",
                "account",
                "rule_hash",
                "currency",
                "value_date",
                "provisional_base",
                "released_of",
                "leg_ids",
                "paths",
                "destinations",
                "units");
    }

    @EventHandler
    void on(InflowsRouted event) {
        event.each().forEach(this::on);
    }

    @EventHandler
    void on(InflowRouted event) {
        add(event.inflowId(), new Divided(event, null));
    }

    /** Like an inflow of nothing. */
    @EventHandler
    void on(HeldReleased event) {
        add(
                event.releaseId(),
                new Divided(
                        new InflowRouted(
                                event.releaseId(),
                                event.agreementId(),
                                event.storeId(),
                                event.account(),
                                event.ruleHash(),
                                0,
                                event.currency(),
                                event.valueDate(),
                                event.legs(),
                                0,
                                null),
                        event.of() == null ? null : event.of().inflowId()));
    }

    @Override
    protected void flush(SortedMap<UUID, Divided> divided) {
        rows.write(divided.values().stream().map(Legs::row).toList());
    }

    private static @Nullable Object[] row(Divided divided) {
        InflowRouted r = divided.as();
        List<Leg> legs =
                r.legs().stream().sorted(Comparator.comparing(Leg::path)).toList();
        return new @Nullable Object[] {
            r.inflowId(),
            r.agreementId(),
            r.storeId(),
            r.account(),
            r.ruleHash(),
            r.currency(),
            r.valueDate(),
            r.provisionalBaseUnits(),
            divided.of(),
            legs.stream().map(Leg::legId).toList(),
            legs.stream().map(Leg::path).toList(),
            legs.stream().map(leg -> leg.destination().text()).toList(),
            legs.stream().map(Leg::units).toList()
        };
    }
}
