/**
 * Measures the engine from outside, beside floors of the same run: what a bare machine would do is said with every figure. Knows
 * everybody, is known by the commands alone, and is no part of a running engine.
 */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
