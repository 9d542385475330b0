package io.sluice.bench;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.InflowKind;
import io.sluice.platform.Hashes;
import io.sluice.platform.StoredEvent;
import io.sluice.platform.StoredEvents;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.Terms;
import io.sluice.royalty.RoyaltyEvent.PoolCredited;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rebuilding every read model from its events, its start and the swap of the rows included, beside a plain read of the event table. Exit 1
 * when the target is missed; a run whose hashes differ from round to round is void.
 */
@Command(
        name = "w5",
        mixinStandardHelpOptions = true,
        description = "Rebuilds every read model from a million events, beside a plain read of them.")
final class W5Command implements Callable<Integer> {

    private static final int HANDLED_PER_SECOND = 15_000;
    private static final int FETCH = 5_000;
    private static final int AGREEMENTS = 12;
    /** Inflows that one unit of work credits to a pool at once. */
    private static final int CREDITED = 100;

    private static final List<Claim> CLAIMS = List.of(
            new Claim("fee", Destination.PLATFORM_FEES),
            new Claim("royalty", Destination.ROYALTY_POOL),
            new Claim("residual", Destination.MERCHANT_RESIDUAL));

    @Option(names = "--events", description = "default: ${DEFAULT-VALUE}")
    private int events = 1_000_000;

    @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--heap-mb", description = "of the rebuilding process (default: ${DEFAULT-VALUE})")
    private int heapMegabytes = 512;

    @Option(names = "--json", description = "one JSON object on standard output, and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        System.setProperty("logback.configurationFile", "offline/logback.xml");
        Path dir = Files.createTempDirectory("sluice-w5-");
        try (SandboxPostgres postgres = SandboxPostgres.start(dir)) {
            String owner = postgres.password(SandboxPostgres.MIGRATOR);
            Flyway.configure()
                    .dataSource(postgres.jdbcUrl("sluice"), SandboxPostgres.MIGRATOR, owner)
                    .load()
                    .migrate();
            postgres.createDatabase("bare", SandboxPostgres.MIGRATOR);
            try (Connection books = Machine.connect(postgres, "sluice", SandboxPostgres.MIGRATOR);
                    Connection bare = Machine.connect(postgres, "bare", SandboxPostgres.MIGRATOR);
                    Statement ask = books.createStatement()) {
                Machine.requireDurability(ask);
                Floor before = Floor.measure(dir, bare);
                fill(postgres.jdbcUrl("sluice"), owner);
                ask.execute("vacuum analyze event");
                Report report = measure(Machine.postgres(dir), postgres.jdbcUrl("sluice"), owner, books, ask);
                before.into(report, "before");
                Floor.measure(dir, bare).into(report, "after");
                report.print(System.out, json);
                return report.met() ? 0 : 1;
            }
        } finally {
            FileSystemUtils.deleteRecursively(dir);
        }
    }

    private Report measure(ProcessHandle postgres, String url, String owner, Connection books, Statement ask)
            throws IOException, InterruptedException, SQLException {
        Series read = new Series();
        Series rebuild = new Series();
        Series perSecond = new Series();
        Series cpu = new Series();
        Series databaseCpu = new Series();
        Series wal = new Series();
        long handled = 0;
        String hashes = "";
        for (int round = 0; round < rounds; round++) {
            read.add(plainRead(books));
            drop(ask);
            long database = Machine.databaseCpu(postgres);
            long children = Machine.ended(ProcessHandle.current());
            long log = Machine.wal(ask);
            long start = System.nanoTime();
            JsonNode told = rebuild(url, owner);
            double seconds = (System.nanoTime() - start) / 1e9;
            handled = told.path("models").values().stream()
                    .mapToLong(model -> model.path("events").asLong())
                    .sum();
            String found = told.path("models").toString().replaceAll("\"differences\":\\[[^]]*]", "");
            if (round > 0 && !found.equals(hashes)) {
                throw new IllegalStateException("The run is void: the hashes are not those of the round before");
            }
            hashes = found;
            rebuild.add(seconds);
            perSecond.add(handled / seconds);
            cpu.add((Machine.ended(ProcessHandle.current()) - children) / 1e3 / handled);
            databaseCpu.add((Machine.databaseCpu(postgres) - database) / 1e3 / handled);
            wal.add((double) (Machine.wal(ask) - log) / handled);
            System.err.printf("round %d of %d is over%n", round + 1, rounds);
        }
        Report report = new Report("W5, rebuild");
        report.number("events", Machine.number(ask, "select count(*) from event"), "");
        report.number("handled, summed over the models", handled, "");
        report.number("heap limit", heapMegabytes, "MB");
        report.series("plain read", read, "s");
        report.series("rebuild", rebuild, "s");
        report.series("rebuild over plain read", rebuild.over(read), "times");
        report.series("handled per second", perSecond, "");
        report.series("CPU of the rebuilding process", cpu, "us per handled event");
        report.series("CPU of PostgreSQL", databaseCpu, "us per handled event");
        report.series("WAL", wal, "bytes per handled event");
        report.text("hashes", rounds > 1 ? "the same in every round" : "one round: not compared");
        report.target(
                "at least " + HANDLED_PER_SECOND + " handled per second", perSecond.median() >= HANDLED_PER_SECOND);
        return report;
    }

    /** Every column of every event, in order. */
    private static double plainRead(Connection books) throws SQLException {
        long start = System.nanoTime();
        books.setAutoCommit(false);
        try (Statement read = books.createStatement()) {
            read.setFetchSize(FETCH);
            try (ResultSet row = read.executeQuery(
                    "select global_index, event_id, aggregate_id, sequence_no, aggregate_type, occurred_at, payload_type,"
                            + " payload_revision, payload, meta_data from event order by global_index")) {
                long bytes = 0;
                while (row.next()) {
                    bytes += row.getBytes(9).length;
                }
                if (bytes == 0) {
                    throw new IllegalStateException("The run is void: there are no events");
                }
            }
        } finally {
            books.rollback();
            books.setAutoCommit(true);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void drop(Statement ask) throws SQLException {
        List<String> appendOnly =
                List.of("inflow_terms", "journal_shape", "journal_batch", "division_terms", "division");
        for (String table : appendOnly) {
            ask.execute("alter table " + table + " disable trigger user");
        }
        ask.execute("truncate booked_inflow, balance, royalty_pool, " + String.join(", ", appendOnly));
        for (String table : appendOnly) {
            ask.execute("alter table " + table + " enable trigger user");
        }
    }

    private JsonNode rebuild(String url, String owner) throws IOException, InterruptedException {
        ProcessBuilder builder = Child.java(
                        List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"), List.of("rebuild", "--json"))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "SLUICE_DB_URL", url,
                        "SLUICE_DB_MIGRATOR_USER", SandboxPostgres.MIGRATOR,
                        "SLUICE_DB_MIGRATOR_PASSWORD", owner));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("The run is void: the rebuild ended with " + process.exitValue());
        }
        return new JsonMapper().readTree(said);
    }

    /** Sales of twelve agreements, each booked and divided into three legs, and credited to its pool by the hundred. */
    private void fill(String url, String owner) {
        String batching = url + "?reWriteBatchedInserts=true";
        try (var source = new SingleConnectionDataSource(batching, SandboxPostgres.MIGRATOR, owner, true)) {
            var store = StoredEvents.on(source, FETCH);
            Map<String, Long> sequences = new HashMap<>();
            List<DomainEventMessage<?>> batch = new ArrayList<>(FETCH);
            for (int written = 0, inflow = 0; written < events; inflow++) {
                int agreement = inflow / CREDITED % AGREEMENTS;
                batch.add(message(sequences, "CollectionAccount", "ACCOUNT-" + agreement, booked(inflow, agreement)));
                InflowsRouted routed = routed(inflow, agreement);
                batch.add(message(sequences, "Agreement", routed.agreementId(), routed));
                if (inflow % CREDITED == CREDITED - 1) {
                    String pool = "POOL-" + agreement;
                    long units = routed.inflows().getFirst().parts().get(1) * CREDITED;
                    batch.add(message(
                            sequences,
                            "RoyaltyPool",
                            pool,
                            new PoolCredited(pool, routed.agreementId(), "EUR", units, CREDITED)));
                }
                if (batch.size() >= FETCH) {
                    written += batch.size();
                    store.appendEvents(batch);
                    batch.clear();
                }
            }
            store.appendEvents(batch);
        }
    }

    private static DomainEventMessage<?> message(
            Map<String, Long> sequences, String type, String aggregate, StoredEvent event) {
        long sequence = sequences.merge(aggregate, 1L, Long::sum) - 1;
        return new GenericDomainEventMessage<>(type, aggregate, sequence, event);
    }

    private static InflowsBooked booked(int inflow, int agreement) {
        return new InflowsBooked(
                "ACCOUNT-" + agreement,
                AccountKind.COLLECTION,
                "EUR",
                Instant.parse("2026-11-23T09:00:00Z").plusMillis(inflow),
                List.of(new Booked(
                        id(inflow),
                        InflowKind.SALE,
                        units(inflow),
                        day(inflow),
                        "VALUE",
                        "0".repeat(64),
                        null,
                        "default/COLLECTION")));
    }

    private static InflowsRouted routed(int inflow, int agreement) {
        long units = units(inflow);
        long fee = units / 1_000;
        long royalty = units / 10;
        return new InflowsRouted(
                "AGR-" + agreement,
                "EUR",
                List.of(new Terms("STORE-" + agreement, "ACCOUNT-" + agreement, "0".repeat(64), CLAIMS)),
                List.of(new Routed(
                        id(inflow), 0, units, day(inflow), List.of(fee, royalty, units - fee - royalty), 0, null)));
    }

    private static long units(int inflow) {
        return 1_000 + inflow * 7919L % 100_000;
    }

    private static LocalDate day(int inflow) {
        return LocalDate.of(2026, 1, 1).plusDays(inflow / 2_000);
    }

    private static UUID id(int inflow) {
        return Hashes.uuid("inflow", Integer.toString(inflow));
    }
}
