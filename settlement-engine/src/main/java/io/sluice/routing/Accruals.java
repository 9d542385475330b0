package io.sluice.routing;

import io.sluice.money.Fraction;
import io.sluice.money.Portion;
import io.sluice.platform.Phrases;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.RuleActivated;
import io.sluice.routing.RuleDocument.Placed;
import io.sluice.routing.Tranche.Claim;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a claim on an agreement's inflows had come to when one of them was divided, from the agreement's own events. */
@Component
public class Accruals {

    /**
     * What came in under one rule version, less what was taken back, and the version's claim on it.
     *
     * @param restatedAs the later version by whose terms it accrues since a restatement; null where there was none
     * @param portion of it; null where the claim is not a plain portion of it
     * @param counted what of the inflows {@code units} are
     * @param units minor units
     */
    public record Basis(
            String ruleHash,
            int version,
            @Nullable Integer restatedAs,
            String tranche,
            @Nullable Portion portion,
            RuleDocument.Basis counted,
            BigInteger units) {}

    /**
     * @param terms of the version that divided the inflow, in words
     * @param bases by rule version, the one of the inflow last; empty where the claim is not one on sales: a reserve, a trap, the remainder
     * @param accrued in minor units, exact
     * @param due what it comes to with the inflow, in minor units: the floor of {@code accrued}; of the pool's royalty within its cap and with
     *     what its minimum adds
     * @param deferred what of that waits for a later period's ceiling
     * @param givenBefore what the claim had been given before the inflow, less what was reduced, in minor units
     */
    public record Accrual(
            Destination to,
            String terms,
            List<Basis> bases,
            Fraction accrued,
            BigInteger due,
            BigInteger deferred,
            BigInteger givenBefore) {}

    private final EventStore events;

    Accruals(EventStore events) {
        this.events = events;
    }

    /**
     * Up to that inflow and with it, of each claim of the version that divided it, by its name and in the waterfall's order; empty when the
     * agreement has not divided it. Reads all of the agreement's events before.
     *
     * @param phrases to say terms in
     */
    public Map<String, Accrual> at(String agreementId, UUID inflowId, Phrases phrases) {
        Divisions divisions = new Divisions();
        Map<String, BigInteger> bases = new LinkedHashMap<>();
        Map<String, Integer> versions = new HashMap<>();
        Iterator<RoutingEvent> past = AgreementHistory.of(events, agreementId)
                .flatMap(RoutingEvent::oneByOne)
                .iterator();
        while (past.hasNext()) {
            RoutingEvent event = past.next();
            if (event instanceof InflowRouted routed) {
                bases.merge(routed.ruleHash(), base(routed.provisionalBaseUnits(), routed.units()), BigInteger::add);
                if (routed.inflowId().equals(inflowId)) {
                    return accruals(divisions, bases, versions, routed, phrases);
                }
            } else if (event instanceof RoutedInflowTakenBack back) {
                bases.merge(
                        back.ruleHash(), base(back.baseUnits(), back.units()).negate(), BigInteger::add);
            } else if (event instanceof BasisReported report) {
                bases.merge(
                        report.ruleHash(),
                        BigInteger.valueOf(report.baseUnits() - report.provisionalBaseUnits()),
                        BigInteger::add);
            } else if (event instanceof RuleActivated activated) {
                versions.put(activated.ruleHash(), activated.rule().version());
            }
            divisions.on(event);
        }
        return Map.of();
    }

    private static BigInteger base(@Nullable Long base, long units) {
        return BigInteger.valueOf(base == null ? units : base);
    }

    private static Map<String, Accrual> accruals(
            Divisions divisions,
            Map<String, BigInteger> units,
            Map<String, Integer> versions,
            InflowRouted routed,
            Phrases phrases) {
        RuleDocument rule = divisions.rule(routed.ruleHash());
        String account = routed.account();
        Map<String, BigInteger> givenBefore = new HashMap<>();
        for (Placed placed : rule.claims()) {
            givenBefore.put(placed.claim().name(), divisions.waterfall().given(placed.claim(), account));
        }
        divisions.on(routed);
        BigInteger ofLast = units.remove(routed.ruleHash());
        units.put(routed.ruleHash(), ofLast);
        Map<String, Accrual> accruals = new LinkedHashMap<>();
        for (Placed placed : rule.claims()) {
            Claim claim = placed.claim();
            List<Basis> bases = switch (claim) {
                case Tranche.Share share -> bases(divisions, units, versions, claim);
                case Tranche.Royalty royalty -> bases(divisions, units, versions, claim);
                case Tranche.Fixed fixed -> bases(divisions, units, versions, claim);
                default -> List.of();
            };
            accruals.put(
                    claim.name(),
                    new Accrual(
                            claim.to(),
                            new RuleWords(rule, phrases).of(claim),
                            bases,
                            divisions.waterfall().accrued(claim, account),
                            divisions.waterfall().due(rule, claim, account),
                            divisions.waterfall().deferred(rule, claim),
                            givenBefore.getOrDefault(claim.name(), BigInteger.ZERO)));
        }
        return accruals;
    }

    private static List<Basis> bases(
            Divisions divisions, Map<String, BigInteger> units, Map<String, Integer> versions, Claim claim) {
        return units.entrySet().stream()
                .flatMap(version -> {
                    RuleDocument rule = divisions.rule(version.getKey());
                    int divided = versions.getOrDefault(version.getKey(), rule.version());
                    return rule.claims().stream()
                            .map(Placed::claim)
                            .filter(other -> Waterfall.isPooled(claim)
                                    ? Waterfall.isPooled(other)
                                    : other.name().equals(claim.name()))
                            .map(other -> new Basis(
                                    version.getKey(),
                                    divided,
                                    divided == rule.version() ? null : rule.version(),
                                    other.name(),
                                    plainPortion(rule, other),
                                    rule.basis(),
                                    version.getValue()));
                })
                .toList();
    }

    /** Of the whole basis, and nothing else. */
    private static @Nullable Portion plainPortion(RuleDocument rule, Claim claim) {
        if (claim.when() != null || (Waterfall.isPooled(claim) && rule.royalty() != null)) {
            return null;
        }
        return switch (claim) {
            case Tranche.Share share
            when share.of() != Tranche.Of.LEFT && share.atLeast() == null && share.atMost() == null -> share.portion();
            case Tranche.Royalty royalty when royalty.of() != Tranche.Of.BASIS_LESS_ROYALTY -> royalty.portion();
            default -> null;
        };
    }
}
