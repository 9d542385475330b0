package io.sluice.routing;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.ReadModel;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What each inflow was divided into. */
@Component
@ReadModel(value = "leg", appended = "leg")
@ProcessingGroup("routing.legs")
class Legs extends BufferedProjection<UUID, Legs.Divided> {

    /** @param of the deposit that was let go; null for what is divided itself */
    record Divided(InflowRouted as, @Nullable UUID of) {}

    private final CopyRows rows;

    Legs(DataSource source) {
        super((first, second) -> first);
        this.rows = new CopyRows(
                source,
                "leg",
                "leg_id",
                "inflow_id",
                "agreement_id",
                "store_id",
                "account",
                "rule_hash",
                "path",
                "destination",
                "units",
                "currency",
                "value_date",
                "provisional_base",
                "released_of");
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
        rows.write(divided.values().stream().flatMap(Legs::rows).toList());
    }

    private static Stream<@Nullable Object[]> rows(Divided divided) {
        InflowRouted r = divided.as();
        return r.legs().stream().map(leg -> new @Nullable Object[] {
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
            r.valueDate(),
            r.provisionalBaseUnits(),
            divided.of()
        });
    }
}
