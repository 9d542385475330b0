package io.sluice.bench;

import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.sandbox.Sandbox;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Intake: how fast deliveries are accepted, and how fast what was accepted becomes inflows, beside a server that checks the signature
 * and inserts one row. Both run in processes of their own on one durable PostgreSQL and are measured in turns. Exit 1 when a target is
 * missed, 3 when the run is void.
 */
@Command(
        name = "w4",
        mixinStandardHelpOptions = true,
        description = "Delivers webhooks at full speed: accepted and read per second, beside the bare limit.")
final class W4Command implements Callable<Integer> {

    private static final Duration DRAINS = Duration.ofMinutes(10);
    private static final String HOOK = "/hooks/meridian";
    private static final List<String> ACCOUNTS = IntStream.rangeClosed(1, 12)
            .mapToObj(number -> "BENCHACCOUNT" + number)
            .toList();

    @Option(names = "--deliveries", description = "per round and contestant (default: ${DEFAULT-VALUE})")
    private int deliveries = 20_000;

    @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(
            names = "--warm-up",
            description = "deliveries to each before it counts, while its code is compiled (default: ${DEFAULT-VALUE})")
    private int warmUp = 10_000;

    @Option(names = "--connections", description = "over which the bank delivers (default: ${DEFAULT-VALUE})")
    private int connections = 16;

    @Option(names = "--json", description = "one JSON object on standard output, and nothing else")
    private boolean json;

    /** One contestant's figures over the rounds. */
    private static final class Figures {
        private final Series perSecond = new Series();
        private final Series p50 = new Series();
        private final Series p99 = new Series();
        private final Series cpu = new Series();
        private final Series databaseCpu = new Series();
        private final Series wal = new Series();
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        java.io.PrintStream out = System.out;
        System.setOut(System.err);
        Path dir = Files.createTempDirectory("sluice-w4-");
        try {
            Report report = run(dir);
            report.print(out, json);
            return report.met() ? 0 : 1;
        } finally {
            FileSystemUtils.deleteRecursively(dir);
        }
    }

    private Report run(Path dir) throws IOException, InterruptedException, SQLException {
        try (Sandbox sandbox = OutsideWorld.start(dir)) {
            SandboxPostgres postgres = sandbox.postgres();
            postgres.createDatabase("bare", SandboxPostgres.MIGRATOR);
            Map<String, String> environment =
                    OutsideWorld.environment(OutsideWorld.settings(sandbox, dir, "onboarding=ONBOARDING"));
            environment.put("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", Integer.toString(BareIntake.CONNECTIONS));
            Map<String, String> bareEnvironment = new HashMap<>(environment);
            bareEnvironment.put("SLUICE_DB_URL", postgres.jdbcUrl("bare"));
            try (Connection owner = Machine.connect(postgres, "bare", SandboxPostgres.MIGRATOR);
                    Statement make = owner.createStatement()) {
                Machine.requireDurability(make);
                make.execute(BareIntake.TABLE);
                Floor first = Floor.measure(dir, owner);
                try (Contestant bare = Contestant.start("bare-intake", bareEnvironment, dir.resolve("bare.log"));
                        Contestant engine = Contestant.start("engine", environment, dir.resolve("engine.log"));
                        Connection books = Machine.connect(postgres, "sluice", SandboxPostgres.AUDITOR);
                        Statement ask = books.createStatement()) {
                    Api.registerAccounts(engine.address(), ACCOUNTS);
                    Report report = rounds(dir, sandbox, bare, engine, ask);
                    Floor last = Floor.measure(dir, owner);
                    first.into(report, "before");
                    last.into(report, "after");
                    return report;
                }
            }
        }
    }

    private Report rounds(Path dir, Sandbox sandbox, Contestant bare, Contestant engine, Statement ask)
            throws IOException, InterruptedException, SQLException {
        Bank bank = new Bank(secret(sandbox.bankKeys()), connections);
        ProcessHandle postgres = Machine.postgres(dir.resolve("sandbox"));
        Figures bares = new Figures();
        Figures engines = new Figures();
        Series drains = new Series();
        Series drainCpu = new Series();
        long credits = 0;
        long units = 0;
        long events = 0;
        for (int round = 0; round <= rounds; round++) { // the first one warms up and does not count
            boolean counts = round > 0;
            DeliveryPlan plan = DeliveryPlan.of("W4R" + round, counts ? deliveries : warmUp, ACCOUNTS, round);
            deliver(bank, plan, bare, postgres, ask, counts ? bares : new Figures());
            engine.tell("hold");
            deliver(bank, plan, engine, postgres, ask, counts ? engines : new Figures());
            credits += plan.credits().size();
            events += plan.events();
            units += plan.credits().stream()
                    .mapToLong(DeliveryPlan.Credit::units)
                    .sum();
            long cpu = Machine.cpu(engine.process()) + Machine.databaseCpu(postgres);
            long start = System.nanoTime();
            engine.tell("read");
            untilRead(ask, credits);
            if (counts) {
                drains.add(plan.events() / ((System.nanoTime() - start) / 1e9));
                drainCpu.add(
                        (Machine.cpu(engine.process()) + Machine.databaseCpu(postgres) - cpu) / 1e3 / plan.events());
            }
            System.err.printf("round %d of %d is over%n", round, rounds);
        }
        check(ask, events, credits, units);
        Report report = new Report("W4, intake");
        report.number("deliveries per round", deliveries, "");
        report.number("deliveries before that", warmUp, "");
        report.number("connections", connections, "");
        report(report, "bare", bares);
        report(report, "engine", engines);
        report.series("engine, read and booked per second", drains, "");
        report.series("engine with PostgreSQL, CPU to read and book", drainCpu, "us per event");
        report.number("engine, peak memory", Machine.peakMegabytes(engine.process()), "MB");
        Series share = report.series("accept, engine over bare", engines.perSecond.over(bares.perSecond), "times");
        Series slower = report.series("p99, engine over bare", engines.p99.over(bares.p99), "times");
        report.target("accept at least 0.7 of bare", share.median() >= 0.7);
        report.target("p99 at most 3 times bare's", slower.median() <= 3);
        report.text("lost or doubled", "none of " + events + " events, " + credits + " credits");
        return report;
    }

    private static void report(Report report, String who, Figures figures) {
        report.series(who + ", accepted per second", figures.perSecond, "");
        report.series(who + ", p50", figures.p50, "ms");
        report.series(who + ", p99", figures.p99, "ms");
        report.series(who + ", CPU", figures.cpu, "us per delivery");
        report.series(who + ", CPU of PostgreSQL", figures.databaseCpu, "us per delivery");
        report.series(who + ", WAL", figures.wal, "bytes per delivery");
    }

    private static void deliver(
            Bank bank, DeliveryPlan plan, Contestant to, ProcessHandle postgres, Statement ask, Figures figures)
            throws InterruptedException, SQLException {
        long cpu = Machine.cpu(to.process());
        long databaseCpu = Machine.databaseCpu(postgres);
        long wal = Machine.wal(ask);
        Bank.Delivered delivered = bank.deliver(plan.deliveries(), to.address(), HOOK);
        int number = plan.deliveries().size();
        long genuine = plan.deliveries().stream().filter(Delivery::genuine).count();
        if (delivered.unanswered() > 0 || bank.numberAcknowledged() != genuine) {
            throw new IllegalStateException("The run is void: of " + genuine + " genuine deliveries "
                    + bank.numberAcknowledged() + " were acknowledged, " + delivered.unanswered() + " had no answer");
        }
        List<Double> millis = new ArrayList<>(delivered.answers().stream()
                .filter(answer -> answer.status() / 100 == 2)
                .map(answer -> answer.nanos() / 1e6)
                .sorted()
                .toList());
        figures.perSecond.add(number / (delivered.nanos() / 1e9));
        figures.p50.add(Series.percentile(millis, 50));
        figures.p99.add(Series.percentile(millis, 99));
        figures.cpu.add((Machine.cpu(to.process()) - cpu) / 1e3 / number);
        figures.databaseCpu.add((Machine.databaseCpu(postgres) - databaseCpu) / 1e3 / number);
        figures.wal.add((double) (Machine.wal(ask) - wal) / number);
    }

    private static void untilRead(Statement ask, long credits) throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + DRAINS.toNanos();
        while (Machine.number(ask, "select count(*) from inbox where state = 'NEW'") > 0
                || Machine.number(ask, "select count(*) from inflow") < credits) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The run is void: the inbox was not read within " + DRAINS);
            }
            Thread.sleep(50);
        }
    }

    private static void check(Statement ask, long events, long credits, long units) throws SQLException {
        Machine.require(ask, "select count(*) from inbox where state = 'DONE'", events);
        Machine.require(ask, "select count(*) from inbox", events);
        Machine.require(ask, "select count(*) from inflow", credits);
        Machine.require(ask, "select sum(units)::bigint from inflow", units);
        Machine.require(ask, Machine.factsOf("collection.InflowsBooked"), credits);
        Machine.require(ask, "select coalesce(sum(units), 0)::bigint from posting", 0);
    }

    private static WebhookSecret secret(Path keys) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(keys)) {
            properties.load(in);
        }
        return WebhookSecret.parse(properties.getProperty("webhook.secrets"));
    }
}
