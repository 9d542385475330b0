/**
 * Takes in what banks say, once. A delivery is verified, kept, acknowledged after the commit, and read afterwards; every credit becomes
 * exactly one inflow however often and in whatever form it was told, announced until it counts by its account's policy. How an inflow is
 * divided is routing's; whether the bank's statement agrees with the ledger is reconciliation's.
 */
@NullMarked
package io.sluice.collection;

import org.jspecify.annotations.NullMarked;
