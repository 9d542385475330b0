package io.sluice.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the engine itself is.
 *
 * @param oldestUnroutedSeconds wall-clock age of the oldest inflow that is not routed and could be
 * @param heldBack inflows that are not routed and cannot be, until a person or the chain has done something
 * @param oldestHeldBackSeconds wall-clock age of the oldest of them
 * @param eventsBehind events that the slowest projection has still to read
 * @param sums what all postings add up to, per currency: zero, or the books are broken
 * @param block the last final block; absent when the chain cannot be read
 */
record Health(
        long oldestUnroutedSeconds,
        long heldBack,
        long oldestHeldBackSeconds,
        long eventsBehind,
        List<Amount> sums,
        List<Lane> lanes,
        List<Trouble> troubles,
        @Nullable Long block,
        boolean chainStale) {

    /** Orders on their way out to one bank or chain, and how long the oldest has been due. */
    record Lane(String lane, String rail, long waiting, long dueSeconds) {}

    /** A worker that failed in its last turn and tries again. */
    record Trouble(String worker) {}

    public boolean sumsAreZero() {
        return sums.stream().allMatch(Amount::zero);
    }
}
