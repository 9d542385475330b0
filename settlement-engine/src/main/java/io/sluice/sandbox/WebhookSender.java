package io.sluice.sandbox;

import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers the outbox to {@code POST {engine}/hooks/meridian}, a few events at a time, until it is closed. */
final class WebhookSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final int PAGE = 100;
    private static final int AT_ONCE = 4;
    private static final Duration IDLE = Duration.ofMillis(40);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final WebhookOutbox outbox;
    private final WebhookSecret secret;
    private final Clock wall;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().name("bank-webhook-", 0).daemon().factory());
    private final Thread loop =
            Thread.ofPlatform().name("bank-webhooks").daemon().unstarted(this::deliverOnAndOn);
    private volatile @Nullable URI endpoint;
    private volatile boolean stopping;

    WebhookSender(WebhookOutbox outbox, String secret, Clock wall) {
        this.outbox = outbox;
        this.secret = WebhookSecret.parse(secret);
        this.wall = wall;
        loop.start();
    }

    /** Where the engine is; nothing is sent before it is known. */
    void sendTo(URI engine) {
        endpoint = engine.resolve("/hooks/meridian");
    }

    private void deliverOnAndOn() {
        while (!stopping) {
            try {
                URI to = endpoint;
                List<WebhookOutbox.Due> due = to == null ? List.of() : outbox.due(PAGE);
                if (to == null || due.isEmpty()) {
                    Thread.sleep(IDLE);
                    continue;
                }
                List<? extends Future<?>> sent = due.stream()
                        .map(event -> workers.submit(() -> deliver(to, event)))
                        .toList();
                for (Future<?> one : sent) {
                    one.get();
                }
            } catch (InterruptedException e) {
                return;
            } catch (java.util.concurrent.ExecutionException | RuntimeException e) {
                if (stopping) {
                    return;
                }
                LOG.warn("Webhooks wait: {}", e.toString());
            }
        }
    }

    private void deliver(URI to, WebhookOutbox.Due event) {
        byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder post =
                HttpRequest.newBuilder(to).timeout(TIMEOUT).header("Content-Type", "application/json");
        StandardWebhooks.headers(secret, event.eventId(), wall.instant(), body).forEach(post::header);
        try {
            int status = http.send(
                            post.POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status / 100 == 2) {
                outbox.delivered(event);
            } else {
                outbox.missed(event, Integer.toString(status));
            }
        } catch (IOException e) {
            outbox.missed(event, "no answer: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopping = true;
        loop.interrupt();
        workers.shutdownNow();
        http.shutdownNow();
    }
}
