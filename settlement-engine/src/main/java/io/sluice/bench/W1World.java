package io.sluice.bench;

import io.sluice.Engine;
import io.sluice.platform.LanePositions;
import io.sluice.sandbox.Sandbox;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** The engine in this process, a ledger written by hand and a table of bare events, each with a database of its own on one durable PostgreSQL. */
final class W1World implements AutoCloseable {

    /** Who takes inflows in. */
    enum Contestant {
        ENGINE,
        SQL_LEDGER,
        BARE_EVENTS
    }

    /** One batch of one client, durable when it returns: in a transaction of its own, or the engine's of those who came at once. */
    interface Batch {
        void record(int client, boolean hot, List<Inflow> inflows) throws SQLException;
    }

    static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final Duration VISIBLE = Duration.ofMinutes(5);
    private static final Duration WARM = Duration.ofMinutes(1);
    private static final int EVENT_BYTES = 900;

    /** What the two others have, with as many clients. */
    private static final int ENGINE_CONNECTIONS = 32;

    final Sandbox sandbox;
    final ConfigurableApplicationContext engine;
    final ProcessHandle postgres;
    private final int clients;
    private final LanePositions lanes;
    private final RoutedLoad routed;
    private final List<Connection> ledgers = new ArrayList<>();
    private final List<Connection> bares = new ArrayList<>();
    private final Connection auditor;
    private final Connection sqlOwner;
    private final Connection bareOwner;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong unitsOfEngine = new AtomicLong();
    private final long[] counted = new long[Contestant.values().length];

    W1World(Path dir, int clients) throws IOException, SQLException {
        this.clients = clients;
        this.sandbox = OutsideWorld.start(dir);
        List<String> settings = OutsideWorld.settings(sandbox, dir, "auditor=AUDITOR");
        settings.add("--sluice.rule.anchoring=off");
        settings.add("--spring.datasource.hikari.maximum-pool-size=" + ENGINE_CONNECTIONS);
        this.engine = Engine.start(settings.toArray(String[]::new));
        this.lanes = engine.getBean(LanePositions.class);
        this.postgres = Machine.postgres(dir.resolve("sandbox"));
        SandboxPostgres server = sandbox.postgres();
        server.createDatabase("sqlledger", SandboxPostgres.MIGRATOR);
        server.createDatabase("bare", SandboxPostgres.MIGRATOR);
        this.auditor = Machine.connect(server, "sluice", SandboxPostgres.AUDITOR);
        this.sqlOwner = Machine.connect(server, "sqlledger", SandboxPostgres.MIGRATOR);
        this.bareOwner = Machine.connect(server, "bare", SandboxPostgres.MIGRATOR);
        try (Statement make = sqlOwner.createStatement();
                Statement bare = bareOwner.createStatement()) {
            Machine.requireDurability(make);
            SqlLedger.make(make, clients);
            bare.execute(
                    "create table bare_event (id bigint generated always as identity primary key, event_id uuid not null unique,"
                            + " payload bytea not null)");
        }
        for (int client = 0; client < clients; client++) {
            ledgers.add(connection(server, "sqlledger"));
            bares.add(connection(server, "bare"));
        }
        this.routed = new RoutedLoad(engine, clients);
    }

    private static Connection connection(SandboxPostgres server, String database) throws SQLException {
        Connection connection = DriverManager.getConnection(
                server.jdbcUrl(database) + "?reWriteBatchedInserts=true",
                SandboxPostgres.MIGRATOR,
                server.password(SandboxPostgres.MIGRATOR));
        connection.setAutoCommit(false);
        return connection;
    }

    Connection sqlLedger() {
        return sqlOwner;
    }

    Floor floor(Path dir) throws IOException, SQLException {
        return Floor.measure(dir, bareOwner);
    }

    Batch of(Contestant who) {
        return switch (who) {
            case ENGINE ->
                (client, hot, inflows) -> {
                    routed.record(client, hot, inflows);
                    unitsOfEngine.addAndGet(
                            inflows.stream().mapToLong(Inflow::units).sum());
                };
            case SQL_LEDGER -> (client, hot, inflows) -> SqlLedger.post(ledgers.get(client), client, hot, inflows);
            case BARE_EVENTS -> (client, hot, inflows) -> bare(bares.get(client), inflows);
        };
    }

    private static void bare(Connection db, List<Inflow> inflows) throws SQLException {
        try (PreparedStatement insert =
                db.prepareStatement("insert into bare_event (event_id, payload) values (?, ?)")) {
            for (Inflow inflow : inflows) {
                byte[] payload = (inflow + " ".repeat(EVENT_BYTES))
                        .substring(0, EVENT_BYTES)
                        .getBytes(StandardCharsets.US_ASCII);
                insert.setObject(1, inflow.id());
                insert.setBytes(2, payload);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        db.commit();
    }

    List<Inflow> next(int batch) {
        long first = numbers.getAndAdd(batch);
        List<Inflow> inflows = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
            inflows.add(Inflow.of(first + i, DAY));
        }
        return inflows;
    }

    /** Lets so many clients go on until {@code over}; answers how many inflows are durable by then. */
    long load(Contestant who, int clientsNow, int batch, boolean hot, BooleanSupplier over)
            throws InterruptedException {
        if (clientsNow > clients) {
            throw new IllegalArgumentException("clients: found " + clientsNow + ", expected up to " + clients);
        }
        Batch by = of(who);
        AtomicLong done = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(clientsNow)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < clientsNow; client++) {
                int number = client;
                all.add(threads.submit(() -> {
                    while (!over.getAsBoolean()) {
                        by.record(number, hot, next(batch));
                        done.addAndGet(batch);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("The run is void: " + e.getCause(), e);
        }
        counted[who.ordinal()] += done.get();
        return done.get();
    }

    /** Waits until the balances show all that was recorded. */
    void untilVisible() throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + VISIBLE.toNanos();
        try (Statement ask = auditor.createStatement()) {
            while (Machine.number(
                            ask,
                            "select coalesce(sum(units), 0)::bigint from balance where account like 'bank.collection/W1%'")
                    != unitsOfEngine.get()) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The run is void: balances did not follow within " + VISIBLE);
                }
                Thread.sleep(2);
            }
        }
    }

    /** Waits until every lane has handled all events. Its rows are counted at the end, so that no round pays for counting them. */
    void untilAllViews() throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + VISIBLE.toNanos();
        try (Statement ask = auditor.createStatement()) {
            long head = Machine.number(ask, "select max(global_index) from event");
            while (Stream.of(lanes.reached().positions()).anyMatch(position -> position < head)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The run is void: the views did not follow within " + VISIBLE);
                }
                Thread.sleep(20);
            }
        }
    }

    long wal() throws SQLException {
        try (Statement ask = sqlOwner.createStatement()) {
            return Machine.wal(ask);
        }
    }

    /** Nanoseconds that this process and PostgreSQL have computed for. */
    long cpu() {
        return Machine.cpu(ProcessHandle.current()) + databaseCpu();
    }

    long databaseCpu() {
        return Machine.databaseCpu(postgres);
    }

    /** Until what runs often is compiled: so many inflows of each, or as many as it takes in a minute. */
    void warmUp(long inflows) throws InterruptedException, SQLException {
        for (Contestant who : Contestant.values()) {
            AtomicLong left = new AtomicLong(inflows);
            long end = System.nanoTime() + WARM.toNanos();
            load(who, clients, 100, false, () -> left.addAndGet(-100) < 0 || System.nanoTime() - end >= 0);
        }
        untilAllViews();
    }

    /** Counts that someone else recorded beside {@link #load}. */
    void alsoRecorded(long inflows) {
        counted[Contestant.ENGINE.ordinal()] += inflows;
    }

    /** The run is void unless every book is right. */
    void check() throws SQLException {
        long inflows = counted[Contestant.ENGINE.ordinal()];
        try (Statement ask = auditor.createStatement();
                Statement sql = sqlOwner.createStatement();
                Statement bare = bareOwner.createStatement()) {
            Machine.require(ask, Machine.factsOf("routing.InflowsRouted"), inflows);
            Machine.require(ask, "select count(distinct inflow_id) from inflow", inflows);
            Machine.require(ask, "select count(*) from inflow", inflows);
            Machine.require(ask, "select count(*) from division", inflows);
            Machine.require(
                    ask,
                    "select coalesce(sum((convert_from(payload, 'UTF8')::jsonb ->> 'legs')::bigint), 0)::bigint from event"
                            + " where payload_type = 'royalty.PoolCredited'",
                    inflows);
            Machine.require(ask, "select coalesce(sum(units), 0)::bigint from posting", 0);
            Machine.require(
                    ask,
                    "select count(*) from (select journal_id from posting group by journal_id having sum(units) <> 0) j",
                    0);
            String fold = "select account, agreement_id, currency, sum(units) as units from ";
            Machine.require(
                    ask,
                    "select count(*) from (" + fold + "posting group by 1, 2, 3) p full join balance b"
                            + " using (account, agreement_id, currency) where p.units is distinct from b.units",
                    0);
            Machine.require(
                    ask,
                    "select count(*) from (" + fold + "day_balance group by 1, 2, 3) d full join balance b"
                            + " using (account, agreement_id, currency) where d.units is distinct from b.units",
                    0);
            SqlLedger.check(sql, counted[Contestant.SQL_LEDGER.ordinal()]);
            Machine.require(bare, "select count(*) from bare_event", counted[Contestant.BARE_EVENTS.ordinal()]);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : ledgers) {
            connection.close();
        }
        for (Connection connection : bares) {
            connection.close();
        }
        auditor.close();
        sqlOwner.close();
        bareOwner.close();
        routed.close();
        engine.close();
        sandbox.close();
    }
}
