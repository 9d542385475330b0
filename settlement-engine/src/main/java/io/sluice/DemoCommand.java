package io.sluice;

import io.sluice.chain.Keystore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code ./sluice demo}: the sandbox in a process of its own, and the engine in this one, with exactly the settings that {@code serve}
 * reads. The only class that sees both. It stops the engine before the sandbox, whatever ends it.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows money arriving, being routed, shared and paid, with a simulated bank and a local chain.")
final class DemoCommand implements Callable<Integer> {

    private static final int YES = 0;
    private static final int NO = 1;
    private static final int MISUSE = 2;
    private static final int OUTSIDE_FAILED = 3;

    /** What only the sandbox can tell, and so what the engine waits for while it starts. */
    private static final Set<String> SANDBOX_SETTINGS = Set.of(
            "sluice.db.url",
            "sluice.db.password",
            "sluice.db.migrator-password",
            "sluice.chain.rpc",
            "sluice.chain.id",
            "sluice.chain.distributor",
            "sluice.chain.rule-registry",
            "sluice.chain.tokens.EUR",
            "sluice.chain.tokens.JPY",
            "sluice.chain.tokens.USD",
            "sluice.bank.meridian.url",
            "sluice.bank.meridian.keys",
            "sluice.clock.business-url");

    @Option(names = "--days", description = "play the next N whole business days and end")
    private int days;

    @Option(names = "--speed", description = "with --days: max, as fast as the engine keeps up")
    private String speed = "max";

    @Option(
            names = "--json",
            description = "with --days: one JSON summary on standard output, all else on standard error")
    private boolean json;

    @Option(names = "--fresh", description = "start new books")
    private boolean fresh;

    @Option(names = "--manual", description = "leave the work list to you")
    private boolean manual;

    @Option(names = "--data", description = "data folder (default: ${DEFAULT-VALUE})")
    private Path data = Path.of("data", "demo");

    @Option(
            names = "--port",
            defaultValue = "${env:SLUICE_PORT:-8080}",
            description = "of the console and the API (default: SLUICE_PORT, or 8080)")
    private int port;

    @Option(names = "--holders", description = "holders of royalty tokens, in new books (default: ${DEFAULT-VALUE})")
    private int holders = 2_000;

    @Option(
            names = "--merchants-scale",
            description = "per cent of the usual number of sales (default: ${DEFAULT-VALUE})")
    private int merchantsScale = 100;

    @Option(names = "--seed", description = "names the invented world, in new books (default: ${DEFAULT-VALUE})")
    private long seed = io.sluice.sandbox.SandboxOptions.USUAL_SEED;

    @Option(names = "--day-seconds", description = "seconds that a business day takes (default: ${DEFAULT-VALUE})")
    private int daySeconds = 60;

    @Option(names = "--keep", description = "leave the sandbox running when the demo ends")
    private boolean keep;

    private final AtomicBoolean ending = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final JsonMapper mapper = new JsonMapper();
    private volatile @Nullable DemoLock lock;
    private volatile @Nullable DemoParts parts;
    private volatile @Nullable ConfigurableApplicationContext engine;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        if (json) {
            System.setOut(System.err);
        }
        if (days < 0 || (days > 0 && !speed.equals("max"))) {
            System.err.println("--days must be greater than zero, and --speed is max.");
            return MISUSE;
        }
        if (port < 1 || port > 65_535) {
            System.err.println("--port is 1 to 65535, was " + port + ".");
            return MISUSE;
        }
        if (!portIsFree()) {
            System.err.println("Port " + port + " is taken: end what uses it, or choose another with --port.");
            return OUTSIDE_FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "demo-ends"));
        try {
            DemoAccounts accounts = start();
            say(accounts);
            DemoParts sandbox = present(parts);
            ObjectNode connect = mapper.createObjectNode()
                    .put("engine", "http://127.0.0.1:" + port)
                    .put("accounts", accounts.accounts().toString())
                    .put("manual", manual);
            sandbox.post("/sandbox/connect", connect);
            sandbox.post("/sandbox/play", mapper.createObjectNode().put("days", days));
            if (days == 0) {
                ended.await(); // Ctrl-C and SIGTERM end it by the hook
                return YES;
            }
            return play(sandbox, out);
        } catch (DemoParts.NotStarted e) {
            if (e.getMessage() != null && !e.getMessage().isEmpty()) {
                System.err.println(e.getMessage());
            }
            return OUTSIDE_FAILED;
        } catch (IOException | RuntimeException e) {
            if (!ending.get()) {
                System.err.println("The demo could not go on: " + rootCause(e));
            }
            return OUTSIDE_FAILED;
        } finally {
            end();
        }
    }

    private DemoAccounts start() throws IOException, InterruptedException {
        Path dir = data.toAbsolutePath().normalize();
        Files.createDirectories(dir.resolve("intake"));
        lock = DemoLock.on(dir); // two engines on one folder's books would each take the other's work
        Path passwordFile = dir.resolve("keystore").resolve("password");
        String operator = Keystore.createIfMissing(dir.resolve("keystore"), passwordFile);
        List<String> options = new ArrayList<>(List.of(
                "--operator", operator,
                "--seed", Long.toString(seed),
                "--holders", Integer.toString(holders),
                "--merchants-scale", Integer.toString(merchantsScale),
                "--day-seconds", Integer.toString(daySeconds)));
        if (fresh) {
            options.add("--fresh");
        }
        if (keep) {
            options.add("--keep");
        }
        DemoAccounts accounts = DemoAccounts.of(dir, fresh);
        LateSettings fromSandbox = new LateSettings(SANDBOX_SETTINGS);
        FutureTask<ConfigurableApplicationContext> starting =
                new FutureTask<>(() -> Engine.start(fromSandbox, settings(dir, accounts, passwordFile)));
        Thread.ofPlatform().name("main").daemon().start(starting);
        DemoParts sandbox = DemoParts.start(dir, options);
        parts = sandbox;
        sandbox.whenLost(() -> {
            System.err.println(
                    "The sandbox (bank, chain and PostgreSQL) is gone; the demo ends. Start it again: the books stay.");
            System.exit(OUTSIDE_FAILED);
        });
        fromSandbox.give(settings(sandbox));
        engine = started(starting);
        Files.writeString(dir.resolve("engine.url"), "http://localhost:" + port + "\n"); // for ./sluice token
        return accounts;
    }

    private static ConfigurableApplicationContext started(FutureTask<ConfigurableApplicationContext> starting)
            throws InterruptedException {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(rootCause(e), e);
        }
    }

    private String[] settings(Path dir, DemoAccounts accounts, Path passwordFile) {
        return new String[] {
            "--sluice.db.user=sluice_app",
            "--sluice.db.migrator-user=sluice_migrator",
            "--sluice.chain.keystore=" + dir.resolve("keystore"),
            "--sluice.chain.keystore-password-file=" + passwordFile,
            "--sluice.intake=" + dir.resolve("intake"),
            "--sluice.data=" + dir,
            "--sluice.port=" + port,
            "--sluice.security.users=" + accounts.users(),
            "--sluice.security.open-overview=true",
            "--sluice.cookies.secure=false"
        };
    }

    /** What the sandbox says, as the settings that {@code serve} reads. */
    private static Map<String, String> settings(DemoParts sandbox) throws IOException {
        JsonNode ready = sandbox.ready();
        JsonNode postgres = ready.path("postgres");
        Path secrets = Path.of(postgres.path("secrets").asString());
        JsonNode chain = ready.path("chain");
        Map<String, String> settings = new HashMap<>(Map.of(
                "sluice.db.url", postgres.path("url").asString(),
                "sluice.db.password", secret(secrets, "sluice_app"),
                "sluice.db.migrator-password", secret(secrets, "sluice_migrator"),
                "sluice.chain.rpc", chain.path("rpc").asString(),
                "sluice.chain.id", chain.path("id").asString(),
                "sluice.chain.distributor", chain.path("distributor").asString(),
                "sluice.chain.rule-registry", chain.path("rules").asString(),
                "sluice.bank.meridian.url", ready.path("bank").path("url").asString(),
                "sluice.bank.meridian.keys", ready.path("bank").path("keys").asString(),
                "sluice.clock.business-url", sandbox.clock().toString()));
        chain.path("tokens")
                .properties()
                .forEach(token -> settings.put(
                        "sluice.chain.tokens." + token.getKey(),
                        token.getValue().asString()));
        return settings;
    }

    private static String secret(Path secrets, String login) throws IOException {
        return Files.readString(secrets.resolve(login)).strip();
    }

    private int play(DemoParts sandbox, PrintStream out) throws InterruptedException, IOException {
        String problem = sandbox.untilPlayed(System.err);
        if (ending.get()) {
            return OUTSIDE_FAILED;
        }
        ObjectNode summary = mapper.createObjectNode().put("days", days);
        summary.put("seed", sandbox.ready().path("seed").asLong());
        DemoAudit audit = new DemoAudit(sandbox);
        String broken =
                problem.isEmpty() ? audit.firstBroken(summary) : "the engine keeps up with the bank: " + problem;
        summary.put("ok", broken.isEmpty());
        if (!broken.isEmpty()) {
            summary.put("broken", broken);
            System.err.println("Broken: " + broken);
        }
        if (json) {
            out.println(mapper.writeValueAsString(summary));
        } else {
            out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(summary));
        }
        return broken.isEmpty() ? YES : NO;
    }

    private void say(DemoAccounts accounts) {
        PrintStream out = json ? System.err : System.out;
        out.println();
        out.println("  Sluice is running: http://localhost:" + port);
        out.println("  Data folder:       " + data.toAbsolutePath().normalize());
        out.println("  World:             seed "
                + present(parts).ready().path("seed").asLong());
        if (accounts.madeNow()) {
            out.println("  Accounts (printed once; kept in accounts.properties of the data folder):");
            accounts.passwords().forEach((name, password) -> out.printf("    %-20s %s%n", name, password));
        } else {
            out.println("  Accounts:          see accounts.properties in the data folder");
        }
        if (manual) {
            out.println("  The work list is yours: log in as approver.");
        }
        out.println("  Ctrl-C ends it; the books stay.");
        out.println();
    }

    /** The engine drains while bank, chain and database are still there; then they stop, in order. */
    private void end() {
        if (!ending.compareAndSet(false, true)) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        try {
            DemoParts sandbox = parts;
            if (sandbox != null) {
                quietly(() -> sandbox.post("/sandbox/rest", mapper.createObjectNode()));
            }
            ConfigurableApplicationContext running = engine;
            if (running != null) {
                running.close();
            }
            if (sandbox != null && keep) {
                sandbox.leave();
            } else if (sandbox != null) {
                sandbox.close();
            }
        } finally {
            ended.countDown();
        }
    }

    private interface Order {
        void give() throws IOException;
    }

    private static void quietly(Order order) {
        try {
            order.give();
        } catch (IOException | RuntimeException gone) {
            // It is ending anyway.
        }
    }

    private boolean portIsFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static <T> T present(@Nullable T part) {
        return java.util.Objects.requireNonNull(part);
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
