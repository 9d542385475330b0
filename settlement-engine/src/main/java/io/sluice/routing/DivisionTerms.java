package io.sluice.routing;

import io.sluice.platform.Hashes;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.Terms;
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

    /** No text of PostgreSQL holds it. */
    private static final char END = '\0';

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
        StringBuilder text = new StringBuilder();
        for (String words : List.of(agreementId, storeId, account, ruleHash, currency)) {
            text.append(words).append(END);
        }
        paths.forEach(path -> text.append(path).append(END));
        destinations.forEach(to -> text.append(to.text()).append(END));
        return Hashes.sha256Uuid(text.toString());
    }
}
