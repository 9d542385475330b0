package io.sluice.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sandbox's own address, on loopback. Orders must be JSON by their content type, which no web page of another origin can send
 * unasked.
 */
final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int THREADS = 4;

    private final Sandbox sandbox;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("sandbox-control-", 0).daemon().factory());
    private volatile long lastHeartbeat = System.nanoTime();
    private volatile boolean everBeaten;
    private volatile boolean stopping;
    private volatile Runnable stop = () -> {};

    ControlServer(Sandbox sandbox) {
        this.sandbox = sandbox;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/sandbox/", this::serve);
        server.setExecutor(workers);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Nanoseconds since an engine last said that it is there. */
    long silence() {
        return System.nanoTime() - lastHeartbeat;
    }

    boolean everBeaten() {
        return everBeaten;
    }

    /** What {@code POST /sandbox/stop} does. */
    void onStop(Runnable order) {
        stop = order;
    }

    /** From now on nobody may adopt this sandbox. */
    void refuseAdoption() {
        stopping = true;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode answer;
            int status = 200;
            try {
                answer = exchange.getRequestMethod().equals("GET") ? get(exchange) : post(exchange);
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                status = e instanceof UnsupportedOperationException ? 404 : 400;
                answer = Json.object().put("error", String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.warn("{} failed", exchange.getRequestURI(), e);
                status = 503;
                answer = Json.object().put("error", String.valueOf(e.getMessage()));
            }
            byte[] body = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private ObjectNode get(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return switch (path) {
            case "/sandbox/clock" ->
                Json.object()
                        .put("now", sandbox.clock().instant().toString())
                        .put("rate", sandbox.clock().rate());
            case "/sandbox/books" -> sandbox.bank().summary();
            case "/sandbox/books/credits" -> sandbox.bank().credits();
            case "/sandbox/books/payouts" -> sandbox.bank().payouts();
            case "/sandbox/books/onramps" -> sandbox.bank().coins();
            case "/sandbox/play" -> {
                String query = exchange.getRequestURI().getQuery();
                yield sandbox.playStatus(
                        query != null && query.matches("from=[0-9]{1,9}") ? Integer.parseInt(query.substring(5)) : 0);
            }
            case "/sandbox/faults" -> faults();
            default -> throw new UnsupportedOperationException("No such resource: " + path);
        };
    }

    private ObjectNode faults() {
        var ordered = Json.array();
        for (Faults.Fault fault : sandbox.bank().faults().ordered()) {
            ordered.add(Json.MAPPER.<JsonNode>valueToTree(fault));
        }
        ObjectNode answer = Json.object();
        answer.set("faults", ordered);
        return answer;
    }

    private ObjectNode post(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.startsWith("application/json")) {
            throw new IllegalArgumentException("The content type must be application/json");
        }
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        JsonNode body = bytes.length == 0 ? Json.object() : Json.read(bytes);
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/sandbox/heartbeat" -> beat();
            case "/sandbox/connect" -> {
                beat();
                sandbox.connect(
                        URI.create(body.path("engine").asString()),
                        passwords(Path.of(body.path("accounts").asString())),
                        body.path("manual").asBoolean(false));
            }
            case "/sandbox/play" -> sandbox.play(body.path("days").asInt(0));
            case "/sandbox/rest" -> sandbox.rest();
            case "/sandbox/clock" ->
                sandbox.moveClockTo(Instant.parse(body.path("moveTo").asString()));
            case "/sandbox/close-day" -> {
                return Json.object().put("statements", sandbox.closeBankDay());
            }
            case "/sandbox/returns" -> {
                return Json.object().put("returned", sandbox.bringBackReturns());
            }
            case "/sandbox/accounts" ->
                sandbox.openAccount(
                        body.path("account").asString(),
                        body.path("name").asString(),
                        body.path("currency").asString(),
                        body.path("notices").asBoolean(true));
            case "/sandbox/deposits" -> {
                boolean booked = sandbox.deposit(
                        body.path("depositId").asString(),
                        body.path("account").asString(),
                        body.path("amount").asString(),
                        body.path("currency").asString(),
                        body.path("payerName").asString("Paylane Europe"),
                        body.path("remittance").asString("PAYOUT"));
                return Json.object().put("booked", booked);
            }
            case "/sandbox/terms" ->
                sandbox.bank()
                        .books()
                        .terms(new BankTerms(
                                body.path("returns").asInt(0),
                                body.path("duplicates").asInt(0),
                                body.path("delayed").asInt(0),
                                body.path("returnCharge").asLong(0),
                                body.path("transferUpdates").asBoolean(false)));
            case "/sandbox/faults" -> orderFault(body);
            case "/sandbox/stop" -> Thread.ofPlatform().start(stop);
            default -> throw new UnsupportedOperationException("No such resource: " + path);
        }
        return Json.object().put("ok", true);
    }

    private void orderFault(JsonNode body) {
        if (body.path("clear").asBoolean(false)) {
            sandbox.bank().faults().clear();
            return;
        }
        sandbox.bank()
                .faults()
                .order(new Faults.Fault(
                        body.path("path").asString("/v1/"),
                        body.path("kind").asString(),
                        body.path("when").asString("after").equals("after"),
                        body.path("status").asInt(503),
                        body.path("delayMillis").asInt(0),
                        body.path("times").asInt(1)));
    }

    private void beat() {
        if (stopping) {
            throw new IllegalStateException("This sandbox is stopping");
        }
        everBeaten = true;
        lastHeartbeat = System.nanoTime();
    }

    private static Map<String, String> passwords(Path accounts) throws IOException {
        Properties users = new Properties();
        try (InputStream in = Files.newInputStream(accounts)) {
            users.load(in);
        }
        Map<String, String> passwords = new HashMap<>();
        users.forEach((user, password) -> passwords.put(user.toString(), password.toString()));
        return passwords;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
