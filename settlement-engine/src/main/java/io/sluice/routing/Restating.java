package io.sluice.routing;

import io.sluice.money.Portion;
import io.sluice.platform.Rejection;
import io.sluice.routing.Divisions.Waiting;
import io.sluice.routing.Restatement.Difference;
import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.AgreementRestated;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.RuleActivated;
import io.sluice.routing.RuleDocument.Basis;
import io.sluice.routing.Tranche.Claim;
import io.sluice.routing.Waterfall.Part;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Divides an agreement's whole history a second time, as if a version had had a later version's terms from its first day on, beside what was
 * done. Every inflow is divided again, those of other versions too, since what reserves hold and what was left for later claims depends on
 * those before.
 */
final class Restating {

    /**
     * @param events the agreement's, that were read
     * @param inflows that the replaced version had divided
     */
    record Outcome(
            long events,
            int replacedVersion,
            int byVersion,
            long inflows,
            List<Difference> differences,
            ClaimsChange change) {}

    private final Map<String, RuleDocument> rules = new HashMap<>();
    private final Map<String, String> inPlaceOf = new HashMap<>();
    private final Divisions done = new Divisions();
    private final Divisions meant = new Divisions();
    private final Map<UUID, Map<String, BigInteger>> parts = new HashMap<>();

    /** Deposits that wait for their report by what is meant; others than those that waited. */
    private final Map<UUID, Waiting> waiting = new HashMap<>();

    private final String replaced;
    private long events;
    private long inflows;

    private Restating(String replaced) {
        this.replaced = replaced;
    }

    /**
     * @param past all of the agreement's events, each time it is asked
     * @throws Rejection {@code no-such-rule} for a version that was never in force; {@code restatement-refused} for versions of
     *     which one cannot stand in the place of the other
     */
    static Outcome of(Supplier<Stream<RoutingEvent>> past, String replaced, String by) {
        Restating restating = new Restating(replaced);
        past.get().forEach(restating::learn);
        restating.mayReplace(by);
        Outcome outcome = restating.twice(past, by);
        if (outcome.inflows() == 0) {
            throw new Rejection(
                    "restatement-refused", "Rule " + replaced + " has divided nothing: nothing is restated");
        }
        return outcome;
    }

    /** The same without asking whether it may be. */
    static Outcome compare(Supplier<Stream<RoutingEvent>> past, String replaced, String by) {
        Restating restating = new Restating(replaced);
        past.get().forEach(restating::learn);
        return restating.twice(past, by);
    }

    private Outcome twice(Supplier<Stream<RoutingEvent>> past, String by) {
        inPlaceOf.put(replaced, by);
        past.get().forEach(this::again);
        return outcome();
    }

    private void learn(RoutingEvent event) {
        if (event instanceof RuleActivated active) {
            rules.put(active.ruleHash(), active.rule());
        } else if (event instanceof AgreementRestated restated) {
            inPlaceOf.put(restated.replacedHash(), restated.byHash());
        }
    }

    private void mayReplace(String by) {
        RuleDocument wrong = version(replaced);
        RuleDocument right = version(by);
        if (!right.effectiveFrom().isAfter(wrong.effectiveFrom())) {
            throw new Rejection(
                    "restatement-refused",
                    "by: found version " + right.version() + " from " + right.effectiveFrom()
                            + ", expected one that came after version " + wrong.version());
        }
        if (by.equals(inPlaceOf.get(replaced))) {
            throw new Rejection(
                    "restatement-refused",
                    "Version " + wrong.version() + " was restated as version " + right.version() + " already");
        }
        if (right.basis() != wrong.basis()) {
            throw new Rejection(
                    "restatement-refused",
                    "by: found a version of basis " + right.basis() + ", expected " + wrong.basis()
                            + ", by which platforms' reports of these inflows have been counted");
        }
        Agreement.carriesOn(wrong, right);
    }

    private RuleDocument version(String hash) {
        RuleDocument rule = rules.get(hash);
        if (rule == null) {
            throw new Rejection("no-such-rule", "Rule " + hash + " was never in force in this agreement");
        }
        return rule;
    }

    private void again(RoutingEvent event) {
        events++;
        RoutingEvent.oneByOne(event).forEach(this::oneAgain);
    }

    private void oneAgain(RoutingEvent event) {
        done.on(event);
        switch (event) {
            case RuleActivated active -> {
                String by = inPlaceOf.get(active.ruleHash());
                meant.on(
                        by == null
                                ? active
                                : new RuleActivated(
                                        active.agreementId(),
                                        active.ruleHash(),
                                        version(by).asOf(active.rule().effectiveFrom()),
                                        active.maker(),
                                        active.approver(),
                                        active.anchor()));
            }
            case InflowRouted routed -> divide(routed);
            case HeldReleased released -> release(released);
            case RoutedInflowTakenBack back -> takeBack(back);
            case BasisReported report -> {
                if (meant.rule(report.ruleHash()).basis() == Basis.CASH_RECEIVED) {
                    meant.waterfall()
                            .report(
                                    report.account(),
                                    BigInteger.valueOf(report.depositUnits()),
                                    BigInteger.valueOf(report.baseUnits()));
                } else {
                    meant.on(report);
                }
                letGo(report.inflowId());
            }
            case LegsReduced reduced -> reduced.reductions().forEach(reduction -> reduce(reduced, reduction));
            case AgreementRestated restated -> meant.putInPlace(restated); // its terms were there from the start
            default -> meant.on(event);
        }
    }

    private void divide(InflowRouted routed) {
        if (routed.ruleHash().equals(replaced)) {
            inflows++;
        }
        Unrouted inflow = new Unrouted(
                routed.inflowId(),
                routed.storeId(),
                routed.account(),
                routed.units(),
                routed.currency(),
                routed.valueDate());
        String version = meant.inPlace(routed.ruleHash(), routed.valueDate());
        Long base = meant.rule(version).basis() == Basis.CASH_RECEIVED
                ? null
                : routed.provisionalBaseUnits() == null
                        ? meant.provisionalBase(version, inflow)
                        : routed.provisionalBaseUnits();
        Map<String, BigInteger> given = new HashMap<>();
        for (Part part : meant.waterfall()
                .take(
                        version,
                        meant.rule(version),
                        meant.movement(routed.account(), routed.valueDate(), routed.units(), base))
                .parts()) {
            given.merge(part.path(), part.units(), BigInteger::add);
            if (part.to() == Destination.MERCHANT_UNTIL_REPORT && part.units().signum() > 0) {
                waiting.put(routed.inflowId(), Waiting.of(routed, part.units()));
            }
        }
        parts.put(routed.inflowId(), given);
    }

    private void letGo(UUID inflowId) {
        Waiting deposit = waiting.remove(inflowId);
        if (deposit != null) {
            String version = meant.inPlace(deposit.ruleHash(), deposit.valueDate());
            meant.waterfall()
                    .take(
                            version,
                            meant.rule(version),
                            meant.movement(deposit.account(), deposit.valueDate(), deposit.units(), null)
                                    .givingUp(deposit.held()));
        }
    }

    private void release(HeldReleased released) {
        if (released.of() != null) {
            letGo(released.of().inflowId());
            return;
        }
        waiting.values().removeIf(deposit -> deposit.account().equals(released.account()));
        String version = meant.inPlace(released.ruleHash(), released.valueDate());
        meant.waterfall().take(version, meant.rule(version), meant.release(released.account(), released.valueDate()));
    }

    private void takeBack(RoutedInflowTakenBack back) {
        String version = meant.inPlace(back.ruleHash(), back.undoneOn());
        RuleDocument rule = meant.rule(version);
        meant.waterfall()
                .remember(
                        version,
                        rule,
                        meant.movement(
                                        back.account(),
                                        back.undoneOn(),
                                        back.units(),
                                        rule.basis() == Basis.CASH_RECEIVED ? null : back.baseUnits())
                                .takenBack(parts.getOrDefault(back.inflowId(), Map.of())),
                        Map.of());
        letGo(back.inflowId());
    }

    /** What a claim that was never given so much cannot give up comes out of the remainder, which had it instead. */
    private void reduce(LegsReduced reduced, Reduction reduction) {
        Waterfall waterfall = meant.waterfall();
        BigInteger asked = BigInteger.valueOf(reduction.units());
        BigInteger there = waterfall
                .given(reduction.path(), reduction.destination(), reduced.account())
                .max(BigInteger.ZERO)
                .min(asked);
        waterfall.reduce(reduction.path(), reduction.destination(), reduced.account(), there);
        Claim rest = version(inPlaceOf.getOrDefault(replaced, replaced))
                .claims()
                .getLast()
                .claim();
        waterfall.reduce(rest.name(), rest.to(), reduced.account(), asked.subtract(there));
    }

    private Outcome outcome() {
        Map<String, BigInteger> was = done.waterfall().given();
        Map<String, BigInteger> is = meant.waterfall().given();
        List<Difference> differences = new ArrayList<>();
        Map<String, BigInteger> all = new TreeMap<>(was);
        all.putAll(is);
        BigInteger sum = BigInteger.ZERO;
        for (String key : all.keySet()) {
            BigInteger given = was.getOrDefault(key, BigInteger.ZERO);
            BigInteger intended = is.getOrDefault(key, BigInteger.ZERO);
            if (!given.equals(intended)) {
                differences.add(difference(key, given, intended));
                sum = sum.add(intended).subtract(given);
            }
        }
        if (sum.signum() != 0) {
            throw new IllegalStateException("A restatement made " + sum + " units out of nothing");
        }
        return new Outcome(
                events,
                version(replaced).version(),
                version(inPlaceOf.getOrDefault(replaced, replaced)).version(),
                inflows,
                differences,
                meant.waterfall().since(done.waterfall()));
    }

    private Difference difference(String key, BigInteger given, BigInteger intended) {
        int at = key.indexOf('@');
        String name = at < 0 ? key : key.substring(0, at);
        List<RuleDocument> newestFirst = rules.values().stream()
                .sorted(Comparator.comparingInt(RuleDocument::version).reversed())
                .toList();
        Claim claim = newestFirst.stream()
                .flatMap(rule -> claim(rule, name).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No version has a claim \"" + name + "\""));
        boolean tooMuch = given.compareTo(intended) > 0;
        return new Difference(
                name,
                claim.to(),
                claim.payee(),
                at < 0 ? null : key.substring(at + 1),
                given,
                intended,
                claim(newestFirst.getFirst(), name).isPresent() && !(tooMuch && takesNothingMore(claim)));
    }

    /** What it was given too much is not used up by what it accrues later. */
    private static boolean takesNothingMore(Claim claim) {
        return switch (claim) {
            case Tranche.DueUpTo due -> true;
            case Tranche.Share share -> share.portion().equals(Portion.ZERO);
            case Tranche.Fixed fixed -> fixed.amount().units().signum() == 0;
            case Tranche.Royalty royalty -> Portion.ZERO.equals(royalty.portion());
            default -> false;
        };
    }

    private static Optional<Claim> claim(RuleDocument rule, String name) {
        return rule.claims().stream()
                .map(RuleDocument.Placed::claim)
                .filter(claim ->
                        (Waterfall.isPooled(claim) ? Destination.ROYALTY_POOL.text() : claim.name()).equals(name))
                .findFirst();
    }
}
