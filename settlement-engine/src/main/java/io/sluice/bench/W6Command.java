package io.sluice.bench;

import io.sluice.bench.W1World.Contestant;
import io.sluice.ledger.Balances;
import io.sluice.ledger.Books;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Balances read while inflows are recorded at full speed: one account, one account as of a day, the hundred largest; and how old what is read
 * can be. Exit 1 when a target is missed, 3 when the run is void.
 */
@Command(
        name = "w6",
        mixinStandardHelpOptions = true,
        description = "Reads balances while w1's load runs, beside the same reads on the hand-written SQL ledger.")
final class W6Command implements Callable<Integer> {

    private static final int TOP = 100;

    /** One of the three reads. */
    private interface Read {
        void once(int number) throws SQLException;
    }

    private static final class Figures {
        private final Series point = new Series();
        private final Series asOf = new Series();
        private final Series top = new Series();
    }

    @Option(names = "--clients", description = "that record (default: ${DEFAULT-VALUE})")
    private int clients = 8;

    @Option(names = "--batch", description = "default: ${DEFAULT-VALUE}")
    private int batch = 100;

    @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--millis", description = "for which a round lasts (default: ${DEFAULT-VALUE})")
    private int millis = 10_000;

    @Option(
            names = "--steady",
            description = "inflows per second that one more client records afterwards, for staleness without a backlog"
                    + " (default: ${DEFAULT-VALUE})")
    private int steady = 1_000;

    @Option(names = "--json", description = "one JSON object on standard output, and nothing else")
    private boolean json;

    private final Figures engine = new Figures();
    private final Figures ledger = new Figures();
    private final Series staleness = new Series();
    private final Series steadyStaleness = new Series();
    private final Series recordedSteadily = new Series();
    private final Series recorded = new Series();
    private final Series recordedBySql = new Series();

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        java.io.PrintStream out = System.out;
        System.setOut(System.err);
        Path dir = Files.createTempDirectory("sluice-w6-");
        try (W1World world = new W1World(dir, clients + 1)) {
            Floor before = world.floor(dir);
            for (int round = 0; round <= rounds; round++) { // the first one warms up and does not count
                round(world, round > 0);
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

    private void round(W1World world, boolean counts) throws InterruptedException, SQLException {
        Balances balances = world.engine.getBean(Balances.class);
        Books books = world.engine.getBean(Books.class);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Double> prober = CompletableFuture.supplyAsync(() -> probe(world, balances, over));
        double perSecond = during(
                world,
                Contestant.ENGINE,
                over,
                counts ? engine : new Figures(),
                number -> balances.of(account(number), NO_AGREEMENT, "EUR"),
                number -> books.balance(account(number), "EUR", W1World.DAY, Books.By.BOOKING_DATE),
                number -> balances.largest("EUR", TOP));
        double age = prober.join();
        world.untilVisible();
        world.untilAllViews();
        steady(world, balances, counts);
        Connection sql = world.sqlLedger();
        double bySql = during(
                world,
                Contestant.SQL_LEDGER,
                new AtomicBoolean(),
                counts ? ledger : new Figures(),
                number -> ask(
                        sql,
                        "select units from account where id = ?",
                        1L + number % clients * SqlLedger.ACCOUNTS_OF_A_CLIENT),
                number -> ask(
                        sql,
                        "select sum(units) from entry where account = ? and value_date <= date '2026-11-23'",
                        1L + number % clients * SqlLedger.ACCOUNTS_OF_A_CLIENT),
                number -> ask(
                        sql, "select id, units from account where id >= ? order by abs(units) desc limit " + TOP, 0L));
        if (counts) {
            staleness.add(age);
            recorded.add(perSecond);
            recordedBySql.add(bySql);
        }
    }

    /** How old balances are at a load that the books can follow: a batch at a time, so many inflows per second. */
    private void steady(W1World world, Balances balances, boolean counts) throws InterruptedException, SQLException {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Double> prober = CompletableFuture.supplyAsync(() -> probe(world, balances, over));
        long start = System.nanoTime();
        AtomicLong inflows = new AtomicLong();
        long done = world.load(Contestant.ENGINE, 1, batch, false, () -> {
            long due = start + inflows.getAndAdd(batch) * 1_000_000_000L / steady;
            LockSupport.parkNanos(due - System.nanoTime());
            return System.nanoTime() - start > millis * 1_000_000L;
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        over.set(true);
        double age = prober.join();
        world.untilVisible();
        world.untilAllViews();
        if (counts) {
            steadyStaleness.add(age);
            recordedSteadily.add(done / seconds);
        }
    }

    private static final String NO_AGREEMENT = "-";

    private String account(int number) {
        return "bank.collection/" + RoutedLoad.account(number % clients, false);
    }

    /** Three readers while the load lasts; answers inflows per second of the load. */
    private double during(
            W1World world, Contestant who, AtomicBoolean over, Figures figures, Read point, Read asOf, Read top)
            throws InterruptedException {
        long start = System.nanoTime();
        CompletableFuture<Double> points = reading(over, point);
        CompletableFuture<Double> days = reading(over, asOf);
        CompletableFuture<Double> tops = reading(over, top);
        long inflows = world.load(who, clients, batch, false, () -> System.nanoTime() - start > millis * 1_000_000L);
        over.set(true);
        figures.point.add(points.join());
        figures.asOf.add(days.join());
        figures.top.add(tops.join());
        return inflows / ((System.nanoTime() - start) / 1e9);
    }

    /** A read every five milliseconds; answers the 99th percentile in milliseconds. */
    private static CompletableFuture<Double> reading(AtomicBoolean over, Read read) {
        return CompletableFuture.supplyAsync(() -> {
            List<Double> took = new ArrayList<>();
            for (int number = 0; !over.get() || took.isEmpty(); number++) {
                long start = System.nanoTime();
                try {
                    synchronized (read) {
                        read.once(number);
                    }
                    took.add((System.nanoTime() - start) / 1e6);
                    Thread.sleep(5);
                } catch (SQLException | InterruptedException e) {
                    throw new CompletionException(e);
                }
            }
            return Series.percentile(took.stream().sorted().toList(), 99);
        });
    }

    private static void ask(Connection db, String question, long account) throws SQLException {
        synchronized (db) {
            try (PreparedStatement read = db.prepareStatement(question)) {
                read.setLong(1, account);
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        row.getLong(1);
                    }
                }
            }
        }
    }

    /** One inflow at a time on an account of its own: from its commit until its balance has it, the 99th percentile in milliseconds. */
    private double probe(W1World world, Balances balances, AtomicBoolean over) {
        List<Double> ages = new ArrayList<>();
        W1World.Batch recorder = world.of(Contestant.ENGINE);
        String account = "bank.collection/" + RoutedLoad.account(clients, false);
        try {
            long recordedHere = 0;
            long units = balances.of(account, NO_AGREEMENT, "EUR").units().longValueExact();
            while (!over.get()) {
                List<Inflow> one = world.next(1);
                recorder.record(clients, false, one);
                long committed = System.nanoTime();
                recordedHere++;
                units += one.getFirst().units();
                while (balances.of(account, NO_AGREEMENT, "EUR").units().longValueExact() != units) {
                    Thread.sleep(1);
                }
                ages.add((System.nanoTime() - committed) / 1e6);
                Thread.sleep(20);
            }
            world.alsoRecorded(recordedHere);
            return Series.percentile(ages.stream().sorted().toList(), 99);
        } catch (SQLException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private Report report() {
        Report report = new Report("W6, balances read under load");
        report.number("clients that record", clients, "");
        report.number("batch", batch, "");
        report.series("recorded meanwhile, engine", recorded, "inflows/s");
        report.series("recorded meanwhile, SQL ledger", recordedBySql, "inflows/s");
        read(report, "one account", engine.point, ledger.point);
        read(report, "one account as of a day", engine.asOf, ledger.asOf);
        read(report, "the " + TOP + " largest", engine.top, ledger.top);
        report.series("staleness, p99", staleness, "ms");
        report.series("recorded steadily", recordedSteadily, "inflows/s");
        report.series("staleness at that, p99", steadyStaleness, "ms");
        for (Series reads : List.of(engine.point, engine.asOf, engine.top)) {
            report.target(
                    "p99 at most 20 ms: "
                            + (reads == engine.point
                                    ? "one account"
                                    : reads == engine.asOf ? "as of a day" : "largest"),
                    reads.median() <= 20);
        }
        report.target("staleness p99 at most 200 ms", staleness.median() <= 200);
        report.text("books", "every one is right");
        return report;
    }

    private static void read(Report report, String what, Series engine, Series ledger) {
        report.series(what + ", p99, engine", engine, "ms");
        report.series(what + ", p99, SQL ledger", ledger, "ms");
    }
}
