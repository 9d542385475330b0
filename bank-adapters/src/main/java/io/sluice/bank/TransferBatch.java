package io.sluice.bank;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transfers from one of our accounts in one currency, ordered together; at most 500.
 *
 * @param idempotencyKey at most 64 characters; the same key with the same transfers has one effect, for as long as the bank remembers
 */
public record TransferBatch(
        String idempotencyKey,
        String debtorAccount,
        String currency,
        LocalDate executionDate,
        List<Transfer> transfers) {

    public static final int MAX_TRANSFERS = 500;

    public TransferBatch {
        transfers = List.copyOf(transfers);
        if (transfers.isEmpty() || transfers.size() > MAX_TRANSFERS) {
            throw new IllegalArgumentException(
                    "A batch has 1 to " + MAX_TRANSFERS + " transfers, was " + transfers.size());
        }
    }

    /**
     * One transfer.
     *
     * @param endToEndId ours, unique for ever, 1 to 35 characters of A-Z 0-9 and -
     * @param amount in the currency's main unit, greater than zero
     */
    public record Transfer(
            String endToEndId,
            BigDecimal amount,
            String creditorName,
            String creditorAccount,
            @Nullable String remittance) {}
}
