package io.sluice.bank;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Orders to a bank. No call retries by itself, follows a redirect, or takes longer than the adapter's total deadline.
 */
public interface BankPayments {

    SubmitOutcome submit(TransferBatch batch);

    /** What the bank knows of an order; empty when it says that it does not know it, which is not yet proof. Unknown: could not ask. */
    Optional<SubmitOutcome> find(String idempotencyKey);

    /** Throws {@link BankFailure} when the bank gives no quote. */
    OnRampQuote quote(String currency, BigDecimal amount);

    OnRampOutcome onRamp(OnRampOrder order);

    Optional<OnRampOutcome> findOnRamp(String idempotencyKey);
}
