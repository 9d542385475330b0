package io.sluice.sandbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL 18 of our own on a free port, with durability on, whose data stay in {@code dir/postgres} over restarts.
 *
 * <p>It holds two databases: {@code sluice}, owned by {@code sluice_migrator} and open to {@code sluice_app} and {@code
 * sluice_auditor}, and {@code bank}, owned by {@code bank}. None of these logins is a superuser; their passwords are random and
 * lie in {@code dir/secrets}, one file each. A server that a killed sandbox left behind in the same folder is stopped in order first.
 * Nothing stops it but {@link #close()}: there is no shutdown hook, so that an engine can drain before its database goes.
 */
public final class SandboxPostgres implements AutoCloseable {

    public static final String MIGRATOR = "sluice_migrator";
    public static final String APP = "sluice_app";
    public static final String AUDITOR = "sluice_auditor";
    public static final String BANK = "bank";

    private static final String SUPERUSER = "postgres";
    private static final String EMPTY = "template1";
    private static final int MAX_CONNECTIONS = 120;
    private static final Duration STARTUP = Duration.ofSeconds(90);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(30);

    private final EmbeddedPostgres server;
    private final Path data;
    private final Secrets secrets;

    private SandboxPostgres(EmbeddedPostgres server, Path data, Secrets secrets) {
        this.server = server;
        this.data = data;
        this.secrets = secrets;
    }

    /** Starts it on the books in {@code dir}, or on new ones. Throws {@link SandboxFailure} when it does not come up. */
    public static SandboxPostgres start(Path dir) {
        Path root = dir.toAbsolutePath();
        Path data = root.resolve("postgres");
        Secrets secrets = new Secrets(root.resolve("secrets"));
        stopLeftover(data);
        Path complete = root.resolve("postgres.complete");
        boolean fresh = !Files.exists(complete);
        try {
            if (fresh) {
                AnvilTool.delete(data); // an initialisation that was cut short
            }
            Path log = Files.createDirectories(root.resolve("logs")).resolve("postgres.log");
            SandboxPostgres postgres = new SandboxPostgres(launch(data, log, secrets), data, secrets);
            try {
                postgres.requireDurability();
                if (fresh) {
                    postgres.createLoginsAndDatabases();
                    postgres.requirePasswords();
                    Files.writeString(complete, "1\n");
                }
                return postgres;
            } catch (SQLException | IOException | RuntimeException e) {
                postgres.close();
                throw e;
            }
        } catch (IOException | SQLException | IllegalStateException e) {
            throw new SandboxFailure(
                    "PostgreSQL did not start on " + data + "; see " + root.resolve("logs/postgres.log"), e);
        }
    }

    /** Whether a server runs on the books in {@code dir}: {@link #start} would stop it. */
    public static boolean runsOn(Path dir) {
        return Processes.fromPidFile(dir.toAbsolutePath().resolve("postgres").resolve("postmaster.pid"), "postgres")
                .isPresent();
    }

    /** Where a database is: without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    /** The password of one of the logins named above. */
    public String password(String login) {
        return secrets.of(login);
    }

    public int port() {
        return server.getPort();
    }

    /** A further database, for a test that wants one of its own; nothing happens when it is there. */
    public void createDatabase(String name, String owner) {
        createDatabase(name, owner, EMPTY);
    }

    /** The same with all that is in {@code template}, which nobody may be connected to. */
    public void createDatabase(String name, String owner, String template) {
        try (Connection admin = superuser()) {
            createDatabase(admin, name, owner, template);
        } catch (SQLException e) {
            throw new SandboxFailure("The database " + name + " cannot be made", e);
        }
    }

    /** Stops the server in order: sessions are ended, everything is written, the process is gone. */
    @Override
    public void close() {
        Optional<ProcessHandle> postmaster = Processes.fromPidFile(data.resolve("postmaster.pid"), "postgres");
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            LoggerFactory.getLogger(SandboxPostgres.class).debug("PostgreSQL is stopped by signal", e);
        }
        stopLeftover(data); // zonky waits for five seconds only
        postmaster.ifPresent(process -> Processes.ended(process, ORDERLY_STOP)); // the pid file goes before the process
    }

    private static EmbeddedPostgres launch(Path data, Path log, Secrets secrets) throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(SluiceHome.folder("postgres").toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false) // true would also delete the books at close
                .setRegisterShutdownHook(false)
                .setPGStartupWait(STARTUP)
                .setConnectConfig("password", secrets.of(SUPERUSER))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig(
                        "shared_buffers", "512MB") // initdb's 128 MB write pages out for want of room, not of age
                .setServerConfig(
                        "max_wal_size", "2GB") // each checkpoint makes the next change of every page write it whole
                .setServerConfig("max_connections", Integer.toString(MAX_CONNECTIONS))
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** zonky starts the server with -F, and synchronous_commit off: ours must say on, whatever the order of options. */
    private void requireDurability() throws SQLException {
        try (Connection admin = superuser();
                Statement ask = admin.createStatement()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (ResultSet answer = ask.executeQuery("show " + setting)) {
                    answer.next();
                    if (!answer.getString(1).equals("on")) {
                        throw new IllegalStateException(setting + " is " + answer.getString(1) + ", must be on");
                    }
                }
            }
        }
    }

    private void createLoginsAndDatabases() throws SQLException {
        try (Connection admin = superuser();
                Statement order = admin.createStatement()) {
            for (String login : List.of(MIGRATOR, APP, AUDITOR, BANK)) {
                order.execute("create role " + login
                        + " login nosuperuser nocreatedb nocreaterole noreplication nobypassrls");
            }
            for (String login : List.of(SUPERUSER, MIGRATOR, APP, AUDITOR, BANK)) {
                order.execute(
                        "alter role " + login + " password '" + secrets.of(login) + "'"); // hexadecimal digits only
            }
            createDatabase(admin, "sluice", MIGRATOR, EMPTY);
            createDatabase(admin, "bank", BANK, EMPTY);
        }
    }

    private static void createDatabase(Connection admin, String name, String owner, String template)
            throws SQLException {
        try (Statement order = admin.createStatement()) {
            try (ResultSet there = order.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
                if (there.next()) {
                    return;
                }
            }
            order.execute("create database " + name + " owner " + owner + " template " + template);
            order.execute("revoke all on database " + name + " from public");
            if (owner.equals(MIGRATOR)) {
                order.execute("grant connect on database " + name + " to " + APP + ", " + AUDITOR);
            }
        }
    }

    /** initdb of zonky trusts whoever connects; from here on every login needs its password. */
    private void requirePasswords() throws SQLException, IOException {
        Files.writeString(data.resolve("pg_hba.conf"), """
                host all all 127.0.0.1/32 scram-sha-256
                host all all ::1/128 scram-sha-256
                """);
        try (Connection admin = superuser();
                Statement order = admin.createStatement()) {
            order.execute("select pg_reload_conf()");
        }
    }

    private Connection superuser() throws SQLException {
        return DriverManager.getConnection(jdbcUrl("postgres"), SUPERUSER, secrets.of(SUPERUSER));
    }

    /** Fast shutdown first (sessions end, checkpoint), then at once without one; recovery takes care of the rest. */
    private static void stopLeftover(Path data) {
        Processes.fromPidFile(data.resolve("postmaster.pid"), "postgres").ifPresent(postmaster -> {
            Processes.signal(postmaster, "INT");
            if (!Processes.ended(postmaster, ORDERLY_STOP)) {
                Processes.signal(postmaster, "QUIT");
                Processes.ended(postmaster, ORDERLY_STOP);
            }
        });
    }
}
