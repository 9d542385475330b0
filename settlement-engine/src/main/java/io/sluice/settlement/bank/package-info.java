/**
 * The bank rail: sends payment orders to banks one after the other per bank, and finds out what became of them.
 */
@NullMarked
package io.sluice.settlement.bank;

import org.jspecify.annotations.NullMarked;
