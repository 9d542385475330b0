package io.sluice.chain;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/** Gives each test a database of its own with the chain's tables, as the engine's login sees it; one server for all tests of a run. */
final class TestDatabase implements ParameterResolver {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private record Server(Path folder, SandboxPostgres postgres) implements AutoCloseable {

        static Server start() {
            try {
                Path folder = Files.createTempDirectory("sluice-chain-test");
                return new Server(folder, SandboxPostgres.start(folder));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            postgres.close();
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private record Pool(HikariDataSource source) implements AutoCloseable {

        @Override
        public void close() {
            source.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DataSource.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Namespace here = ExtensionContext.Namespace.create(TestDatabase.class);
        SandboxPostgres postgres = context.getRoot()
                .getStore(here)
                .computeIfAbsent("server", key -> Server.start(), Server.class)
                .postgres();
        return context.getStore(here)
                .computeIfAbsent("pool", key -> open(postgres), Pool.class)
                .source();
    }

    private static Pool open(SandboxPostgres postgres) {
        String name = "chain_" + NUMBER.incrementAndGet();
        postgres.createDatabase(name, SandboxPostgres.MIGRATOR);
        try (Connection migrator = DriverManager.getConnection(
                        postgres.jdbcUrl(name), SandboxPostgres.MIGRATOR, postgres.password(SandboxPostgres.MIGRATOR));
                var statement = migrator.createStatement();
                var script = TestDatabase.class.getResourceAsStream("/db/migration/V003__chain.sql")) {
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl(name));
        config.setUsername(SandboxPostgres.APP);
        config.setPassword(postgres.password(SandboxPostgres.APP));
        config.setMaximumPoolSize(3);
        config.setConnectionTimeout(3000);
        return new Pool(new HikariDataSource(config));
    }
}
