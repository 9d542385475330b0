package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sandbox.SandboxPostgres;
import java.sql.Connection;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** On which ground the engine refuses to start. */
class SelfCheckTest {

    private static TestDatabase database;

    private final TransactionManager transactions = Mockito.mock(SpringTransactionManager.class);
    private final TokenStore tokens = Mockito.mock(JdbcTokenStore.class);
    private final PersistenceExceptionResolver duplicates = new PostgresDuplicateKeys();

    @BeforeAll
    static void migrate() {
        database = TestDatabase.fresh();
    }

    private SelfCheck check(JdbcClient db) {
        return new SelfCheck(db, transactions, tokens, duplicates);
    }

    @Test
    void acceptsADurableDatabaseAndALoginThatCannotChangeEvents() {
        assertThat(check(database.as(SandboxPostgres.APP)).findings()).isEmpty();
    }

    @Test
    void refusesADatabaseThatForgetsWhatItAcknowledged() throws Exception {
        try (Connection connection = database.connect(SandboxPostgres.APP)) {
            connection.createStatement().execute("set synchronous_commit = off");
            SelfCheck check = check(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
            assertThat(check.findings()).singleElement().asString().contains("synchronous_commit = off");
            assertThatThrownBy(check::start).hasMessageContaining("Refusing to start");
        }
    }

    @Test
    void refusesALoginThatMayChangeEvents() {
        assertThat(check(database.as(SandboxPostgres.MIGRATOR)).findings())
                .anyMatch(finding -> finding.contains("may change events"))
                .anyMatch(finding -> finding.contains("may delete evidence"));
    }

    @Test
    void refusesAxonWithoutTransactionsTokensOrDuplicates() {
        assertThat(new SelfCheck(
                                database.as(SandboxPostgres.APP),
                                NoTransactionManager.instance(),
                                new InMemoryTokenStore(),
                                anyException -> false)
                        .findings())
                .hasSize(3);
    }

    @Test
    void refusesEventsWithoutAnyToken() throws Exception {
        TestDatabase other = TestDatabase.fresh();
        try (Connection connection = other.connect(SandboxPostgres.APP)) {
            connection
                    .createStatement()
                    .execute(
                            "insert into event (event_id, aggregate_id, sequence_no, occurred_at, payload_type, payload)"
                                    + " values ('e', 'A', 0, 'now', 'x', '\\x00')");
        }
        assertThat(check(other.as(SandboxPostgres.APP)).findings())
                .singleElement()
                .asString()
                .contains("tokens were deleted");
    }
}
