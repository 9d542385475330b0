package io.sluice.routing;

import io.sluice.platform.Hashes;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What divisions of one store under one rule version have in common.
 *
 * @param paths of claims, by the places of their parts
 * @param destinations of the same
 */
record DivisionTerms(
        String agreementId,
        String storeId,
        String account,
        String ruleHash,
        String currency,
        List<String> paths,
        List<Destination> destinations) {

    /** @param legs in the order of their places */
    static DivisionTerms of(InflowRouted routed, List<Leg> legs) {
        return new DivisionTerms(
                routed.agreementId(),
                routed.storeId(),
                routed.account(),
                routed.ruleHash(),
                routed.currency(),
                legs.stream().map(Leg::path).toList(),
                legs.stream().map(Leg::destination).toList());
    }

    static DivisionTerms of(String agreementId, String currency, Terms its) {
        return new DivisionTerms(
                agreementId,
                its.storeId(),
                its.account(),
                its.ruleHash(),
                currency,
                its.claims().stream().map(Claim::path).toList(),
                its.claims().stream().map(Claim::destination).toList());
    }

    /** Its own, always: as {@code division_terms_id} of the database computes it. */
    UUID id() {
        List<String> texts = new ArrayList<>(List.of(agreementId, storeId, account, ruleHash, currency));
        texts.addAll(paths);
        destinations.forEach(to -> texts.add(to.text()));
        return Hashes.sha256Uuid(texts);
    }
}
