package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.money.Portion;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A routing rule version, as two people approved it: never edited, superseded by a later version.
 *
 * @param basis what the portions are of; CASH_RECEIVED: the inflow
 * @param effectiveFrom first value date that it divides
 * @param previous hash of the version before; null for the first
 * @param waterfall ordered claims; the last one takes what remains
 */
public record RuleDocument(
        @JsonProperty(required = true) String schema,
        @JsonProperty(required = true) String agreement,
        @JsonProperty(required = true) int version,
        @JsonProperty(required = true) String currency,
        @JsonProperty(required = true) String basis,
        @JsonProperty(required = true) LocalDate effectiveFrom,
        @Nullable String previous,
        @JsonProperty(required = true) List<Tranche> waterfall) {

    public static final String SCHEMA = "sluice/rule/1";

    @JsonCreator
    public RuleDocument {
        waterfall = List.copyOf(waterfall);
    }

    /** One claim: a portion of the basis by cumulative floor, or what remains. */
    public record Tranche(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Kind kind,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Portion portion,

            @JsonProperty(required = true) Destination to) {}

    /** How a tranche is measured. */
    public enum Kind {
        @JsonProperty("portion")
        PORTION,
        @JsonProperty("royalty")
        ROYALTY,
        @JsonProperty("remainder")
        REMAINDER
    }
}
