/**
 * The chain rail: pays batches from the payouts contract once their coins have arrived.
 */
@NullMarked
package io.sluice.settlement.chain;

import org.jspecify.annotations.NullMarked;
