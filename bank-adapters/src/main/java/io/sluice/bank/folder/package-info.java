/**
 * A bank that exchanges files: pain.001 out; pain.002, camt.052, camt.053 and camt.054 in. What carries the files between the folders and
 * the bank (SFTP, EBICS, a courier) is not ours.
 *
 * <p>Sources: ISO 20022 message definitions; EPC132-08 (customer-to-bank, SEPA Credit Transfer) and EPC121-16 (Instant), 2025; the states
 * of pain.002 as ISO's external code set has them.
 *
 * <p>What is odd. There is no answer to an order: a file that lies in the bank's folder is the bank's ({@code RCVD}), and what becomes of it
 * is told by a pain.002, perhaps, and by the statement. The order's record is written before the file is handed over, so that a crash
 * between the two hands over the same bytes again; the bank refuses a second file under the same message id, and says so by AM05 or DU01,
 * which is no refusal of the first.
 */
@NullMarked
package io.sluice.bank.folder;

import org.jspecify.annotations.NullMarked;
