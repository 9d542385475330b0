package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.platform.LaneBatch;
import io.sluice.platform.TestDatabase;
import io.sluice.sandbox.SandboxPostgres;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of inflows, and what inflows of one account have in common. */
class InflowsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);
    private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");
    private static final String STATEMENT = "a".repeat(64);
    private static final String NOTICE = "b".repeat(64);

    private static final String ALL =
            "select (i.inflow_id, i.account, i.kind, i.units, i.currency, i.value_date, i.state,"
                    + " i.evidence_sha256, i.end_to_end_id, i.booked_at, i.decided_by)::text from inflow i order by inflow_id";

    private static final InflowsBooked BOOKED = new InflowsBooked(
            "SHOP",
            AccountKind.COLLECTION,
            "EUR",
            AT,
            List.of(
                    inflow(1, InflowKind.SALE, DAY, STATEMENT, null, "rule 1"),
                    inflow(2, InflowKind.UNKNOWN, DAY, STATEMENT, null, "rule 1"),
                    inflow(3, InflowKind.SALE, DAY.plusDays(1), STATEMENT, null, "rule 1"),
                    inflow(4, InflowKind.SALE, DAY, NOTICE, null, "rule 1"),
                    inflow(5, InflowKind.SALE, LocalDate.of(1969, 12, 31), NOTICE, null, null),
                    inflow(6, InflowKind.RETURN, DAY, NOTICE, "E2E-6", "")));

    /** Those, and some of another account and in another currency, for the same reason. */
    private static final List<InflowsBooked> ALL_BOOKED = List.of(
            BOOKED,
            new InflowsBooked(
                    "SHOP2",
                    AccountKind.COLLECTION,
                    "EUR",
                    AT,
                    List.of(inflow(7, InflowKind.SALE, DAY, NOTICE, null, "rule 1"))),
            new InflowsBooked(
                    "SHOP",
                    AccountKind.COLLECTION,
                    "SEK",
                    AT,
                    List.of(inflow(8, InflowKind.SALE, DAY, NOTICE, null, "rule 1"))));

    private TestDatabase database;
    private HikariDataSource source;
    private JdbcClient db;
    private Inflows inflows;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        source = database.pool(1);
        db = JdbcClient.create(source);
        inflows = new Inflows(new JdbcTemplate(source), source);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void inflowsOfOneAccountAndReasonShareTheirTermsWhateverTheirDaysAndEvidence() {
        LaneBatch.run(() -> ALL_BOOKED.forEach(inflows::on));
        assertThat(lines(
                        db,
                        "select string_agg(right(inflow_id::text, 1), '' order by inflow_id) from booked_inflow"
                                + " group by terms_id order by 1"))
                .containsExactly("1234", "5", "6", "7", "8");
        assertThat(lines(
                        db,
                        "select decided_by is null from inflow where right(inflow_id::text, 1) in ('5', '6')"
                                + " order by inflow_id"))
                .as("no reason is not an empty one")
                .containsExactly("t", "f");
    }

    @Test
    void anInflowThatIsTakenBackIsReversedWhetherBookedInTheSameBatchOrBefore() {
        LaneBatch.run(() -> {
            inflows.on(BOOKED);
            inflows.on(reversed(2));
        });
        LaneBatch.run(() -> inflows.on(reversed(4)));
        assertThat(lines(db, "select right(inflow_id::text, 1) || ' ' || state from inflow order by 1"))
                .containsExactly("1 BOOKED", "2 REVERSED", "3 BOOKED", "4 REVERSED", "5 BOOKED", "6 BOOKED");
    }

    @Test
    void termsUnderAnotherIdThanTheirOwnAreRefused() {
        assertThatThrownBy(() -> database.as(SandboxPostgres.MIGRATOR)
                        .sql(
                                "insert into inflow_terms values (inflow_terms_id('SHOP', 'EUR', ''), 'SHOP', 'EUR', null)")
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void inflowsOfOldBooksBecomeTheRowsThatTheirEventsMake() {
        TestDatabase old = TestDatabase.of("52");
        JdbcClient owner = old.as(SandboxPostgres.MIGRATOR);
        ALL_BOOKED.stream()
                .flatMap(InflowsBooked::each)
                .forEach(its -> owner.sql("insert into inflow values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?)")
                        .params(
                                its.inflowId(),
                                its.account(),
                                its.kind().name(),
                                its.units(),
                                its.currency(),
                                its.valueDate(),
                                its.inflowId().equals(id(2)) ? "REVERSED" : "BOOKED",
                                its.evidenceSha256(),
                                its.ourReference(),
                                AT.toString(),
                                its.decidedBy())
                        .update());
        List<String> before = lines(owner, ALL);

        old.migrateTo("53");

        LaneBatch.run(() -> {
            ALL_BOOKED.forEach(inflows::on);
            inflows.on(reversed(2));
        });
        JdbcClient migrated = old.as(SandboxPostgres.AUDITOR);
        assertThat(lines(migrated, ALL)).isEqualTo(before).hasSize(8);
        assertThat(lines(db, ALL)).isEqualTo(before);
        for (String rows : List.of(
                "select b::text from booked_inflow b order by inflow_id",
                "select t::text from inflow_terms t order by terms_id")) {
            assertThat(lines(migrated, rows)).isEqualTo(lines(db, rows)).isNotEmpty();
        }
    }

    private static Booked inflow(
            int number,
            InflowKind kind,
            LocalDate day,
            String evidence,
            @Nullable String ourReference,
            @Nullable String decidedBy) {
        return new Booked(id(number), kind, 100 + number, day, "VALUE", evidence, ourReference, decidedBy);
    }

    private static UUID id(int number) {
        return new UUID(7, number);
    }

    private static InflowReversed reversed(int number) {
        return new InflowReversed(id(number), "SHOP", AccountKind.COLLECTION, 100 + number, "EUR", DAY, NOTICE, AT);
    }

    private static List<String> lines(JdbcClient db, String query) {
        return db.sql(query).query(String.class).list();
    }
}
