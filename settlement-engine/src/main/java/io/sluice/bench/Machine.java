package io.sluice.bench;

import io.sluice.sandbox.SandboxPostgres;
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

/** What a benchmark asks of processes and of PostgreSQL. */
final class Machine {

    private static final long NANOS_PER_TICK = 10_000_000;

    private Machine() {}

    /** The server of {@link SandboxPostgres} in this folder. */
    static ProcessHandle postgres(Path folder) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(folder.resolve("postgres/postmaster.pid"))
                        .getFirst()
                        .strip()))
                .orElseThrow();
    }

    /** Nanoseconds that it has computed for. */
    static long cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    /** Of a server and all that it started, those included that have ended: who ends between two looks is in neither, so it is looked again. */
    static long databaseCpu(ProcessHandle postgres) {
        while (true) {
            long ended = ended(postgres);
            long alive = cpu(postgres)
                    + postgres.descendants().mapToLong(Machine::cpu).sum();
            if (ended(postgres) == ended) {
                return ended + alive;
            }
        }
    }

    /** Of a process's children that have ended: cutime and cstime of proc_pid_stat(5). */
    static long ended(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * NANOS_PER_TICK;
        } catch (IOException elsewhere) {
            return 0;
        }
    }

    /** The most memory that a process has had, in megabytes. */
    static double peakMegabytes(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /** Bytes of write-ahead log that the server has ever written. */
    static long wal(Statement ask) throws SQLException {
        return number(ask, "select (pg_current_wal_lsn() - '0/0')::bigint");
    }

    /** Throws when what is measured would not survive a power cut. */
    static void requireDurability(Statement ask) throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            try (ResultSet answer = ask.executeQuery("show " + setting)) {
                answer.next();
                if (!answer.getString(1).equals("on")) {
                    throw new IllegalStateException("The run is void: " + setting + " is not on");
                }
            }
        }
    }

    static long number(Statement ask, String question) throws SQLException {
        try (ResultSet answer = ask.executeQuery(question)) {
            answer.next();
            return answer.getLong(1);
        }
    }

    /** Asks how many inflows the events of this name tell of. */
    static String factsOf(String event) {
        return "select coalesce(sum(jsonb_array_length(convert_from(payload, 'UTF8')::jsonb -> 'inflows')), 0) from event"
                + " where payload_type = '" + event + "'";
    }

    /** The run is void unless the question has this answer. */
    static void require(Statement ask, String question, long expected) throws SQLException {
        long found = number(ask, question);
        if (found != expected) {
            throw new IllegalStateException(
                    "The run is void: expected " + expected + ", found " + found + " for: " + question);
        }
    }

    static Connection connect(SandboxPostgres postgres, String database, String login) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), login, postgres.password(login));
    }
}
