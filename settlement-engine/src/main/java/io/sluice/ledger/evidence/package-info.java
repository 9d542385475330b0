/**
 * What proves that the events are those that were written: seals over them, whose head is anchored on chain, and the check that recomputes
 * both from the rows.
 */
@NullMarked
package io.sluice.ledger.evidence;

import org.jspecify.annotations.NullMarked;
