/**
 * Divides each inflow, once, by the immutable rule in force at its value date, into legs that add up to it. Agreements, their rules and
 * the counters of accrued royalty live here; who the royalty's holders are, and paying anyone, is left to others.
 */
@NullMarked
package io.sluice.routing;

import org.jspecify.annotations.NullMarked;
