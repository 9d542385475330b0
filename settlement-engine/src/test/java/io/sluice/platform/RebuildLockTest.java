package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sandbox.SandboxPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rebuild is not for books that somebody writes on, even if its engine has long not said that it lives. */
class RebuildLockTest {

    private static final String APPEND =
            "insert into event (event_id, aggregate_id, sequence_no, aggregate_type, occurred_at,"
                    + " payload_type, payload, meta_data) values ('e-1', 'A', 0, 'T', 'now', 'x', '\\x00', '\\x00')";

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void refusesWhileATransactionThatAppendsIsOpenAndHasChangedNothing() throws SQLException {
        database.as(SandboxPostgres.MIGRATOR)
                .sql("insert into processor_token (processor_name, segment, owner, touched_at)"
                        + " values ('ledger.journal', 0, 'paused', '2026-11-23T08:00:00Z')")
                .update();
        database.as(SandboxPostgres.MIGRATOR)
                .sql("insert into balance (account, agreement_id, currency, units) values ('invented', '-', 'EUR', 1)")
                .update();
        try (Connection paused = database.connect(SandboxPostgres.APP)) {
            paused.setAutoCommit(false);
            paused.createStatement().execute(APPEND);
            assertThatThrownBy(this::rebuild)
                    .isInstanceOf(Rebuild.Refused.class)
                    .hasMessageContaining("A transaction that appends events to these books is open")
                    .hasMessageContaining("Nothing was changed. End its process");
            assertThat(balances()).containsExactly("invented");
            assertThat(owners()).containsExactly("paused");
            paused.rollback();
        }
        assertThat(rebuild())
                .filteredOn(model -> !model.same())
                .singleElement()
                .satisfies(model ->
                        assertThat(model.differences()).containsExactly("balance had rows, and the other has none"));
        assertThat(balances()).isEmpty();
    }

    @Test
    void aReaderThatIsAtWorkAndADeadEnginesClaimsAreNoReasonToRefuse() throws SQLException {
        database.as(SandboxPostgres.MIGRATOR)
                .sql("insert into processor_token (processor_name, segment, owner, touched_at)"
                        + " values ('ledger.journal', 0, 'killed', '2026-11-23T08:00:00Z')")
                .update();
        try (Connection auditor = database.connect(SandboxPostgres.AUDITOR)) {
            auditor.setAutoCommit(false);
            auditor.createStatement().execute("select count(*) from event");
            assertThat(rebuild()).allMatch(Rebuild.Model::same);
        }
    }

    /** Of version 50 a table has one column less: found out by a handler, it would be told as a fault of the program. */
    @Test
    void booksOfAnotherVersionAreRefusedWithWhatToDo() {
        TestDatabase older = TestDatabase.of("50");
        assertThatThrownBy(() -> rebuild(older))
                .isInstanceOf(Rebuild.Refused.class)
                .hasMessageContaining("of schema version 050: they were kept by an older version")
                .hasMessageContaining("Start the engine of this version once");
        TestDatabase newer = TestDatabase.fresh();
        newer.as(SandboxPostgres.MIGRATOR)
                .sql(
                        "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)"
                                + " values (9999, '9999', 'x', 'SQL', 'V9999__x.sql', 1, 'sluice_migrator', 1, true)")
                .update();
        assertThatThrownBy(() -> rebuild(newer))
                .isInstanceOf(Rebuild.Refused.class)
                .hasMessageContaining("of schema version 9999: they were kept by a newer version");
    }

    @Test
    void indexesAndConstraintsOfReplacedTablesAreThoseOfBefore() {
        List<String> before = shape();
        database.as(SandboxPostgres.MIGRATOR).sql("""
                        insert into balance values ('invented', '-', 'EUR', 1);
                        insert into journal_shape values (journal_shape_id('{a}', '{-}', '{EUR}'), '{a}', '{-}', '{EUR}');
                        insert into journal_batch (source_event, batch, shape_id, value_date, booked_on, recorded_at, journal_ids, units)
                            values ('e', 0, journal_shape_id('{a}', '{-}', '{EUR}'), '2026-11-23', '2026-11-23', now(), array[gen_random_uuid()], '{1}');
                        insert into division_terms (terms_id, agreement_id, store_id, account, rule_hash, currency, paths, destinations)
                            values (division_terms_id('A', 'S', 'a', 'h', 'EUR', '{/}', '{d}'), 'A', 'S', 'a', 'h', 'EUR', '{/}', '{d}');
                        insert into division (inflow_id, terms_id, value_date, units)
                            select gen_random_uuid(), terms_id, '2026-11-23', '{1}' from division_terms;
                        insert into inflow_terms values (inflow_terms_id('a', 'EUR', null), 'a', 'EUR', null);
                        insert into booked_inflow
                            select gen_random_uuid(), terms_id, 1, now(), '2026-11-23', false, 'SALE', sha256('h'), '' from inflow_terms;
                        insert into agreement (agreement_id, name, currency, token, trust_account, fee_account)
                            values ('A', 'n', 'EUR', 't', 'a', 'a');
                        insert into store (store_id, agreement_id, merchant_id, merchant_name, collection_account, payee_id)
                            values ('S', 'A', 'M', 'm', 'a', 'p')""").update();
        assertThat(rebuild()).filteredOn(model -> !model.same()).hasSize(4);
        assertThat(database.as(SandboxPostgres.MIGRATOR)
                        .sql("select (select count(*) from store) + (select count(*) from division)")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(shape()).isEqualTo(before).anyMatch(line -> line.contains("journal_shape_accounts"));
    }

    private List<String> shape() {
        return database.as(SandboxPostgres.MIGRATOR)
                .sql("""
                        select tablename::text || ': ' || indexdef || case when indisprimary then ', primary' else '' end
                            || case when indisvalid and indisready then '' else ', not ready' end
                        from pg_indexes join pg_index on indexrelid = indexname::regclass where schemaname = 'public'
                        union all
                        select conrelid::regclass::text || ': ' || conname::text || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated::text
                        from pg_constraint where connamespace = 'public'::regnamespace
                        union all
                        select tgrelid::regclass::text || ': ' || tgname::text || ' ' || tgenabled::text from pg_trigger
                        where not tgisinternal order by 1""")
                .query(String.class)
                .list();
    }

    private List<Rebuild.Model> rebuild() {
        return rebuild(database);
    }

    private static List<Rebuild.Model> rebuild(TestDatabase books) {
        return Rebuild.run(
                books.url(), SandboxPostgres.MIGRATOR, books.password(SandboxPostgres.MIGRATOR), true, read -> {});
    }

    private List<String> balances() {
        return database.as(SandboxPostgres.MIGRATOR)
                .sql("select account from balance")
                .query(String.class)
                .list();
    }

    private List<String> owners() {
        return database.as(SandboxPostgres.MIGRATOR)
                .sql("select owner from processor_token")
                .query(String.class)
                .list();
    }
}
