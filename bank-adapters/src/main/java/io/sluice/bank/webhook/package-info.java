/**
 * Whether a delivery is the bank's own: Standard Webhooks 1.0, and the schemes of banks that have their own, each by its documentation.
 *
 * <p>Sources, with the vectors that the tests hold: <a href="https://github.com/standard-webhooks/standard-webhooks">Standard
 * Webhooks</a>; Wise, {@code transferwise/digital-signatures-examples}; ClearBank, {@code clearbank/fi-api-signtool}; Airwallex,
 * <i>Listen for webhook events</i>; Adyen, <i>Verify HMAC signatures</i>; Modern Treasury, <i>Webhooks</i>. Signatures are checked over the
 * raw bytes, before anything is read from them. That an event is handled once is the inbox's promise.
 */
@NullMarked
package io.sluice.bank.webhook;

import org.jspecify.annotations.NullMarked;
