package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.sluice.money.Decimal;
import io.sluice.money.Portion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One claim in a waterfall. Claims are met in their order, each from what those before it left; what a claim has accrued and no inflow could
 * cover is met by the next ones. What {@code when} does not let through accrues nothing and is given nothing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Tranche.Share.class, name = "portion"),
    @JsonSubTypes.Type(value = Tranche.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Tranche.DueUpTo.class, name = "due"),
    @JsonSubTypes.Type(value = Tranche.Royalty.class, name = "royalty"),
    @JsonSubTypes.Type(value = Tranche.Reserve.class, name = "reserve"),
    @JsonSubTypes.Type(value = Tranche.Trap.class, name = "trap"),
    @JsonSubTypes.Type(value = Tranche.UntilReport.class, name = "until-report"),
    @JsonSubTypes.Type(value = Tranche.Parallel.class, name = "parallel"),
    @JsonSubTypes.Type(value = Tranche.Remainder.class, name = "remainder")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Tranche {

    /** Its own in the document, and the same in every version: what it has accrued goes on under it. */
    String name();

    /** Null: always. */
    default @Nullable Condition when() {
        return null;
    }

    /** A claim that goes to one destination. */
    sealed interface Claim extends Tranche {
        Destination to();

        /** Who is paid, where the destination does not say it. */
        default @Nullable String payee() {
            return null;
        }
    }

    /**
     * A portion, by one floor over its whole life.
     *
     * @param of null: of the basis
     * @param atLeast of each inflow
     * @param atMost of each inflow
     */
    record Share(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Portion portion,
            @Nullable Of of,
            @Nullable Decimal atLeast,
            @Nullable Decimal atMost,
            @JsonProperty(required = true) Destination to,
            @Nullable String payee,
            @Nullable Condition when)
            implements Claim {}

    /** The same amount of each inflow, or for each period from the version's first to the latest with an inflow. */
    record Fixed(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Decimal amount,
            @JsonProperty(required = true) Per per,
            @JsonProperty(required = true) Destination to,
            @Nullable String payee,
            @Nullable Condition when)
            implements Claim {}

    /** All there is until so much was given in all: an advance, or arrears from before. */
    record DueUpTo(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Decimal amount,
            @JsonProperty(required = true) Destination to,
            @Nullable String payee,
            @Nullable Condition when)
            implements Claim {}

    /**
     * The holders' royalty. All royalties of a document that go to the pool are one claim over the agreement's life, under the document's
     * {@link RoyaltyLimits}.
     *
     * @param portion flat; or {@code bands}: one of both
     * @param of null: of the basis
     */
    record Royalty(
            @JsonProperty(required = true) String name,
            @Nullable Portion portion,
            @Nullable List<Band> bands,
            @Nullable Of of,
            @JsonProperty(required = true) Destination to,
            @Nullable String payee,
            @Nullable Condition when)
            implements Claim {
        public Royalty {
            bands = bands == null ? null : List.copyOf(bands);
        }
    }

    /** Of a period's basis, the part that lies above the band before and not above {@code upTo}; null: without end. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Band(
            @Nullable Decimal upTo,
            @JsonProperty(required = true) Portion portion) {}

    /**
     * Keeps a balance on each collection account at its target: at most {@code topUp} of an inflow is put aside, and what is above the
     * target, because a later version lowered it, goes on to the claims after it with the next inflow.
     */
    record Reserve(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Decimal target,
            @JsonProperty(required = true) Portion topUp,
            @JsonProperty(required = true) Destination to)
            implements Claim {}

    /**
     * While the trigger is on, holds a portion of what is left, by a floor for each inflow: both sides of it are the merchant's. What is held
     * goes on to the claims after it with the first inflow after the trigger is off.
     */
    record Trap(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String trigger,
            @JsonProperty(required = true) Portion portion,
            @JsonProperty(required = true) Destination to)
            implements Claim {}

    /**
     * Holds a portion of what is left of a deposit, by a floor for each, until its platform has reported what it came from. What was held
     * then is the first to cover what the report makes due, of whatever claim; the rest goes on to the claims after it.
     *
     * @param days after its value date, a deposit without a report is let go all the same
     */
    record UntilReport(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Portion portion,
            @JsonProperty(required = true) int days,
            @JsonProperty(required = true) Destination to)
            implements Claim {}

    /** Claims of one rank: where there is too little for all, each gets in proportion to what is due to it, by largest remainder. */
    record Parallel(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) List<Tranche> tranches) implements Tranche {
        public Parallel {
            tranches = List.copyOf(tranches);
        }
    }

    /** What is left. */
    record Remainder(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Destination to) implements Claim {}

    /** What a portion is of. */
    enum Of {
        /** The document's basis. */
        @JsonProperty("basis")
        BASIS,
        /** The cash that the claims before it left. */
        @JsonProperty("left")
        LEFT,
        /** The basis less the royalty of the claims before it: royalties stacked one on the other. */
        @JsonProperty("basis-less-royalty")
        BASIS_LESS_ROYALTY
    }

    /** How often an amount falls due. */
    enum Per {
        @JsonProperty("inflow")
        INFLOW,
        @JsonProperty("period")
        PERIOD
    }
}
