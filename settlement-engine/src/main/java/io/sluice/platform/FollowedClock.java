package io.sluice.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * A business clock kept elsewhere: asks {@code GET url} for {@code {"now","rate"}} a few times a second and runs on at that rate between,
 * never past the next answer by more than a second's worth. When nobody answers it stands still.
 */
final class FollowedClock implements BusinessClock, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FollowedClock.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TRUST = Duration.ofSeconds(1);

    private record Reading(Instant business, Instant system, double rate) {}

    private final URI url;
    private final Clock system;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private volatile Reading reading;
    private volatile Instant highest = Instant.EPOCH;
    private volatile boolean running;
    private ScheduledExecutorService poller =
            Executors.newSingleThreadScheduledExecutor(Threads.named("business-clock"));

    FollowedClock(URI url, Clock system) {
        this.url = url;
        this.system = system;
        this.reading = read();
    }

    @Override
    public synchronized Instant now() {
        Reading last = reading;
        Duration since = Duration.between(last.system(), system.instant());
        if (since.isNegative()) {
            since = Duration.ZERO;
        }
        if (since.compareTo(TRUST) > 0) {
            since = TRUST;
        }
        Instant now = last.business()
                .plusNanos((long) (since.toNanos() * last.rate()))
                .truncatedTo(ChronoUnit.MICROS);
        if (now.isAfter(highest)) {
            highest = now;
        }
        return highest;
    }

    private Reading read() {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(2)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            var node = json.readTree(response.body());
            return new Reading(
                    Instant.parse(node.get("now").asString()),
                    system.instant(),
                    node.get("rate").asDouble());
        } catch (IOException e) {
            throw new IllegalStateException("The business clock at " + url + " does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while reading the business clock", e);
        }
    }

    private void poll() {
        try {
            reading = read();
        } catch (RuntimeException e) {
            log.debug("business clock: {}", e.getMessage());
        }
    }

    @Override
    public void start() {
        running = true;
        if (poller.isShutdown()) {
            poller = Executors.newSingleThreadScheduledExecutor(Threads.named("business-clock"));
        }
        poller.scheduleWithFixedDelay(this::poll, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        poller.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1_000; // first to start, last to stop
    }
}
