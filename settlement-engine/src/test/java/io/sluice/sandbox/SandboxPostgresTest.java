package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxPostgresTest {

    @Test
    void keepsItsBooksOverARestartAndOverALeftoverServer(@TempDir Path dir) throws Exception {
        SandboxPostgres first = SandboxPostgres.start(dir);
        try (Connection bank = login(first, "bank", SandboxPostgres.BANK)) {
            bank.createStatement().execute("create table kept (n int)");
            bank.createStatement().execute("insert into kept values (7)");
            assertThat(one(bank, "show synchronous_commit")).isEqualTo("on");
            assertThat(one(bank, "show fsync")).isEqualTo("on");
            assertThat(one(bank, "show full_page_writes")).isEqualTo("on");
        }
        // The first is not closed: as after a kill of the sandbox, its server is still there, but the dead JVM's lock
        // is not.
        Files.delete(dir.resolve("postgres/epg-lock"));
        SandboxPostgres second = SandboxPostgres.start(dir);
        try (Connection bank = login(second, "bank", SandboxPostgres.BANK)) {
            assertThat(one(bank, "select n from kept")).isEqualTo("7");
        } finally {
            second.close();
        }
        try (SandboxPostgres third = SandboxPostgres.start(dir);
                Connection bank = login(third, "bank", SandboxPostgres.BANK)) {
            assertThat(one(bank, "select n from kept")).isEqualTo("7");
        }
        assertThat(Processes.fromPidFile(dir.resolve("postgres/postmaster.pid"), "postgres"))
                .isEmpty();
    }

    @Test
    void keepsTheBooksOfItsVeryFirstStartWhenItIsStoppedInOrder(@TempDir Path dir) throws Exception {
        try (SandboxPostgres first = SandboxPostgres.start(dir);
                Connection bank = login(first, "bank", SandboxPostgres.BANK)) {
            bank.createStatement().execute("create table kept as select 7 as n");
        }
        try (SandboxPostgres second = SandboxPostgres.start(dir);
                Connection bank = login(second, "bank", SandboxPostgres.BANK)) {
            assertThat(one(bank, "select n from kept")).isEqualTo("7");
        }
    }

    @Test
    void givesNoLoginMoreThanItNeeds(@TempDir Path dir) throws Exception {
        try (SandboxPostgres postgres = SandboxPostgres.start(dir)) {
            for (String name : List.of(SandboxPostgres.MIGRATOR, SandboxPostgres.APP, SandboxPostgres.AUDITOR)) {
                try (Connection sluice = login(postgres, "sluice", name)) {
                    assertThat(one(sluice, "select rolsuper from pg_roles where rolname = current_user"))
                            .isEqualTo("f");
                }
            }
            try (Connection app = login(postgres, "sluice", SandboxPostgres.APP)) {
                assertThatThrownBy(() -> app.createStatement().execute("create table mine (n int)"))
                        .isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> login(postgres, "bank", SandboxPostgres.APP))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl("sluice"), "postgres", "guessed"))
                    .isInstanceOf(SQLException.class);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("secrets/sluice_app"))))
                    .isEqualTo("rw-------");
        }
    }

    private static Connection login(SandboxPostgres postgres, String database, String login) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), login, postgres.password(login));
    }

    private static String one(Connection connection, String question) throws SQLException {
        try (ResultSet answer = connection.createStatement().executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
