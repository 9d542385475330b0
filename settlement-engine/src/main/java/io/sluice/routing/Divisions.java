package io.sluice.routing;

import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.AgreementOpened;
import io.sluice.routing.RoutingEvent.AgreementRestated;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.Deposit;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.RuleActivated;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RoutingEvent.TriggerSet;
import io.sluice.routing.RuleDocument.Basis;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an agreement's events have left of its rules and claims: the memory that dividing needs, whoever replays it. */
final class Divisions {

    private final Map<String, RuleDocument> rules = new HashMap<>();
    private final Map<String, StoreTerms> stores = new HashMap<>();
    private final Waterfall waterfall = new Waterfall();

    /** By inflow; those whose report has come, or has not come in time, are not in it any more. */
    private final Map<UUID, Waiting> waiting = new HashMap<>();

    /** By a later version, those that it was put in the place of, whether or not another has been since. */
    private final Map<String, Set<String>> restated = new HashMap<>();

    /** A deposit of which something is held until its report. */
    record Waiting(
            UUID inflowId,
            String storeId,
            String account,
            String ruleHash,
            LocalDate valueDate,
            long units,
            BigInteger held) {

        static Waiting of(InflowRouted routed, BigInteger held) {
            return new Waiting(
                    routed.inflowId(),
                    routed.storeId(),
                    routed.account(),
                    routed.ruleHash(),
                    routed.valueDate(),
                    routed.units(),
                    held);
        }
    }

    /** What this version would divide the inflow into now; remembers nothing. */
    Waterfall.Division divide(String ruleHash, Unrouted inflow) {
        String version = inPlace(ruleHash, inflow.valueDate());
        return waterfall.divide(
                version,
                rule(version),
                movement(inflow.account(), inflow.valueDate(), inflow.units(), provisionalBase(ruleHash, inflow)));
    }

    /**
     * The version that a movement accrues under. A day before its rule's own is one of a version that was restated, and counts to that
     * one's periods.
     */
    String inPlace(String ruleHash, LocalDate valueDate) {
        return !valueDate.isBefore(rule(ruleHash).effectiveFrom())
                ? ruleHash
                : restated.getOrDefault(ruleHash, Set.of()).stream()
                        .filter(replaced -> !valueDate.isBefore(rule(replaced).effectiveFrom()))
                        .max(Comparator.comparing(replaced -> rule(replaced).effectiveFrom()))
                        .orElse(ruleHash);
    }

    /** What portions of the basis are of until the platform reports it; null where that is the inflow. */
    @Nullable
    Long provisionalBase(String ruleHash, Unrouted inflow) {
        RuleDocument rule = rule(ruleHash);
        return rule.basis() == Basis.CASH_RECEIVED
                ? null
                : waterfall
                        .base(rule, inflow.account(), BigInteger.valueOf(inflow.units()))
                        .longValueExact();
    }

    /** What giving up all that is held on an account would come to by this version on that day; remembers nothing. */
    Waterfall.Division release(String ruleHash, String account, LocalDate day) {
        return waterfall.divide(ruleHash, rule(ruleHash), release(account, day));
    }

    /** What a deposit that waited for its report would now be divided into of what was held of it; remembers nothing. */
    Waterfall.Division giveUp(Waiting deposit) {
        String version = inPlace(deposit.ruleHash(), deposit.valueDate());
        return waterfall.divide(
                version,
                rule(version),
                movement(deposit.account(), deposit.valueDate(), deposit.units(), null)
                        .givingUp(deposit.held()));
    }

    @Nullable
    Waiting waiting(UUID inflowId) {
        return waiting.get(inflowId);
    }

    /** Deposits that have waited longer than their rule has them wait, the oldest first. */
    List<Waiting> overdue(LocalDate day) {
        return waiting.values().stream()
                .filter(deposit -> rule(inPlace(deposit.ruleHash(), deposit.valueDate())).claims().stream()
                        .anyMatch(placed -> placed.claim() instanceof Tranche.UntilReport claim
                                && deposit.valueDate().plusDays(claim.days()).isBefore(day)))
                .sorted(Comparator.comparing(Waiting::valueDate).thenComparing(Waiting::inflowId))
                .toList();
    }

    /** Collection accounts and their stores. */
    Map<String, StoreTerms> stores() {
        return Collections.unmodifiableMap(stores);
    }

    Movement release(String account, LocalDate day) {
        StoreTerms store = stores.get(account);
        return Movement.release(
                day, account, store == null ? null : store.channel(), store == null ? null : store.country());
    }

    /** The movement of what was released, of one deposit or of all. */
    Movement release(HeldReleased released) {
        Deposit of = released.of();
        return of == null
                ? release(released.account(), released.valueDate())
                : movement(released.account(), of.valueDate(), of.units(), null)
                        .givingUp(heldIn(released.legs()).negate());
    }

    /** What of these legs waits for a report, or waited for it and is given up. */
    static BigInteger heldIn(List<Leg> legs) {
        return legs.stream()
                .filter(leg -> leg.destination() == Destination.MERCHANT_UNTIL_REPORT)
                .map(leg -> BigInteger.valueOf(leg.units()))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    RuleDocument rule(String ruleHash) {
        return Objects.requireNonNull(rules.get(ruleHash), () -> "no version " + ruleHash + " was in force");
    }

    @Nullable
    RuleDocument ruleOrNull(@Nullable String ruleHash) {
        return ruleHash == null ? null : rules.get(ruleHash);
    }

    /** All versions that were in force. */
    Collection<RuleDocument> rules() {
        return Collections.unmodifiableCollection(rules.values());
    }

    Waterfall waterfall() {
        return waterfall;
    }

    void on(RoutingEvent event) {
        switch (event) {
            case AgreementOpened opened ->
                opened.stores().forEach(store -> stores.put(store.collectionAccount(), store));
            case RuleActivated active -> {
                rules.put(active.ruleHash(), active.rule());
                waterfall.begin(active.rule());
            }
            case TriggerSet set -> waterfall.set(set.trigger(), set.on());
            case InflowsRouted many -> many.each().forEach(this::on);
            case InflowRouted routed -> {
                remember(
                        routed.ruleHash(),
                        movement(routed.account(), routed.valueDate(), routed.units(), routed.provisionalBaseUnits()),
                        byPath(routed.legs()));
                BigInteger held = heldIn(routed.legs());
                if (held.signum() > 0) {
                    waiting.put(routed.inflowId(), Waiting.of(routed, held));
                }
            }
            case HeldReleased released -> {
                remember(released.ruleHash(), release(released), byPath(released.legs()));
                waitsNoMore(released);
            }
            case RoutedInflowTakenBack back ->
                remember(
                        back.ruleHash(),
                        movement(back.account(), back.undoneOn(), back.units(), back.baseUnits())
                                .takenBack(byPath(back.legs())),
                        Map.of());
            case BasisReported report -> {
                remember(
                        report.ruleHash(),
                        movement(
                                        report.account(),
                                        report.valueDate(),
                                        report.depositUnits(),
                                        report.provisionalBaseUnits())
                                .corrected(BigInteger.valueOf(report.baseUnits() - report.provisionalBaseUnits())),
                        Map.of());
                waterfall.report(
                        report.account(),
                        BigInteger.valueOf(report.depositUnits()),
                        BigInteger.valueOf(report.baseUnits()));
            }
            case LegsReduced reduced -> {
                for (Reduction reduction : reduced.reductions()) {
                    waterfall.reduce(
                            reduction.path(),
                            reduction.destination(),
                            reduced.account(),
                            BigInteger.valueOf(reduction.units()));
                }
            }
            case AgreementRestated change -> {
                RuleDocument inItsPlace =
                        rule(change.byHash()).asOf(rule(change.replacedHash()).effectiveFrom());
                rules.put(change.replacedHash(), inItsPlace);
                putInPlace(change);
                waterfall.restate(inItsPlace, change.change());
            }
            default -> {} // of no effect on what is divided
        }
    }

    /** From now on, what the later version divides of days before its own is the replaced one's. */
    void putInPlace(AgreementRestated change) {
        restated.computeIfAbsent(change.byHash(), by -> new HashSet<>()).add(change.replacedHash());
    }

    private void waitsNoMore(HeldReleased released) {
        if (released.of() == null) {
            waiting.values().removeIf(deposit -> deposit.account().equals(released.account()));
        } else {
            waiting.remove(released.of().inflowId());
        }
    }

    private void remember(String ruleHash, Movement movement, Map<String, BigInteger> parts) {
        String version = inPlace(ruleHash, movement.valueDate());
        waterfall.remember(version, rule(version), movement, parts);
    }

    Movement movement(String account, LocalDate valueDate, long cash, @Nullable Long base) {
        BigInteger units = BigInteger.valueOf(cash);
        StoreTerms store = stores.get(account);
        return Movement.inflow(
                valueDate,
                units,
                base == null ? units : BigInteger.valueOf(base),
                account,
                store == null ? null : store.channel(),
                store == null ? null : store.country());
    }

    static Map<String, BigInteger> byPath(List<Leg> legs) {
        return legs.stream().collect(Collectors.toMap(Leg::path, leg -> BigInteger.valueOf(leg.units())));
    }
}
