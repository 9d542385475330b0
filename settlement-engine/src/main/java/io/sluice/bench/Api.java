package io.sluice.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of an engine before anything is measured. */
final class Api {

    private static final JsonMapper JSON = new JsonMapper();

    private Api() {}

    /** Collection accounts in EUR at the simulated bank, by the user {@code onboarding}. */
    static void registerAccounts(URI engine, List<String> accounts) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer =
                    post(http, engine, "/api/v1/tokens", "none", Map.of("user", "onboarding", "password", "secret"));
            String token = JSON.readTree(answer).get("token").asString();
            for (String account : accounts) {
                post(
                        http,
                        engine,
                        "/api/v1/accounts",
                        token,
                        Map.of(
                                "account",
                                account,
                                "bank",
                                "meridian",
                                "currency",
                                "EUR",
                                "kind",
                                "COLLECTION",
                                "name",
                                "a store"));
            }
        }
    }

    private static String post(HttpClient http, URI engine, String path, String token, Map<String, String> body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(engine.resolve(path))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }
}
