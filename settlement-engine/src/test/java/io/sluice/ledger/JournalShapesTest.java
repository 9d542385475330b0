package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.ledger.LedgerEvent.JournalLine;
import io.sluice.ledger.LedgerEvent.JournalPosted;
import io.sluice.platform.Hashes;
import io.sluice.platform.LaneBatch;
import io.sluice.platform.TestDatabase;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.Terms;
import io.sluice.sandbox.SandboxPostgres;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What entries have in common is written once, under an id that is the same whenever and by whom it is computed. */
class JournalShapesTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);
    private static final BigInteger TWO_TO_THE_63RD = BigInteger.TWO.pow(63);
    private static final BigInteger TWO_TO_THE_31ST = BigInteger.TWO.pow(31);

    private TestDatabase database;
    private HikariDataSource source;
    private JdbcClient db;
    private TransactionTemplate transaction;
    private Journal journal;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        source = database.pool(2);
        db = JdbcClient.create(source);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
        journal = new Journal(new JdbcTemplate(source), source);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void entriesOfOneShapeShareItsRowWhateverTheirUnitsDaysAndBatches() {
        book(entry(1, DAY, "a", "b", BigInteger.TEN), entry(2, DAY, "a", "b", BigInteger.TWO));
        book(entry(3, DAY.plusDays(1), "a", "b", BigInteger.ONE), entry(4, DAY, "b", "a", BigInteger.ONE));
        assertThat(lines("select accounts::text from journal_shape order by 1")).containsExactly("{a,b}", "{b,a}");
        assertThat(lines(
                        "select source_event || ' ' || line || ' ' || account || ' ' || units from posting order by 1"))
                .containsExactly(
                        "e-1 0 a 10",
                        "e-1 1 b -10",
                        "e-2 0 a 2",
                        "e-2 1 b -2",
                        "e-3 0 a 1",
                        "e-3 1 b -1",
                        "e-4 0 b 1",
                        "e-4 1 a -1");
        assertThat(lines("select source_event || ' ' || units from postings_of('a') order by 1"))
                .containsExactly("e-1 10", "e-2 2", "e-3 1", "e-4 -1");
    }

    /** One column for which it looks at more makes it read as many rows, and count each element of their arrays. */
    @Test
    void analyzeLooksAtFewRowsOfBatches() {
        assertThat(lines("select attname from pg_attribute where attrelid = 'journal_batch'::regclass and attnum > 0"
                        + " and not attisdropped and attstattarget is distinct from 10"))
                .isEmpty();
    }

    @Test
    void balancesAndDaysAreTheSumsOfThePostingsHoweverLargeTheyAre() {
        book(
                entry(1, DAY, "a", "b", TWO_TO_THE_63RD),
                entry(2, DAY, "a", "b", TWO_TO_THE_63RD),
                entry(3, DAY, "a", "b", BigInteger.ONE.negate()),
                entry(4, DAY, "b", "a", BigInteger.TWO),
                entry(5, DAY.plusDays(1), "a", "a", BigInteger.TEN));
        BigInteger sum = TWO_TO_THE_63RD.shiftLeft(1).subtract(BigInteger.valueOf(3));
        assertThat(lines("select account || ' ' || units from balance order by 1"))
                .containsExactly("a " + sum, "b -" + sum);
        assertThat(
                        lines(
                                "select account || ' ' || value_date || ' ' || units || ' ' || debits from day_balance order by 1"))
                .containsExactly(
                        "a 2026-11-24 " + sum + " " + TWO_TO_THE_63RD.shiftLeft(1),
                        "a 2026-11-25 0 10",
                        "b 2026-11-24 -" + sum + " 3");
    }

    @Test
    void aShapeThatWasRolledBackIsWrittenByWhoBooksItNext() {
        EventMessage<?> first = entry(1, DAY, "a", "b", BigInteger.TEN);
        transaction.executeWithoutResult(status -> {
            book(first);
            status.setRollbackOnly();
        });
        assertThat(lines("select accounts::text from journal_shape")).isEmpty();
        transaction.executeWithoutResult(status -> book(first));
        assertThat(lines("select account from posting order by line")).containsExactly("a", "b");
    }

    @Test
    void noTwoShapesHaveOneIdThoughTheirNamesJoinedWouldBeTheSame() {
        assertThat(List.of(
                        shape(List.of("a", "b"), List.of("-", "-"), List.of("EUR", "EUR")),
                        shape(List.of("b", "a"), List.of("-", "-"), List.of("EUR", "EUR")),
                        shape(List.of("a-EURb"), List.of("-"), List.of("EUR")),
                        shape(List.of("a|-|EUR|b"), List.of("-"), List.of("EUR")),
                        shape(List.of("a,b"), List.of("-,-"), List.of("EUR,EUR")),
                        shape(List.of("a|"), List.of("-"), List.of("EUR")),
                        shape(List.of("a"), List.of("|-"), List.of("EUR")),
                        shape(List.of("a"), List.of("-"), List.of("|EUR")),
                        shape(List.of("a", ""), List.of("-", ""), List.of("EUR", "")),
                        shape(List.of("a", "", ""), List.of("-", "", ""), List.of("EUR", "", "")),
                        shape(List.of("ü漢🙂 \"q\" \\x00"), List.of("-"), List.of("EUR"))))
                .as("the database has computed the same, or would have refused")
                .doesNotHaveDuplicates();
    }

    /** Writes it and answers its id. */
    private UUID shape(List<String> accounts, List<String> agreements, List<String> currencies) {
        UUID id = new JournalShape(accounts, agreements, currencies).id();
        insert(id, accounts, agreements, currencies);
        return id;
    }

    private void insert(UUID id, List<String> accounts, List<String> agreements, List<String> currencies) {
        db.sql("insert into journal_shape values (?, ?, ?, ?)")
                .params(
                        id,
                        accounts.toArray(String[]::new),
                        agreements.toArray(String[]::new),
                        currencies.toArray(String[]::new))
                .update();
    }

    @Test
    void aShapeUnderAnotherIdThanItsOwnIsRefused() {
        assertThatThrownBy(() -> insert(new UUID(0, 1), List.of("a"), List.of("-"), List.of("EUR")))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    /** Books of the schema before, with entries that share a shape and one of names that an array has to quote. */
    @Test
    void thePostingsOfOldBooksAreTheSameAfterTheMoveAndTheirShapesAreThoseOfNewOnes() {
        TestDatabase old = TestDatabase.of("45");
        JdbcClient owner = old.as(SandboxPostgres.MIGRATOR);
        owner.sql("""
                        insert into journal_entry
                            select md5(n::text)::uuid, date '2026-11-01' + n % 7, date '2026-11-02' + n % 7,
                                   case n % 3 when 0 then date '2026-10-31' end, 'e-' || n, timestamptz '2026-11-24 09:00Z' + n * interval '1 s',
                                   array['bank/' || n % 5, 'clearing.unrouted', 'bank/' || n % 5], array['-', 'A' || n % 2, '-'],
                                   array[n + 1, -n, -1], array['EUR', 'EUR', 'EUR']
                            from generate_series(1, 200) n;
                        insert into journal_entry values (gen_random_uuid(), '2026-11-01', '2026-11-01', null, 'e-0', '2026-11-24 09:00Z',
                            array['ü "q", \\x {}', 'NULL'], array['', 'a|b'], array[9223372036854775808, -9223372036854775808],
                            array['EUR', 'EUR'])""").update();
        String everything = "select p::text from posting p order by journal_id, line";
        String ofOne = "select p::text from postings_of('bank/3') p order by journal_id, line";
        String audited = "select p::text from chk_posting p order by journal_id, line";
        List<List<String>> before = List.of(lines(owner, everything), lines(owner, ofOne), lines(owner, audited));

        old.migrateTo("46");

        JdbcClient auditor = old.as(SandboxPostgres.AUDITOR);
        assertThat(List.of(lines(auditor, everything), lines(auditor, ofOne), lines(auditor, audited)))
                .isEqualTo(before);
        assertThat(before.getFirst()).hasSize(602);
        List<Map.Entry<UUID, JournalShape>> shapes = auditor.sql("select * from journal_shape")
                .query((row, n) -> Map.entry(
                        row.getObject("shape_id", UUID.class),
                        new JournalShape(
                                List.of((String[]) row.getArray("accounts").getArray()),
                                List.of((String[]) row.getArray("agreements").getArray()),
                                List.of((String[]) row.getArray("currencies").getArray()))))
                .list();
        assertThat(shapes)
                .hasSize(11)
                .allSatisfy(shape -> assertThat(shape.getValue().id()).isEqualTo(shape.getKey()));
    }

    /**
     * Books of the schema before, as the handler then wrote them: an entry for each inflow, whatever event it was told by. After the move
     * they are what the handler makes of the same events, so that a rebuild finds no difference.
     */
    @Test
    void entriesOfOldBooksBecomeTheBatchesThatTheirEventsMake() {
        InflowsRouted routed = routed(40);
        EventMessage<?> many = new GenericEventMessage<>("e-many", routed, MetaData.emptyInstance(), Instant.EPOCH);
        List<EventMessage<?>> single = List.of(
                entry(1, DAY, "a", "b", TWO_TO_THE_63RD),
                entry(2, DAY, "a", "b", TWO_TO_THE_31ST.subtract(BigInteger.ONE)),
                entry(3, DAY, "a", "b", TWO_TO_THE_31ST),
                entry(4, DAY, "a", "b", TWO_TO_THE_31ST.negate()));
        LaneBatch.run(many, () -> {
            journal.on(routed, many);
            single.forEach(one -> journal.on((JournalPosted) one.getPayload(), one));
        });
        TestDatabase old = TestDatabase.of("48");
        JdbcClient owner = old.as(SandboxPostgres.MIGRATOR);
        routed.each()
                .forEach(inflow -> insertOld(
                        owner,
                        Hashes.uuid("journal", "e-many", inflow.inflowId().toString()),
                        inflow.valueDate(),
                        "e-many",
                        Bookkeeping.lines(inflow).list()));
        single.forEach(one -> insertOld(
                owner,
                Hashes.uuid("journal", one.getIdentifier()),
                DAY,
                one.getIdentifier(),
                Bookkeeping.lines((JournalPosted) one.getPayload()).list()));
        String everything = "select p::text from posting p order by journal_id, line";
        String ofOne = "select p::text from postings_of('clearing.unrouted') p order by journal_id, line";
        List<List<String>> before = List.of(lines(owner, everything), lines(owner, ofOne));

        old.migrateTo("52");

        JdbcClient auditor = old.as(SandboxPostgres.AUDITOR);
        assertThat(List.of(lines(auditor, everything), lines(auditor, ofOne))).isEqualTo(before);
        assertThat(lines(everything)).isEqualTo(before.getFirst()).hasSizeGreaterThan(100);
        String batches = "select b::text from journal_batch b order by source_event, batch";
        assertThat(lines(auditor, batches)).isEqualTo(lines(batches)).hasSizeBetween(5, 30);
        assertThat(lines("select source_event from journal_batch where large_units is not null order by 1"))
                .as("one line of each needs more than 32 bits")
                .containsExactly("e-1", "e-3", "e-4");
    }

    /** Of two stores and two days, some without royalty, some of which a reserve gave something up. */
    private static InflowsRouted routed(int inflows) {
        List<Claim> claims = List.of(
                new Claim("/fee", Destination.PLATFORM_FEES),
                new Claim("/royalty", Destination.ROYALTY_POOL),
                new Claim("/reserve", Destination.CASH_RESERVE),
                new Claim("/residual", Destination.MERCHANT_RESIDUAL));
        return new InflowsRouted(
                "A",
                "EUR",
                List.of(new Terms("S1", "SHOP1", "r", claims), new Terms("S2", "SHOP2", "r", claims)),
                IntStream.range(0, inflows)
                        .mapToObj(n -> new Routed(
                                new UUID(7, n),
                                n % 2,
                                1_000 + n,
                                DAY.plusDays(n % 3 / 2),
                                List.of(
                                        1L,
                                        n % 5 == 0 ? 0L : 10L,
                                        n % 7 == 0 ? -3L : 3L,
                                        1_000L + n - 1 - (n % 5 == 0 ? 0 : 10) - (n % 7 == 0 ? -3 : 3)),
                                0,
                                null))
                        .toList());
    }

    private static void insertOld(
            JdbcClient owner, UUID id, LocalDate day, String sourceEvent, List<Posting> postings) {
        JournalShape shape = JournalShape.of(postings);
        owner.sql("insert into journal_shape values (?, ?, ?, ?) on conflict do nothing")
                .params(
                        shape.id(),
                        shape.accounts().toArray(String[]::new),
                        shape.agreements().toArray(String[]::new),
                        shape.currencies().toArray(String[]::new))
                .update();
        owner.sql("insert into journal_entry values (?, ?, ?, ?, null, ?::timestamptz, ?, ?::numeric[])")
                .params(
                        id,
                        shape.id(),
                        day,
                        day,
                        "1970-01-01 00:00Z",
                        sourceEvent,
                        postings.stream()
                                .map(posting -> posting.units().toString())
                                .toArray(String[]::new))
                .update();
    }

    /** Rules of two versions may give the same lines: they are one row then. */
    @Test
    void termsThatComeToTheSameLinesShareABatch() {
        List<Claim> claims = List.of(new Claim("/residual", Destination.MERCHANT_RESIDUAL));
        InflowsRouted routed = new InflowsRouted(
                "A",
                "EUR",
                List.of(new Terms("S", "SHOP", "r1", claims), new Terms("S", "SHOP", "r2", claims)),
                List.of(
                        new Routed(new UUID(7, 1), 0, 5, DAY, List.of(5L), 0, null),
                        new Routed(new UUID(7, 2), 1, 6, DAY, List.of(6L), 0, null)));
        EventMessage<?> message = new GenericEventMessage<>("e-two", routed, MetaData.emptyInstance(), Instant.EPOCH);
        LaneBatch.run(message, () -> journal.on(routed, message));
        assertThat(lines("select cardinality(journal_ids) || ' of ' || source_event from journal_batch"))
                .containsExactly("2 of e-two");
        assertThat(lines("select account || ' ' || units from postings_of('merchant.residual/SHOP') order by units"))
                .containsExactly("merchant.residual/SHOP -6", "merchant.residual/SHOP -5");
    }

    @Test
    void anEventThatTellsOfAFactTwiceIsRefused() {
        List<Claim> claims = List.of(new Claim("/residual", Destination.MERCHANT_RESIDUAL));
        Routed once = new Routed(new UUID(7, 1), 0, 5, DAY, List.of(5L), 0, null);
        Routed another = new Routed(new UUID(7, 2), 0, 5, DAY, List.of(5L), 0, null);
        Routed later = new Routed(new UUID(7, 1), 0, 5, DAY.plusDays(1), List.of(5L), 0, null);
        for (List<Routed> inflows : List.of(List.of(once, another, once), List.of(another, once, later))) {
            InflowsRouted routed = new InflowsRouted("A", "EUR", List.of(new Terms("S", "SHOP", "r", claims)), inflows);
            EventMessage<?> message =
                    new GenericEventMessage<>("e-twice", routed, MetaData.emptyInstance(), Instant.EPOCH);
            assertThatThrownBy(() -> LaneBatch.run(message, () -> journal.on(routed, message)))
                    .hasMessageContaining("tells of " + once.inflowId() + " twice");
        }
        assertThat(lines("select account from balance")).isEmpty();
    }

    @Test
    void anEventThatIsBookedAgainIsRefusedThoughItsLinesWereOthers() {
        book(entry(1, DAY, "a", "b", BigInteger.TEN));
        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> book(entry(1, DAY.plusDays(1), "a", "c", BigInteger.ONE))))
                .hasMessageContaining("journal_batch_pkey");
    }

    @Test
    void anEventThatIsHandledASecondTimeIsRefused() {
        EventMessage<?> event = entry(1, DAY, "a", "b", BigInteger.TEN);
        book(event);
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> book(event)))
                .hasMessageContaining("journal_batch_pkey");
        assertThatThrownBy(() -> book(entry(2, DAY, "a", "b", BigInteger.ONE), entry(2, DAY, "a", "b", BigInteger.ONE)))
                .hasMessageContaining("e-2 was handled twice");
        assertThat(lines("select account || ' ' || units from balance order by 1"))
                .containsExactly("a 10", "b -10");
    }

    private void book(EventMessage<?>... events) {
        LaneBatch.run(events[0], () -> {
            for (EventMessage<?> event : events) {
                journal.on((JournalPosted) event.getPayload(), event);
            }
        });
    }

    private static EventMessage<?> entry(int number, LocalDate day, String debit, String credit, BigInteger units) {
        JournalPosted posted = new JournalPosted(
                "L",
                new UUID(0, number),
                "T",
                day,
                List.of(
                        new JournalLine(debit, null, units, "EUR"),
                        new JournalLine(credit, null, units.negate(), "EUR")),
                "hash",
                null);
        return new GenericEventMessage<>("e-" + number, posted, MetaData.emptyInstance(), Instant.EPOCH);
    }

    private List<String> lines(String query) {
        return lines(db, query);
    }

    private static List<String> lines(JdbcClient db, String query) {
        return db.sql(query).query(String.class).list();
    }
}
