package io.sluice.routing;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.routing.Divisions.Waiting;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.BeginRunOff;
import io.sluice.routing.RoutingCommand.CloseAgreement;
import io.sluice.routing.RoutingCommand.ConfirmAnchor;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.FailAnchor;
import io.sluice.routing.RoutingCommand.HoldRouting;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.ReduceLegs;
import io.sluice.routing.RoutingCommand.ReleaseHeld;
import io.sluice.routing.RoutingCommand.ReleaseOverdue;
import io.sluice.routing.RoutingCommand.ReleaseRouting;
import io.sluice.routing.RoutingCommand.ReportBasis;
import io.sluice.routing.RoutingCommand.RestateAgreement;
import io.sluice.routing.RoutingCommand.RouteInflows;
import io.sluice.routing.RoutingCommand.SetTrigger;
import io.sluice.routing.RoutingCommand.TakeBackInflow;
import io.sluice.routing.RoutingCommand.Unroutable;
import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.AgreementClosed;
import io.sluice.routing.RoutingEvent.AgreementOpened;
import io.sluice.routing.RoutingEvent.AgreementRestated;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.CapReached;
import io.sluice.routing.RoutingEvent.CapReopened;
import io.sluice.routing.RoutingEvent.Deposit;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.RoutingHeld;
import io.sluice.routing.RoutingEvent.RoutingReleased;
import io.sluice.routing.RoutingEvent.RuleActivated;
import io.sluice.routing.RoutingEvent.RuleAnchoringFailed;
import io.sluice.routing.RoutingEvent.RuleApproved;
import io.sluice.routing.RoutingEvent.RuleDrafted;
import io.sluice.routing.RoutingEvent.RunOffBegun;
import io.sluice.routing.RoutingEvent.TriggerSet;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** A royalty agreement: its rule versions, and the counters that make every division of an inflow exact over the agreement's life. */
@Aggregate(cache = "aggregateCache", type = "Agreement")
class Agreement {

    /** A rule version that two people stand behind. */
    private record InForce(String hash, RuleDocument rule) {}

    @AggregateIdentifier
    private @Nullable String agreementId;

    private String currency = "";
    private final Map<String, RuleDrafted> drafts = new HashMap<>();

    /** Waits for the chain; the next version is drafted once it is there. */
    private @Nullable RuleApproved approved;

    private final Map<String, String> refusedByChain = new HashMap<>();
    private final TreeMap<LocalDate, InForce> inForce = new TreeMap<>();
    private int lastVersion;
    private @Nullable String lastHash;
    private final Divisions divisions = new Divisions();

    private boolean capReached;

    /** Once it ends; null before. */
    private @Nullable LocalDate runOffUntil;

    private boolean closed;
    private int releases;

    /** While somebody has stopped its routing. */
    private @Nullable RoutingHeld held;

    /** The latest value date of an inflow that was divided. */
    private LocalDate latestDivided = LocalDate.MIN;

    Agreement() {} // for Axon

    @CommandHandler
    Agreement(OpenAgreement command) {
        apply(new AgreementOpened(
                command.agreementId(),
                command.name(),
                command.currency(),
                command.token(),
                command.trustAccount(),
                command.feeAccount(),
                command.stores()));
    }

    @CommandHandler
    void decide(DraftRule command) {
        if (drafts.containsKey(command.ruleHash())
                || command.ruleHash().equals(lastHash)
                || (approved != null && approved.ruleHash().equals(command.ruleHash()))) {
            return; // the same document again
        }
        if (refusedByChain.containsKey(command.ruleHash())) {
            throw new Rejection(
                    "rule-refused",
                    "The chain has refused this very document (" + refusedByChain.get(command.ruleHash())
                            + "): draft it again for a day that has not begun");
        }
        RuleDocument rule = command.rule();
        expect(rule.agreement().equals(agreementId), "agreement", rule.agreement(), String.valueOf(agreementId));
        expect(rule.currency().equals(currency), "currency", rule.currency(), currency);
        expect(rule.version() == lastVersion + 1, "version", rule.version(), String.valueOf(lastVersion + 1));
        expect(Objects.equals(rule.previous(), lastHash), "previous", rule.previous(), String.valueOf(lastHash));
        expect(
                inForce.isEmpty() || rule.effectiveFrom().isAfter(inForce.lastKey()),
                "effectiveFrom",
                rule.effectiveFrom(),
                "a day after " + (inForce.isEmpty() ? "" : inForce.lastKey()));
        comesBehindWhatIsDivided(rule);
        RuleDocument before = divisions.ruleOrNull(lastHash);
        if (before != null) {
            carriesOn(before, rule);
            divisions.rules().forEach(earlier -> keepsNames(earlier, rule));
            goesOnOwing(before, rule);
        }
        apply(new RuleDrafted(command.agreementId(), command.ruleHash(), rule, command.maker()));
    }

    @CommandHandler
    void decide(ApproveRule command) {
        RuleDrafted draft = drafts.get(command.ruleHash());
        if (draft == null) {
            throw new Rejection("no-such-draft", "No draft " + command.ruleHash() + " waits in " + agreementId);
        }
        if (draft.maker().equals(command.approver())) {
            throw new Rejection("same-person", "A rule is approved by somebody other than " + draft.maker());
        }
        if (approved != null) {
            throw new Rejection(
                    "rule-waits", "Version " + approved.rule().version() + " of " + agreementId + " is being anchored");
        }
        expect(
                draft.rule().version() == lastVersion + 1,
                "version",
                draft.rule().version(),
                String.valueOf(lastVersion + 1));
        comesBehindWhatIsDivided(draft.rule());
        if (command.anchored()) {
            apply(new RuleApproved(
                    command.agreementId(), command.ruleHash(), draft.rule(), draft.maker(), command.approver()));
        } else {
            apply(new RuleActivated(
                    command.agreementId(), command.ruleHash(), draft.rule(), draft.maker(), command.approver(), null));
        }
    }

    /** What has been divided stays divided by the version that was in force. */
    private void comesBehindWhatIsDivided(RuleDocument rule) {
        expect(
                rule.effectiveFrom().isAfter(latestDivided),
                "effectiveFrom",
                rule.effectiveFrom(),
                "a day after " + latestDivided + ", of which inflows have been divided");
    }

    @CommandHandler
    void decide(ConfirmAnchor command) {
        RuleApproved waiting = approved;
        if (waiting != null && waiting.ruleHash().equals(command.ruleHash())) {
            apply(new RuleActivated(
                    waiting.agreementId(),
                    waiting.ruleHash(),
                    waiting.rule(),
                    waiting.maker(),
                    waiting.approver(),
                    command.anchor()));
        }
    }

    @CommandHandler
    void decide(FailAnchor command) {
        if (approved != null && approved.ruleHash().equals(command.ruleHash())) {
            apply(new RuleAnchoringFailed(command.agreementId(), command.ruleHash(), command.reason()));
        }
    }

    @CommandHandler
    List<Unroutable> decide(RouteInflows command) {
        List<Unroutable> unroutable = new ArrayList<>();
        Routings routings = new Routings(command.agreementId(), currency);
        for (Unrouted inflow : command.inflows()) {
            Optional<InForce> rule =
                    Optional.ofNullable(inForce.floorEntry(inflow.valueDate())).map(Map.Entry::getValue);
            if (closed) {
                unroutable.add(new Unroutable(inflow.inflowId(), "agreement-closed"));
            } else if (held != null) {
                unroutable.add(new Unroutable(inflow.inflowId(), "agreement-held"));
            } else if (!inflow.currency().equals(currency)) {
                unroutable.add(new Unroutable(inflow.inflowId(), "currency-differs"));
            } else if (approved != null
                    && !inflow.valueDate().isBefore(approved.rule().effectiveFrom())) {
                // The chain may hold the new version already, and has then ended the one before.
                unroutable.add(new Unroutable(inflow.inflowId(), "rule-being-anchored"));
            } else if (rule.isEmpty()) {
                unroutable.add(new Unroutable(inflow.inflowId(), "no-rule-in-force"));
            } else {
                route(inflow, rule.get(), routings);
            }
        }
        tell(routings);
        return unroutable;
    }

    /** What one inflow has changed decides of the next, long before the event of both is told. */
    private void route(Unrouted inflow, InForce rule, Routings routings) {
        evolve(routings.add(
                inflow,
                rule.hash(),
                divisions.divide(rule.hash(), inflow),
                divisions.provisionalBase(rule.hash(), inflow)));
        if (routings.isFull() || divisions.waterfall().isCapReached() != capReached) {
            tell(routings);
            tellOfCap(inflow.valueDate());
        }
    }

    private static void tell(Routings routings) {
        routings.take().ifPresent(AggregateLifecycle::apply);
    }

    private static List<Leg> legs(UUID of, InForce rule, Waterfall.Division division) {
        return legs(of, rule.hash(), division);
    }

    private static List<Leg> legs(UUID of, String ruleHash, Waterfall.Division division) {
        return division.parts().stream()
                .filter(part -> part.units().signum() != 0)
                .map(part -> new Leg(
                        Hashes.uuid("leg", of.toString(), ruleHash, part.path()),
                        part.path(),
                        part.to(),
                        part.units().longValueExact()))
                .toList();
    }

    private void tellOfCap(LocalDate day) {
        boolean reached = divisions.waterfall().isCapReached();
        if (reached != capReached) {
            apply(
                    reached
                            ? new CapReached(Objects.requireNonNull(agreementId), day)
                            : new CapReopened(Objects.requireNonNull(agreementId), day));
        }
    }

    @CommandHandler
    void decide(TakeBackInflow command, BusinessClock clock) {
        apply(new RoutedInflowTakenBack(
                command.inflowId(),
                command.agreementId(),
                command.storeId(),
                command.account(),
                command.ruleHash(),
                command.units(),
                command.currency(),
                command.valueDate(),
                command.legs(),
                command.baseUnits(),
                command.accruedOn()));
        letGo(divisions.waiting(command.inflowId()), clock.today());
    }

    @CommandHandler
    void decide(ReportBasis command, BusinessClock clock) {
        apply(new BasisReported(
                command.inflowId(),
                command.agreementId(),
                command.storeId(),
                command.account(),
                command.ruleHash(),
                command.currency(),
                command.valueDate(),
                command.depositUnits(),
                command.provisionalBaseUnits(),
                command.baseUnits(),
                command.reportSha256()));
        letGo(divisions.waiting(command.inflowId()), clock.today());
    }

    @CommandHandler
    void decide(ReleaseOverdue command) {
        divisions.overdue(command.day()).forEach(deposit -> letGo(deposit, command.day()));
    }

    /** What was held of the deposit until now covers what has become due since, and goes on. */
    private void letGo(@Nullable Waiting deposit, LocalDate day) {
        if (deposit == null) {
            return;
        }
        UUID releaseId = Hashes.uuid(
                "release",
                Objects.requireNonNull(agreementId),
                deposit.inflowId().toString());
        apply(new HeldReleased(
                releaseId,
                agreementId,
                deposit.storeId(),
                deposit.account(),
                deposit.ruleHash(),
                currency,
                day,
                legs(releaseId, deposit.ruleHash(), divisions.giveUp(deposit)),
                new Deposit(deposit.inflowId(), deposit.units(), deposit.valueDate()),
                null,
                null));
        tellOfCap(day);
    }

    @CommandHandler
    void decide(HoldRouting command, BusinessClock clock) {
        if (held != null) {
            throw new Rejection("routing-held", held.by() + " has stopped the routing of " + agreementId + " already");
        }
        apply(new RoutingHeld(command.agreementId(), clock.now(), command.by(), command.reason()));
    }

    @CommandHandler
    void decide(ReleaseRouting command) {
        // Before clocks gave microseconds, the event had nanoseconds, and the table that a release is read from had
        // not.
        if (held == null
                || Duration.between(held.heldAt(), command.heldAt()).abs().compareTo(Duration.ofNanos(1_000)) > 0) {
            throw new Rejection(
                    "routing-not-held", "Nobody has stopped the routing of " + agreementId + " at that time");
        }
        if (command.askedBy().equals(command.approvedBy())) {
            throw new Rejection("same-person", "What " + command.askedBy() + " asks for is approved by somebody else");
        }
        apply(new RoutingReleased(command.agreementId(), command.heldAt(), command.askedBy(), command.approvedBy()));
    }

    @CommandHandler
    void decide(RestateAgreement command) {
        asOf(command.asOfEvents(), "restatement-outdated", "it was made up");
        apply(new AgreementRestated(
                command.agreementId(),
                command.restatementHash(),
                command.replacedHash(),
                command.byHash(),
                command.change(),
                command.maker(),
                command.trustee(),
                command.approver()));
    }

    /** A repeat changes nothing. One that a draft names may be on before the draft is in force. */
    @CommandHandler
    void decide(SetTrigger command) {
        SortedSet<String> named = new TreeSet<>();
        divisions.rules().forEach(rule -> named.addAll(rule.triggers()));
        drafts.values().forEach(draft -> named.addAll(draft.rule().triggers()));
        if (approved != null) {
            named.addAll(approved.rule().triggers());
        }
        if (!named.contains(command.trigger()) && !divisions.waterfall().isOn(command.trigger())) {
            throw new Rejection(
                    "trigger-invalid",
                    "trigger: found " + command.trigger() + ", expected one that a rule version of " + agreementId
                            + " names, of " + named);
        }
        if (divisions.waterfall().isOn(command.trigger()) != command.on()) {
            apply(new TriggerSet(
                    command.agreementId(), command.trigger(), command.on(), command.by(), command.reason()));
        }
    }

    @CommandHandler
    void decide(ReduceLegs command) {
        apply(new LegsReduced(
                command.inflowId(),
                command.agreementId(),
                command.storeId(),
                command.account(),
                command.currency(),
                command.day(),
                command.reductions()));
        tellOfCap(command.day());
    }

    @CommandHandler
    void decide(BeginRunOff command) {
        if (closed || runOffUntil != null) {
            throw new Rejection("agreement-ends", agreementId + " ends already");
        }
        apply(new RunOffBegun(
                command.agreementId(), command.from(), command.until(), command.askedBy(), command.approvedBy()));
    }

    @CommandHandler
    void decide(ReleaseHeld command) {
        runsOff();
        InForce rule = ruleOf(command.day());
        divisions.stores().forEach((account, store) -> {
            UUID releaseId = Hashes.uuid("release", command.agreementId(), account, String.valueOf(releases));
            List<Leg> legs = legs(releaseId, rule, divisions.release(rule.hash(), account, command.day()));
            if (!legs.isEmpty()) {
                apply(new HeldReleased(
                        releaseId,
                        command.agreementId(),
                        store.storeId(),
                        account,
                        rule.hash(),
                        currency,
                        command.day(),
                        legs,
                        null,
                        command.askedBy(),
                        command.approvedBy()));
            }
        });
    }

    @CommandHandler
    void decide(CloseAgreement command) {
        LocalDate until = runsOff();
        if (command.day().isBefore(until)) {
            throw new Rejection(
                    "agreement-open", "Refunds may come until " + until + ": it closes on that day or later");
        }
        asOf(command.asOfEvents(), "books-behind", "its balances were looked at");
        InForce rule = ruleOf(command.day());
        divisions.stores().keySet().forEach(account -> {
            if (!legs(new UUID(0, 0), rule, divisions.release(rule.hash(), account, command.day()))
                    .isEmpty()) {
                throw new Rejection("agreement-open", "Money is held on account " + account + ": release it first");
            }
        });
        apply(new AgreementClosed(command.agreementId(), command.day(), command.askedBy(), command.approvedBy()));
    }

    private void asOf(long expected, String type, String what) {
        long events = AggregateLifecycle.getVersion() + 1;
        if (events != expected) {
            throw new Rejection(
                    type,
                    "Something came in while " + what + ": found " + events + " events of " + agreementId
                            + ", expected " + expected + "; approve it again");
        }
    }

    private InForce ruleOf(LocalDate day) {
        return Optional.ofNullable(inForce.floorEntry(day))
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new Rejection("no-rule-in-force", "No rule is in force on " + day));
    }

    private LocalDate runsOff() {
        if (runOffUntil == null || closed) {
            throw new Rejection(
                    "agreement-active", agreementId + " does not run off: found it " + (closed ? "closed" : "active"));
        }
        return runOffUntil;
    }

    /** What claims have accrued and periods have counted goes on under the next version. */
    static void carriesOn(RuleDocument before, RuleDocument rule) {
        expect(
                rule.periods() == before.periods(),
                "period",
                rule.periods(),
                before.periods() + ", as version " + before.version() + " counts");
        goesOnHolding(before.claims(), rule);
        keepsNames(before, rule);
        Map<String, Destination> earlier = before.destinations();
        for (RuleDocument.Placed placed : rule.claims()) {
            String name = placed.claim().name();
            Destination to = placed.claim().to();
            boolean renamed = to != Destination.ROYALTY_POOL
                    && to != Destination.MERCHANT_RESIDUAL
                    && !earlier.containsKey(name)
                    && earlier.entrySet().stream()
                            .anyMatch(other -> other.getValue() == to
                                    && !rule.destinations().containsKey(other.getKey()));
            expect(
                    !renamed,
                    placed.path() + ".name",
                    name,
                    "the name that version " + before.version() + " has for its claim on " + to.text()
                            + ": what it has accrued goes on under it");
        }
    }

    /** A name is of one payee, kind and destination for the agreement's life, also where versions between leave it out. */
    private static void keepsNames(RuleDocument before, RuleDocument rule) {
        Map<String, Destination> earlier = before.destinations();
        for (RuleDocument.Placed placed : rule.claims()) {
            String name = placed.claim().name();
            Destination to = placed.claim().to();
            expect(
                    earlier.getOrDefault(name, to) == to,
                    placed.path() + ".to",
                    to.text(),
                    earlier.getOrDefault(name, to).text() + ", as \"" + name + "\" goes in version "
                            + before.version());
            Tranche.Claim same = before.claims().stream()
                    .map(RuleDocument.Placed::claim)
                    .filter(claim -> claim.name().equals(name))
                    .findFirst()
                    .orElse(placed.claim());
            expect(
                    Objects.equals(same.payee(), placed.claim().payee()),
                    placed.path() + ".payee",
                    placed.claim().payee(),
                    same.payee() + ", to whom \"" + name + "\" is owed what it has accrued; another payee's claim has"
                            + " another name");
            expect(
                    same.getClass() == placed.claim().getClass() || !(counts(same) || counts(placed.claim())),
                    placed.path() + ".kind",
                    kind(placed.claim()),
                    kind(same) + ", as \"" + name + "\" is in version " + before.version());
        }
    }

    /**
     * What can hold money goes on in every version: it may be empty now and be filled before the next version begins, or by a late inflow
     * of this one's days, and nothing else would give it up.
     */
    private static void goesOnHolding(List<RuleDocument.Placed> before, RuleDocument rule) {
        for (RuleDocument.Placed placed : before) {
            String instead = switch (placed.claim()) {
                case Tranche.UntilReport waiting -> "a portion of 0/1";
                case Tranche.Trap trap -> "a portion of 0/1";
                case Tranche.Reserve reserve -> "the target 0";
                default -> null;
            };
            expect(
                    instead == null
                            || rule.destinations().containsKey(placed.claim().name()),
                    "waterfall",
                    "no claim \"" + placed.claim().name() + '"',
                    "it to go on: with " + instead + " it holds nothing more");
        }
    }

    /**
     * What can be owed something goes on in every version as well: nothing may be owed to it now, and be when the next version begins, or
     * by a late inflow of this one's days, and no inflow would cover it any more.
     */
    private void goesOnOwing(RuleDocument before, RuleDocument rule) {
        for (RuleDocument.Placed placed : before.claims()) {
            Tranche.Claim claim = placed.claim();
            String instead = switch (claim) {
                case Tranche.Share share -> "the portion 0/1 it accrues nothing more";
                case Tranche.Fixed fixed -> "the amount 0 it accrues nothing more";
                case Tranche.Royalty royalty -> "the portion 0/1 it accrues nothing more";
                case Tranche.DueUpTo due -> "the amount 0 it is given nothing more";
                default -> null;
            };
            boolean there = rule.claims().stream()
                    .map(RuleDocument.Placed::claim)
                    .anyMatch(other -> Waterfall.isPooled(claim)
                            ? Waterfall.isPooled(other)
                            : other.name().equals(claim.name()));
            if (instead != null && !there) {
                BigInteger owed = divisions.waterfall().owed(before, claim);
                throw new Rejection(
                        "rule-refused",
                        "waterfall: found no claim \"" + claim.name() + "\", expected it to go on"
                                + (owed.signum() > 0 ? ", being owed " + Money.of(owed, currency) : "") + ": with "
                                + instead
                                + (claim instanceof Tranche.DueUpTo ? "" : ", and is given what it is owed"));
            }
        }
    }

    private static String kind(Tranche.Claim claim) {
        return switch (claim) {
            case Tranche.Share share -> "portion";
            case Tranche.Fixed fixed -> "fixed";
            case Tranche.DueUpTo due -> "due";
            case Tranche.Royalty royalty -> "royalty";
            case Tranche.Reserve reserve -> "reserve";
            case Tranche.Trap trap -> "trap";
            case Tranche.UntilReport waiting -> "until-report";
            case Tranche.Remainder rest -> "remainder";
        };
    }

    /** By what it has been given, not by what it has accrued: of no use to a claim of another kind. */
    private static boolean counts(Tranche.Claim claim) {
        return claim instanceof Tranche.DueUpTo
                || claim instanceof Tranche.Reserve
                || claim instanceof Tranche.Trap
                || claim instanceof Tranche.UntilReport
                || claim instanceof Tranche.Remainder;
    }

    private static void expect(boolean holds, String path, @Nullable Object found, String expected) {
        if (!holds) {
            throw new Rejection("rule-refused", path + ": found " + found + ", expected " + expected);
        }
    }

    @EventSourcingHandler
    void evolve(AgreementOpened event) {
        agreementId = event.agreementId();
        currency = event.currency();
        divisions.on(event);
    }

    @EventSourcingHandler
    void evolve(RuleDrafted event) {
        drafts.put(event.ruleHash(), event);
    }

    @EventSourcingHandler
    void evolve(RuleApproved event) {
        drafts.remove(event.ruleHash());
        approved = event;
    }

    @EventSourcingHandler
    void evolve(RuleAnchoringFailed event) {
        refusedByChain.put(event.ruleHash(), event.reason());
        approved = null;
    }

    @EventSourcingHandler
    void evolve(RuleActivated event) {
        drafts.remove(event.ruleHash());
        approved = null;
        inForce.put(event.rule().effectiveFrom(), new InForce(event.ruleHash(), event.rule()));
        divisions.on(event);
        lastVersion = event.rule().version();
        lastHash = event.ruleHash();
    }

    @EventSourcingHandler
    void evolve(CapReached event) {
        capReached = true;
    }

    @EventSourcingHandler
    void evolve(CapReopened event) {
        capReached = false;
    }

    @EventSourcingHandler
    void evolve(RunOffBegun event) {
        runOffUntil = event.until();
    }

    @EventSourcingHandler
    void evolve(HeldReleased event) {
        divisions.on(event);
        if (event.of() == null) {
            releases++;
        }
    }

    @EventSourcingHandler
    void evolve(AgreementClosed event) {
        closed = true;
    }

    @EventSourcingHandler
    void evolve(RoutingHeld event) {
        held = event;
    }

    @EventSourcingHandler
    void evolve(RoutingReleased event) {
        held = null;
    }

    @EventSourcingHandler
    void evolve(AgreementRestated event) {
        divisions.on(event);
        RuleDocument inItsPlace = divisions.rule(event.replacedHash());
        inForce.put(inItsPlace.effectiveFrom(), new InForce(event.byHash(), inItsPlace));
    }

    @EventSourcingHandler
    void evolve(TriggerSet event) {
        divisions.on(event);
    }

    @EventSourcingHandler
    void evolve(BasisReported event) {
        divisions.on(event);
    }

    /** What is decided now has changed this already, one inflow after the other. */
    @EventSourcingHandler
    void evolve(InflowsRouted event) {
        if (!AggregateLifecycle.isLive()) {
            event.each().forEach(this::evolve);
        }
    }

    @EventSourcingHandler
    void evolve(InflowRouted event) {
        divisions.on(event);
        latestDivided = event.valueDate().isAfter(latestDivided) ? event.valueDate() : latestDivided;
    }

    @EventSourcingHandler
    void evolve(RoutedInflowTakenBack event) {
        divisions.on(event);
    }

    @EventSourcingHandler
    void evolve(LegsReduced event) {
        divisions.on(event);
    }
}
