package io.sluice.routing;

import io.sluice.platform.Successive;
import io.sluice.platform.Successive.Element;
import io.sluice.routing.RoutingEvent.Routed;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An event's inflows as they are stored: terms and value date are not written again where they are those of the inflow before, nor arrears of
 * zero. Until 2026-11-29 each inflow had them, and its id was {@code inflowId}: an engine of that time refuses {@code id}, where it would
 * take what is left out for nothing.
 */
final class RoutedJson {

    private RoutedJson() {}

    static final class Writer extends Successive.Writer<Routed> {

        @Override
        protected void write(Routed one, @Nullable Routed before, JsonGenerator json) {
            json.writeStringProperty("id", one.inflowId().toString());
            if (before == null || before.terms() != one.terms()) {
                json.writeNumberProperty("terms", one.terms());
            }
            json.writeNumberProperty("units", one.units());
            if (before == null || !before.valueDate().equals(one.valueDate())) {
                json.writeStringProperty("valueDate", one.valueDate().toString());
            }
            json.writeArrayPropertyStart("parts");
            for (long part : one.parts()) {
                json.writeNumber(part);
            }
            json.writeEndArray();
            if (one.arrearsUnits() != 0) {
                json.writeNumberProperty("arrearsUnits", one.arrearsUnits());
            }
            if (one.provisionalBaseUnits() != null) {
                json.writeNumberProperty("provisionalBaseUnits", one.provisionalBaseUnits());
            }
        }
    }

    static final class Reader extends Successive.Reader<Routed> {

        Reader() {
            super(Routed.class);
        }

        @Override
        protected Routed read(Element element, @Nullable Routed before) {
            UUID id = null;
            Integer terms = null;
            Long units = null;
            LocalDate valueDate = null;
            List<Long> parts = null;
            Long arrearsUnits = null;
            Long provisionalBaseUnits = null;
            for (String name = element.next(); name != null; name = element.next()) {
                switch (name) {
                    case "id", "inflowId" -> id = element.id();
                    case "terms" -> terms = element.integer();
                    case "units" -> units = element.number();
                    case "valueDate" -> valueDate = element.day();
                    case "parts" -> parts = element.numbers();
                    case "arrearsUnits" -> arrearsUnits = element.number();
                    case "provisionalBaseUnits" -> provisionalBaseUnits = element.number();
                    default -> throw element.unknown();
                }
            }
            if (id == null || units == null || parts == null) {
                throw element.refused("expected id, units and parts");
            }
            if (before != null) {
                terms = terms == null ? (Integer) before.terms() : terms;
                valueDate = valueDate == null ? before.valueDate() : valueDate;
            }
            if (terms == null || valueDate == null) {
                throw element.refused("expected terms and valueDate, of its own or of the one before it");
            }
            return new Routed(
                    id, terms, units, valueDate, parts, arrearsUnits == null ? 0 : arrearsUnits, provisionalBaseUnits);
        }
    }
}
