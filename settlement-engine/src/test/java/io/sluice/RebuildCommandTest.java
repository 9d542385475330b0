package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.sandbox.SandboxPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Read models are made anew from the events alone; what was wrong in them is named, and right afterwards. */
class RebuildCommandTest {

    private static final String ACCOUNT = "REBUILD1";

    @TempDir
    Path dir;

    @Test
    void readModelsThatWereChangedAreNamedAndMadeAnewAndTheEngineGoesOn() throws SQLException {
        try (TestEngine engine = TestEngine.start(dir)) {
            engine.bean(Commands.class)
                    .begin(ACCOUNT, new RegisterAccount(ACCOUNT, "meridian", "EUR", AccountKind.COLLECTION, "One"));
            record(engine, 1, 100);
            record(engine, 2, 50);
            shows(engine, "150", 2);
            Rebuilding.Answer refused = rebuild();
            assertThat(refused.exit()).isEqualTo(3);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .contains("Something runs on the books in ")
                    .doesNotContain("at io.sluice");
        }
        asOwner(
                "update booked_inflow set units = 101 where units = 100",
                "delete from balance where units < 0",
                "alter table journal_batch disable trigger all",
                "update journal_batch set units[2] = -99 where units[2] = -100",
                "alter table journal_batch enable trigger all");
        Rebuilding.Answer verified = rebuild("--verify");
        assertThat(verified.exit()).isEqualTo(1);
        assertThat(verified.err())
                .contains("collection.inflows differs")
                .containsPattern("booked_inflow [0-9a-f-]{36}: units had 101, should have 100\\n")
                .containsPattern("journal_batch [^:]+: units\\[2] had -99, should have -100\\n")
                .containsPattern("balance should have \\(clearing\\.unrouted,-,EUR,-150\\)");
        Rebuilding.Answer rebuilt = rebuild();
        assertThat(rebuilt.exit()).isZero();
        assertThat(rebuilt.err())
                .as("it still differed: --verify changes nothing")
                .contains("collection.inflows differed");
        assertThat(rebuilt.out()).isEqualTo(verified.out());
        assertThat(rebuilt.out().lines())
                .anySatisfy(line ->
                        assertThat(line).as("two, and their terms").matches("collection\\.inflows 3 [0-9a-f]{64}"))
                .anySatisfy(line -> assertThat(line).matches("ledger\\.journal 7 [0-9a-f]{64}"));

        try (TestEngine engine = TestEngine.start(dir)) {
            record(engine, 3, 7);
            shows(engine, "157", 3);
            assertThat(engine.bean(JdbcClient.class)
                            .sql("select count(*) from posting")
                            .query(Long.class)
                            .single())
                    .isEqualTo(6);
        }
        assertThat(rebuild("--verify").exit()).isZero();
    }

    @Test
    void aFolderWithoutBooksIsSaidToHaveNone() {
        Rebuilding.Answer answer = rebuild();
        assertThat(answer.exit()).isEqualTo(3);
        assertThat(answer.err()).startsWith("There are no books in ");
    }

    private static void record(TestEngine engine, int number, long units) {
        NewInflow inflow = new NewInflow(
                new UUID(0, number),
                InflowKind.SALE,
                units,
                "EUR",
                LocalDate.of(2026, 11, 23),
                "VALUE",
                "0".repeat(64),
                null,
                "default");
        engine.bean(Commands.class).send(new RecordInflows(ACCOUNT, List.of(inflow)));
    }

    /** Every lane has come so far. */
    private static void shows(TestEngine engine, String balance, int inflows) {
        JdbcClient db = engine.bean(JdbcClient.class);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select units::text from balance where account = 'bank.collection/' || ?")
                                .param(ACCOUNT)
                                .query(String.class)
                                .optional()
                                .filter(balance::equals)
                                .isPresent()
                        && db.sql("select count(*) from inflow")
                                        .query(Integer.class)
                                        .single()
                                == inflows);
    }

    private void asOwner(String... orders) throws SQLException {
        try (SandboxPostgres postgres = SandboxPostgres.start(dir.resolve("sandbox"));
                Connection owner = DriverManager.getConnection(
                        postgres.jdbcUrl("sluice"),
                        SandboxPostgres.MIGRATOR,
                        postgres.password(SandboxPostgres.MIGRATOR));
                Statement order = owner.createStatement()) {
            for (String sql : orders) {
                order.execute(sql);
            }
        }
    }

    private Rebuilding.Answer rebuild(String... options) {
        return Rebuilding.rebuild(dir, options);
    }
}
