/**
 * ClearBank: webhooks signed with RSA and answered with a signed nonce, SEPA Credit Transfer and SEPA Instant.
 *
 * <p>Sources: ClearBank, <i>EU docs</i> (webhooks, SEPA CT, SEPA Instant CT), and its public repository {@code
 * clearbank/clearbank.github.io}: {@code data/webhooks/CustomerAccounts.TransactionCompletedV1.json}, {@code Sepa.Ct.*.json}, {@code
 * Sepa.Instant.*.json}, {@code data/endpoints/sepa-ct-v1.json}; signatures: {@code clearbank/fi-api-signtool}.
 *
 * <p>What is odd. A delivery must be answered within 5 s by 200 and a body signed by us, a duplicate too, or it comes again every 15
 * minutes for 24 hours. {@code Nonce} differs from attempt to attempt, so two deliveries of one event are never equal in bytes: an event is
 * known by its type, the ids in its payload and its time. The same money is told by {@code CustomerAccounts.TransactionCompleted} and by
 * {@code Sepa.Ct.InboundPayment.Completed}; the latter's {@code TransactionId} is documented to be the credit transaction's, so both are
 * one movement. For SEPA Instant the documentation does not say so: there the payment's own event informs, and the account's counts.
 */
@NullMarked
package io.sluice.bank.clearbank;

import org.jspecify.annotations.NullMarked;
