package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.money.Decimal;
import io.sluice.money.Portion;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A routing rule version, as two people approved it: never edited, superseded by a later version.
 *
 * @param basis what the portions are of: the inflow, or what platforms report that it comes from
 * @param expectedDeduction what platforms keep of the basis before they deposit, until their first reports tell; none of CASH_RECEIVED
 * @param effectiveFrom first value date that it divides
 * @param previous hash of the version before; null for the first
 * @param period what bands, minimum, ceiling and periodical amounts count by, the same in every version; null: MONTH
 * @param royalty bounds of the pool's royalty; null: none
 * @param waterfall ordered claims; the last one takes what remains
 * @param examples what its authors expect of it; a rule that does otherwise is refused
 */
public record RuleDocument(
        @JsonProperty(required = true) String schema,
        @JsonProperty(required = true) String agreement,
        @JsonProperty(required = true) int version,
        @JsonProperty(required = true) String currency,
        @JsonProperty(required = true) Basis basis,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Portion expectedDeduction,
        @JsonProperty(required = true) LocalDate effectiveFrom,
        @Nullable String previous,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Period period,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RoyaltyLimits royalty,
        @JsonProperty(required = true) List<Tranche> waterfall,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Example> examples) {

    public static final String SCHEMA = "sluice/rule/1";

    @JsonCreator
    public RuleDocument {
        waterfall = List.copyOf(waterfall);
        examples = examples == null ? null : List.copyOf(examples);
    }

    /** What portions are of. */
    public enum Basis {
        /** The inflow. */
        CASH_RECEIVED,
        /** What was sold less what was refunded, as the platform's settlement report says. */
        NET_OF_REFUNDS,
        /** What was sold, as the platform's settlement report says. */
        GROSS_SALES
    }

    /**
     * Inflows from empty books on, in this order, and what they must come to.
     *
     * @param expect all that each claim is given, by its name; claims that are not named are given nothing
     */
    public record Example(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) List<Given> inflows,
            @JsonProperty(required = true) SequencedMap<String, Decimal> expect) {

        public Example {
            inflows = List.copyOf(inflows);
            expect = new LinkedHashMap<>(expect);
        }
    }

    /** @param refund whether it takes from the basis and brings no cash; null: it does not */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Given(
            @JsonProperty(required = true) LocalDate valueDate,
            @JsonProperty(required = true) Decimal amount,
            @Nullable Boolean refund,
            @Nullable String channel,
            @Nullable String country,
            @Nullable List<String> triggersOn) {

        public Given {
            triggersOn = triggersOn == null ? null : List.copyOf(triggersOn);
        }
    }

    /** A claim and where it stands in the document, such as {@code waterfall[2].tranches[0]}. */
    record Placed(String path, Tranche.Claim claim) {}

    /** The same terms as if they had been in force from another day on. */
    RuleDocument asOf(LocalDate day) {
        return new RuleDocument(
                schema,
                agreement,
                version,
                currency,
                basis,
                expectedDeduction,
                day,
                previous,
                period,
                royalty,
                waterfall,
                examples);
    }

    Period periods() {
        return period == null ? Period.MONTH : period;
    }

    RoyaltyLimits limits() {
        return royalty == null ? RoyaltyLimits.NONE : royalty;
    }

    List<Example> goldenExamples() {
        return examples == null ? List.of() : examples;
    }

    /** All claims in their order, those of parallel blocks too. */
    List<Placed> claims() {
        List<Placed> claims = new ArrayList<>();
        collect("waterfall", waterfall, claims);
        return claims;
    }

    private static void collect(String path, List<Tranche> tranches, List<Placed> into) {
        for (int i = 0; i < tranches.size(); i++) {
            String place = path + "[" + i + "]";
            switch (tranches.get(i)) {
                case Tranche.Parallel block -> collect(place + ".tranches", block.tranches(), into);
                case Tranche.Claim claim -> into.add(new Placed(place, claim));
            }
        }
    }

    /** Names of what turns claims of it on and off, in the order of the alphabet. */
    SortedSet<String> triggers() {
        SortedSet<String> triggers = new TreeSet<>();
        for (Placed placed : claims()) {
            Condition when = placed.claim().when();
            if (when != null && when.trigger() != null) {
                triggers.add(when.trigger());
            }
            if (placed.claim() instanceof Tranche.Trap trap) {
                triggers.add(trap.trigger());
            }
        }
        return triggers;
    }

    /** Where each claim goes, by its name. */
    Map<String, Destination> destinations() {
        Map<String, Destination> destinations = new LinkedHashMap<>();
        claims().forEach(placed ->
                destinations.put(placed.claim().name(), placed.claim().to()));
        return destinations;
    }

    /** The claim that a part's path is of. */
    Tranche.Claim claimOf(String path) {
        int end = path.indexOf('/');
        String name = end < 0 ? path : path.substring(0, end);
        return claims().stream()
                .map(Placed::claim)
                .filter(claim -> claim.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Version " + version + " of " + agreement + " has no claim \"" + name + "\""));
    }
}
