package io.sluice.bench;

import io.sluice.Sluice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** {@code serve} in a process of its own, which can be killed as a machine's failure would kill it, and started again at its address. */
final class EngineProcess implements AutoCloseable {

    private static final Duration STARTS = Duration.ofMinutes(3);

    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();
    private final Path log;
    private final int port;
    private Process process;

    /** @param settings as {@code --name=value}; the process reads them from its environment, as in production */
    EngineProcess(List<String> settings, Path log) {
        this.log = log;
        this.port = freePort();
        this.command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // what is measured here is not its speed
                "-Xmx768m",
                "-Daxoniq.update-checker.disabled=true"));
        environment.putAll(OutsideWorld.environment(settings));
        environment.put("SLUICE_PORT", Integer.toString(port));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Sluice.class.getName(), "serve"));
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Returns when it answers. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        try {
            Awaitility.await()
                    .atMost(STARTS)
                    .pollInterval(Duration.ofMillis(100))
                    .failFast("it ended", () -> !process.isAlive())
                    .until(this::answers);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new IOException("The engine did not start: " + Files.readString(log), e);
        }
    }

    /** kill -9: nothing is flushed, nothing is said. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private boolean answers() throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                                    HttpRequest.newBuilder(address().resolve("/actuator/health"))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Below the ports that the system gives to whoever connects: those who try to reach a dead engine must not take its place. */
    private static int freePort() {
        Random random = new Random();
        for (int tries = 0; tries < 100; tries++) {
            int port = 20_000 + random.nextInt(12_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new IllegalStateException("No free port between 20000 and 32000");
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroy();
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
