/**
 * What every capability stands on and none is about: the event store with its repairs, what lanes read of it, buffered projections, the
 * pace of recording, the two clocks, evidence, users and tokens, phrases in two languages, the start-up self-check. No business word lives here.
 */
@NullMarked
package io.sluice.platform;

import org.jspecify.annotations.NullMarked;
