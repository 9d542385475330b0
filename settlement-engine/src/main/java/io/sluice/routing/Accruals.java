package io.sluice.routing;

import io.sluice.money.Fraction;
import io.sluice.money.Portion;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.RuleActivated;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a destination's claim on an agreement's inflows had come to when one of them was divided, from the agreement's own events. */
@Component
public class Accruals {

    /**
     * What came in under one rule version, less what was taken back, and the version's claim on it.
     *
     * @param portion null for the remainder, which claims nothing by itself
     * @param units minor units
     */
    public record Basis(
            String ruleHash,
            int version,
            String tranche,
            @Nullable Portion portion,
            BigInteger units) {}

    /**
     * @param bases by rule version, the one of the inflow last
     * @param accrued the sum of portion x basis in minor units, exact; the claim is its floor
     * @param paidBefore what the destination had been given before the inflow, less what was reduced, in minor units
     */
    public record Accrual(List<Basis> bases, Fraction accrued, BigInteger paidBefore) {}

    private final EventStore events;

    Accruals(EventStore events) {
        this.events = events;
    }

    /** Up to that inflow and with it; empty when the agreement has not divided it. Reads all of the agreement's events before. */
    public Optional<Accrual> at(String agreementId, UUID inflowId, Destination to) {
        Map<String, RuleDocument> rules = new HashMap<>();
        Map<String, BigInteger> bases = new LinkedHashMap<>();
        BigInteger paid = BigInteger.ZERO;
        for (Iterator<?> past = events.readEvents(agreementId)
                        .asStream()
                        .map(message -> (Object) message.getPayload())
                        .iterator();
                past.hasNext(); ) {
            switch (past.next()) {
                case RuleActivated event -> rules.put(event.ruleHash(), event.rule());
                case InflowRouted event -> {
                    bases.merge(event.ruleHash(), BigInteger.valueOf(event.units()), BigInteger::add);
                    if (event.inflowId().equals(inflowId)) {
                        return Optional.of(accrual(rules, bases, event.ruleHash(), to, paid));
                    }
                    paid = paid.add(BigInteger.valueOf(event.legs().stream()
                            .filter(leg -> leg.destination() == to)
                            .mapToLong(RoutingEvent.Leg::units)
                            .sum()));
                }
                case RoutedInflowTakenBack event ->
                    bases.merge(event.ruleHash(), BigInteger.valueOf(-event.units()), BigInteger::add);
                case LegsReduced event ->
                    paid = paid.subtract(BigInteger.valueOf(event.reductions().stream()
                            .filter(reduction -> reduction.destination() == to)
                            .mapToLong(RoutingEvent.Reduction::units)
                            .sum()));
                default -> {} // of no effect on what was claimed
            }
        }
        return Optional.empty();
    }

    private static Accrual accrual(
            Map<String, RuleDocument> rules,
            Map<String, BigInteger> units,
            String last,
            Destination to,
            BigInteger paidBefore) {
        BigInteger ofLast = units.remove(last);
        units.put(last, ofLast);
        List<Basis> bases = units.entrySet().stream()
                .flatMap(version ->
                        basis(version.getKey(), rules.get(version.getKey()), version.getValue(), to).stream())
                .toList();
        Fraction accrued = Fraction.ZERO;
        for (Basis basis : bases) {
            if (basis.portion() != null) {
                accrued = accrued.plus(basis.portion().of(basis.units()));
            }
        }
        return new Accrual(bases, accrued, paidBefore);
    }

    private static Optional<Basis> basis(String hash, @Nullable RuleDocument rule, BigInteger units, Destination to) {
        return rule == null
                ? Optional.empty()
                : rule.waterfall().stream()
                        .filter(tranche -> tranche.to() == to)
                        .findFirst()
                        .map(tranche -> new Basis(hash, rule.version(), tranche.name(), tranche.portion(), units));
    }
}
