package io.sluice.ledger;

import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Accounts where money rests between two facts that will meet. What is still open on one is as old as the first day that later days did not
 * clear, the oldest cleared first. Debits and credits of a day are counted apart: an account that is filled and cleared each day is of today.
 */
@Component
public class ClearingAccounts {

    /**
     * One that is not at zero.
     *
     * @param openSince the oldest value date of what is open
     * @param days from then until today, in calendar days of business time
     * @param clearsWithin the days after which somebody should look
     */
    public record Open(
            String account,
            @Nullable String agreementId,
            Money balance,
            LocalDate openSince,
            long days,
            int clearsWithin) {

        public boolean overdue() {
            return days > clearsWithin;
        }
    }

    /** Days by which an account is at zero again, by the beginning of its name; a weekend and a holiday are in them. */
    private static final Map<String, Integer> CLEARS_WITHIN = Map.of(
            "clearing.", 4,
            "in-transit.", 5,
            "collection.due-to-", 5,
            "bank.unallocated", 10,
            "bank.taken-back/", 5,
            "receivable.recall", 30);

    private static final String ACCOUNTS = String.join(
            " or ",
            CLEARS_WITHIN.keySet().stream()
                    .sorted()
                    .map(prefix -> "starts_with(account, '" + prefix + "')")
                    .toList());

    private static final String OPEN = """
            with open as (select account, agreement_id, currency, units from balance where units <> 0 and (%s)),
                 days as (select o.account, o.agreement_id, o.currency, d.value_date,
                                 sum(case when o.units > 0 then d.debits else d.debits - d.units end) as opened,
                                 sum(case when o.units > 0 then d.debits - d.units else d.debits end) as cleared
                          from open o join day_balance d using (account, agreement_id, currency)
                          group by o.account, o.agreement_id, o.currency, o.units, d.value_date),
                 sums as (select account, agreement_id, currency, value_date,
                                 sum(opened) over (partition by account, agreement_id, currency order by value_date) as opened,
                                 sum(cleared) over (partition by account, agreement_id, currency) as cleared from days)
            select o.account, o.agreement_id, o.currency, o.units, min(s.value_date) filter (where s.opened > s.cleared) as since
            from open o join sums s using (account, agreement_id, currency)
            group by o.account, o.agreement_id, o.currency, o.units
            order by since, o.account collate "C", o.agreement_id collate "C", o.currency
            """.formatted(ACCOUNTS);

    private final JdbcClient db;
    private final BusinessClock clock;

    ClearingAccounts(JdbcClient db, BusinessClock clock) {
        this.db = db;
        this.clock = clock;
    }

    /** Those that are not at zero, the oldest first. */
    public List<Open> open() {
        LocalDate today = clock.today();
        return db.sql(OPEN)
                .query((row, n) -> {
                    String account = row.getString(1);
                    String agreementId = row.getString(2);
                    LocalDate since = row.getObject(5, LocalDate.class);
                    return new Open(
                            account,
                            agreementId.equals(Lines.NO_AGREEMENT) ? null : agreementId,
                            Money.of(row.getBigDecimal(4).toBigIntegerExact(), row.getString(3)),
                            since,
                            Math.max(0, ChronoUnit.DAYS.between(since, today)),
                            clearsWithin(account));
                })
                .list();
    }

    private static int clearsWithin(String account) {
        return CLEARS_WITHIN.entrySet().stream()
                .filter(entry -> account.startsWith(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }
}
