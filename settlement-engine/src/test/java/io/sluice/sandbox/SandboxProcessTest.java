package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SandboxProcessTest {

    /** The kernel's own time to bury a process that has ended. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    private final List<Process> started = new ArrayList<>();

    /** What the child runs: the command itself needs the launcher. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) {
            System.exit(SandboxProcess.run(SandboxOptions.empty(Path.of(args[0])), false, false, System.out));
        }
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void endsWhenTheHeartbeatsEndAndLeavesNoChild() throws Exception {
        Process sandbox = start();
        JsonNode ready = Json.read(firstLine(sandbox));
        assertThat(ready.path("pid").asLong()).isEqualTo(sandbox.pid());
        ProcessHandle postgres = Processes.fromPidFile(dir.resolve("postgres/postmaster.pid"), "postgres")
                .orElseThrow();
        ProcessHandle anvil =
                Processes.fromPidFile(dir.resolve("anvil/anvil.pid"), "anvil").orElseThrow();

        Process second = start();
        assertThat(Json.read(firstLine(second)).path("pid").asLong()).isEqualTo(sandbox.pid()); // adopts the live one
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();

        beat(ready);
        assertThat(sandbox.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Processes.ended(postgres, SOON)).isTrue();
        assertThat(Processes.ended(anvil, SOON)).isTrue();
        assertThat(dir.resolve("sandbox.json")).doesNotExist();
    }

    @Test
    void endsInOrderOnSigterm() throws Exception {
        Process sandbox = start();
        firstLine(sandbox);
        ProcessHandle postgres = Processes.fromPidFile(dir.resolve("postgres/postmaster.pid"), "postgres")
                .orElseThrow();
        ProcessHandle anvil =
                Processes.fromPidFile(dir.resolve("anvil/anvil.pid"), "anvil").orElseThrow();
        sandbox.destroy();
        assertThat(sandbox.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Processes.ended(postgres, SOON)).isTrue();
        assertThat(Processes.ended(anvil, SOON)).isTrue();
    }

    @Test
    void stopsWhatAKilledSandboxLeftBehind() throws Exception {
        Process killed = start();
        firstLine(killed);
        ProcessHandle postgres = Processes.fromPidFile(dir.resolve("postgres/postmaster.pid"), "postgres")
                .orElseThrow();
        killed.destroyForcibly().waitFor();
        assertThat(postgres.isAlive()).isTrue();
        Process next = start();
        JsonNode ready = Json.read(firstLine(next));
        assertThat(Processes.ended(postgres, SOON)).isTrue();
        assertThat(ready.path("pid").asLong()).isEqualTo(next.pid());
        next.destroy();
        assertThat(next.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }

    private Process start() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlogback.configurationFile=sandbox/logback.xml",
                        "-Dsluice.sandbox.log=" + dir.resolve("sandbox.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        dir.toString())
                .redirectError(
                        Files.createDirectories(dir).resolve("stderr.txt").toFile())
                .start();
        started.add(process);
        return process;
    }

    private static String firstLine(Process process) throws Exception {
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).as("the ready line").isNotNull();
        return line;
    }

    private static void beat(JsonNode ready) throws Exception {
        HttpRequest beat = HttpRequest.newBuilder(
                        URI.create(ready.path("control").asString()).resolve("/sandbox/heartbeat"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(beat, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }
}
