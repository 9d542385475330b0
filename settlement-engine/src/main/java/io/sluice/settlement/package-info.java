/**
 * Moves money out, whatever the rail, at most once. A payment order holds up to 500 instructions; what is not definitely known to have
 * happened is UNKNOWN and is asked about, never sent again. Settled means a booked statement entry or a finalized block.
 */
@NullMarked
package io.sluice.settlement;

import org.jspecify.annotations.NullMarked;
