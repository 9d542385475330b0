package io.sluice.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.FileSystemUtils;

/** One durable PostgreSQL for all tests of a JVM, stopped with it; a database of its own for whoever asks. */
public final class TestDatabase {

    /** Each migration is applied once to a JVM's server; databases are copies of it. */
    private static final String MIGRATED = "migrated";

    private static final String PREFIX = "sluice-test-postgres";
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 8L << 30;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static SandboxPostgres postgres;

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** A new database with all migrations applied. */
    public static synchronized TestDatabase fresh() {
        if (postgres == null) {
            start();
        }
        String name = "test_" + NUMBER.incrementAndGet();
        postgres.createDatabase(name, SandboxPostgres.MIGRATOR, MIGRATED);
        return new TestDatabase(name);
    }

    /** A new database as an engine of that schema version left it. */
    public static synchronized TestDatabase of(String version) {
        if (postgres == null) {
            start();
        }
        String name = "test_" + NUMBER.incrementAndGet();
        postgres.createDatabase(name, SandboxPostgres.MIGRATOR);
        TestDatabase database = new TestDatabase(name);
        database.migrateTo(version);
        return database;
    }

    public void migrateTo(String version) {
        migrate(name, version);
    }

    private static void start() {
        try {
            Path dir = folder();
            postgres = SandboxPostgres.start(dir);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                postgres.close();
                remove(dir);
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres.createDatabase(MIGRATED, SandboxPostgres.MIGRATOR);
        migrate(MIGRATED, "latest");
    }

    /**
     * In memory where there is room: the seven hundred files of each database are made and removed there in no time (on a disk, a JVM of a
     * hundred databases took half a minute to end), and no test of these cuts the power.
     */
    private static Path folder() throws IOException {
        boolean room = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM;
        Path parent = room ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        removeAbandoned(parent);
        return Files.createTempDirectory(parent, PREFIX);
    }

    /** Of JVMs that were killed. */
    private static void removeAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                boolean old = Files.getLastModifiedTime(folder)
                        .toInstant()
                        .isBefore(Instant.now().minus(ABANDONED));
                if (old && !SandboxPostgres.runsOn(folder)) {
                    remove(folder);
                }
            }
        }
    }

    private static void remove(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            // It is another JVM's by now, or left for the next one.
        }
    }

    private static void migrate(String name, String version) {
        Flyway.configure()
                .dataSource(
                        postgres.jdbcUrl(name), SandboxPostgres.MIGRATOR, postgres.password(SandboxPostgres.MIGRATOR))
                .target(version)
                .load()
                .migrate();
    }

    public String url() {
        return postgres.jdbcUrl(name);
    }

    public String password(String login) {
        return postgres.password(login);
    }

    public Connection connect(String login) throws SQLException {
        return DriverManager.getConnection(url(), login, password(login));
    }

    public JdbcClient as(String login) {
        return JdbcClient.create(
                new SimpleDriverDataSource(new org.postgresql.Driver(), url(), login, password(login)));
    }

    /** Connections of the engine's login; the caller closes them. */
    public HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername(SandboxPostgres.APP);
        config.setPassword(password(SandboxPostgres.APP));
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(3000);
        return new HikariDataSource(config);
    }

    /** The settings that the engine needs to run on it. */
    public String[] settings() {
        return new String[] {
            "--sluice.db.url=" + url(),
            "--sluice.db.password=" + password(SandboxPostgres.APP),
            "--sluice.db.migrator-password=" + password(SandboxPostgres.MIGRATOR)
        };
    }
}
