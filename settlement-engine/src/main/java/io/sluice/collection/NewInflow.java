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
        String decidedBy) {}
