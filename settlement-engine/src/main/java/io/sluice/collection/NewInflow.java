package io.sluice.collection;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credit seen for the first time.
 *
 * @param units minor units of the account's currency, greater than zero
 * @param valueDateSource which date of the bank's it is: VALUE, BOOKING or STATEMENT
 * @param evidenceSha256 of the bytes that told of it first
 * @param ourReference the end-to-end reference of an instruction of ours, where the credit carries one
 * @param decidedBy what decided the kind: evidence, a rule of the account's, or its default
 */
public record NewInflow(
        UUID inflowId,
        InflowKind kind,
        long units,
        String currency,
        LocalDate valueDate,
        String valueDateSource,
        String evidenceSha256,
        @Nullable String ourReference,
        String decidedBy) {

    /**
     * The same, with what another telling of it says of money of ours: each leaves out other references, and that it came back need be
     * said only once.
     */
    NewInflow joinedWith(@Nullable NewInflow other) {
        return other == null || other.ourReference == null
                ? this
                : asOurs(other.ourReference, other.kind == InflowKind.RETURN);
    }

    /** The same, known to carry a reference of ours; its own is kept where it has one. */
    NewInflow asOurs(String reference, boolean cameBack) {
        Classification ours = Classification.ours(cameBack || kind == InflowKind.RETURN);
        return new NewInflow(
                inflowId,
                ours.kind(),
                units,
                currency,
                valueDate,
                valueDateSource,
                evidenceSha256,
                ourReference != null ? ourReference : reference,
                ours.decidedBy());
    }
}
