package io.sluice.bank.meridian;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One question, one answer, or none. No redirect is followed, and the deadline covers the last byte of the body. */
final class MeridianHttp implements AutoCloseable {

    private static final long LARGEST_JSON = 4L * 1024 * 1024;
    private static final long LARGEST_STATEMENT = 256L * 1024 * 1024;

    private final MeridianSettings settings;
    private final HttpClient client;
    private final String base;

    MeridianHttp(MeridianSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
        String address = settings.baseUri().toString();
        this.base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    /** What the bank answered. */
    record Answer(int status, byte[] body) {

        boolean successful() {
            return status >= 200 && status < 300;
        }
    }

    /** There was no answer in time: it is not known what the bank has done. */
    static final class NoAnswer extends Exception {

        private static final long serialVersionUID = 1L;

        NoAnswer(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    Answer get(String path) throws NoAnswer {
        return send(request(path).GET().build(), LARGEST_JSON);
    }

    Answer getStatement(String path) throws NoAnswer {
        return send(request(path).setHeader("Accept", "application/xml").GET().build(), LARGEST_STATEMENT);
    }

    Answer post(String path, @Nullable String idempotencyKey, byte[] json) throws NoAnswer {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(json));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return send(request.build(), LARGEST_JSON);
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", settings.apiKey().authorization())
                .header("Accept", "application/json");
    }

    private Answer send(HttpRequest request, long largestBody) throws NoAnswer {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largestBody));
        try {
            HttpResponse<byte[]> response = exchange.get(settings.totalTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new NoAnswer("No answer within " + settings.totalTimeout().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new NoAnswer("Interrupted while waiting for the answer", e);
        } catch (ExecutionException e) {
            // Whatever it was, the order may have arrived.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new NoAnswer("No answer: " + cause.getClass().getSimpleName(), cause);
        }
    }
}
