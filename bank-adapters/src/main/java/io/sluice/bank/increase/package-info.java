/**
 * Increase: a bank for programs in the United States. ACH, Real-Time Payments, FedNow and wires in and out, transfers between own accounts,
 * and stablecoin by on-ramp and off-ramp; thin events by Standard Webhooks.
 *
 * <p>Sources: Increase documentation, <i>Events and webhooks</i>, and the API reference of Events, Transactions, Pending Transactions, ACH
 * Transfers, Real-Time Payments Transfers, FedNow Transfers, Wire Transfers, Account Transfers, Blockchain On-Ramp and Off-Ramp Transfers,
 * Accounts; the secret's form from {@code Increase/increase-java}.
 *
 * <p>What is odd. An event names an object and says nothing of it: the object is asked for, so that events out of order all tell the
 * present. A <i>transaction</i> is immutable and is the line of the account's statement; transfers and pending transactions announce or
 * explain it, and the transaction's id is the movement's identity. Amounts are whole cents with a sign. A transaction of ours names its
 * transfer alone, so the transfer is asked for as well: our EndToEndId stands in its text, as {@code /ROC/id//text}. Statements are monthly
 * and no camt; the list of transactions takes their place.
 */
@NullMarked
package io.sluice.bank.increase;

import org.jspecify.annotations.NullMarked;
