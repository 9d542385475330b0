package io.sluice.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions and orders to a chain node by JSON-RPC 2.0. No retries. */
final class JsonRpc {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI url;
    private final AtomicLong ids = new AtomicLong();

    JsonRpc(URI url) {
        this.url = url;
    }

    /** The node answered with an error. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** The result, which can be a JSON null. Throws {@link Refused} on an error answer, {@link IOException} without an answer. */
    JsonNode call(String method, Object... params) throws IOException {
        ObjectNode request = Json.object();
        request.put("jsonrpc", "2.0").put("id", ids.incrementAndGet()).put("method", method);
        request.set("params", Json.MAPPER.valueToTree(params));
        HttpRequest post = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request)))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(post, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = Json.read(response.body());
            if (answer.hasNonNull("error")) {
                throw new Refused(
                        method + ": " + answer.path("error").path("message").asString());
            }
            return answer.path("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while asking " + method, e);
        }
    }

    /** A quantity such as {@code 0x1f}. */
    long quantity(String method, Object... params) throws IOException {
        return quantity(call(method, params));
    }

    static long quantity(JsonNode hexadecimal) {
        return Long.parseLong(hexadecimal.asString().substring(2), 16);
    }

    static String hex(long quantity) {
        return "0x" + Long.toHexString(quantity);
    }
}
