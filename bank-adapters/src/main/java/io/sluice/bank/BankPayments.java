package io.sluice.bank;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Orders to a bank. No call retries by itself, follows a redirect, or takes longer than the adapter's total deadline.
 */
public interface BankPayments {

    /** How many transfers one batch may have here: 1 for a bank that takes them one by one, so that each order's outcome is one. */
    default int largestBatch() {
        return TransferBatch.MAX_TRANSFERS;
    }

    /** @throws IllegalArgumentException for more transfers than {@link #largestBatch()} */
    SubmitOutcome submit(TransferBatch batch);

    /** What the bank knows of an order; empty when it says that it does not know it, which is not yet proof. Unknown: could not ask. */
    Optional<SubmitOutcome> find(String idempotencyKey);

    /** Throws {@link BankFailure} when the bank gives no quote. */
    OnRampQuote quote(String currency, BigDecimal amount);

    OnRampOutcome onRamp(OnRampOrder order);

    Optional<OnRampOutcome> findOnRamp(String idempotencyKey);

    /** Where coins go that shall become money of an account; empty for a bank that has no off-ramp. Throws {@link BankFailure}. */
    default Optional<String> offRampAddress(String account) {
        return Optional.empty();
    }
}
