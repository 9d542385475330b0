package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sandbox.SandboxPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RELIABILITY DB-15: what the engine's own login cannot do to what must stay. */
class AppendOnlyTest {

    private static final String EVENT =
            "insert into event (event_id, aggregate_id, sequence_no, aggregate_type, occurred_at,"
                    + " payload_type, payload, meta_data) values ('e-1', 'A', 0, 'T', 'now', 'x', '\\x00', '\\x00')";

    private static TestDatabase database;

    @BeforeAll
    static void writeAnEvent() throws SQLException {
        database = TestDatabase.fresh();
        try (Connection connection = database.connect(SandboxPostgres.APP)) {
            connection.createStatement().execute(EVENT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update event set payload = '\\x01'",
                "delete from event",
                "truncate event",
                "insert into event (global_index, event_id, aggregate_id, sequence_no, occurred_at, payload_type, payload)"
                        + " overriding system value values (-5, 'e-2', 'A', 1, 'past', 'x', '\\x00')",
                "insert into event (event_id, aggregate_id, sequence_no, occurred_at, payload_type, payload, written_by)"
                        + " values ('e-3', 'A', 1, 'now', 'x', '\\x00', '1')",
                "alter table event disable trigger all",
                "drop table event",
                "alter table event drop constraint event_once",
                "select setval(pg_get_serial_sequence('event', 'global_index'), 1)",
                "set session_replication_role = replica",
                "update raw_evidence set sealed = '\\x00'",
                "delete from raw_evidence",
                "update journal_batch set units = '{0}'",
                "delete from journal_batch",
                "update journal_shape set accounts = '{a}'",
                "delete from journal_shape",
                "update division set units = '{0}'",
                "delete from division",
                "update inflow_terms set account = 'b'",
                "delete from inflow_terms",
                "delete from booked_inflow",
                "delete from routed_inflow",
                "update rule_document set document = '\\x00'",
                "delete from outbox_attempt",
                "delete from audit_log",
                "create role mallory"
            })
    void refusesTheEnginesLogin(String attack) throws SQLException {
        try (Connection connection = database.connect(SandboxPostgres.APP)) {
            assertThatThrownBy(() -> connection.createStatement().execute(attack))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(database.as(SandboxPostgres.APP)
                        .sql("select count(*) from event where event_id = 'e-1' and payload = '\\x00'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void refusesEvenTheOwnerWithoutSwitchingTheTriggerOff() throws SQLException {
        try (Connection connection = database.connect(SandboxPostgres.MIGRATOR)) {
            assertThatThrownBy(() -> connection.createStatement().execute("delete from event"))
                    .hasMessageContaining("append-only");
            assertThatThrownBy(() -> connection.createStatement().execute("truncate event"))
                    .hasMessageContaining("append-only");
        }
    }

    /** PostgreSQL answers such a grant with a warning only; what counts is that nothing was granted. */
    @Test
    void theEnginesLoginCannotGiveItselfMore() throws SQLException {
        try (Connection connection = database.connect(SandboxPostgres.APP)) {
            connection.createStatement().execute("grant update, delete, truncate on event to sluice_app");
            assertThatThrownBy(() -> connection.createStatement().execute("update event set payload = '\\x01'"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void theAuditorReadsAndWritesNothing() throws SQLException {
        try (Connection connection = database.connect(SandboxPostgres.AUDITOR)) {
            assertThatCode(() -> connection.createStatement().execute("select * from event"))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> connection.createStatement().execute(EVENT))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.createStatement().execute("select * from data_key"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.createStatement().execute("select * from payee"))
                    .isInstanceOf(SQLException.class);
        }
    }
}
