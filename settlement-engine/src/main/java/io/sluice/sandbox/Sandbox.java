package io.sluice.sandbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The whole outside world on one data folder: PostgreSQL, chain, bank, people and the business clock, with a control address.
 *
 * <p>Parts start in that order and stop in the reverse one: the bank first stops answering, then the chain keeps its state, PostgreSQL
 * goes last. A start that fails leaves nothing running. One folder has one sandbox at a time.
 */
public final class Sandbox implements AutoCloseable {

    /** The first business day of every world. */
    public static final LocalDate FIRST_DAY = LocalDate.of(2026, 11, 23);

    static final int VERSION = 1;

    private static final int MOST_FAILURES = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
    /** The Friday evening before: rules are anchored before the day from which they divide. */
    private static final Instant START =
            FIRST_DAY.minusDays(3).atTime(LocalTime.of(23, 0)).toInstant(ZoneOffset.UTC);

    private static final List<String> OWN_FILES =
            List.of("postgres", "postgres.complete", "anvil", "secrets", "logs", "sandbox.json", "sandbox.version");

    private final SandboxOptions options;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final SandboxPostgres postgres;
    private final BankDatabase database;
    private final BusinessClock clock;
    private final Anvil anvil;
    private final TestChain chain;
    private final MeridianBank bank;
    private final Chance chance;
    private final World world;
    private final ControlServer control;
    private @Nullable People people;
    private @Nullable Thread play;
    private volatile String playState = "IDLE";
    private volatile String playProblem = "";

    /** Starts everything. Throws {@link SandboxFailure} with one sentence when a part cannot. */
    public static Sandbox start(SandboxOptions options) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new Sandbox(options, parts);
        } catch (RuntimeException | Error e) {
            stop(parts);
            throw e;
        }
    }

    private Sandbox(SandboxOptions options, Deque<AutoCloseable> parts) {
        this.options = options;
        Path dir = options.dir().toAbsolutePath();
        parts.push(lock(dir));
        checkVersion(dir);
        this.postgres = started(parts, SandboxPostgres.start(dir));
        this.database = started(
                parts,
                new BankDatabase(
                        postgres.jdbcUrl("bank"), SandboxPostgres.BANK, postgres.password(SandboxPostgres.BANK)));
        this.chance = new Chance(seed(options.seed()));
        this.clock = new BusinessClock(database, START, System::nanoTime);
        parts.push(clock::pause);
        this.anvil = started(parts, Anvil.start(dir, clock));
        this.chain = new TestChain(anvil, database);
        if (options.operator() != null) {
            chain.deploy(options.operator());
        }
        BankBooks.beginOn(database, FIRST_DAY);
        Secrets secrets = new Secrets(dir.resolve("secrets"));
        this.bank = started(
                parts,
                new MeridianBank(
                        database,
                        clock,
                        Clock.systemUTC(),
                        chance,
                        chain,
                        secrets,
                        options.flawless() ? BankTerms.FLAWLESS : BankTerms.USUAL,
                        0));
        this.world = new World(chance, holders(options.holders()), options.merchantsScale());
        if (options.populate()) {
            openAccounts();
        }
        this.control = started(parts, new ControlServer(this));
        parts.push(this::stopPlaying);
        this.parts.addAll(parts);
        write(dir);
    }

    private static <T extends AutoCloseable> T started(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    /** Stops everything, in order. */
    @Override
    public void close() {
        stop(parts);
        try {
            Files.deleteIfExists(options.dir().resolve("sandbox.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }

    /** Where everything is; no secret, only the files that hold them. */
    public String readyLine() {
        Path dir = options.dir().toAbsolutePath();
        ObjectNode ready = Json.object()
                .put("ready", true)
                .put("version", VERSION)
                .put("pid", ProcessHandle.current().pid())
                .put("control", control.url().toString())
                .put("seed", chance.seed())
                .put("holders", world.holders().size());
        ready.set(
                "postgres",
                Json.object()
                        .put("url", postgres.jdbcUrl("sluice"))
                        .put("bankUrl", postgres.jdbcUrl("bank"))
                        .put("secrets", dir.resolve("secrets").toString()));
        ObjectNode tokens = Json.object();
        ObjectNode chainNode =
                Json.object().put("rpc", anvil.rpcUrl().toString()).put("id", Anvil.CHAIN_ID);
        if (options.operator() != null) {
            chain.tokens().forEach(tokens::put);
            chainNode
                    .put("distributor", chain.distributor())
                    .put("rules", chain.rules())
                    .put("operator", options.operator());
        }
        chainNode.set("tokens", tokens);
        ready.set("chain", chainNode);
        ready.set(
                "bank",
                Json.object()
                        .put("url", bank.url().toString())
                        .put("keys", bank.keys().toString()));
        return Json.write(ready);
    }

    public SandboxPostgres postgres() {
        return postgres;
    }

    public URI rpcUrl() {
        return anvil.rpcUrl();
    }

    /** Address of the royalty distributor. */
    public String distributor() {
        return chain.distributor();
    }

    /** Address of the registry of routing rules. */
    public String ruleRegistry() {
        return chain.rules();
    }

    /** Addresses of the stablecoins by currency. */
    public Map<String, String> tokens() {
        return chain.tokens();
    }

    public URI bankUrl() {
        return bank.url();
    }

    /** The properties file with the bank's API key and webhook secret. */
    public Path bankKeys() {
        return bank.keys();
    }

    public URI controlUrl() {
        return control.url();
    }

    public Clock businessClock() {
        return clock;
    }

    /** The bank delivers its webhooks to that engine from now on. */
    public void deliverTo(URI engine) {
        bank.sender().sendTo(engine);
    }

    /** Lets the agreement of that number pay out in the currency's coin. */
    public void allowOnChain(long agreement, String currency) {
        chain.allow(agreement, currency);
    }

    /** Opens an account at the bank; {@code notices}: credits are told by webhook. */
    public void openAccount(String account, String name, String currency, boolean notices) {
        bank.books().open(account, name, currency, notices);
    }

    /** Money arrives from outside; the same {@code depositId} arrives once. {@code amount} has exactly the currency's decimals. */
    public boolean deposit(
            String depositId, String account, String amount, String currency, String payerName, String remittance) {
        return bank.books()
                .deposit(
                        depositId,
                        account,
                        Units.parse(amount, currency),
                        payerName,
                        World.iban("NL", "PAYS0001000001"),
                        remittance);
    }

    /** Tells the engine once more what a webhook already told about a deposit, as a new delivery of the same event. */
    public void repeatWebhooks() {
        database.change(connection -> BankDatabase.update(
                connection, "update webhook set repeats_left = 1, due_wall = now() where delivered_wall is not null"));
    }

    /** Moves the business clock; never back. */
    public void moveClockTo(Instant instant) {
        clock.moveTo(instant);
    }

    /** Closes the bank's day: statements are made and the next business day begins; the clock moves along. Returns their number. */
    public int closeBankDay() {
        LocalDate day = bank.books().day();
        clock.moveTo(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        return bank.statements().closeDay(day);
    }

    /** Brings back transfers that are due to come back. */
    public int bringBackReturns() {
        return bank.transfers().returnWhatIsDue();
    }

    ControlServer control() {
        return control;
    }

    /** What the bank's books say: see {@code GET /sandbox/books}. */
    public String books() {
        return Json.write(bank.summary());
    }

    /** Coins that are promised and not on the chain are sent again. */
    void deliverCoins() {
        bank.onRamps().deliverCoins();
    }

    MeridianBank bank() {
        return bank;
    }

    BusinessClock clock() {
        return clock;
    }

    /** The engine is there, with these users for the simulated people. They set everything up, if they have not yet. */
    synchronized void connect(URI engine, Map<String, String> passwords, boolean manual) {
        bank.sender().sendTo(engine);
        if (people != null) {
            people.close();
        }
        People arrived = new People(engine, passwords, database, world, chance, this::say);
        people = arrived;
        if (!manual) {
            arrived.startApproving();
        }
    }

    /** Sets up, then plays: live, or that many whole days. */
    synchronized void play(int days) {
        People present = people;
        if (present == null) {
            throw new IllegalArgumentException("Nobody is connected; POST /sandbox/connect first");
        }
        stopPlaying();
        playState = "RUNNING";
        playProblem = "";
        present.hurry(days > 0);
        DayDriver driver = new DayDriver(bank, clock, new SalesPlan(world, chance), present, this::say);
        Thread thread = Thread.ofPlatform().name("play").daemon().unstarted(() -> playToTheEnd(driver, present, days));
        play = thread;
        thread.start();
    }

    private void playToTheEnd(DayDriver driver, People present, int days) {
        try {
            setUp(present);
            if (days > 0) {
                driver.days(days);
            } else {
                driver.live(86_400.0 / options.daySeconds());
            }
            playState = "DONE";
        } catch (InterruptedException e) {
            playState = "STOPPED";
        } catch (RuntimeException e) {
            LOG.warn("The play has ended", e);
            playProblem = String.valueOf(e.getMessage());
            playState = "FAILED";
        }
    }

    /** Until the engine has taken everything and nobody needs to approve a rule or a mandate. */
    private void setUp(People present) throws InterruptedException {
        boolean told = false;
        for (int failures = 0; ; ) {
            try {
                present.setUp();
                present.chainNumbers().forEach(chain::allow);
                String waiting = "";
                for (JsonNode item : present.work()) {
                    String kind = item.path("kind").asString();
                    if (kind.equals("RULE") || kind.equals("MANDATE")) {
                        waiting = kind;
                    }
                }
                if (waiting.isEmpty() && present.rulesInForce()) {
                    return;
                }
                if (!told) {
                    say("Rules and mandates wait for approval; the clock starts when they have it.");
                    told = true;
                }
                failures = 0;
            } catch (IOException | EngineApi.Refused e) {
                // What was just told can be a moment away from being known (an agreement, its accounts): a refusal is
                // tried again.
                if (++failures > MOST_FAILURES) {
                    throw new SandboxFailure("The people could not set up the agreements: " + e.getMessage(), e);
                }
            }
            Thread.sleep(250);
        }
    }

    private void say(String line) {
        lines.add(line);
        LOG.info(line);
    }

    /** How the play is going, and what was said since line {@code from}. */
    ObjectNode playStatus(int from) {
        ObjectNode status = Json.object()
                .put("state", playState)
                .put("problem", playProblem)
                .put("next", lines.size());
        var said = Json.array();
        lines.subList(Math.min(from, lines.size()), lines.size()).forEach(said::add);
        status.set("lines", said);
        return status;
    }

    private void stopPlaying() {
        Thread playing = play;
        if (playing != null) {
            playing.interrupt();
            try {
                playing.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        play = null;
    }

    /** The engine has gone: time stands still and nothing is sent. */
    synchronized void rest() {
        stopPlaying();
        if (people != null) {
            people.close();
            people = null;
        }
    }

    private void openAccounts() {
        for (World.Agreement agreement : world.agreements()) {
            bank.books()
                    .open(agreement.trustAccount(), agreement.name() + " royalty trust", agreement.currency(), false);
            bank.books().open(agreement.feeAccount(), agreement.name() + " platform fees", agreement.currency(), false);
            for (World.Store store : agreement.stores()) {
                bank.books()
                        .open(
                                store.collectionAccount(),
                                store.merchantName() + " collection",
                                agreement.currency(),
                                true);
            }
        }
    }

    private long seed(long wanted) {
        Optional<String> kept = database.setting("seed");
        kept.ifPresentOrElse(same -> {}, () -> database.setting("seed", Long.toString(wanted)));
        return kept.map(Long::parseLong).orElse(wanted);
    }

    private int holders(int wanted) {
        Optional<String> kept = database.setting("holders");
        kept.ifPresentOrElse(same -> {}, () -> database.setting("holders", Integer.toString(wanted)));
        return kept.map(Integer::parseInt).orElse(wanted);
    }

    private static AutoCloseable lock(Path dir) {
        try {
            Files.createDirectories(dir);
            RandomAccessFile file =
                    new RandomAccessFile(dir.resolve("sandbox.lock").toFile(), "rw");
            try {
                FileLock lock = file.getChannel().tryLock();
                if (lock != null) {
                    return file;
                }
            } catch (OverlappingFileLockException ours) {
                // Said below.
            }
            file.close();
            throw new SandboxFailure("Another sandbox is using " + dir + ".");
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder " + dir + " cannot be used", e);
        }
    }

    private static void checkVersion(Path dir) {
        Path file = dir.resolve("sandbox.version");
        try {
            if (Files.exists(file)) {
                int found = Integer.parseInt(Files.readString(file).strip());
                if (found > VERSION) {
                    throw new SandboxFailure(
                            "The data folder " + dir + " is of version " + found + ", newer than this program's "
                                    + VERSION + ": use a newer Sluice, another --data folder, or --fresh.");
                }
            }
            Files.writeString(file, VERSION + "\n");
        } catch (IOException | NumberFormatException e) {
            throw new SandboxFailure("The version file " + file + " cannot be read; start with --fresh.", e);
        }
    }

    /** Forgets everything that a sandbox has put into the folder. */
    static void wipe(Path dir) {
        try {
            for (String name : OWN_FILES) {
                AnvilTool.delete(dir.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder " + dir + " cannot be emptied", e);
        }
    }

    private void write(Path dir) {
        try {
            Path half = dir.resolve("sandbox.json.half");
            Files.writeString(half, readyLine() + "\n");
            Files.move(half, dir.resolve("sandbox.json"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
