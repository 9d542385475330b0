/** Puts the hashes of approved rules on chain, and tells the agreement what became of it. */
@NullMarked
package io.sluice.routing.anchoring;

import org.jspecify.annotations.NullMarked;
