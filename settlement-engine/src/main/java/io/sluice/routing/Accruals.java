package io.sluice.routing;

import io.sluice.money.Fraction;
import io.sluice.money.Portion;
import io.sluice.platform.Phrases;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.Tranche.Claim;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param portion of it; null where the claim is not a plain portion of it
     * @param counted what of the inflows {@code units} are
     * @param units minor units
     */
    public record Basis(
            String ruleHash,
            int version,
            String tranche,
            @Nullable Portion portion,
            RuleDocument.Basis counted,
            BigInteger units) {}

    /**
     * @param terms of the version that divided the inflow, in words
     * @param bases by rule version, the one of the inflow last; empty where the claim is not one on sales: a reserve, a trap, the remainder
     * @param accrued in minor units, exact; the claim is its floor
     * @param givenBefore what the claim had been given before the inflow, less what was reduced, in minor units
     */
    public record Accrual(String terms, List<Basis> bases, Fraction accrued, BigInteger givenBefore) {}

    private final EventStore events;

    Accruals(EventStore events) {
        this.events = events;
    }

    /**
     * Up to that inflow and with it; empty when the agreement has not divided it. Reads all of the agreement's events before.
     *
     * @param phrases to say its terms in
     */
    public Optional<Accrual> at(String agreementId, UUID inflowId, String path, Phrases phrases) {
        Divisions divisions = new Divisions();
        Map<String, BigInteger> bases = new LinkedHashMap<>();
        for (Iterator<?> past = events.readEvents(agreementId)
                        .asStream()
                        .map(message -> (Object) message.getPayload())
                        .iterator();
                past.hasNext(); ) {
            if (past.next() instanceof RoutingEvent event) {
                if (event instanceof InflowRouted routed) {
                    bases.merge(
                            routed.ruleHash(), base(routed.provisionalBaseUnits(), routed.units()), BigInteger::add);
                    if (routed.inflowId().equals(inflowId)) {
                        return Optional.of(accrual(divisions, bases, routed, path, phrases));
                    }
                } else if (event instanceof RoutedInflowTakenBack back) {
                    bases.merge(
                            back.ruleHash(),
                            base(back.baseUnits(), back.units()).negate(),
                            BigInteger::add);
                } else if (event instanceof BasisReported report) {
                    bases.merge(
                            report.ruleHash(),
                            BigInteger.valueOf(report.baseUnits() - report.provisionalBaseUnits()),
                            BigInteger::add);
                }
                divisions.on(event);
            }
        }
        return Optional.empty();
    }

    private static BigInteger base(@Nullable Long base, long units) {
        return BigInteger.valueOf(base == null ? units : base);
    }

    private static Accrual accrual(
            Divisions divisions, Map<String, BigInteger> units, InflowRouted routed, String path, Phrases phrases) {
        RuleDocument rule = divisions.rule(routed.ruleHash());
        Claim claim = rule.claimOf(path);
        BigInteger givenBefore = divisions.waterfall().given(claim, routed.account());
        divisions.on(routed);
        BigInteger ofLast = units.remove(routed.ruleHash());
        units.put(routed.ruleHash(), ofLast);
        List<Basis> bases = switch (claim) {
            case Tranche.Share share -> bases(divisions, units, claim);
            case Tranche.Royalty royalty -> bases(divisions, units, claim);
            case Tranche.Fixed fixed -> bases(divisions, units, claim);
            default -> List.of();
        };
        return new Accrual(
                new RuleWords(rule, phrases).of(claim),
                bases,
                divisions.waterfall().accrued(claim, routed.account()),
                givenBefore);
    }

    private static List<Basis> bases(Divisions divisions, Map<String, BigInteger> units, Claim claim) {
        return units.entrySet().stream()
                .flatMap(version -> {
                    RuleDocument rule = divisions.rule(version.getKey());
                    return rule.claims().stream()
                            .map(RuleDocument.Placed::claim)
                            .filter(other -> Waterfall.isPooled(claim)
                                    ? Waterfall.isPooled(other)
                                    : other.name().equals(claim.name()))
                            .map(other -> new Basis(
                                    version.getKey(),
                                    rule.version(),
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
