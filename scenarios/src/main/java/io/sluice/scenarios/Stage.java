package io.sluice.scenarios;

import io.sluice.Engine;
import io.sluice.chain.Keystore;
import io.sluice.sandbox.Sandbox;
import io.sluice.sandbox.SandboxOptions;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import tools.jackson.databind.JsonNode;

/**
 * The real engine as {@code serve} runs it, on a sandbox of its own: PostgreSQL, a chain, a bank without whims, and a business clock that
 * moves only when it is told to. Free ports; {@link #close} leaves nothing running, nor does a start that fails.
 */
public final class Stage implements AutoCloseable {

    /** What every holder is paid from, whatever the rail. */
    static final Map<String, String> MINIMUM_PAYOUT = Map.of("EUR", "0.01", "USD", "0.01", "JPY", "1");

    private static final Map<String, String> PEOPLE = Map.of(
            "onboarding", "ONBOARDING",
            "rules", "RULE_ADMIN",
            "treasury", "TREASURY_OPERATOR",
            "approver", "APPROVER",
            "auditor", "AUDITOR");
    /** {@code balanceOf(address)}, up to the address. */
    private static final String BALANCE_OF = "0x70a08231" + "0".repeat(24);

    private static final LocalTime OPENING = LocalTime.of(6, 0);

    private final Sandbox sandbox;
    private final ConfigurableApplicationContext engine;
    private final EngineApi api;
    private final Auditor auditor;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread atExit = new Thread(this::stop, "stage-stop");
    private int storiesBegun;

    private Stage(Sandbox sandbox, ConfigurableApplicationContext engine, String password) {
        this.sandbox = sandbox;
        this.engine = engine;
        URI address =
                URI.create("http://127.0.0.1:" + engine.getEnvironment().getRequiredProperty("local.server.port"));
        this.api = new EngineApi(address, password);
        this.auditor = new Auditor(
                sandbox.postgres().jdbcUrl("sluice"), sandbox.postgres().password(SandboxPostgres.AUDITOR));
        sandbox.deliverTo(address);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts everything in {@code dir}, which should be empty. */
    public static Stage start(Path dir) {
        Path keystore = dir.resolve("keystore");
        Path keystorePassword = dir.resolve("keystore.password");
        String operator = Keystore.createIfMissing(keystore, keystorePassword);
        String password = HexFormat.of().formatHex(new SecureRandom().generateSeed(16));
        Sandbox sandbox =
                Sandbox.start(SandboxOptions.empty(dir.resolve("sandbox")).withOperator(operator));
        @Nullable ConfigurableApplicationContext engine = null;
        try {
            engine = Engine.start(settings(dir, sandbox, keystore, keystorePassword, password));
            return new Stage(sandbox, engine, password);
        } catch (RuntimeException | Error e) {
            if (engine != null) {
                engine.close();
            }
            sandbox.close();
            throw e;
        }
    }

    private static String[] settings(Path dir, Sandbox sandbox, Path keystore, Path keystorePassword, String password) {
        SandboxPostgres postgres = sandbox.postgres();
        List<String> settings = new ArrayList<>(List.of(
                "sluice.port=0",
                "sluice.data=" + dir.resolve("data"),
                "sluice.db.url=" + postgres.jdbcUrl("sluice"),
                "sluice.db.user=" + SandboxPostgres.APP,
                "sluice.db.password=" + postgres.password(SandboxPostgres.APP),
                "sluice.db.migrator-user=" + SandboxPostgres.MIGRATOR,
                "sluice.db.migrator-password=" + postgres.password(SandboxPostgres.MIGRATOR),
                "sluice.chain.rpc=" + sandbox.rpcUrl(),
                "sluice.chain.id=31337",
                "sluice.chain.keystore=" + keystore,
                "sluice.chain.keystore-password-file=" + keystorePassword,
                "sluice.chain.distributor=" + sandbox.distributor(),
                "sluice.chain.rule-registry=" + sandbox.ruleRegistry(),
                "sluice.bank.meridian.url=" + sandbox.bankUrl(),
                "sluice.bank.meridian.keys=" + sandbox.bankKeys(),
                "sluice.clock.business-url=" + sandbox.controlUrl().resolve("/sandbox/clock"),
                "sluice.security.users=" + users(dir, password)));
        sandbox.tokens().forEach((currency, token) -> settings.add("sluice.chain.tokens." + currency + "=" + token));
        MINIMUM_PAYOUT.forEach((currency, least) -> {
            settings.add("sluice.settlement.minimum-payout." + currency + "-BANK=" + least);
            settings.add("sluice.settlement.minimum-payout." + currency + "-CHAIN=" + least);
        });
        return settings.stream().map(setting -> "--" + setting).toArray(String[]::new);
    }

    private static Path users(Path dir, String password) {
        String hash = new BCryptPasswordEncoder(4).encode(password);
        StringBuilder lines = new StringBuilder();
        PEOPLE.forEach((name, role) -> lines.append(name)
                .append('=')
                .append(hash)
                .append('|')
                .append(role)
                .append('\n'));
        try {
            return Files.writeString(dir.resolve("users.properties"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays the story in that file. Throws {@link StoryFailed} where the engine did something else, {@link StoryUnreadable}. */
    public synchronized void play(Path file) {
        Story story = StoryReader.read(file);
        storiesBegun++;
        new Player(this, story, storiesBegun).play();
    }

    /** The engine drains first; then what it stands on stops. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyExiting) {
            return; // the hook stops everything
        }
        stop();
    }

    private void stop() {
        try {
            engine.close();
        } finally {
            sandbox.close();
        }
    }

    Sandbox sandbox() {
        return sandbox;
    }

    EngineApi api() {
        return api;
    }

    Auditor auditor() {
        return auditor;
    }

    /** The day that the bank is booking. */
    LocalDate bankDay() {
        return LocalDate.parse(books("").path("day").asString());
    }

    /** What the bank's own books say; {@code part} is empty, or {@code /payouts}, {@code /onramps}. */
    JsonNode books(String part) {
        return ask(HttpRequest.newBuilder(sandbox.controlUrl().resolve("/sandbox/books" + part))
                .build());
    }

    /** How many of the smallest units of the currency's coin an address holds, in the last final block. */
    BigInteger coinsOf(String address, String currency) {
        String call = EngineApi.JSON.writeValueAsString(Map.of(
                "jsonrpc",
                "2.0",
                "id",
                1,
                "method",
                "eth_call",
                "params",
                List.of(
                        Map.of(
                                "to",
                                Objects.requireNonNull(sandbox.tokens().get(currency)),
                                "data",
                                BALANCE_OF + address.substring(2)),
                        "finalized")));
        HttpRequest request = HttpRequest.newBuilder(sandbox.rpcUrl())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(call))
                .build();
        return new BigInteger(ask(request).path("result").asString().substring(2), 16);
    }

    private JsonNode ask(HttpRequest request) {
        try {
            return EngineApi.JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + request.uri(), e);
        }
    }

    /** The first day that has not begun: a rule is anchored before the day from which it divides. */
    LocalDate dayToCome() {
        LocalDate day = bankDay();
        if (sandbox.businessClock().instant().isBefore(at(day, LocalTime.MIDNIGHT))) {
            return day;
        }
        LocalDate next = day.plusDays(1);
        while (next.getDayOfWeek().getValue() > DayOfWeek.FRIDAY.getValue()) {
            next = next.plusDays(1);
        }
        return next;
    }

    /** The day of which {@link #dayToCome} spoke begins; the one before it, if there is one, ends. */
    void begin(LocalDate day) {
        if (bankDay().isBefore(day)) {
            endDay();
        }
        sandbox.moveClockTo(at(day, OPENING));
    }

    /** The chain holds the agreements' rules, and lets them pay out in the currency's coin. */
    void anchored(List<Cast.Agreement> agreements) {
        Map<String, String> currencies =
                agreements.stream().collect(Collectors.toMap(Cast.Agreement::id, Cast.Agreement::currency));
        for (JsonNode agreement : api.get("auditor", "/api/v1/agreements").path("agreements")) {
            String currency = currencies.get(agreement.path("agreementId").asString());
            if (currency != null) {
                sandbox.allowOnChain(agreement.path("chainNumber").asLong(), currency);
            }
        }
        for (Cast.Agreement agreement : agreements) {
            Patience.until("the rule of " + agreement.id() + " was anchored", () -> {
                JsonNode rule = api.get("auditor", "/api/v1/agreements/" + agreement.id() + "/rules")
                        .path("rules")
                        .path(0);
                return Set.of("SCHEDULED", "ACTIVE").contains(rule.path("state").asString(""))
                        ? Optional.empty()
                        : Optional.of("it is " + rule);
            });
        }
    }

    static Instant at(LocalDate day, LocalTime time) {
        return day.atTime(time).toInstant(ZoneOffset.UTC);
    }

    JsonNode overview() {
        return api.get("auditor", "/api/v1/overview");
    }

    /** Waits until the engine has taken in and carried out all that it can by itself. */
    void quiet(String after) {
        Patience.until("the engine had done all that follows from " + after, () -> {
            long untold = books("").path("webhooksOpen").asLong();
            JsonNode progress = overview().path("progress");
            return untold == 0 && progress.path("unsubmitted").asLong(1) == 0
                    ? Optional.empty()
                    : Optional.of(untold + " notices not taken, progress " + progress + unfinished());
        });
    }

    void cutOff(LocalDate day) {
        Patience.until("the cut-off of " + day + " was done", () -> {
            String last = overview().path("progress").path("cutOff").asString("");
            return last.compareTo(day.toString()) >= 0
                    ? Optional.empty()
                    : Optional.of("the last one is \"" + last + "\"");
        });
        quiet("the cut-off of " + day);
    }

    /** The bank closes its books; waits until the engine has read every statement and what it sent is final. */
    void endDay() {
        LocalDate day = bankDay();
        quiet(day + " before its end");
        sandbox.closeBankDay();
        Patience.until("every statement of " + day + " was read and explained what was in flight", () -> {
            long made = books("").path("statements").asLong();
            JsonNode overview = overview();
            long read = overview.path("statements").asLong();
            return read >= made && overview.path("progress").path("inFlight").asLong(1) == 0
                    ? Optional.empty()
                    : Optional.of(read + " of " + made + " statements are read, progress " + overview.path("progress")
                            + unfinished());
        });
    }

    /** Where work is stuck, for a reader who must find out why. */
    private String unfinished() {
        List<String> stuck = auditor.ask("""
                select 'inbox ' || kind || ' ' || state || coalesce(': ' || reason, '') from inbox where state <> 'DONE'
                union all select 'routing queue of ' || account || coalesce(': ' || reason, '') from routing_queue
                union all select 'work item ' || kind || ': ' || summary from work_item where state = 'OPEN'
                union all select 'outbox ' || rail || ' ' || state || coalesce(': ' || note, '') from outbox where state <> 'DONE'
                union all select 'order ' || rail || ' ' || state from payment_order where state not in ('SETTLED', 'CLOSED')
                limit 12
                """, row -> row.getString(1));
        return stuck.isEmpty() ? "" : " (" + String.join("; ", stuck) + ")";
    }
}
