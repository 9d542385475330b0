package io.sluice.ledger;

import io.sluice.money.Money;
import io.sluice.platform.Page;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

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
     * @param sum per currency: zero, or the books are broken
     */
    public record TrialBalance(LocalDate asOf, By by, List<Line> lines, Map<String, Money> sum) {}

    /**
     * One posting of an account statement.
     *
     * @param sourceEvent the event that it says again ({@code event_id})
     * @param balance of the account behind it
     */
    public record Entry(
            String journalId,
            int line,
            LocalDate valueDate,
            LocalDate bookedOn,
            @Nullable String agreementId,
            Money amount,
            Money balance,
            String sourceEvent) {}

    /** An account in one currency from {@code from} to {@code to}, both included; opening and entries make closing. */
    public record AccountStatement(
            String account,
            LocalDate from,
            LocalDate to,
            By by,
            Money opening,
            List<Entry> entries,
            Money closing,
            @Nullable String next) {}

    private final JdbcClient db;

    Books(JdbcClient db) {
        this.db = db;
    }

    public TrialBalance trialBalance(LocalDate asOf, By by) {
        List<Line> lines = db.sql("select account, agreement_id, currency, sum(units) from posting where " + by.column
                        + " <= ? group by account, agreement_id, currency"
                        + " order by account collate \"C\", agreement_id collate \"C\", currency")
                .param(asOf)
                .query((row, n) -> new Line(row.getString(1), agreement(row, 2), money(row, 4, row.getString(3))))
                .list();
        Map<String, Money> sum = new LinkedHashMap<>();
        lines.forEach(line -> sum.merge(
                line.balance().currency(),
                line.balance(),
                (a, b) -> Money.of(a.units().add(b.units()), a.currency())));
        return new TrialBalance(asOf, by, lines, sum);
    }

    /**
     * A page of an account's postings in the order of that date, one journal entry's together.
     *
     * @param skip postings of the period that earlier pages had
     * @param limit at most so many postings
     */
    public AccountStatement statement(
            String account, String currency, LocalDate from, LocalDate to, By by, long skip, int limit) {
        BigInteger opening = sum(account, currency, from.minusDays(1), by);
        List<Entry> found = db.sql("select journal_id, line, value_date, booked_on, agreement_id, units, source_event,"
                        + " sum(units) over (order by " + by.column + ", journal_id, line) as running"
                        + " from posting where account = :account and currency = :currency and " + by.column
                        + " between :from and :to order by " + by.column
                        + ", journal_id, line offset :skip limit :limit")
                .param("account", account)
                .param("currency", currency)
                .param("from", from)
                .param("to", to)
                .param("skip", skip)
                .param("limit", limit + 1)
                .query((row, n) -> new Entry(
                        row.getString("journal_id"),
                        row.getInt("line"),
                        row.getObject("value_date", LocalDate.class),
                        row.getObject("booked_on", LocalDate.class),
                        agreement(row, 5),
                        money(row, 6, currency),
                        Money.of(opening.add(row.getBigDecimal("running").toBigIntegerExact()), currency),
                        row.getString("source_event")))
                .list();
        Page<Entry> page = Page.of(found, limit, last -> skip + limit);
        return new AccountStatement(
                account,
                from,
                to,
                by,
                Money.of(opening, currency),
                page.items(),
                Money.of(sum(account, currency, to, by), currency),
                page.next());
    }

    private BigInteger sum(String account, String currency, LocalDate asOf, By by) {
        return db.sql("select coalesce(sum(units), 0) from posting where account = ? and currency = ? and " + by.column
                        + " <= ?")
                .params(account, currency, asOf)
                .query((row, n) -> row.getBigDecimal(1).toBigIntegerExact())
                .single();
    }

    private static @Nullable String agreement(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column))
                .filter(id -> !id.equals(JournalEntry.Lines.NO_AGREEMENT))
                .orElse(null);
    }

    private static Money money(ResultSet row, int column, String currency) throws SQLException {
        return Money.of(row.getBigDecimal(column).toBigIntegerExact(), currency);
    }
}
