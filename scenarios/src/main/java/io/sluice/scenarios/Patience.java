package io.sluice.scenarios;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for what must come about, for so long and no longer. */
final class Patience {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);

    private Patience() {}

    /**
     * Returns once {@code missing} is empty. Throws {@link IllegalStateException} with what was waited for and what was still missing.
     */
    static void until(String what, Supplier<Optional<String>> missing) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        Optional<String> last = missing.get();
        while (last.isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Waited " + LONGEST.toSeconds() + " s until " + what + "; still " + last.get());
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting until " + what, e);
            }
            last = missing.get();
        }
    }
}
