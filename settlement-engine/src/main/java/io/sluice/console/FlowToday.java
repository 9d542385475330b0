package io.sluice.console;

import io.sluice.console.Flow.Matched;
import io.sluice.console.Flow.Station;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sums what moved on a business day, from what that day's rows say. */
@Component
class FlowToday {

    private static final String NEWEST_STATEMENTS = """
            with newest as (
                select s.statement_id, s.day from bank_account a cross join lateral (
                    select statement_id, day from bank_statement b where b.account = a.account
                    order by day desc, accepted_at desc limit 1) s),
            last as (select statement_id, day from newest where day = (select max(day) from newest))
            """;

    private final JdbcClient db;

    FlowToday(JdbcClient db) {
        this.db = db;
    }

    /** What moved today; before anything has moved, what moved on the last day that had an inflow. */
    Flow newest(LocalDate today) {
        Flow flow = of(today);
        if (!flow.quiet()) {
            return flow;
        }
        return db.sql(
                        "select (booked_at at time zone 'UTC')::date from inflow where booked_at < ? order by booked_at desc limit 1")
                .param(today.atStartOfDay().atOffset(ZoneOffset.UTC))
                .query(LocalDate.class)
                .optional()
                .map(this::of)
                .orElse(flow);
    }

    Flow of(LocalDate day) {
        Tally tally = new Tally();
        OffsetDateTime from = day.atStartOfDay().atOffset(ZoneOffset.UTC);
        OffsetDateTime to = from.plusDays(1);
        db.sql("select distinct currency from agreement")
                .query(String.class)
                .list()
                .forEach(tally::know);
        tally.read(
                db,
                "select 'received', currency, count(*), sum(units) from inflow where booked_at >= ? and booked_at < ? and kind = 'SALE'"
                        + " group by currency",
                from,
                to);
        tally.read(db, """
                select case when l.destination in ('royalty.pool', 'royalty.returns-reserve') then 'royalty.pool'
                            when l.destination in ('merchant.residual', 'merchant.trapped', 'merchant.until-report', 'cash.reserve') then 'merchant.residual'
                            else 'fees.platform' end,
                       l.currency, count(distinct i.inflow_id), sum(l.units)
                from inflow i join leg l using (inflow_id) where i.booked_at >= ? and i.booked_at < ? group by 1, l.currency
                """, from, to);
        tally.read(
                db,
                "select 'distributed', currency, count(*), sum(entitled_units) from distribution where record_point >= ?"
                        + " and record_point < ? group by currency",
                from,
                to);
        tally.read(db, """
                select case when o.rail = 'CHAIN' then 'chain' else 'bank' end || case i.state when 'ACSC' then '.settled' else '' end,
                       i.currency, count(*), sum(i.units)
                from payment_order o join instruction i using (order_id)
                where o.day = ? and o.rail <> 'ONRAMP' and i.kind not in ('SWEEP', 'ON_RAMP') and i.state not in ('PENDING_APPROVAL', 'RJCT', 'CANC')
                group by 1, 2
                """, day);
        tally.read(db, NEWEST_STATEMENTS + """
                select 'statement', l.currency, count(*), sum(l.units) from last join statement_line l using (statement_id)
                join instruction i on i.instruction_id = l.matched_with::uuid
                where l.direction = 'DEBIT' and l.state = 'MATCHED' and i.kind not in ('SWEEP', 'ON_RAMP') group by l.currency
                """);
        return flow(day, tally);
    }

    private Flow flow(LocalDate day, Tally tally) {
        return new Flow(
                day,
                List.copyOf(tally.currencies),
                tally.station("received"),
                tally.station("merchant.residual"),
                tally.station("fees.platform"),
                tally.station("royalty.pool"),
                tally.station("distributed"),
                tally.station("bank", "bank.settled"),
                tally.station("chain", "chain.settled"),
                tally.station("statement"),
                tally.station("chain.settled"),
                db.sql(NEWEST_STATEMENTS
                                + "select count(l.line_no), count(l.line_no) filter (where l.state = 'MATCHED')"
                                + " from last left join statement_line l using (statement_id)")
                        .query((rs, n) -> new Matched(rs.getLong(1), rs.getLong(2)))
                        .single(),
                newestStatement());
    }

    private @Nullable LocalDate newestStatement() {
        return db.sql(NEWEST_STATEMENTS + "select day from last limit 1")
                .query(LocalDate.class)
                .optional()
                .orElse(null);
    }

    /** Counts and sums by station and currency. */
    private static final class Tally {

        private final SortedSet<String> currencies = new TreeSet<>();
        private final Map<String, Long> counts = new HashMap<>();
        private final Map<String, Map<String, BigInteger>> units = new HashMap<>();

        void know(String currency) {
            currencies.add(currency);
        }

        void read(JdbcClient db, String sql, Object... parameters) {
            db.sql(sql).params(parameters).query(rs -> {
                know(rs.getString(2));
                counts.merge(rs.getString(1), rs.getLong(3), Long::sum);
                BigDecimal sum = rs.getBigDecimal(4);
                units.computeIfAbsent(rs.getString(1), s -> new HashMap<>())
                        .merge(rs.getString(2), sum.toBigIntegerExact(), BigInteger::add);
            });
        }

        Station station(String... names) {
            long count = 0;
            Map<String, BigInteger> sums = new HashMap<>();
            for (String name : names) {
                count += counts.getOrDefault(name, 0L);
                units.getOrDefault(name, Map.of())
                        .forEach((currency, sum) -> sums.merge(currency, sum, BigInteger::add));
            }
            List<Amount> amounts = new ArrayList<>();
            currencies.forEach(
                    currency -> amounts.add(new Amount(currency, sums.getOrDefault(currency, BigInteger.ZERO))));
            return new Station(count, amounts);
        }
    }
}
