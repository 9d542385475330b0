/**
 * Buys the coins that chain payouts need, by the bank's on-ramp, and shares the executed amount over the payees.
 */
@NullMarked
package io.sluice.settlement.conversion;

import org.jspecify.annotations.NullMarked;
