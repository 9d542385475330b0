package io.sluice.console;

import io.sluice.ledger.Balances;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.LanePositions;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where the whole engine stands, in a few numbers. Its shape is relied on from outside: fields are added, never changed. */
@Component
public class Overview {

    public record View(
            InflowCounts inflows,
            PostingSums postings,
            Payouts payouts,
            long unreconciled,
            long unreconciledOlderThanADay,
            long statements,
            String businessDate,
            Progress progress) {}

    /**
     * @param oldestUnroutedSeconds wall-clock age of the oldest inflow that is not routed and could be
     * @param heldBack those that are not routed and cannot be, until a person or the chain has done something
     * @param oldestHeldBackSeconds wall-clock age of the oldest of these
     */
    public record InflowCounts(
            long received, long routed, long oldestUnroutedSeconds, long heldBack, long oldestHeldBackSeconds) {}

    /** Per currency; zero, or the books are broken. */
    public record PostingSums(Map<String, String> sum) {}

    public record Payouts(RailCounts bank, RailCounts chain) {}

    public record RailCounts(long instructed, long settled) {}

    /**
     * @param cutOff last business day whose cut-off run is complete; empty before the first
     * @param unsubmitted what the engine has still to do by itself, lanes' lag included
     * @param inFlight that, and what waits for a statement
     */
    public record Progress(String cutOff, long unsubmitted, long inFlight) {}

    private final JdbcClient db;
    private final Balances balances;
    private final BusinessClock clock;
    private final LanePositions lanes;

    Overview(JdbcClient db, Balances balances, BusinessClock clock, LanePositions lanes) {
        this.db = db;
        this.balances = balances;
        this.clock = clock;
        this.lanes = lanes;
    }

    public View now() {
        return new View(
                inflows(),
                new PostingSums(balances.sums()),
                payouts(),
                count(
                        "select (select count(*) from statement_line where state = 'OPEN')"
                                + " + (select count(*) from reconciliation_break where resolved_on is null and type <> 'UNMATCHED_BANK')"),
                db.sql(
                                "select (select count(*) from statement_line where state = 'OPEN' and booked_on < ?)"
                                        + " + (select count(*) from reconciliation_break where resolved_on is null and type <> 'UNMATCHED_BANK' and raised_on < ?)")
                        .params(clock.today().minusDays(1), clock.today().minusDays(1))
                        .query(Long.class)
                        .single(),
                count("select count(*) from bank_statement"),
                clock.today().toString(),
                progress());
    }

    private InflowCounts inflows() {
        // One statement, one snapshot: routed is never ahead of received, though their lanes can be.
        return db.sql("""
                select (select count(*) from inflow where kind = 'SALE'),
                       (select count(*) from division d join inflow i using (inflow_id) where i.kind = 'SALE'),
                       (select coalesce(extract(epoch from now() - min(since))::bigint, 0) from routing_queue where reason is null),
                       (select count(*) from routing_queue where reason is not null),
                       (select coalesce(extract(epoch from now() - min(since))::bigint, 0) from routing_queue where reason is not null)
                """)
                .query((rs, n) ->
                        new InflowCounts(rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getLong(4), rs.getLong(5)))
                .single();
    }

    private Payouts payouts() {
        return new Payouts(rail("('BANK')"), rail("('CHAIN')"));
    }

    private RailCounts rail(String rails) {
        return db.sql(
                        "select count(*) filter (where i.state <> 'PENDING_APPROVAL'), count(*) filter (where i.state = 'ACSC')"
                                + " from instruction i join payment_order o using (order_id) where o.rail in " + rails)
                .query((rs, n) -> new RailCounts(rs.getLong(1), rs.getLong(2)))
                .single();
    }

    private Progress progress() {
        LanePositions.Reached lanes = this.lanes.reached();
        long unsubmitted = db.sql("""
                select (select count(*) from inbox where state in ('NEW', 'FETCH'))
                     + (select count(*) from routing_queue where reason is null)
                     + (select count(*) from payout_queue)
                     + (select count(*) from statement_queue)
                     + (select count(*) from work_item where state = 'OPEN' and kind <> 'PARKED')
                     + (select count(*) from outbox where state in ('READY', 'WAITING', 'ATTEMPTED', 'UNKNOWN'))
                     + (select count(*) from payment_order where rail = 'CHAIN' and state in ('RELEASED', 'SUBMITTED'))
                     + (select count(*) from event where global_index = any(:gaps))
                     + (select greatest(0, coalesce((select max(global_index) from event)
                          - (select min(greatest((convert_from(t.token, 'UTF8')::json ->> 'index')::bigint, l.position))
                             from processor_token t left join unnest(:names::text[], :positions::bigint[]) l(name, position)
                             on l.name = t.processor_name where t.processor_name <> '__config' and t.token is not null), 0)))
                """)
                .param("names", lanes.names())
                .param("positions", lanes.positions())
                .param("gaps", lanes.gaps())
                .query(Long.class)
                .single();
        long waiting = count("select count(*) from instruction i join payment_order o using (order_id)"
                + " where o.rail <> 'CHAIN' and i.state = 'ACSP'");
        String cutOff = db.sql("select max(day)::text from cut_off where state = 'DONE'")
                .query(String.class)
                .optional()
                .orElse("");
        return new Progress(cutOff, unsubmitted, unsubmitted + waiting);
    }

    private long count(String sql) {
        return db.sql(sql).query(Long.class).single();
    }
}
