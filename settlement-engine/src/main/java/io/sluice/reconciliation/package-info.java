/**
 * Compares what the bank's statements say with what the ledger holds and the orders that went out; what does not agree becomes a break
 * with a reason and an age.
 */
@NullMarked
package io.sluice.reconciliation;

import org.jspecify.annotations.NullMarked;
