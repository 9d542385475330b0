package io.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What the machine can do at this moment, one thing at a time.
 *
 * @param syncsPerSecond pages of 8 kB written and synchronised to the disk
 * @param commitsPerSecond rows inserted and committed by one connection
 */
record Floor(double syncsPerSecond, double commitsPerSecond) {

    private static final Duration SAMPLE = Duration.ofSeconds(2);
    private static final int PAGE = 8_192;

    /** On the disk of {@code folder}, and on a database where {@code bare_commit} may be made. */
    static Floor measure(Path folder, Connection db) throws IOException, SQLException {
        return new Floor(syncs(folder), commits(db));
    }

    /** @param when before or after what was measured */
    void into(Report report, String when) {
        report.number("floor " + when + ", 8 kB syncs", syncsPerSecond, "per second");
        report.number("floor " + when + ", one-row commits", commitsPerSecond, "per second");
    }

    private static double syncs(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "sync", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            int done = 0;
            while (System.nanoTime() - start < SAMPLE.toNanos()) {
                channel.write(ByteBuffer.allocate(PAGE), (long) (done % 128) * PAGE);
                channel.force(false);
                done++;
            }
            return done / seconds(start);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static double commits(Connection db) throws SQLException {
        try (Statement make = db.createStatement()) {
            make.execute("create table if not exists bare_commit (n bigint)");
        }
        try (PreparedStatement insert = db.prepareStatement("insert into bare_commit values (?)")) {
            long start = System.nanoTime();
            int done = 0;
            while (System.nanoTime() - start < SAMPLE.toNanos()) {
                insert.setLong(1, done++);
                insert.executeUpdate();
            }
            return done / seconds(start);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
