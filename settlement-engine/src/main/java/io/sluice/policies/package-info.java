/**
 * Mandates: what two people have allowed the engine to release by itself, and what waits for a person instead.
 */
@NullMarked
package io.sluice.policies;

import org.jspecify.annotations.NullMarked;
