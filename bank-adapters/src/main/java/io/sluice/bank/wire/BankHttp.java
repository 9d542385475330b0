package io.sluice.bank.wire;

import io.sluice.bank.UnreadableMessage;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One question, one answer, or none. No redirect is followed, and the deadline covers the last byte of the body. */
public final class BankHttp implements AutoCloseable {

    private static final long LARGEST_JSON = 4L * 1024 * 1024;
    private static final long LARGEST_STATEMENT = 256L * 1024 * 1024;

    private final BankAddress address;
    private final long largestStatement;
    private final HttpClient client;
    private final String base;

    public BankHttp(BankAddress address) {
        this(address, LARGEST_STATEMENT);
    }

    /** @param largestStatement in bytes */
    BankHttp(BankAddress address, long largestStatement) {
        this.address = address;
        this.largestStatement = largestStatement;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(address.connectTimeout())
                .build();
        String written = address.baseUri().toString();
        this.base = written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
    }

    /** What the bank answered. */
    public record Answer(int status, byte[] body) {

        /** The statuses that are a definite no; 408, 409, 425, 429, redirects and 5xx leave open what was done. */
        private static final Set<Integer> DEFINITE = Set.of(400, 401, 403, 404, 422);

        public boolean successful() {
            return status >= 200 && status < 300;
        }

        public boolean refusesDefinitely() {
            return DEFINITE.contains(status);
        }
    }

    /** There was no answer in time: it is not known what the bank has done. */
    public static final class NoAnswer extends Exception {

        private static final long serialVersionUID = 1L;

        NoAnswer(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    public Answer get(String path, Map<String, String> headers) throws NoAnswer {
        return send(request(path, headers).GET().build(), LARGEST_JSON);
    }

    /** @throws UnreadableMessage {@code too-large}: it will not be smaller the next time */
    public Answer getStatement(String path, Map<String, String> headers) throws NoAnswer {
        try {
            return send(
                    request(path, headers)
                            .setHeader("Accept", "application/xml")
                            .GET()
                            .build(),
                    largestStatement);
        } catch (NoAnswer e) {
            if (e.getCause() instanceof BoundedBody.TooLarge tooLarge) {
                throw new UnreadableMessage("too-large", "A statement: " + tooLarge.getMessage());
            }
            throw e;
        }
    }

    public Answer post(String path, Map<String, String> headers, byte[] json) throws NoAnswer {
        return send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json))
                        .build(),
                LARGEST_JSON);
    }

    public static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json");
        headers.forEach(request::header);
        return request;
    }

    private Answer send(HttpRequest request, long largestBody) throws NoAnswer {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, answer -> new BoundedBody(largestBody));
        try {
            HttpResponse<byte[]> response = exchange.get(address.totalTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new NoAnswer("No answer within " + address.totalTimeout().toMillis() + " ms", e);
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
