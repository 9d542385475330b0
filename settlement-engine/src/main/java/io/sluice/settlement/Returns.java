package io.sluice.settlement;

import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Links money that came back to the instruction that sent it: the payee is owed again, and a person decides where the money goes now. A
 * return that arrives before the statement that settles its payout waits for it.
 */
@Component
class Returns extends Worker {

    private record Queued(UUID inflowId, String endToEndId, long units, LocalDate valueDate) {}

    private final JdbcClient db;
    private final InstructionRows rows;
    private final Settlements settlements;
    private final OneByOne oneByOne;

    Returns(JdbcClient db, InstructionRows rows, Settlements settlements, OneByOne oneByOne) {
        super("returns");
        this.db = db;
        this.rows = rows;
        this.settlements = settlements;
        this.oneByOne = oneByOne;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(1);
    }

    @Override
    protected boolean work() {
        List<Queued> queued = db.sql("select q.inflow_id, q.end_to_end_id, q.units, q.value_date from return_queue q"
                        + " join instruction i on i.end_to_end_id = q.end_to_end_id and i.units = q.units"
                        + " where i.state = 'ACSC' order by q.inflow_id limit 100")
                .query(Queued.class)
                .list();
        for (Queued one : queued) {
            oneByOne.run(
                    "RETURN-" + one.inflowId(),
                    "Linking inflow " + one.inflowId() + ", which returned payout " + one.endToEndId() + ",",
                    () -> link(one));
        }
        return false;
    }

    private void link(Queued one) {
        InstructionRows.Row row = rows.byEndToEndId(one.endToEndId()).orElseThrow();
        settlements.returned(row, "returned by the bank", one.inflowId(), one.valueDate());
        db.sql("delete from return_queue where inflow_id = ?")
                .param(one.inflowId())
                .update();
    }
}
