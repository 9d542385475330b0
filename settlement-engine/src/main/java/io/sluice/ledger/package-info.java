/**
 * The double-entry fold of what happened: journal entries that balance per currency and the balances they make. It never refuses and
 * never decides; everything here can be dropped and rebuilt from events.
 */
@NullMarked
package io.sluice.ledger;

import org.jspecify.annotations.NullMarked;
