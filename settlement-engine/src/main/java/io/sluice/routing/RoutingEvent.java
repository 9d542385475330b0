package io.sluice.routing;

import io.sluice.platform.StoredEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/** What can have happened to a royalty agreement. Units are minor units of its currency. */
public sealed interface RoutingEvent extends StoredEvent {

    String agreementId();

    /** The event, or each of the inflows that it tells of as an event of its own. */
    static Stream<RoutingEvent> oneByOne(RoutingEvent event) {
        return event instanceof InflowsRouted many ? many.each().map(one -> (RoutingEvent) one) : Stream.of(event);
    }

    record AgreementOpened(
            String agreementId,
            String name,
            String currency,
            String token,
            String trustAccount,
            String feeAccount,
            List<StoreTerms> stores)
            implements RoutingEvent {}

    /**
     * A store under an agreement: what arrives on its collection account is routed by the agreement, and the residual is its merchant's.
     *
     * @param channel where it sells, such as {@code amazon}; for conditions of rules
     * @param country where it sells, ISO 3166 alpha-2; for conditions of rules
     */
    record StoreTerms(
            String storeId,
            String merchantId,
            String merchantName,
            String collectionAccount,
            String payeeId,
            @Nullable String channel,
            @Nullable String country) {}

    record RuleDrafted(String agreementId, String ruleHash, RuleDocument rule, String maker) implements RoutingEvent {}

    /** Two people stand behind it; it waits for its anchor on chain. */
    record RuleApproved(String agreementId, String ruleHash, RuleDocument rule, String maker, String approver)
            implements RoutingEvent {}

    /** It could not be anchored and never divides anything; its version number is free again. */
    record RuleAnchoringFailed(String agreementId, String ruleHash, String reason) implements RoutingEvent {}

    /**
     * It is in force for value dates from {@code rule.effectiveFrom()} on, until a later version: two people stand behind it, and the
     * chain where anchoring is required.
     *
     * @param anchor null where anchoring is off
     */
    record RuleActivated(
            String agreementId,
            String ruleHash,
            RuleDocument rule,
            String maker,
            String approver,
            @Nullable Anchor anchor)
            implements RoutingEvent {}

    /**
     * Where the chain holds a rule's hash, in a block that was final.
     *
     * @param registry the contract
     * @param number the agreement's there ({@link AgreementNumber})
     * @param transactionHash null when the chain held it already, by a transaction that these books have lost
     * @param blockNumber of the transaction, or of the block that was asked
     */
    record Anchor(String registry, long number, @Nullable String transactionHash, long blockNumber) {}

    /** Somebody has stopped the agreement's routing. What comes in waits; what was divided goes on. */
    record RoutingHeld(String agreementId, Instant heldAt, String by, String reason) implements RoutingEvent {}

    /** Two people let routing go on. */
    record RoutingReleased(String agreementId, Instant heldAt, String askedBy, String approvedBy)
            implements RoutingEvent {}

    /** The pool has been given all that its cap lets it have: what comes in goes on without it. */
    record CapReached(String agreementId, LocalDate day) implements RoutingEvent {}

    /** A refund or a reversal has made room under the cap again. */
    record CapReopened(String agreementId, LocalDate day) implements RoutingEvent {}

    /** Two people let the agreement end: until then refunds may come, and what is held may be released. */
    record RunOffBegun(String agreementId, LocalDate from, LocalDate until, String askedBy, String approvedBy)
            implements RoutingEvent {}

    /**
     * What was held on an account went on, without an inflow. The legs sum to zero.
     *
     * @param of the deposit that waited for its report; null: all that was held
     * @param askedBy null where nobody had to
     */
    record HeldReleased(
            UUID releaseId,
            String agreementId,
            String storeId,
            String account,
            String ruleHash,
            String currency,
            LocalDate valueDate,
            List<Leg> legs,
            @Nullable Deposit of,
            @Nullable String askedBy,
            @Nullable String approvedBy)
            implements RoutingEvent {}

    /** An inflow of which something was held until its report. */
    record Deposit(UUID inflowId, long units, LocalDate valueDate) {}

    /** Every balance was zero. Nothing is divided any more. */
    record AgreementClosed(String agreementId, LocalDate day, String askedBy, String approvedBy)
            implements RoutingEvent {}

    /**
     * What a version has accrued, and what comes in with its value dates from now on, is by the terms of a later version. Three people stand
     * behind the figures, which {@code restatementHash} names.
     *
     * @param replacedHash the version that was wrong
     * @param byHash the version that says what was meant
     */
    record AgreementRestated(
            String agreementId,
            String restatementHash,
            String replacedHash,
            String byHash,
            ClaimsChange change,
            String maker,
            String trustee,
            String approver)
            implements RoutingEvent {}

    /**
     * Inflows were divided, each once, one after the other: all that one command divides, as far as they fit. What they have in common is
     * written once; what one of them was divided into is read by {@link #each}.
     *
     * @param terms what they were divided by
     */
    record InflowsRouted(
            String agreementId,
            String currency,
            List<Terms> terms,

            @JsonSerialize(using = RoutedJson.Writer.class) @JsonDeserialize(using = RoutedJson.Reader.class)
            List<Routed> inflows)
            implements RoutingEvent {

        public InflowsRouted {
            terms = List.copyOf(terms);
            inflows = List.copyOf(inflows);
        }

        /** What of one inflow is told by {@link InflowRouted}, in the order in which they were divided. */
        public Stream<InflowRouted> each() {
            return inflows.stream().map(inflow -> inflow.by(agreementId, currency, terms.get(inflow.terms())));
        }

        @Override
        public int facts() {
            return inflows.size();
        }
    }

    /** Where an inflow came in, and the rule version that divided it into these claims. */
    record Terms(String storeId, String account, String ruleHash, List<Claim> claims) {

        public Terms {
            claims = List.copyOf(claims);
        }
    }

    /** A claim of a rule version, by its place in the document. */
    record Claim(String path, Destination destination) {}

    /**
     * One of {@link InflowsRouted}.
     *
     * @param terms which of the event's, from 0
     * @param parts of each of their claims, in their order; zero is no leg, and so is what is behind the last. They sum to {@code units}
     * @param arrearsUnits as in {@link InflowRouted}
     * @param provisionalBaseUnits as in {@link InflowRouted}
     */
    record Routed(
            UUID inflowId,
            int terms,
            long units,
            LocalDate valueDate,
            List<Long> parts,
            long arrearsUnits,
            @Nullable Long provisionalBaseUnits) {

        public Routed {
            parts = List.copyOf(parts);
        }

        InflowRouted by(String agreementId, String currency, Terms its) {
            List<Leg> legs = new ArrayList<>(parts.size());
            for (int place = 0; place < parts.size(); place++) {
                long part = parts.get(place);
                if (part != 0) {
                    Claim claim = its.claims().get(place);
                    legs.add(new Leg(Leg.idOf(inflowId, place), claim.path(), claim.destination(), part));
                }
            }
            return new InflowRouted(
                    inflowId,
                    agreementId,
                    its.storeId(),
                    its.account(),
                    its.ruleHash(),
                    units,
                    currency,
                    valueDate,
                    legs,
                    arrearsUnits,
                    provisionalBaseUnits);
        }
    }

    /**
     * An inflow was divided, once. The legs sum to its units. Stored until 2026-11; one of {@link InflowsRouted} since.
     *
     * @param arrearsUnits royalty that is due and was not covered by what has come in, after this inflow
     * @param provisionalBaseUnits what portions of the basis were of, until the platform reports it; null: the inflow
     */
    record InflowRouted(
            UUID inflowId,
            String agreementId,
            String storeId,
            String account,
            String ruleHash,
            long units,
            String currency,
            LocalDate valueDate,
            List<Leg> legs,
            long arrearsUnits,
            @Nullable Long provisionalBaseUnits)
            implements RoutingEvent {}

    /**
     * The platform's settlement report says what a divided deposit came from. The difference to what was estimated accrues by the version that
     * divided it.
     *
     * @param depositUnits the inflow
     * @param provisionalBaseUnits what was counted until then
     */
    record BasisReported(
            UUID inflowId,
            String agreementId,
            String storeId,
            String account,
            String ruleHash,
            String currency,
            LocalDate valueDate,
            long depositUnits,
            long provisionalBaseUnits,
            long baseUnits,
            String reportSha256)
            implements RoutingEvent {}

    /**
     * The bank took back an inflow that had been divided. What it accrued is undone; its legs stand until {@link LegsReduced} says what of
     * them was not paid yet.
     *
     * @param valueDate of the bank's reversal, by which the books have it
     * @param legs what it had been divided into
     * @param baseUnits what portions of the basis were of; null: the inflow
     * @param accruedOn the inflow's own value date; null where it was not told: that of the reversal
     */
    record RoutedInflowTakenBack(
            UUID inflowId,
            String agreementId,
            String storeId,
            String account,
            String ruleHash,
            long units,
            String currency,
            LocalDate valueDate,
            List<Leg> legs,
            @Nullable Long baseUnits,
            @Nullable LocalDate accruedOn)
            implements RoutingEvent {

        /** Of this day's period is what it accrued. */
        LocalDate undoneOn() {
            return accruedOn == null ? valueDate : accruedOn;
        }
    }

    /** A trigger that conditions and traps of rules name was turned on or off. */
    record TriggerSet(String agreementId, String trigger, boolean on, String by, String reason)
            implements RoutingEvent {}

    /** Money of legs that was not paid yet covers an inflow that was taken back. */
    record LegsReduced(
            UUID inflowId,
            String agreementId,
            String storeId,
            String account,
            String currency,
            LocalDate day,
            List<Reduction> reductions)
            implements RoutingEvent {}

    /** So much less of a leg, of that inflow or, for a merchant's residual, of a later one; greater than zero. */
    record Reduction(UUID legId, String ruleHash, String path, Destination destination, long units) {}

    /**
     * One claim's part of a routed inflow. Below zero where a reserve or a trap gave up what it held: the claims after it were given that
     * much more.
     */
    record Leg(UUID legId, String path, Destination destination, long units) {

        /** So many legs of one inflow have an id of their own. */
        public static final int MOST = 255;

        /**
         * The id of the leg at that place of an inflow's terms, from 0: the inflow's, whose first byte has the place and one added without
         * carry. So it need not be hashed, kept or indexed: a leg's inflow is one of {@link #MOST} that it tells.
         */
        public static UUID idOf(UUID inflowId, int place) {
            if (place < 0 || place >= MOST) {
                throw new IllegalArgumentException("place of a leg: found " + place + ", expected 0 to " + (MOST - 1));
            }
            return new UUID(inflowId.getMostSignificantBits() ^ (place + 1L) << 56, inflowId.getLeastSignificantBits());
        }

        /** The inflows of which one is this leg's; of legs that were stored with ids of another kind none is. */
        public static List<UUID> inflowsOf(UUID legId) {
            return IntStream.range(0, MOST)
                    .mapToObj(place -> idOf(legId, place))
                    .toList();
        }
    }
}
