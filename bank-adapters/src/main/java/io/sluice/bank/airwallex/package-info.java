/**
 * Airwallex: deposits to Global Accounts told by webhooks from pending to reversed, payouts one by one; HKD, CNY, USD and others.
 *
 * <p>Sources: Airwallex documentation, <i>Listen for webhook events</i> (code examples; payload examples of deposits and transfers),
 * <i>Retrieve your deposits</i>, and the API reference of Authentication, Deposits, Balances and Transfers.
 *
 * <p>What is odd. The time in {@code x-timestamp} is in milliseconds, and the signature is hexadecimal over time and body with nothing
 * between. The envelope calls its account {@code account_id} or, before, {@code accountId}. Amounts are JSON numbers; offsets have no colon
 * ({@code +1100}). A deposit keeps its id from pending to reversed: {@code deposit.reversed}, a recall after settlement, is a debit under
 * the id of the credit that it takes back. {@code paid} is not the end of a payout: it may still fail or be returned; only 200 counts as
 * an answer.
 */
@NullMarked
package io.sluice.bank.airwallex;

import org.jspecify.annotations.NullMarked;
