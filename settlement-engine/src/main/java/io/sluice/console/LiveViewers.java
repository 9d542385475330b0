package io.sluice.console;

import io.sluice.console.View.Part;
import io.sluice.platform.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells every open page once a second what time it is in business and which fingerprints its parts have; a page fetches what it does not
 * show yet. Nothing depends on a viewer having heard every tick, so a page that was away catches up with the next one.
 *
 * <p>Stops before the web server does, and ends every stream: an open page never holds up a shutdown.
 */
@Component
class LiveViewers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveViewers.class);
    private static final Duration LIFE = Duration.ofMinutes(15); // a page that is still there connects again
    private static final int MOST = 200;

    /** What a tick says. */
    record Tick(String now, Map<String, String> parts) {}

    private final Snapshots snapshots;
    private final Set<SseEmitter> viewers = ConcurrentHashMap.newKeySet();
    private volatile boolean running;
    private ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(Threads.named("console"));

    LiveViewers(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /** A stream for one more page; one that ends at once while the engine stops, or when too many look. */
    SseEmitter join() {
        SseEmitter viewer = new SseEmitter(LIFE.toMillis());
        if (!running || viewers.size() >= MOST) {
            viewer.complete();
            return viewer;
        }
        viewer.onCompletion(() -> viewers.remove(viewer));
        viewer.onTimeout(viewer::complete);
        viewer.onError(gone -> viewers.remove(viewer));
        viewers.add(viewer);
        if (!running) {
            viewer.complete(); // stopped in between
        }
        return viewer;
    }

    int count() {
        return viewers.size();
    }

    private void tick() {
        if (viewers.isEmpty()) {
            return;
        }
        try {
            View view = snapshots.current();
            Map<String, String> parts = new LinkedHashMap<>();
            for (Part part : Part.values()) {
                parts.put(part.key(), view.version(part.key()));
            }
            Tick tick = new Tick(view.now().toString(), parts);
            viewers.forEach(viewer -> send(viewer, tick));
        } catch (RuntimeException e) {
            log.warn(
                    "The console could not be brought up to date: {}",
                    e.getClass().getSimpleName());
        }
    }

    private void send(SseEmitter viewer, Tick tick) {
        try {
            viewer.send(SseEmitter.event().name("tick").data(tick));
        } catch (IOException | IllegalStateException gone) {
            viewers.remove(viewer);
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        ticker = Executors.newSingleThreadScheduledExecutor(Threads.named("console"));
        ticker.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public synchronized void stop() {
        running = false;
        ticker.shutdownNow();
        viewers.forEach(SseEmitter::complete);
        viewers.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE; // stopped first, before the web server waits for open requests
    }
}
