package io.sluice.routing;

import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.ReadModel;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Routed;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What each inflow was divided into. */
@Component
@ReadModel(
        value = {"division_terms", "division"},
        appended = "division")
@ProcessingGroup("routing.legs")
class Legs extends BufferedProjection<UUID, Legs.Divided> {

    /**
     * @param of the deposit that was let go; null for what is divided itself
     * @param units of each of the terms' parts; what is missing is zero
     * @param legIds of legs that have ids of their own; null where they are {@link Leg#idOf}
     */
    record Divided(
            UUID inflowId,
            DivisionTerms terms,
            LocalDate valueDate,
            @Nullable Long provisionalBase,
            @Nullable UUID of,
            List<Long> units,
            @Nullable List<UUID> legIds) {

        /** Null where one of them needs more than 32 bits. */
        int @Nullable [] smallUnits() {
            int[] small = new int[units.size()];
            for (int place = 0; place < small.length; place++) {
                long its = units.get(place);
                if (its != (int) its) {
                    return null;
                }
                small[place] = (int) its;
            }
            return small;
        }
    }

    private final JdbcTemplate db;
    private final CopyRows rows;

    Legs(JdbcTemplate db, DataSource source) {
        super((first, second) -> first);
        this.db = db;
        this.rows = new CopyRows(
                source,
                "division",
                "inflow_id",
                "terms_id",
                "value_date",
                "provisional_base",
                "released_of",
                "units",
                "large_units",
                "leg_ids");
    }

    @EventHandler
    void on(InflowsRouted event) {
        List<DivisionTerms> terms = event.terms().stream()
                .map(its -> DivisionTerms.of(event.agreementId(), event.currency(), its))
                .toList();
        for (Routed inflow : event.inflows()) {
            add(
                    inflow.inflowId(),
                    new Divided(
                            inflow.inflowId(),
                            terms.get(inflow.terms()),
                            inflow.valueDate(),
                            inflow.provisionalBaseUnits(),
                            null,
                            inflow.parts(),
                            null));
        }
    }

    @EventHandler
    void on(InflowRouted event) {
        add(event, null);
    }

    /** Like an inflow of nothing. */
    @EventHandler
    void on(HeldReleased event) {
        add(
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
                event.of() == null ? null : event.of().inflowId());
    }

    /** Whose legs have ids of their own. */
    private void add(InflowRouted routed, @Nullable UUID of) {
        List<Leg> legs =
                routed.legs().stream().sorted(Comparator.comparing(Leg::path)).toList();
        add(
                routed.inflowId(),
                new Divided(
                        routed.inflowId(),
                        DivisionTerms.of(routed, legs),
                        routed.valueDate(),
                        routed.provisionalBaseUnits(),
                        of,
                        legs.stream().map(Leg::units).toList(),
                        legs.stream().map(Leg::legId).toList()));
    }

    @Override
    protected void flush(Map<UUID, Divided> divided) {
        Map<DivisionTerms, UUID> terms = new HashMap<>();
        List<@Nullable Object[]> divisions = new ArrayList<>(divided.size());
        for (Divided one : divided.values()) {
            int[] small = one.smallUnits();
            divisions.add(new @Nullable Object[] {
                one.inflowId(),
                terms.computeIfAbsent(one.terms(), DivisionTerms::id),
                one.valueDate(),
                one.provisionalBase(),
                one.of(),
                small,
                small == null ? one.units() : null,
                one.legIds()
            });
        }
        write(terms);
        rows.write(divisions);
    }

    private void write(Map<DivisionTerms, UUID> terms) {
        db.batchUpdate(
                "insert into division_terms (terms_id, agreement_id, store_id, account, rule_hash, currency, paths, destinations)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (terms_id) do nothing",
                terms.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue())
                        .map(its -> new Object[] {
                            its.getValue(),
                            its.getKey().agreementId(),
                            its.getKey().storeId(),
                            its.getKey().account(),
                            its.getKey().ruleHash(),
                            its.getKey().currency(),
                            its.getKey().paths().toArray(String[]::new),
                            its.getKey().destinations().stream()
                                    .map(Destination::text)
                                    .toArray(String[]::new)
                        })
                        .toList());
    }
}
