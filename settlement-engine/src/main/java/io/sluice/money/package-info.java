/**
 * Exact amounts and portions, and how an amount is divided. Integers in minor units, exact rationals, no rounding mode; every division
 * says where its remainder goes. Depends on nothing of ours.
 */
@NullMarked
package io.sluice.money;

import org.jspecify.annotations.NullMarked;
