package io.sluice.bench;

import io.sluice.bench.W1World.Contestant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Inflows of ten legs, durable and visible in balances, beside a ledger written by hand in SQL and beside one bare event row per inflow. Exit
 * 1 when a target is missed, 3 when the run is void.
 */
@Command(
        name = "w1",
        mixinStandardHelpOptions = true,
        description = "Records inflows of ten legs, beside a hand-written SQL ledger and bare event rows.")
final class W1Command implements Callable<Integer> {

    private record Load(int clients, int batch, boolean hot) {
        String name() {
            return (hot ? "hot nostro" : "cold") + ", " + clients + (clients == 1 ? " client" : " clients") + ", batch "
                    + batch;
        }
    }

    /** Of one contestant under one load. */
    private static final class Figures {
        private final Series perSecond = new Series();
        private final Series cpu = new Series();
        private final Series databaseCpu = new Series();
        private final Series wal = new Series();
    }

    @Option(names = "--clients", split = ",", description = "default: ${DEFAULT-VALUE}")
    private List<Integer> clients = List.of(1, 8, 32);

    @Option(names = "--batches", split = ",", description = "default: ${DEFAULT-VALUE}")
    private List<Integer> batches = List.of(1, 10, 100, 500);

    @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--millis", description = "for which each load lasts (default: ${DEFAULT-VALUE})")
    private int millis = 1_000;

    @Option(
            names = "--warm-up",
            description =
                    "inflows that each takes first, for a minute at most: the compiler is busy that long (default: ${DEFAULT-VALUE})")
    private long warmUp = 1_500_000;

    @Option(names = "--json", description = "one JSON object on standard output, and nothing else")
    private boolean json;

    private final Map<Load, Map<Contestant, Figures>> figures = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        java.io.PrintStream out = System.out;
        System.setOut(System.err);
        Path dir = Files.createTempDirectory("sluice-w1-");
        try (W1World world =
                new W1World(dir, clients.stream().mapToInt(c -> c).max().orElse(1))) {
            Floor before = world.floor(dir);
            world.warmUp(warmUp);
            for (int round = 0; round <= rounds; round++) { // the first one warms up and does not count
                for (boolean hot : new boolean[] {false, true}) {
                    for (int number : clients) {
                        for (int batch : batches) {
                            measure(world, new Load(number, batch, hot), round > 0);
                        }
                    }
                }
                System.err.printf("round %d of %d is over%n", round, rounds);
            }
            world.check();
            Report report = report();
            before.into(report, "before");
            world.floor(dir).into(report, "after");
            report.print(out, json);
            return report.met() ? 0 : 1;
        } finally {
            FileSystemUtils.deleteRecursively(dir);
        }
    }

    private void measure(W1World world, Load load, boolean counts) throws InterruptedException, SQLException {
        for (Contestant who : Contestant.values()) {
            long cpu = world.cpu();
            long databaseCpu = world.databaseCpu();
            long wal = world.wal();
            long start = System.nanoTime();
            long end = start + millis * 1_000_000L / (counts ? 1 : 2);
            long inflows =
                    world.load(who, load.clients(), load.batch(), load.hot(), () -> System.nanoTime() - end >= 0);
            if (who == Contestant.ENGINE) {
                world.untilVisible();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (who == Contestant.ENGINE) {
                world.untilAllViews(); // what they compute is part of what an inflow costs
            }
            if (counts) {
                Figures its = figures.computeIfAbsent(load, l -> new EnumMap<>(Contestant.class))
                        .computeIfAbsent(who, w -> new Figures());
                its.perSecond.add(inflows / seconds);
                its.cpu.add((world.cpu() - cpu) / 1e3 / inflows);
                its.databaseCpu.add((world.databaseCpu() - databaseCpu) / 1e3 / inflows);
                its.wal.add((double) (world.wal() - wal) / inflows);
            }
        }
    }

    private Report report() throws IOException {
        Report report = new Report("W1, inflows of ten legs");
        figures.forEach((load, its) -> {
            its.forEach((who, figure) -> {
                String name = load.name() + ", "
                        + who.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
                report.series(name, figure.perSecond, "inflows/s");
                report.series(name + ", CPU", figure.cpu, "us per inflow");
                report.series(name + ", PostgreSQL's part", figure.databaseCpu, "us per inflow");
                report.series(name + ", WAL", figure.wal, "bytes per inflow");
            });
            report.series(load.name() + ", engine over SQL ledger", over(its, Contestant.SQL_LEDGER), "times");
            report.series(load.name() + ", engine over bare events", over(its, Contestant.BARE_EVENTS), "times");
            report.series(
                    load.name() + ", bare events over SQL ledger",
                    figures(its, Contestant.BARE_EVENTS).perSecond.over(figures(its, Contestant.SQL_LEDGER).perSecond),
                    "times, the limit");
        });
        report.number("peak memory of this process", Machine.peakMegabytes(ProcessHandle.current()), "MB");
        report.text("books", "every one is right");
        figures.forEach((load, its) -> {
            double ledger = over(its, Contestant.SQL_LEDGER).median();
            if (load.hot()) {
                report.target(load.name() + ": at least 20 times the SQL ledger", ledger >= 20);
            } else if (load.batch() >= 100) {
                report.target(load.name() + ": at least 5 times the SQL ledger", ledger >= 5);
            }
            if (!load.hot() && load.batch() == 500) {
                report.target(
                        load.name() + ": at least half of bare events",
                        over(its, Contestant.BARE_EVENTS).median() >= 0.5);
                report.target(
                        load.name() + ": at most 100 us of CPU per inflow",
                        figures(its, Contestant.ENGINE).cpu.median() <= 100);
            }
        });
        return report;
    }

    private static Series over(Map<Contestant, Figures> its, Contestant other) {
        return figures(its, Contestant.ENGINE).perSecond.over(figures(its, other).perSecond);
    }

    private static Figures figures(Map<Contestant, Figures> its, Contestant who) {
        return java.util.Objects.requireNonNull(its.get(who));
    }
}
