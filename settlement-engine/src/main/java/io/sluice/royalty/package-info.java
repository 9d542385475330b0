/**
 * Turns the royalty pool of an agreement into what each holder is owed: the register of holdings, record points, distributions and
 * entitlements. Decides amounts; paying them is settlement's.
 */
@NullMarked
package io.sluice.royalty;

import org.jspecify.annotations.NullMarked;
