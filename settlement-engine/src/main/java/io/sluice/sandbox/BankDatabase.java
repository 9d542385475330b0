package io.sluice.sandbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bank's own database. Whatever changes the books runs alone ({@link #change}), in one transaction that is committed before the
 * bank answers; reading ({@link #read}) waits for nobody.
 */
final class BankDatabase implements AutoCloseable {

    private static final int CONNECTIONS = 8;

    private final HikariDataSource pool;
    private final ReentrantLock books = new ReentrantLock(true);

    BankDatabase(String jdbcUrl, String user, String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setPoolName("bank");
        this.pool = new HikariDataSource(config);
        change(connection -> update(connection, schema()));
    }

    /** Work in a transaction. */
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** One row of an answer. */
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    <T> T change(Work<T> work) {
        books.lock();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T answer = work.in(connection);
                connection.commit();
                return answer;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new SandboxFailure("The bank's books cannot be written: " + e.getMessage(), e);
        } finally {
            books.unlock();
        }
    }

    <T> T read(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            return work.in(connection);
        } catch (SQLException e) {
            throw new SandboxFailure("The bank's books cannot be read: " + e.getMessage(), e);
        }
    }

    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    static <T> List<T> list(Connection connection, String sql, Row<T> row, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            List<T> rows = new ArrayList<>();
            try (ResultSet answer = statement.executeQuery()) {
                while (answer.next()) {
                    rows.add(row.of(answer));
                }
            }
            return rows;
        }
    }

    static <T> Optional<T> first(Connection connection, String sql, Row<T> row, @Nullable Object... values)
            throws SQLException {
        return list(connection, sql, row, values).stream().findFirst();
    }

    static long number(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        return first(connection, sql, row -> row.getLong(1), values).orElse(0L);
    }

    static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    Optional<String> setting(String name) {
        return read(connection ->
                first(connection, "select value from setting where name = ?", row -> row.getString(1), name));
    }

    /** Kept at once, in a transaction of its own, without waiting for the books: safe to call in the middle of a change. */
    void setting(String name, String value) {
        read(connection -> keep(connection, name, value));
    }

    static int keep(Connection connection, String name, String value) throws SQLException {
        return update(
                connection,
                "insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
                name,
                value);
    }

    @Override
    public void close() {
        pool.close();
    }

    private static String schema() {
        try (InputStream in = BankDatabase.class.getResourceAsStream("/sandbox/bank.sql")) {
            if (in == null) {
                throw new IllegalStateException("The class path has no sandbox/bank.sql");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
