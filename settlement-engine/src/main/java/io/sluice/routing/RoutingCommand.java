package io.sluice.routing;

import io.sluice.routing.RoutingEvent.Anchor;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What a royalty agreement can be told. */
public sealed interface RoutingCommand {

    String agreementId();

    record OpenAgreement(
            @TargetAggregateIdentifier String agreementId,
            String name,
            String currency,
            String token,
            String trustAccount,
            String feeAccount,
            List<StoreTerms> stores)
            implements RoutingCommand {
        public OpenAgreement {
            stores = List.copyOf(stores);
        }
    }

    /** Puts a checked rule version forward. Its document is stored under its hash beforehand. */
    record DraftRule(@TargetAggregateIdentifier String agreementId, String ruleHash, RuleDocument rule, String maker)
            implements RoutingCommand {}

    /** @param anchored whether it then waits for {@link ConfirmAnchor}, or is in force by the approval alone */
    record ApproveRule(
            @TargetAggregateIdentifier String agreementId, String ruleHash, String approver, boolean anchored)
            implements RoutingCommand {}

    /** The chain holds an approved rule, for good. A repeat changes nothing. */
    record ConfirmAnchor(@TargetAggregateIdentifier String agreementId, String ruleHash, Anchor anchor)
            implements RoutingCommand {}

    /** The chain refused an approved rule, for good. A repeat changes nothing. */
    record FailAnchor(@TargetAggregateIdentifier String agreementId, String ruleHash, String reason)
            implements RoutingCommand {}

    /**
     * Divides inflows that were claimed in the same transaction. Answers those that no rule covers; they stay in the queue.
     */
    record RouteInflows(@TargetAggregateIdentifier String agreementId, List<Unrouted> inflows)
            implements RoutingCommand {
        public RouteInflows {
            inflows = List.copyOf(inflows);
        }
    }

    /**
     * Undoes what a divided inflow accrued; that it was taken back is claimed in the same transaction.
     *
     * @param valueDate of the bank's reversal
     * @param legs what it was divided into
     * @param baseUnits what portions of the basis were of; null: the inflow
     * @param accruedOn the inflow's own value date: what it accrued is undone in that day's period
     */
    record TakeBackInflow(
            @TargetAggregateIdentifier String agreementId,
            UUID inflowId,
            String storeId,
            String account,
            String ruleHash,
            long units,
            String currency,
            LocalDate valueDate,
            List<Leg> legs,
            @Nullable Long baseUnits,
            LocalDate accruedOn)
            implements RoutingCommand {
        public TakeBackInflow {
            legs = List.copyOf(legs);
        }
    }

    /** Replaces the estimated basis of a divided deposit by the reported one; that it was reported is claimed in the same transaction. */
    record ReportBasis(
            @TargetAggregateIdentifier String agreementId,
            UUID inflowId,
            String storeId,
            String account,
            String ruleHash,
            String currency,
            LocalDate valueDate,
            long depositUnits,
            long provisionalBaseUnits,
            long baseUnits,
            String reportSha256)
            implements RoutingCommand {}

    /**
     * Puts a later version's terms in the place of a wrong one's.
     *
     * @param asOfEvents of how many of the agreement's events the change was made up; refused when there are more by now
     */
    record RestateAgreement(
            @TargetAggregateIdentifier String agreementId,
            String restatementHash,
            String replacedHash,
            String byHash,
            ClaimsChange change,
            long asOfEvents,
            String maker,
            String trustee,
            String approver)
            implements RoutingCommand {}

    /** Stops an agreement's routing: what comes in waits. Refused while it is stopped. */
    record HoldRouting(@TargetAggregateIdentifier String agreementId, String by, String reason)
            implements RoutingCommand {}

    /** Lets it go on. Refused unless it is the stop of that time, and for one person alone. */
    record ReleaseRouting(
            @TargetAggregateIdentifier String agreementId, Instant heldAt, String askedBy, String approvedBy)
            implements RoutingCommand {}

    /** Lets the agreement end. Refused unless it is active. */
    record BeginRunOff(
            @TargetAggregateIdentifier String agreementId,
            LocalDate from,
            LocalDate until,
            String askedBy,
            String approvedBy)
            implements RoutingCommand {}

    /** Lets go of all that reserves hold on the agreement's accounts, and of traps that are off. Refused unless it ends. */
    record ReleaseHeld(@TargetAggregateIdentifier String agreementId, LocalDate day, String askedBy, String approvedBy)
            implements RoutingCommand {}

    /** Lets go of what is held of deposits whose report has not come in the days that their rule gives it. */
    record ReleaseOverdue(@TargetAggregateIdentifier String agreementId, LocalDate day) implements RoutingCommand {}

    /**
     * Ends the agreement. Refused before its run-off is over, and while anything is held or due.
     *
     * @param asOfEvents of how many of the agreement's events its balances were found to be zero; refused when there are more by now
     */
    record CloseAgreement(
            @TargetAggregateIdentifier String agreementId,
            long asOfEvents,
            LocalDate day,
            String askedBy,
            String approvedBy)
            implements RoutingCommand {}

    /** Turns a trigger on or off that rules name: an operator's, and later what monitoring finds. */
    record SetTrigger(
            @TargetAggregateIdentifier String agreementId, String trigger, boolean on, String by, String reason)
            implements RoutingCommand {}

    /** Covers an inflow that was taken back by legs which nothing has paid; they are reduced in the same transaction. */
    record ReduceLegs(
            @TargetAggregateIdentifier String agreementId,
            UUID inflowId,
            String storeId,
            String account,
            String currency,
            LocalDate day,
            List<Reduction> reductions)
            implements RoutingCommand {
        public ReduceLegs {
            reductions = List.copyOf(reductions);
        }
    }

    /** An inflow that waits to be divided. Units are minor units of the agreement's currency. */
    record Unrouted(UUID inflowId, String storeId, String account, long units, String currency, LocalDate valueDate) {}

    /**
     * Why an inflow could not be divided: {@code no-rule-in-force}, {@code rule-being-anchored}, {@code agreement-held}, {@code
     * agreement-closed} or {@code
     * currency-differs}.
     */
    record Unroutable(UUID inflowId, String reason) {}
}
