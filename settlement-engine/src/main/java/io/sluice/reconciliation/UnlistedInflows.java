package io.sluice.reconciliation;

import io.sluice.collection.StatementEntries;
import io.sluice.collection.StatementEntries.Unlisted;
import io.sluice.money.Money;
import io.sluice.policies.ReleaseFreezes;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Compares what counted with the daily statements the other way round: an inflow that counted by notice and that none of them lists is a
 * break, and nothing leaves its account until somebody has explained it. It can have been forged, or told with a wrong amount.
 *
 * <p>An inflow is looked for once a statement of a later day than it counted on was compared, so that one which the bank books at midnight,
 * or on the next page of its day, is not missed before its time; and only while no statement of the account is missing. While the lane
 * that shows inflows stands, days that it has not come to are not looked through for good, but again with each statement. It resolves by itself when a
 * statement lists it. All in the caller's transaction.
 */
@Component
class UnlistedInflows {

    static final String TYPE = "NOT_ON_STATEMENT";

    /** Of days that were looked through before: an inflow can be shown later than it counted. */
    private static final int DAYS_AGAIN = 1;

    private record Open(String subject, LocalDate raisedOn) {
        UUID inflowId() {
            return UUID.fromString(subject);
        }
    }

    private final JdbcClient db;
    private final StatementEntries statements;
    private final Breaks breaks;
    private final ReleaseFreezes freezes;

    UnlistedInflows(JdbcClient db, StatementEntries statements, Breaks breaks, ReleaseFreezes freezes) {
        this.db = db;
        this.statements = statements;
        this.breaks = breaks;
        this.freezes = freezes;
    }

    /** After a statement of the account was compared. */
    void compare(String account) {
        resolve(account);
        Optional<LocalDate> last = day("select max(day) from bank_statement where account = ?", account);
        if (last.isPresent() && !isStatementMissing(account)) {
            LocalDate until = last.get();
            SortedMap<LocalDate, List<Unlisted>> byDay = new TreeMap<>();
            for (Unlisted inflow : statements.unlisted(account, from(account, until), until)) {
                byDay.computeIfAbsent(inflow.day(), d -> new ArrayList<>()).add(inflow);
            }
            byDay.forEach((day, inflows) -> raise(account, day, until, inflows));
            statements.latestDay().ifPresent(shown -> lookedThrough(account, until.isBefore(shown) ? until : shown));
        }
    }

    private void lookedThrough(String account, LocalDate until) {
        db.sql("insert into listing_check (account, checked_until) values (?, ?) on conflict (account) do update"
                        + " set checked_until = greatest(listing_check.checked_until, excluded.checked_until)")
                .params(account, until)
                .update();
    }

    private void raise(String account, LocalDate day, LocalDate until, List<Unlisted> inflows) {
        for (Unlisted inflow : inflows) {
            breaks.raise(
                    TYPE,
                    account,
                    inflow.inflowId().toString(),
                    "CREDIT of " + Money.of(inflow.units(), inflow.currency()) + " counted on " + day
                            + " by notice, and no statement lists it, the last of " + until
                            + ": ask the bank whether it holds the money",
                    day);
        }
        freezes.freeze(
                account,
                cause(day),
                inflows.size() == 1
                        ? "a credit that counted on " + day + " by notice is on no statement"
                        : inflows.size() + " credits that counted on " + day + " by notice are on no statement");
    }

    /** What was missed and is listed by now agrees after all; a day's freeze ends with its last. */
    private void resolve(String account) {
        List<Open> open = db.sql("select subject, raised_on from reconciliation_break where account = ? and type = ?"
                        + " and resolved_on is null")
                .params(account, TYPE)
                .query(Open.class)
                .list();
        if (open.isEmpty()) {
            return;
        }
        Set<UUID> listed = statements.listed(open.stream().map(Open::inflowId).toList());
        Set<LocalDate> agreed = new HashSet<>();
        for (Open one : open) {
            if (listed.contains(one.inflowId())) {
                breaks.resolve(TYPE, one.subject(), one.raisedOn());
                agreed.add(one.raisedOn());
            }
        }
        agreed.removeAll(open.stream()
                .filter(one -> !listed.contains(one.inflowId()))
                .map(Open::raisedOn)
                .collect(Collectors.toSet()));
        agreed.forEach(day -> freezes.withdraw(account, cause(day)));
    }

    private static String cause(LocalDate day) {
        return "not-listed:" + day;
    }

    /** Not before the account's first statement: what counted before may be on one that was never asked for. */
    private LocalDate from(String account, LocalDate until) {
        LocalDate first = day("select min(day) from bank_statement where account = ?", account)
                .orElse(until);
        return day("select max(checked_until) from listing_check where account = ?", account)
                .map(checked -> checked.minusDays(DAYS_AGAIN))
                .filter(again -> again.isAfter(first))
                .orElse(first);
    }

    private boolean isStatementMissing(String account) {
        return db.sql("select exists (select 1 from reconciliation_break where account = ? and type = ?"
                        + " and resolved_on is null)")
                .params(account, StatementMatcher.GAP)
                .query(Boolean.class)
                .single();
    }

    private Optional<LocalDate> day(String select, String account) {
        return db.sql(select)
                .param(account)
                .query((rs, n) -> Optional.ofNullable(rs.getObject(1, LocalDate.class)))
                .single();
    }
}
