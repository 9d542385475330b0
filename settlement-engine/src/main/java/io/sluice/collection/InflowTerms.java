package io.sluice.collection;

import io.sluice.platform.Hashes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What inflows of one account have in common; its fields are those of {@link CollectionEvent.InflowBooked}. */
record InflowTerms(
        String account, String currency, @Nullable String decidedBy) {

    /** Its own, always: as {@code inflow_terms_id} of the database computes it. */
    UUID id() {
        return Hashes.sha256Uuid(
                decidedBy == null ? List.of(account, currency) : List.of(account, currency, decidedBy));
    }
}
