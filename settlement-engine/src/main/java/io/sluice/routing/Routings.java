package io.sluice.routing;

import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.Terms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inflows of one agreement that were divided and are in no event yet. */
final class Routings {

    private record By(String storeId, String account, String ruleHash) {}

    /** Terms whose claims are still being found, in the order in which a division first names them: mostly the waterfall's. */
    private static final class Finding {

        private final int index;
        private final Map<Claim, Integer> places = new LinkedHashMap<>();
        private Terms terms;

        Finding(int index, By by) {
            this.index = index;
            this.terms = new Terms(by.storeId(), by.account(), by.ruleHash(), List.of());
        }

        int placeOf(Claim claim) {
            Integer known = places.putIfAbsent(claim, places.size());
            if (known != null) {
                return known;
            }
            terms = new Terms(terms.storeId(), terms.account(), terms.ruleHash(), List.copyOf(places.keySet()));
            return places.size() - 1;
        }
    }

    private final String agreementId;
    private final String currency;
    private final Map<By, Finding> terms = new LinkedHashMap<>();
    private final List<Routed> routed = new ArrayList<>();

    Routings(String agreementId, String currency) {
        this.agreementId = agreementId;
        this.currency = currency;
    }

    /**
     * Answers what the event will tell of it. Throws {@link ArithmeticException} for more units than an event holds, {@link
     * IllegalStateException} for a division that is none.
     */
    InflowRouted add(
            Unrouted inflow, String ruleHash, Waterfall.Division division, @Nullable Long provisionalBaseUnits) {
        Finding its = terms.computeIfAbsent(
                new By(inflow.storeId(), inflow.account(), ruleHash), by -> new Finding(terms.size(), by));
        List<Long> parts = new ArrayList<>(division.parts().size());
        long given = 0;
        for (Waterfall.Part part : division.parts()) {
            int place = its.placeOf(new Claim(part.path(), part.to()));
            if (part.units().signum() != 0) {
                parts.addAll(Collections.nCopies(Math.max(0, place + 1 - parts.size()), 0L));
                if (parts.set(place, part.units().longValueExact()) != 0) {
                    throw new IllegalStateException("Claim " + part.path() + " was given something twice");
                }
                given = Math.addExact(given, parts.get(place));
            }
        }
        if (given != inflow.units()) {
            throw new IllegalStateException("Parts of " + given + " do not make up the inflow of " + inflow.units());
        }
        Routed one = new Routed(
                inflow.inflowId(),
                its.index,
                inflow.units(),
                inflow.valueDate(),
                parts,
                division.arrears().longValueExact(),
                provisionalBaseUnits);
        routed.add(one);
        return one.by(agreementId, currency, its.terms);
    }

    boolean isFull() {
        return routed.size() >= InflowsRouted.MOST_FACTS;
    }

    /** The event of all that was added since the one before; empty when nothing was. */
    Optional<InflowsRouted> take() {
        if (routed.isEmpty()) {
            return Optional.empty();
        }
        InflowsRouted event = new InflowsRouted(
                agreementId,
                currency,
                terms.values().stream().map(its -> its.terms).toList(),
                routed);
        terms.clear();
        routed.clear();
        return Optional.of(event);
    }
}
