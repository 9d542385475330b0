package io.sluice.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The engine as its users see it: a login per person, JSON in and out. What it refuses becomes an {@link IllegalStateException}. */
final class EngineApi {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI engine;
    private final String password;
    private final Map<String, String> tokens = new HashMap<>();

    EngineApi(URI engine, String password) {
        this.engine = engine;
        this.password = password;
    }

    JsonNode get(String user, String path) {
        return answer(
                request(path).header("Authorization", "Bearer " + token(user)).GET());
    }

    JsonNode post(String user, String path, Object body) {
        return answer(request(path)
                .header("Authorization", "Bearer " + token(user))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private String token(String user) {
        return tokens.computeIfAbsent(
                user,
                u -> answer(request("/api/v1/tokens")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        JSON.writeValueAsString(Map.of("user", u, "password", password)))))
                        .path("token")
                        .asString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(engine.resolve(path)).timeout(TIMEOUT);
    }

    private JsonNode answer(HttpRequest.Builder ask) {
        HttpRequest request = ask.build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(request.method() + " "
                        + request.uri().getPath() + " was answered " + answer.statusCode() + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + request.uri(), e);
        }
    }
}
