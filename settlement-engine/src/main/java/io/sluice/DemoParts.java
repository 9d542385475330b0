package io.sluice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sandbox as the demo holds it: a child process, or one that was alive already; a heartbeat each second; orders by HTTP. */
final class DemoParts implements AutoCloseable {

    private static final Duration STARTS = Duration.ofMinutes(8); // the first start may install anvil
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration LOST = Duration.ofSeconds(30);
    private static final Duration STOPS = Duration.ofSeconds(60);

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final JsonNode ready;
    private final URI control;
    private final Thread heart = Thread.ofPlatform().name("heartbeat").daemon().unstarted(this::beatOnAndOn);
    private volatile Runnable lost = () -> {};
    private volatile boolean closed;

    private DemoParts(JsonNode ready) {
        this.ready = ready;
        this.control = URI.create(ready.path("control").asString());
        heart.start();
    }

    /** The sandbox cannot be had; what it said is on standard error already, if it said anything. */
    static final class NotStarted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotStarted(String message) {
            super(message);
        }
    }

    /** Starts {@code sandbox} with these options from the same class path, or adopts the one that lives in the data folder. */
    static DemoParts start(Path data, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Dlogback.configurationFile=sandbox/logback.xml",
                "-Dsluice.sandbox.log=" + data.resolve("sandbox.log")));
        // When the engine's JVM keeps its loaded classes for the next start, the sandbox's does too, beside it.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:SharedArchiveFile=")
                        || option.equals("-XX:+AutoCreateSharedArchive")
                        || option.startsWith("-Xlog:"))
                .map(option -> option.replaceFirst("[^/]*\\.jsa$", "sandbox.jsa"))
                .forEach(command::add);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(java.io.File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, Sluice.class.getName()));
        }
        command.addAll(List.of("sandbox", "--data", data.toString()));
        command.addAll(options);
        try {
            Process child = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            child.getOutputStream().close();
            String line = firstLine(child);
            if (line == null) {
                throw new NotStarted(
                        child.waitFor(STOPS.toSeconds(), TimeUnit.SECONDS) ? "" : "The sandbox did not start.");
            }
            return new DemoParts(new JsonMapper().readTree(line));
        } catch (IOException e) {
            throw new NotStarted("The sandbox could not be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotStarted("Interrupted while the sandbox started.");
        }
    }

    private static @org.jspecify.annotations.Nullable String firstLine(Process child) throws InterruptedException {
        FutureTask<String> reading = new FutureTask<>(() -> {
            var reader = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
            String line = reader.readLine();
            return line == null ? "" : line;
        });
        Thread.ofPlatform().name("sandbox-ready").daemon().start(reading);
        try {
            String line = reading.get(STARTS.toSeconds(), TimeUnit.SECONDS);
            return line.isEmpty() ? null : line;
        } catch (ExecutionException e) {
            return null;
        } catch (TimeoutException e) {
            child.destroy();
            return null;
        }
    }

    /** The sandbox's ready line. */
    JsonNode ready() {
        return ready;
    }

    URI clock() {
        return control.resolve("/sandbox/clock");
    }

    JsonNode get(String path) throws IOException {
        return send(HttpRequest.newBuilder(control.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build());
    }

    JsonNode post(String path, JsonNode body) throws IOException {
        return send(HttpRequest.newBuilder(control.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build());
    }

    /** Prints what the sandbox says until its play has ended; empty when it has ended well, else its problem. */
    String untilPlayed(PrintStream progress) throws InterruptedException {
        int from = 0;
        while (true) {
            try {
                JsonNode status = get("/sandbox/play?from=" + from);
                status.path("lines").forEach(line -> progress.println(line.asString()));
                from = status.path("next").asInt();
                String state = status.path("state").asString();
                if (state.equals("DONE")) {
                    return "";
                }
                if (state.equals("FAILED")) {
                    return status.path("problem").asString();
                }
            } catch (IOException e) {
                return "The sandbox does not answer any more: " + e.getMessage();
            }
            Thread.sleep(200);
        }
    }

    private JsonNode send(HttpRequest request) throws IOException {
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = json.readTree(answer.body());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(request.uri().getPath() + " was answered " + answer.statusCode() + ": "
                        + body.path("error").asString(""));
            }
            return body;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    /** Called once when the sandbox has not answered for a while: without bank, chain and database there is nothing to show. */
    void whenLost(Runnable lost) {
        this.lost = lost;
    }

    private void beatOnAndOn() {
        long answered = System.nanoTime();
        while (!closed) {
            try {
                post("/sandbox/heartbeat", json.createObjectNode());
                answered = System.nanoTime();
            } catch (IOException | RuntimeException e) {
                boolean gone = ProcessHandle.of(ready.path("pid").asLong())
                        .filter(ProcessHandle::isAlive)
                        .isEmpty();
                if (!closed && (gone || System.nanoTime() - answered > LOST.toNanos())) {
                    lost.run();
                    return;
                }
            }
            try {
                Thread.sleep(BEAT);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** No more heartbeats; the sandbox is left to itself. */
    void leave() {
        closed = true;
        heart.interrupt();
    }

    /** Stops the sandbox in order and waits until its process has gone. */
    @Override
    public void close() {
        leave();
        try {
            post("/sandbox/stop", json.createObjectNode());
            ProcessHandle.of(ready.path("pid").asLong()).ifPresent(process -> {
                try {
                    process.onExit().get(STOPS.toSeconds(), TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException | TimeoutException e) {
                    System.err.println("The sandbox (process " + process.pid() + ") has not ended yet.");
                }
            });
        } catch (IOException gone) {
            // It ends by itself without heartbeats.
        }
    }
}
