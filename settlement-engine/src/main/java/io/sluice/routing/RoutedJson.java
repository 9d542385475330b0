package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.platform.Successive;
import io.sluice.routing.RoutingEvent.Routed;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event's inflows as they are stored: terms and value date are not written again where they are those of the inflow before, nor arrears of
 * zero. Until 2026-11-29 each inflow had them, and its id was {@code inflowId}: an engine of that time refuses {@code id}, where it would
 * take what is left out for nothing.
 */
final class RoutedJson {

    private RoutedJson() {}

    /** An element of the list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Stored(
            @JsonProperty("id") @JsonAlias("inflowId") UUID inflowId,
            @Nullable Integer terms,
            long units,
            @Nullable LocalDate valueDate,
            List<Long> parts,
            @Nullable Long arrearsUnits,
            @Nullable Long provisionalBaseUnits) {

        static Stored of(Routed inflow, @Nullable Routed before) {
            return new Stored(
                    inflow.inflowId(),
                    before != null && before.terms() == inflow.terms() ? null : (Integer) inflow.terms(),
                    inflow.units(),
                    before != null && before.valueDate().equals(inflow.valueDate()) ? null : inflow.valueDate(),
                    inflow.parts(),
                    inflow.arrearsUnits() == 0 ? null : (Long) inflow.arrearsUnits(),
                    inflow.provisionalBaseUnits());
        }

        /** Null when it does not tell its terms or its day. */
        @Nullable
        Routed after(@Nullable Routed before) {
            Integer by = terms == null && before != null ? (Integer) before.terms() : terms;
            LocalDate on = valueDate == null && before != null ? before.valueDate() : valueDate;
            return by == null || on == null
                    ? null
                    : new Routed(
                            inflowId,
                            by,
                            units,
                            on,
                            parts,
                            arrearsUnits == null ? 0 : arrearsUnits,
                            provisionalBaseUnits);
        }
    }

    static final class Writer extends Successive.Writer<Routed> {
        @Override
        protected Object stored(Routed one, @Nullable Routed before) {
            return Stored.of(one, before);
        }
    }

    static final class Reader extends Successive.Reader<Routed, Stored> {

        Reader() {
            super(Stored.class, "terms and valueDate");
        }

        @Override
        protected @Nullable Routed read(Stored one, @Nullable Routed before) {
            return one.after(before);
        }
    }
}
