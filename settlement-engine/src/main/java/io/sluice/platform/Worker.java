package io.sluice.platform;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * A thread that takes work from a table until there is none, then waits to be woken. A failure is logged once per turn (in one line when
 * another was only faster) and the work is tried again after a pause that grows; nothing is taken out of the table but by the transaction that did it. Stops between two turns.
 */
public abstract class Worker implements SmartLifecycle {

    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final Logger log = LoggerFactory.getLogger(getClass());
    private final String name;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running;
    private volatile Thread thread = new Thread();
    private volatile String trouble = "";

    protected Worker(String name) {
        this.name = name;
    }

    /** Does one piece of work in transactions of its own; answers whether there may be more. */
    protected abstract boolean work();

    /** How long to wait for a wake-up before looking again. */
    protected Duration idle() {
        return IDLE;
    }

    /** There is something to do; called after the commit that made it. */
    public final void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    /** What went wrong in the last turn; empty when nothing did. */
    public final String trouble() {
        return trouble;
    }

    public final String name() {
        return name;
    }

    @Override
    public final synchronized void start() {
        running = true;
        thread = Threads.named(name).newThread(this::loop);
        thread.start();
    }

    @Override
    public final void stop() {
        running = false;
        wake();
        try {
            thread.join(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    private void loop() {
        Duration pause = IDLE;
        while (running) {
            try {
                boolean more = work();
                trouble = "";
                pause = IDLE;
                if (!more) {
                    pauseFor(idle());
                }
            } catch (RuntimeException e) {
                trouble = e.getClass().getSimpleName() + ": " + e.getMessage();
                tell(e, pause);
                pauseFor(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /** That another was first is no fault: the transaction that lost is made again, and nobody needs to know where it stood. */
    private void tell(RuntimeException failed, Duration pause) {
        if (failed instanceof ConcurrencyFailureException) {
            log.info("{} gave way and will try again in {} ms: {}", name, pause.toMillis(), failed.getMessage());
        } else {
            log.warn("{} failed and will try again in {} ms: {}", name, pause.toMillis(), trouble, failed);
        }
    }

    private void pauseFor(Duration time) {
        try {
            if (running && wake.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
