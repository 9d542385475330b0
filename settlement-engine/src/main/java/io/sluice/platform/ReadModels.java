package io.sluice.platform;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Lets a request be answered only when the read models show what it did, so that whoever has the answer finds it by the next request. What
 * was decided is durable before; a lane that does not catch up in time delays the answer and changes nothing else.
 */
@Component
public class ReadModels {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Logger log = LoggerFactory.getLogger(ReadModels.class);

    /** Waits outside of any transaction until {@code shown}; {@code what} is for the log. */
    public void untilShown(String what, BooleanSupplier shown) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!shown.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                log.warn("{} is recorded, and no read model shows it after {} s", what, LONGEST.toSeconds());
                return;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
