package io.sluice.bank.iso20022;

import io.sluice.bank.Direction;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One balance that a report shows.
 *
 * @param type OPBD, CLBD, PRCD, ITBD… or the bank's own code
 * @param amount signed, negative for a debit balance; null when what the bank wrote is not an amount
 * @param indicator CdtDbtInd; null where the bank leaves it out, which is read as a credit
 */
public record CamtBalance(
        @Nullable String type,
        @Nullable BigDecimal amount,
        @Nullable String currency,
        @Nullable Direction indicator,
        @Nullable LocalDate date) {

    /** The booked balance that a period began with: OPBD, or PRCD where a bank gives the previous close instead. */
    boolean opens() {
        return "OPBD".equals(type) || "PRCD".equals(type);
    }

    /** The booked balance that the period ended with. */
    boolean closes() {
        return "CLBD".equals(type);
    }
}
