/**
 * The port through which the engine talks to banks, and what crosses it.
 *
 * <p>A {@link io.sluice.bank.BankAdapter} says whether a delivery is really the bank's, reads it into {@link
 * io.sluice.bank.BankNotice}s, fetches statements, and carries out transfers. It keeps nothing: remembering, deduplicating and
 * deciding are the engine's. Amounts are exact decimals in the unit of their currency, checked on their text.
 */
@NullMarked
package io.sluice.bank;

import org.jspecify.annotations.NullMarked;
