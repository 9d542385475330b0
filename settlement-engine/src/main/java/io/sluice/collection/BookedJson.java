package io.sluice.collection;

import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.platform.Successive;
import io.sluice.platform.Successive.Element;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An event's inflows as they are stored: what an inflow has in common with the one before it, as credits of one statement mostly have all
 * but their ids and units, is not written again. An inflow that names a {@code kind} names all of that. Until 2026-11-29 each did, and its id was
 * {@code inflowId}: an engine of that time refuses {@code id}, where it would take what is left out for nothing.
 */
final class BookedJson {

    private BookedJson() {}

    static final class Writer extends Successive.Writer<Booked> {

        @Override
        protected void write(Booked one, @Nullable Booked before, JsonGenerator json) {
            json.writeStringProperty("id", one.inflowId().toString());
            json.writeNumberProperty("units", one.units());
            if (one.ourReference() != null) {
                json.writeStringProperty("ourReference", one.ourReference());
            }
            if (before == null || !one.isLike(before)) {
                json.writeStringProperty("kind", one.kind().name());
                json.writeStringProperty("valueDate", one.valueDate().toString());
                json.writeStringProperty("valueDateSource", one.valueDateSource());
                json.writeStringProperty("evidenceSha256", one.evidenceSha256());
                if (one.decidedBy() != null) {
                    json.writeStringProperty("decidedBy", one.decidedBy());
                }
            }
        }
    }

    static final class Reader extends Successive.Reader<Booked> {

        Reader() {
            super(Booked.class);
        }

        @Override
        protected Booked read(Element element, @Nullable Booked before) {
            UUID id = null;
            Long units = null;
            String ourReference = null;
            InflowKind kind = null;
            LocalDate valueDate = null;
            String valueDateSource = null;
            String evidenceSha256 = null;
            String decidedBy = null;
            for (String name = element.next(); name != null; name = element.next()) {
                switch (name) {
                    case "id", "inflowId" -> id = element.id();
                    case "units" -> units = element.number();
                    case "ourReference" -> ourReference = element.text();
                    case "kind" -> kind = element.oneOf(InflowKind.class);
                    case "valueDate" -> valueDate = element.day();
                    case "valueDateSource" -> valueDateSource = element.text();
                    case "evidenceSha256" -> evidenceSha256 = element.text();
                    case "decidedBy" -> decidedBy = element.text();
                    default -> throw element.unknown();
                }
            }
            if (id == null || units == null) {
                throw element.refused("expected id and units");
            }
            if (kind != null && valueDate != null && valueDateSource != null && evidenceSha256 != null) {
                return new Booked(id, kind, units, valueDate, valueDateSource, evidenceSha256, ourReference, decidedBy);
            }
            boolean half = kind != null
                    || valueDate != null
                    || valueDateSource != null
                    || evidenceSha256 != null
                    || decidedBy != null;
            if (before == null || half) {
                throw element.refused("expected kind, valueDate, valueDateSource and evidenceSha256, of its own or of"
                        + " the one before it");
            }
            return new Booked(
                    id,
                    before.kind(),
                    units,
                    before.valueDate(),
                    before.valueDateSource(),
                    before.evidenceSha256(),
                    ourReference,
                    before.decidedBy());
        }
    }
}
