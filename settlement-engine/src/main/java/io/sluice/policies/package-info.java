/**
 * Mandates: what two people have allowed the engine to release by itself, and what waits for a person instead; and freezes: the
 * accounts that nothing may leave until somebody has looked.
 */
@NullMarked
package io.sluice.policies;

import org.jspecify.annotations.NullMarked;
