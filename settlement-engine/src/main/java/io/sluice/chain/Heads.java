package io.sluice.chain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The newest block that was followed, and since when by our own clock: block timestamps are the chain's, and may run otherwise. */
final class Heads {

    private record Seen(Node.Block head, long finalized, Instant since) {}

    private final Clock clock;
    private final Duration stalenessBound;
    private volatile @Nullable Seen seen;

    Heads(Clock clock, Duration stalenessBound) {
        this.clock = clock;
        this.stalenessBound = stalenessBound;
    }

    void saw(Node.Block head, long finalized) {
        Seen before = seen;
        boolean same = before != null && before.head().hash().equals(head.hash());
        seen = new Seen(head, finalized, before != null && same ? before.since() : clock.instant());
    }

    ChainReads.Head head() {
        Seen now = seen;
        if (now == null) {
            throw new ChainFailure("No block of the chain was seen yet");
        }
        Duration age = Duration.between(now.since(), clock.instant());
        return new ChainReads.Head(
                now.head().number(),
                now.head().hash(),
                now.head().time(),
                now.finalized(),
                age,
                age.compareTo(stalenessBound) > 0);
    }
}
