package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SandboxTest {

    @Test
    void goesOnWithTheSameBooksAndTheSameTimeAfterARestart(@TempDir Path dir) throws Exception {
        SandboxOptions options = new SandboxOptions(dir, "0x" + "12".repeat(20), 5, 50, 100, 60, true, true);
        Instant later = Instant.parse("2026-11-23T13:00:00Z");
        String distributor;
        try (Sandbox sandbox = Sandbox.start(options)) {
            String account = sandbox.bank()
                    .books()
                    .accounts()
                    .path("accounts")
                    .get(0)
                    .path("account")
                    .asString();
            String currency = sandbox.bank()
                    .books()
                    .accounts()
                    .path("accounts")
                    .get(0)
                    .path("currency")
                    .asString();
            assertThat(sandbox.deposit("D-1", account, "12.34", currency, "Paylane", "sales"))
                    .isTrue();
            sandbox.moveClockTo(later);
            distributor = sandbox.distributor();
            assertThat(ask(sandbox.controlUrl().resolve("/sandbox/clock"))
                            .path("now")
                            .asString())
                    .isEqualTo(later.toString());
            assertThat(Json.read(Files.readAllBytes(dir.resolve("sandbox.json"))))
                    .isEqualTo(Json.read(sandbox.readyLine()));
            assertThatThrownBy(() -> Sandbox.start(options))
                    .isInstanceOf(SandboxFailure.class)
                    .hasMessageContaining("Another sandbox");
        }
        try (Sandbox sandbox =
                Sandbox.start(new SandboxOptions(dir, "0x" + "12".repeat(20), 6, 70, 100, 60, true, true))) {
            assertThat(sandbox.businessClock().instant())
                    .isAfterOrEqualTo(later)
                    .isBefore(later.plusSeconds(60));
            assertThat(sandbox.distributor()).isEqualTo(distributor);
            assertThat(Json.read(sandbox.readyLine()).path("seed").asLong()).isEqualTo(5);
            JsonNode books = ask(sandbox.controlUrl().resolve("/sandbox/books"));
            assertThat(books.path("credits").get(0).path("count").asInt()).isEqualTo(1);
            assertThat(sandbox.closeBankDay()).isEqualTo(1);
            assertThat(sandbox.businessClock().instant()).isAfterOrEqualTo(Instant.parse("2026-11-24T00:00:00Z"));
        }
    }

    @Test
    void refusesAFolderOfANewerVersionAndLeavesNothingRunning(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("sandbox.version"), "99\n");
        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.empty(dir)))
                .isInstanceOf(SandboxFailure.class)
                .hasMessageContaining("is of version 99, newer than");
        assertThat(dir.resolve("postgres")).doesNotExist();
    }

    @Test
    void leavesNothingRunningWhenAPartDoesNotStart(@TempDir Path dir) throws Exception {
        SandboxOptions options = SandboxOptions.empty(dir).withOperator("not an address");
        assertThatThrownBy(() -> Sandbox.start(options))
                .isInstanceOf(SandboxFailure.class)
                .hasMessageContaining("--operator");
        assertThat(Processes.fromPidFile(dir.resolve("postgres/postmaster.pid"), "postgres"))
                .isEmpty();
        assertThat(Processes.fromPidFile(dir.resolve("anvil/anvil.pid"), "anvil"))
                .isEmpty();
        Sandbox.start(SandboxOptions.empty(dir)).close(); // and the folder is free again
    }

    @Test
    void takesNoOrderThatAPageOfAnotherOriginCouldSend(@TempDir Path dir) throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.empty(dir))) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(sandbox.controlUrl().resolve("/sandbox/stop"))
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(400);
        }
    }

    private static JsonNode ask(URI uri) throws Exception {
        return Json.read(HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }
}
