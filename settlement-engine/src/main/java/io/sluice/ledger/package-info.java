/**
 * The double-entry fold of what happened: journal entries that balance per currency and the balances they make. It never refuses what
 * happened, and can be dropped and rebuilt from events. Decided here is only what people do to the books themselves: closing a period, and
 * posting a journal by hand.
 */
@NullMarked
package io.sluice.ledger;

import org.jspecify.annotations.NullMarked;
