package io.sluice.console;

import io.sluice.chain.ChainFailure;
import io.sluice.chain.ChainReads;
import io.sluice.console.Health.Lane;
import io.sluice.console.Health.Trouble;
import io.sluice.platform.LanePositions;
import io.sluice.platform.Worker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Asks the engine how it is. */
@Component
class EngineHealth {

    private final JdbcClient db;
    private final LanePositions lanes;
    private final ObjectProvider<Worker> workers;
    private final ObjectProvider<ChainReads> chain;

    EngineHealth(JdbcClient db, LanePositions lanes, ObjectProvider<Worker> workers, ObjectProvider<ChainReads> chain) {
        this.db = db;
        this.lanes = lanes;
        this.workers = workers;
        this.chain = chain;
    }

    Health now() {
        ChainReads.Head head = head();
        return new Health(
                number(
                        "select coalesce(extract(epoch from now() - min(since))::bigint, 0) from routing_queue where reason is null"),
                number("select count(*) from routing_queue where reason is not null"),
                number(
                        "select coalesce(extract(epoch from now() - min(since))::bigint, 0) from routing_queue where reason is not null"),
                eventsBehind(),
                db.sql("select currency, sum(units) from balance group by currency order by currency")
                        .query((rs, n) ->
                                new Amount(rs.getString(1), rs.getBigDecimal(2).toBigIntegerExact()))
                        .list(),
                outgoing(),
                workers.stream()
                        .filter(worker -> !worker.trouble().isEmpty())
                        .map(worker -> new Trouble(worker.name()))
                        .toList(),
                head == null ? null : head.finalizedNumber(),
                head == null || head.stale());
    }

    /** The lanes of this node know better than their stored tokens how far they are. */
    private long eventsBehind() {
        LanePositions.Reached reached = lanes.reached();
        return db.sql("""
                        select greatest(0, coalesce((select max(global_index) from event)
                             - (select min(greatest((convert_from(t.token, 'UTF8')::json ->> 'index')::bigint, l.position))
                                from processor_token t left join unnest(:names::text[], :positions::bigint[]) l(name, position)
                                on l.name = t.processor_name where t.processor_name <> '__config' and t.token is not null), 0))
                        """)
                .param("names", reached.names())
                .param("positions", reached.positions())
                .query(Long.class)
                .single();
    }

    private List<Lane> outgoing() {
        return db.sql(
                        "select lane, rail, count(*), greatest(0, coalesce(extract(epoch from now() - min(next_at))::bigint, 0)) from outbox"
                                + " where state in ('READY', 'ATTEMPTED', 'UNKNOWN') group by lane, rail order by lane, rail limit 20")
                .query((rs, n) -> new Lane(rs.getString(1), rs.getString(2), rs.getLong(3), rs.getLong(4)))
                .list();
    }

    private ChainReads.@Nullable Head head() {
        ChainReads reads = chain.getIfAvailable();
        try {
            return reads == null ? null : reads.head();
        } catch (ChainFailure e) {
            return null;
        }
    }

    private long number(String sql) {
        return db.sql(sql).query(Long.class).single();
    }
}
