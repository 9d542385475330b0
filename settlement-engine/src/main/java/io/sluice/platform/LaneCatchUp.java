package io.sluice.platform;

import io.sluice.platform.LanePositions.Reached;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** For whoever must not decide by read models that are older than what has happened. */
@Component
public class LaneCatchUp {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final JdbcClient db;
    private final LanePositions lanes;

    LaneCatchUp(JdbcClient db, LanePositions lanes) {
        this.db = db;
        this.lanes = lanes;
    }

    /**
     * Waits until every lane has handled the events that are stored now; those that come meanwhile are not waited for.
     *
     * @throws Rejection {@code books-behind} when they have not after {@code most}
     */
    public void await(Duration most) {
        long until = System.nanoTime() + most.toNanos();
        long head = db.sql("select coalesce(max(global_index), -1) from event")
                .query(Long.class)
                .single();
        while (isBehind(head)) {
            if (System.nanoTime() > until) {
                throw new Rejection(
                        "books-behind",
                        "The books have not come to all that has happened yet, so that nothing can be decided by them: try"
                                + " again in a minute, and look at the engine's health if that does not help");
            }
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while the books caught up", e);
            }
        }
    }

    /** A lane without a position has handled nothing. Other nodes' lanes are known by their tokens alone: they are asked, as nothing calls. */
    private boolean isBehind(long head) {
        Reached reached = lanes.reached();
        return db.sql("""
                select exists (
                    select 1 from processor_token t
                    left join unnest(:names::text[], :positions::bigint[]) l(name, position) on l.name = t.processor_name
                    where t.processor_name <> '__config'
                      and coalesce(greatest((convert_from(t.token, 'UTF8')::json ->> 'index')::bigint, l.position), -1) < :head)
                    or exists (select 1 from event where global_index = any(:gaps) and global_index <= :head)
                """)
                .param("names", reached.names())
                .param("positions", reached.positions())
                .param("gaps", reached.gaps())
                .param("head", head)
                .query(Boolean.class)
                .single();
    }
}
