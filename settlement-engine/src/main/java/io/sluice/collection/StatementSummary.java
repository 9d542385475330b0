package io.sluice.collection;

import java.time.LocalDate;

/**
 * A bank statement as it proved itself: opening plus booked entries is closing.
 *
 * @param bankReference the bank's id of the statement, unique per account
 * @param openingUnits minor units, negative when overdrawn
 * @param position which report of the file it is, from 0
 */
public record StatementSummary(
        String bankReference,
        LocalDate day,
        String currency,
        long openingUnits,
        long closingUnits,
        int entries,
        String evidenceSha256,
        int position) {}
