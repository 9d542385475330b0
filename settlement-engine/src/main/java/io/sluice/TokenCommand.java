package io.sluice;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Prints an API token of the running demo. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Print an API token for a role of the running demo.")
final class TokenCommand implements Callable<Integer> {

    @Option(names = "--role", required = true, description = "AUDITOR, APPROVER, TREASURY_OPERATOR, RULE_ADMIN, …")
    private String role = "";

    @Option(names = "--data", description = "The demo's data folder.")
    private Path data = Path.of("data/demo");

    @Option(
            names = "--url",
            description = "Where the engine answers (default: where the demo of the data folder does).")
    private String url = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path accounts = data.resolve("accounts.properties");
        if (!Files.exists(accounts)) {
            System.err.println("No demo accounts in " + accounts.toAbsolutePath() + "; start the demo first.");
            return 3;
        }
        Properties passwords = new Properties();
        try (var in = Files.newBufferedReader(accounts)) {
            passwords.load(in);
        }
        String user = role.toLowerCase(Locale.ROOT).replace('_', '-');
        String password = passwords.getProperty(user);
        if (password == null) {
            System.err.println("No account has the role " + role + "; there are " + passwords.stringPropertyNames());
            return 2;
        }
        if (url.isEmpty()) {
            Path told = data.resolve("engine.url");
            url = Files.exists(told) ? Files.readString(told).strip() : "http://localhost:8080";
        }
        JsonMapper json = new JsonMapper();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/api/v1/tokens"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    json.writeValueAsString(Map.of("user", user, "password", password))))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                System.err.println("The engine at " + url + " answered " + answer.statusCode());
                return 3;
            }
            System.out.println(json.readTree(answer.body()).get("token").asString());
            return 0;
        } catch (ConnectException e) {
            System.err.println("Nothing answers at " + url + "; start the demo, or say where it is with --url.");
            return 3;
        }
    }
}
