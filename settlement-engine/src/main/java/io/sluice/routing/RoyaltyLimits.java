package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.money.Decimal;
import io.sluice.money.Portion;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the royalty that goes to the pool, all of a document's royalties together, and how it becomes coins.
 *
 * @param cap of all that the holders ever get, by date; null: none
 * @param minimum of each whole period; what accrues less is due when a later period begins
 * @param ceiling of what is given in one period; what is due above it waits, without ageing
 * @param returnsReserve null: none
 * @param conversion of what is paid in coins, after the division; null: within the bounds of the house
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RoyaltyLimits(
        @Nullable List<CapTier> cap,
        @Nullable Decimal minimum,
        @Nullable Decimal ceiling,
        @Nullable ReturnsReserve returnsReserve,
        @Nullable Conversion conversion) {

    static final RoyaltyLimits NONE = new RoyaltyLimits(null, null, null, null, null);

    public RoyaltyLimits {
        cap = cap == null ? null : List.copyOf(cap);
    }

    /** @param until last value date that it is the cap for; null in the last tier. Once met, it is the cap for good. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CapTier(
            @Nullable LocalDate until,
            @JsonProperty(required = true) Decimal amount) {}

    /**
     * How much of the royalty stays back for refunds, and how long.
     *
     * @param portion of all royalty ever given, by one floor over its whole life
     * @param periods after which what a period put aside is released: 4 releases in the fifth what the first put aside
     */
    public record ReturnsReserve(
            @JsonProperty(required = true) Portion portion,
            @JsonProperty(required = true) int periods) {}

    /**
     * Within what bounds money becomes coins. What is outside waits for a person, and the money stays where it is.
     *
     * @param depeg how far a coin may be from its currency, either way, by the bank's quote
     * @param slippage how much fewer coins than quoted may arrive
     */
    public record Conversion(
            @JsonProperty(required = true) Portion depeg,
            @JsonProperty(required = true) Portion slippage) {}
}
