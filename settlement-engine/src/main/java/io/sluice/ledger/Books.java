package io.sluice.ledger;

import io.sluice.money.Money;
import io.sluice.platform.Page;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger read back: balances as of a day, and the postings that made them. Debit is positive, credit negative. */
@Component
public class Books {

    /** The date that decides whether a posting is in. */
    public enum By {
        VALUE_DATE("value_date"),
        BOOKING_DATE("booked_on");

        private final String column;

        By(String column) {
            this.column = column;
        }
    }

    /** An account's balance; {@code agreementId} is null where the account is not an agreement's. */
    public record Line(String account, @Nullable String agreementId, Money balance) {}

    /**
     * Every account that was posted to by then, those at zero included.
     *
     * @param asOf the last day that counts
     * @param recordedBy the moment that the books are shown as of; null for now
     * @param sum per currency: zero, or the books are broken
     */
    public record TrialBalance(
            LocalDate asOf, By by, @Nullable Instant recordedBy, List<Line> lines, Map<String, Money> sum) {}

    /**
     * One posting of an account statement.
     *
     * @param belongedTo the last day of the closed period that it came too late for; null for what is booked on its value date
     * @param sourceEvent the event that it says again ({@code event_id})
     * @param balance of the account behind it
     */
    public record Entry(
            String journalId,
            int line,
            LocalDate valueDate,
            LocalDate bookedOn,
            @Nullable LocalDate belongedTo,
            @Nullable String agreementId,
            Money amount,
            Money balance,
            String sourceEvent) {}

    /**
     * What an account statement is of.
     *
     * @param agreementId whose postings alone are in; null for all that were posted to the account
     * @param to included, as {@code from} is
     */
    record Extract(
            String account, String currency, @Nullable String agreementId, LocalDate from, LocalDate to, By by) {

        private String condition() {
            return " from postings_of(:account) where currency = :currency and " + by.column + " between :from and :to"
                    + ofAgreement();
        }

        private String ofAgreement() {
            return agreementId == null ? "" : " and agreement_id = :agreement";
        }

        private Map<String, Object> params() {
            Map<String, Object> params =
                    new HashMap<>(Map.of("account", account, "currency", currency, "from", from, "to", to));
            if (agreementId != null) {
                params.put("agreement", agreementId);
            }
            return params;
        }
    }

    /** An account in one currency from {@code from} to {@code to}, both included; opening and entries make closing. */
    public record AccountStatement(
            String account,
            @Nullable String agreementId,
            LocalDate from,
            LocalDate to,
            By by,
            Money opening,
            List<Entry> entries,
            Money closing,
            @Nullable String next) {}

    /** Where a page ended: what is posted before it later moves no posting from one page to the other. */
    record Place(LocalDate day, UUID journalId, int line) {

        private static final char LINE = '/';
        private static final Place START = new Place(LocalDate.EPOCH, new UUID(0, 0), -1);

        /** Throws {@link IllegalArgumentException} for a cursor that is none of ours. */
        static Place after(@Nullable String cursor) {
            if (cursor == null || cursor.isEmpty()) {
                return START;
            }
            Page.Place place = Page.Place.after(cursor);
            int at = place.id().indexOf(LINE);
            try {
                return new Place(
                        LocalDate.ofInstant(place.at(), ZoneOffset.UTC),
                        UUID.fromString(place.id().substring(0, Math.max(0, at))),
                        Integer.parseInt(place.id().substring(at + 1)));
            } catch (IllegalArgumentException notOurs) {
                throw Page.foreign(cursor);
            }
        }

        static Page.Place of(By by, LocalDate valueDate, LocalDate bookedOn, String journalId, int line) {
            LocalDate day = by == By.VALUE_DATE ? valueDate : bookedOn;
            return new Page.Place(day.atStartOfDay(ZoneOffset.UTC).toInstant(), journalId + LINE + line);
        }
    }

    private static final int FETCH = 1_000;

    private final JdbcClient db;
    private final JdbcTemplate rows;
    private final TransactionTemplate reading;

    Books(JdbcClient db, DataSource source, PlatformTransactionManager transactions) {
        this.db = db;
        this.rows = new JdbcTemplate(source);
        rows.setFetchSize(FETCH);
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    public TrialBalance trialBalance(LocalDate asOf, By by) {
        return trialBalance(asOf, by, null, "day_balance");
    }

    /**
     * As the books stood then: what was recorded later is not in, whatever its dates. What was recorded in the last moments may still be on
     * its way into the ledger.
     */
    public TrialBalance trialBalance(LocalDate asOf, By by, Instant recordedBy) {
        return trialBalance(asOf, by, recordedBy, "posting");
    }

    private TrialBalance trialBalance(LocalDate asOf, By by, @Nullable Instant recordedBy, String source) {
        List<Line> lines = db.sql("select account, agreement_id, currency, sum(units) from " + source + " where "
                        + by.column + " <= :asOf" + (recordedBy == null ? "" : " and recorded_at <= :at")
                        + " group by account, agreement_id, currency"
                        + " order by account collate \"C\", agreement_id collate \"C\", currency")
                .param("asOf", asOf)
                .param("at", recordedBy == null ? null : recordedBy.atOffset(ZoneOffset.UTC))
                .query((row, n) -> new Line(row.getString(1), agreement(row, 2), money(row, 4, row.getString(3))))
                .list();
        Map<String, Money> sum = new LinkedHashMap<>();
        lines.forEach(line -> sum.merge(
                line.balance().currency(),
                line.balance(),
                (a, b) -> Money.of(a.units().add(b.units()), a.currency())));
        return new TrialBalance(asOf, by, recordedBy, lines, sum);
    }

    /**
     * A page of an account's postings in the order of the extract's date, one journal entry's together.
     *
     * @param after where the page before ended
     * @param limit at most so many postings
     */
    AccountStatement statement(Extract of, Place after, int limit) {
        String currency = of.currency();
        By by = of.by();
        BigInteger opening = before(of);
        BigInteger before = opening.add(until(after, of));
        List<Entry> found = db.sql(
                        "select journal_id, line, value_date, booked_on, agreement_id, units, source_event, belonged_to,"
                                + " sum(units) over (order by " + by.column + ", journal_id, line) as running"
                                + of.condition() + " and (" + by.column
                                + ", journal_id, line) > (:day, :journal, :line) order by " + by.column
                                + ", journal_id, line limit :limit")
                .params(of.params())
                .param("day", after.day())
                .param("journal", after.journalId())
                .param("line", after.line())
                .param("limit", limit + 1)
                .query((row, n) -> entry(
                        row, currency, before.add(row.getBigDecimal("running").toBigIntegerExact())))
                .list();
        Page<Entry> page = Page.ofPlaces(
                found,
                limit,
                entry -> Place.of(by, entry.valueDate(), entry.bookedOn(), entry.journalId(), entry.line()));
        return new AccountStatement(
                of.account(),
                of.agreementId(),
                of.from(),
                of.to(),
                by,
                Money.of(opening, currency),
                page.items(),
                Money.of(sum(of, of.to()), currency),
                page.next());
    }

    private static Entry entry(ResultSet row, String currency, BigInteger balance) throws SQLException {
        return new Entry(
                row.getString("journal_id"),
                row.getInt("line"),
                row.getObject("value_date", LocalDate.class),
                row.getObject("booked_on", LocalDate.class),
                row.getObject("belonged_to", LocalDate.class),
                agreement(row, 5),
                money(row, 6, currency),
                Money.of(balance, currency),
                row.getString("source_event"));
    }

    /** What the pages before this place came to. */
    private BigInteger until(Place place, Extract of) {
        return place.equals(Place.START)
                ? BigInteger.ZERO
                : db.sql("select coalesce(sum(units), 0)" + of.condition() + " and (" + of.by().column
                                + ", journal_id, line) <= (:day, :journal, :line)")
                        .params(of.params())
                        .param("day", place.day())
                        .param("journal", place.journalId())
                        .param("line", place.line())
                        .query(BigDecimal.class)
                        .single()
                        .toBigIntegerExact();
    }

    /** What an account held in one currency, over all agreements, at the end of a day. */
    public Money balance(String account, String currency, LocalDate asOf, By by) {
        return Money.of(sum(new Extract(account, currency, null, asOf, asOf, by), asOf), currency);
    }

    private BigInteger before(Extract of) {
        return sum(of, of.from().minusDays(1));
    }

    private BigInteger sum(Extract of, LocalDate asOf) {
        return db.sql("select coalesce(sum(units), 0) from day_balance where account = :account"
                        + " and currency = :currency and " + of.by().column + " <= :asOf" + of.ofAgreement())
                .params(of.params())
                .param("asOf", asOf)
                .query((row, n) -> row.getBigDecimal(1).toBigIntegerExact())
                .single();
    }

    private static @Nullable String agreement(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column))
                .filter(id -> !id.equals(Lines.NO_AGREEMENT))
                .orElse(null);
    }

    private static Money money(ResultSet row, int column, String currency) throws SQLException {
        return Money.of(row.getBigDecimal(column).toBigIntegerExact(), currency);
    }

    /** One line of the journal. */
    public record JournalPosting(
            String journalId,
            int line,
            LocalDate valueDate,
            LocalDate bookedOn,
            @Nullable LocalDate belongedTo,
            String account,
            @Nullable String agreementId,
            Money amount,
            String sourceEvent,
            String sourceType) {}

    private static final String JOURNAL =
            "select p.journal_id, p.line, p.value_date, p.booked_on, p.belonged_to, p.account,"
                    + " p.agreement_id, p.units, p.currency, p.source_event, e.payload_type from posting p"
                    + " join event e on e.event_id = p.source_event where p.%1$s between ? and ?"
                    + " and (p.%1$s, p.journal_id, p.line) > (?, ?, ?)"
                    + " order by p.%1$s, p.journal_id, p.line";

    /** Hands on every posting of these days, both included, in the order of that date, as of one moment and in little memory. */
    void journal(LocalDate from, LocalDate to, By by, Consumer<JournalPosting> each) {
        atOneMoment(() -> {
            rows.query(
                    JOURNAL.formatted(by.column),
                    row -> {
                        each.accept(journalPosting(row));
                    },
                    from,
                    to,
                    Place.START.day(),
                    Place.START.journalId(),
                    Place.START.line());
            return null;
        });
    }

    /** A page of them. */
    Page<JournalPosting> journal(LocalDate from, LocalDate to, By by, Place after, int limit) {
        List<JournalPosting> found = db.sql(JOURNAL.formatted(by.column) + " limit ?")
                .params(from, to, after.day(), after.journalId(), after.line(), limit + 1)
                .query((row, n) -> journalPosting(row))
                .list();
        return Page.ofPlaces(
                found, limit, one -> Place.of(by, one.valueDate(), one.bookedOn(), one.journalId(), one.line()));
    }

    private static JournalPosting journalPosting(ResultSet row) throws SQLException {
        return new JournalPosting(
                row.getString(1),
                row.getInt(2),
                row.getObject(3, LocalDate.class),
                row.getObject(4, LocalDate.class),
                row.getObject(5, LocalDate.class),
                row.getString(6),
                agreement(row, 7),
                money(row, 8, row.getString(9)),
                row.getString(10),
                row.getString(11));
    }

    /**
     * Hands on the opening balance and then every entry of an account statement, as {@link #statement} has them, as of one moment, and answers
     * the closing balance.
     */
    Money statement(Extract of, Consumer<Money> opening, Consumer<Entry> each) {
        String currency = of.currency();
        return Objects.requireNonNull(atOneMoment(() -> {
            BigInteger before = before(of);
            opening.accept(Money.of(before, currency));
            AtomicReference<BigInteger> running = new AtomicReference<>(before);
            new NamedParameterJdbcTemplate(rows)
                    .query(
                            "select journal_id, line, value_date, booked_on, agreement_id, units, source_event, belonged_to"
                                    + of.condition() + " order by " + of.by().column + ", journal_id, line",
                            of.params(),
                            row -> {
                                BigInteger units = row.getBigDecimal("units").toBigIntegerExact();
                                each.accept(entry(row, currency, running.accumulateAndGet(units, BigInteger::add)));
                            });
            return Money.of(Objects.requireNonNull(running.get()), currency);
        }));
    }

    /** The rows of years by a cursor, so that they need no memory; in a transaction that may take minutes, and holds no lock. */
    private <T> @Nullable T atOneMoment(Supplier<T> read) {
        return reading.execute(status -> {
            rows.execute("set local transaction_timeout = '10min'");
            return read.get();
        });
    }
}
