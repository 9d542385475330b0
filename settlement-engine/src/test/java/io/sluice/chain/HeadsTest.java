package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeadsTest {

    private static final Duration BOUND = Duration.ofMinutes(2);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final Heads heads = new Heads(clock, BOUND);

    @Test
    void knowsNothingBeforeTheFirstBlock() {
        assertThatThrownBy(heads::head).isInstanceOf(ChainFailure.class).hasMessageContaining("No block");
    }

    @Test
    void agesFromWhenABlockWasFirstSeenWhateverItsTimestamp() {
        heads.saw(block(7, "0xa"), 5);
        pass(BOUND);
        heads.saw(block(7, "0xa"), 5);
        assertThat(heads.head().age()).isEqualTo(BOUND);
        assertThat(heads.head().stale()).isFalse();

        pass(Duration.ofSeconds(1));
        assertThat(heads.head().stale()).isTrue();

        heads.saw(block(8, "0xb"), 6);
        assertThat(heads.head().stale()).isFalse();
        assertThat(heads.head().age()).isZero();
    }

    @Test
    void refusesToReadAStaleChain() {
        heads.saw(block(7, "0xa"), 5);
        pass(BOUND.plusSeconds(1));
        String address = "0x" + "0".repeat(40);
        try (Node node = new Node(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1))) {
            ChainReads reads = new NodeReads(node, heads, address);

            assertThatThrownBy(() -> reads.balanceOf(address, address, ChainReads.At.LATEST))
                    .isInstanceOf(ChainFailure.class)
                    .hasMessageContaining("no new block for");
        }
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static Node.Block block(long number, String hash) {
        return new Node.Block(number, hash, "0x0", Instant.EPOCH, BigInteger.ONE);
    }
}
