/**
 * Merchants and their stores: whose collection account is whose, and where the residual goes.
 */
@NullMarked
package io.sluice.stores;

import org.jspecify.annotations.NullMarked;
