package io.sluice.ledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.chain.AnchoredSeals;
import io.sluice.ledger.evidence.EventCheck.Finding;
import io.sluice.ledger.evidence.EventCheck.Kind;
import io.sluice.ledger.evidence.EventCheck.Report;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.sandbox.SandboxPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class EventSealsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    private int inserted;
    private TestDatabase database;
    private TestBeans beans;

    @BeforeEach
    void books() {
        database = TestDatabase.fresh();
        beans = TestBeans.on(database);
    }

    @Test
    void eachEventIsUnderOneSealAndEachSealFollowsTheOneBefore() throws SQLException {
        events(3);
        seal(NOW);
        seal(NOW); // nothing new
        events(2);
        seal(NOW);
        events(1);

        assertThat(beans.db()
                        .sql(
                                "select seal_no || ': ' || from_index || '-' || to_index || ' ' || count from event_seal order by 1")
                        .query(String.class)
                        .list())
                .containsExactly("1: 1-3 3", "2: 4-5 2");
        assertThat(check(null)).isEqualTo(new Report(2, 5, 1, null, List.of(), 0));
    }

    @Test
    void noSealGoesPastATransactionThatIsStillOpen() throws SQLException {
        events(2);
        try (Connection slow = database.connect(SandboxPostgres.APP)) {
            slow.setAutoCommit(false);
            insert(slow); // takes index 3
            events(1); // and this one 4
            seal(NOW);
            assertThat(sealedThrough()).isEqualTo(2);
            slow.commit();
        }
        seal(NOW);
        assertThat(sealedThrough()).isEqualTo(4);
        assertThat(check(null).holds()).isTrue();
    }

    @Test
    void aGapIsWaitedForAsLongAsATransactionCanLast() throws SQLException {
        events(1);
        try (Connection given = database.connect(SandboxPostgres.APP)) {
            given.setAutoCommit(false);
            insert(given);
            given.rollback(); // index 2 is never used
        }
        events(1);
        seal(NOW.plus(Sealer.SETTLED).minusSeconds(1));
        assertThat(sealedThrough()).isEqualTo(1);
        seal(NOW.plus(Sealer.SETTLED).plusSeconds(1));
        assertThat(sealedThrough()).isEqualTo(3);
        assertThat(check(null)).isEqualTo(new Report(2, 2, 0, null, List.of(), 0));
    }

    @Test
    void namesTheRowThatWasAlteredTheOneThatWasDeletedAndTheOneThatWasPutInLater() throws SQLException {
        events(4);
        try (Connection given = database.connect(SandboxPostgres.APP)) {
            given.setAutoCommit(false);
            insert(given);
            given.rollback(); // index 5
        }
        events(3);
        seal(NOW.plus(Sealer.SETTLED).plusSeconds(1));
        assertThat(check(null).holds()).isTrue();

        tamper("update event set payload = payload || '\\x20'::bytea where global_index = 2");
        tamper("delete from event where global_index = 7");
        tamper(
                "insert into event (global_index, event_id, aggregate_id, sequence_no, occurred_at, payload_type, payload)"
                        + " overriding system value values (5, 'late', 'a', 99, '" + NOW + "', 'x', '')");

        Report report = check(null);
        assertThat(report.holds()).isFalse();
        assertThat(report.findings())
                .extracting(Finding::kind, Finding::index)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(Kind.EVENT_ALTERED, 2L),
                        org.assertj.core.groups.Tuple.tuple(Kind.EVENT_DELETED, 7L),
                        org.assertj.core.groups.Tuple.tuple(Kind.EVENT_BACK_DATED, 5L));
        assertThat(report.findings())
                .filteredOn(found -> found.kind() == Kind.EVENT_BACK_DATED)
                .singleElement()
                .extracting(Finding::eventId)
                .isEqualTo("late");
    }

    @Test
    void everyColumnIsCovered() throws SQLException {
        for (String change : List.of(
                "event_id = 'another'",
                "aggregate_id = aggregate_id || 'x'",
                "sequence_no = sequence_no + 100",
                "aggregate_type = 'Other'",
                "aggregate_type = ''",
                "occurred_at = '2026-11-23T08:59:59Z'",
                "payload_type = payload_type || 'x'",
                "payload_revision = '1'",
                "payload = '\\x00'",
                "meta_data = ''",
                "written_by = '3'")) {
            books();
            events(3);
            seal(NOW);
            tamper("update event set " + change + " where global_index = 2");
            assertThat(check(null).findings())
                    .as(change)
                    .singleElement()
                    .extracting(Finding::kind, Finding::index)
                    .containsExactly(Kind.EVENT_ALTERED, 2L);
        }
    }

    @Test
    void aSealThatWasChangedAlongWithItsEventsIsFoundByTheNextAndARewrittenTableByTheChain() throws SQLException {
        events(2);
        seal(NOW);
        AnchoredSeals onChain = AnchoredSeals.NONE.and(1, hashOf(1));
        anchored(1);
        events(2);
        seal(NOW);
        assertThat(check(onChain)).isEqualTo(new Report(2, 4, 0, 1L, List.of(), 0));

        tamper("update event set payload = '\\x00' where global_index = 1");
        rewriteFirstSeal();
        assertThat(check(null).findings())
                .extracting(Finding::kind, Finding::seal)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Kind.SEAL_ALTERED, 2L));

        tamper("delete from event_seal where seal_no = 2");
        assertThat(check(null).holds()).isTrue(); // who can rewrite everything leaves no trace in the database
        assertThat(check(onChain).findings()).extracting(Finding::kind).containsExactly(Kind.CHAIN_DIFFERS);
    }

    @Test
    void aSealThatIsOnChainBeforeItIsWrittenDownHereIsNoDifference() throws SQLException {
        events(1);
        seal(NOW);
        assertThat(check(AnchoredSeals.NONE.and(1, hashOf(1))).holds()).isTrue();
        assertThat(check(AnchoredSeals.NONE.and(2, hashOf(1))).findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.CHAIN_DIFFERS);
    }

    @Test
    void theEnginesOwnLoginCannotChangeASeal() throws SQLException {
        events(1);
        seal(NOW);
        assertThatThrownBy(
                        () -> beans.db().sql("update event_seal set count = 2").update())
                .rootCause()
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> database.as(SandboxPostgres.MIGRATOR)
                        .sql("delete from event_seal")
                        .update())
                .rootCause()
                .hasMessageContaining("append-only");
    }

    @Test
    void saysHowLongTheOldestUnsealedEventHasWaited() throws SQLException {
        assertThat(sealer(NOW).oldestUnsealedSeconds()).isZero();
        events(1);
        assertThat(sealer(NOW.plusSeconds(90)).oldestUnsealedSeconds()).isEqualTo(90);
        seal(NOW);
        assertThat(sealer(NOW.plusSeconds(90)).oldestUnsealedSeconds()).isZero();
    }

    private void events(int count) throws SQLException {
        try (Connection connection = database.connect(SandboxPostgres.APP)) {
            for (int i = 0; i < count; i++) {
                insert(connection);
            }
        }
    }

    private void insert(Connection connection) throws SQLException {
        inserted++;
        try (var row = connection.prepareStatement(
                "insert into event (event_id, aggregate_id, sequence_no, occurred_at, payload_type, payload) values (?, ?, 0, ?, 'x', ?)")) {
            row.setString(1, "e-" + inserted);
            row.setString(2, "A-" + inserted);
            row.setString(3, NOW.toString());
            row.setBytes(4, new byte[] {1, 2, 3});
            row.executeUpdate();
        }
    }

    private void seal(Instant now) {
        sealer(now).work();
    }

    private Sealer sealer(Instant now) {
        return new Sealer(beans.db(), beans.transactions(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private long sealedThrough() {
        return beans.db()
                .sql("select max(to_index) from event_seal")
                .query(Long.class)
                .single();
    }

    private String hashOf(long seal) {
        return beans.db()
                .sql("select hash from event_seal where seal_no = ?")
                .param(seal)
                .query(String.class)
                .single();
    }

    private void anchored(long seal) {
        beans.db()
                .sql(
                        "insert into seal_anchor (seal_no, registry, transaction_hash, block_number) values (?, 'r', 't', 1)")
                .param(seal)
                .update();
    }

    /** What only somebody with the owner's login and the will can do. */
    private void tamper(String sql) throws SQLException {
        try (Connection owner = database.connect(SandboxPostgres.MIGRATOR);
                Statement statement = owner.createStatement()) {
            for (String table : List.of("event", "event_seal")) {
                statement.execute("alter table " + table + " disable trigger user");
            }
            statement.execute(sql);
            for (String table : List.of("event", "event_seal")) {
                statement.execute("alter table " + table + " enable trigger user");
            }
        }
    }

    private void rewriteFirstSeal() throws SQLException {
        JdbcClient db = beans.db();
        List<EventRow> rows = db.sql("select " + EventRow.COLUMNS + " from event where global_index <= 2 order by 1")
                .query((row, n) -> EventRow.of(row))
                .list();
        Seal forged = Seal.over(null, rows);
        tamper("update event_seal set merkle_root = '" + forged.root() + "', hash = '" + forged.hash()
                + "', leaves = '\\x" + SealHashes.hex(forged.hints()) + "' where seal_no = 1");
    }

    private Report check(@Nullable AnchoredSeals onChain) throws SQLException {
        try (Connection auditor = database.connect(SandboxPostgres.AUDITOR)) {
            return EventCheck.run(auditor, onChain);
        }
    }
}
