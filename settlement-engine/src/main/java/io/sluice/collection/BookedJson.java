package io.sluice.collection;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.platform.Successive;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event's inflows as they are stored: what an inflow has in common with the one before it, as credits of one statement mostly have all
 * but their ids and units, is not written again. An inflow that names a {@code kind} names all of that. Until 2026-11-29 each did, and its id was
 * {@code inflowId}: an engine of that time refuses {@code id}, where it would take what is left out for nothing.
 */
final class BookedJson {

    private BookedJson() {}

    /** An element of the list; without a kind it is, but for id, units and reference, what the one before it is. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Stored(
            @JsonProperty("id") @JsonAlias("inflowId") UUID inflowId,
            long units,
            @Nullable String ourReference,
            @Nullable InflowKind kind,
            @Nullable LocalDate valueDate,
            @Nullable String valueDateSource,
            @Nullable String evidenceSha256,
            @Nullable String decidedBy) {

        static Stored of(Booked inflow, @Nullable Booked before) {
            return before != null && inflow.isLike(before)
                    ? new Stored(inflow.inflowId(), inflow.units(), inflow.ourReference(), null, null, null, null, null)
                    : new Stored(
                            inflow.inflowId(),
                            inflow.units(),
                            inflow.ourReference(),
                            inflow.kind(),
                            inflow.valueDate(),
                            inflow.valueDateSource(),
                            inflow.evidenceSha256(),
                            inflow.decidedBy());
        }

        /** Null when it does not tell what an inflow is. */
        @Nullable
        Booked after(@Nullable Booked before) {
            if (kind != null) {
                return valueDate == null || valueDateSource == null || evidenceSha256 == null
                        ? null
                        : new Booked(
                                inflowId,
                                kind,
                                units,
                                valueDate,
                                valueDateSource,
                                evidenceSha256,
                                ourReference,
                                decidedBy);
            }
            boolean half = valueDate != null || valueDateSource != null || evidenceSha256 != null || decidedBy != null;
            return before == null || half
                    ? null
                    : new Booked(
                            inflowId,
                            before.kind(),
                            units,
                            before.valueDate(),
                            before.valueDateSource(),
                            before.evidenceSha256(),
                            ourReference,
                            before.decidedBy());
        }
    }

    static final class Writer extends Successive.Writer<Booked> {
        @Override
        protected Object stored(Booked one, @Nullable Booked before) {
            return Stored.of(one, before);
        }
    }

    static final class Reader extends Successive.Reader<Booked, Stored> {

        Reader() {
            super(Stored.class, "kind, valueDate, valueDateSource and evidenceSha256");
        }

        @Override
        protected @Nullable Booked read(Stored one, @Nullable Booked before) {
            return one.after(before);
        }
    }
}
