package io.sluice.sandbox;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A sandbox as a process of its own, in a session of its own: a kill of the engine's process group leaves it alive, to stop its parts in
 * order. It ends ten seconds after the last heartbeat, on SIGTERM, or when it is told to.
 */
public final class SandboxProcess {

    /** A heartbeat must come this often. */
    public static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration FIRST_BEAT = Duration.ofSeconds(60);
    private static final Duration HOUSEKEEPING = Duration.ofMillis(500);
    private static final Duration LEFTOVER_STOPS = Duration.ofSeconds(60);
    private static final int OUTSIDE_FAILED = 3;

    private SandboxProcess() {}

    /**
     * Runs until it is to end; prints one JSON line on {@code out} once everything is up. A live sandbox on the same folder is adopted:
     * its line is printed, and this process has nothing more to do.
     *
     * @param keep whether to live on without heartbeats; the business clock then stands still
     * @param fresh whether to forget the folder's books, a live sandbox's included
     * @return the exit code
     */
    public static int run(SandboxOptions options, boolean keep, boolean fresh, PrintStream out) {
        leaveProcessGroup();
        Path dir = options.dir().toAbsolutePath();
        try {
            Optional<JsonNode> live = live(dir);
            if (live.isPresent() && !fresh && adopts(live.get())) {
                out.println(Json.write(live.get()));
                out.flush();
                return 0;
            }
            if (live.isPresent()) {
                end(live.get());
            }
            if (fresh) {
                forget(dir);
            }
            return serve(Sandbox.start(options), keep, out);
        } catch (SandboxFailure e) {
            System.err.println(e.getMessage());
            LoggerFactory.getLogger(SandboxProcess.class).warn("The sandbox did not start", e);
            return OUTSIDE_FAILED;
        }
    }

    private static int serve(Sandbox sandbox, boolean keep, PrintStream out) {
        Logger log = LoggerFactory.getLogger(SandboxProcess.class);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        ControlServer control = sandbox.control();
        control.onStop(end::countDown);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            end.countDown();
                            try {
                                ended.await(90, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "sandbox-ends"));
        out.println(sandbox.readyLine());
        out.flush();
        boolean resting = false;
        boolean abandoned = false;
        try {
            while (!end.await(HOUSEKEEPING.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean silent = control.silence() > (control.everBeaten() ? SILENCE : FIRST_BEAT).toNanos();
                if (silent && !keep) {
                    log.info(
                            "No heartbeat for {} s: the sandbox ends.",
                            Duration.ofNanos(control.silence()).toSeconds());
                    abandoned = true;
                    break;
                }
                if (silent && !resting) {
                    sandbox.rest();
                }
                resting = silent;
                sandbox.deliverCoins();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            control.refuseAdoption();
            sandbox.close();
            ended.countDown();
        }
        if (abandoned) {
            exitAtOnce();
        }
        return 0;
    }

    /** The ready line of the sandbox that lives on this folder; empty when none does. */
    public static Optional<JsonNode> live(Path dir) {
        Path file = dir.resolve("sandbox.json");
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            JsonNode ready = Json.read(Files.readAllBytes(file));
            boolean alive = ProcessHandle.of(ready.path("pid").asLong())
                    .filter(ProcessHandle::isAlive)
                    .flatMap(process -> process.info().command())
                    .filter(command -> command.endsWith("java"))
                    .isPresent();
            return alive && ask(ready, "GET", "/sandbox/clock") ? Optional.of(ready) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static boolean adopts(JsonNode live) {
        return ask(live, "POST", "/sandbox/heartbeat");
    }

    private static void end(JsonNode live) {
        ask(live, "POST", "/sandbox/stop");
        ProcessHandle.of(live.path("pid").asLong()).ifPresent(process -> {
            if (!Processes.ended(process, LEFTOVER_STOPS)) {
                throw new SandboxFailure(
                        "The sandbox with process id " + process.pid() + " does not stop; end it and start again.");
            }
        });
    }

    private static boolean ask(JsonNode live, String method, String path) {
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(live.path("control").asString()).resolve(path))
                    .timeout(Duration.ofSeconds(5))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** New books: what an earlier sandbox left running is stopped first. */
    private static void forget(Path dir) {
        Processes.fromPidFile(dir.resolve("postgres/postmaster.pid"), "postgres")
                .ifPresent(leftover -> {
                    Processes.signal(leftover, "QUIT");
                    Processes.ended(leftover, LEFTOVER_STOPS);
                });
        Processes.fromPidFile(dir.resolve("anvil/anvil.pid"), "anvil").ifPresent(leftover -> {
            leftover.destroyForcibly();
            Processes.ended(leftover, LEFTOVER_STOPS);
        });
        Sandbox.wipe(dir);
    }

    /** setsid(2): fails for a leader of a process group, such as a command typed into a shell, which then stays where it is. */
    private static void leaveProcessGroup() {
        try {
            int session = (int)
                    fromC("setsid", FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
            LoggerFactory.getLogger(SandboxProcess.class).debug("setsid: {}", session);
        } catch (Throwable e) { // invokeExact declares it; without a session of its own the sandbox works as well
            LoggerFactory.getLogger(SandboxProcess.class).debug("No session of its own", e);
        }
    }

    /** _exit(2): whoever killed the engine expects all of it gone, so the JVM writes no class archive on its way out. */
    private static void exitAtOnce() {
        try {
            fromC("_exit", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)).invokeExact(0);
        } catch (Throwable e) { // the JVM's own way takes a few seconds more
            LoggerFactory.getLogger(SandboxProcess.class).debug("No _exit", e);
        }
    }

    private static MethodHandle fromC(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), shape);
    }
}
