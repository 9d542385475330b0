package io.sluice.ledger;

import io.sluice.ledger.LedgerCommand.ClosePeriod;
import io.sluice.ledger.LedgerCommand.OpenBooks;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Closing the books: one person asks for it, another approves, and nobody opens them again. */
@Component
class Periods implements WorkList.Approvable {

    /** A closed one; {@code firstDay} is null for the first, which has all that was before. */
    record Closed(@Nullable LocalDate firstDay, LocalDate lastDay, Instant closedAt) {}

    /** What waits for a second person. */
    record Asked(String itemId, LocalDate lastDay, String hash) {}

    private static final String ITEM = "PERIOD-";

    private final JdbcClient db;
    private final Commands commands;
    private final WorkList work;
    private final BusinessClock clock;
    private final Transactions transactions;

    Periods(JdbcClient db, Commands commands, WorkList work, BusinessClock clock, Transactions transactions) {
        this.db = db;
        this.commands = commands;
        this.work = work;
        this.clock = clock;
        this.transactions = transactions;
    }

    /** The closed ones, the newest first. */
    List<Closed> closed() {
        return db.sql("select first_day, last_day, closed_at from ledger_period order by last_day desc limit 500")
                .query(Periods::row)
                .list();
    }

    /**
     * Asks for all days up to this one to be closed.
     *
     * @throws Rejection {@code period-not-over} for a day that is not over; {@code period-closed} for one that is closed
     */
    Asked ask(LocalDate lastDay, String maker) {
        LocalDate today = clock.today();
        if (!lastDay.isBefore(today)) {
            throw new Rejection("period-not-over", "lastDay: found " + lastDay + ", expected a day before " + today);
        }
        Optional<LocalDate> last = closedThrough();
        if (last.isPresent() && !lastDay.isAfter(last.get())) {
            throw new Rejection("period-closed", "lastDay: found " + lastDay + ", expected a day after " + last.get());
        }
        Asked asked = new Asked(ITEM + lastDay, lastDay, hash(lastDay));
        String first = last.map(day -> "from " + day.plusDays(1) + " to ").orElse("up to and with ");
        transactions.run(() -> work.open(
                asked.itemId(),
                kind(),
                asked.hash(),
                "Close the books " + first + lastDay + ", for good: what comes late is booked on the first open day",
                maker));
        return asked;
    }

    @Override
    public String kind() {
        return "PERIOD";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        LocalDate lastDay = LocalDate.parse(itemId.substring(ITEM.length()));
        if (!hash.equals(hash(lastDay))) {
            throw new Rejection("content-differs", "The closing of " + lastDay + " is not what was approved");
        }
        oneAtATime();
        // Behind this no event that is older by its index can still appear: whoever folds the events sees the closing
        // at one place.
        db.sql("select settle_event_order()").query().singleRow();
        commands.begin(Period.LEDGER, new OpenBooks(Period.LEDGER));
        commands.send(new ClosePeriod(Period.LEDGER, lastDay, hash));
    }

    /** Whoever decides on the books waits here, and not on the aggregate while he keeps all others from the events. */
    void oneAtATime() {
        db.sql("select pg_advisory_xact_lock(hashtext('ledger.period'))")
                .query()
                .singleRow();
    }

    Optional<LocalDate> closedThrough() {
        return db.sql("select last_day from ledger_period order by last_day desc limit 1")
                .query(LocalDate.class)
                .optional();
    }

    private static String hash(LocalDate lastDay) {
        return Hashes.sha256("sluice/period/1|" + Period.LEDGER + "|" + lastDay);
    }

    private static Closed row(ResultSet row, int n) throws SQLException {
        return new Closed(
                row.getObject(1, LocalDate.class),
                row.getObject(2, LocalDate.class),
                row.getTimestamp(3).toInstant());
    }
}
