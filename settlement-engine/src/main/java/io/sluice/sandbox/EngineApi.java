package io.sluice.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The engine's public API as one of its users sees it: a token per user, an idempotency key per order. */
final class EngineApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final URI engine;
    private final Map<String, String> passwords;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    EngineApi(URI engine, Map<String, String> passwords) {
        this.engine = engine;
        this.passwords = Map.copyOf(passwords);
    }

    /** The engine said no. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    JsonNode get(String user, String path) throws IOException {
        return withToken(
                user,
                token -> request(path)
                        .header("Authorization", "Bearer " + token)
                        .GET()
                        .build());
    }

    /** An order; the same key with the same body has one effect. */
    JsonNode post(String user, String path, String key, JsonNode body) throws IOException {
        String text = Json.write(body);
        return withToken(
                user,
                token -> request(path)
                        .header("Authorization", "Bearer " + token)
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(text))
                        .build());
    }

    private interface Authorized {
        HttpRequest with(String token);
    }

    private JsonNode withToken(String user, Authorized request) throws IOException {
        String token = tokens.get(user);
        if (token != null) {
            HttpResponse<byte[]> answer = send(request.with(token));
            if (answer.statusCode() != 401) {
                return accepted(answer);
            }
        }
        String fresh = logIn(user);
        tokens.put(user, fresh);
        return accepted(send(request.with(fresh)));
    }

    private String logIn(String user) throws IOException {
        String password = passwords.get(user);
        if (password == null) {
            throw new SandboxFailure("The engine has no user " + user + " for the simulated people.");
        }
        HttpRequest login = request("/api/v1/tokens")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Json.write(Json.object().put("user", user).put("password", password))))
                .build();
        return accepted(send(login)).path("token").asString();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(engine.resolve(path)).timeout(TIMEOUT).header("Accept", "application/json");
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while asking the engine", e);
        }
    }

    private static JsonNode accepted(HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
        if (answer.statusCode() / 100 != 2) {
            throw new Refused(
                    answer.statusCode(),
                    answer.request().method() + " " + answer.request().uri().getPath() + " was answered "
                            + answer.statusCode() + ": " + text.substring(0, Math.min(300, text.length())));
        }
        return text.isBlank() ? Json.object() : Json.read(text);
    }
}
