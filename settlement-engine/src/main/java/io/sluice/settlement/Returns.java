package io.sluice.settlement;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import io.sluice.policies.WorkList;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
    private final WorkList work;
    private final Transactions transactions;
    private final BusinessClock clock;
    private @Nullable LocalDate toldOn;

    Returns(
            JdbcClient db,
            InstructionRows rows,
            Settlements settlements,
            OneByOne oneByOne,
            WorkList work,
            Transactions transactions,
            BusinessClock clock) {
        super("returns");
        this.db = db;
        this.rows = rows;
        this.settlements = settlements;
        this.oneByOne = oneByOne;
        this.work = work;
        this.transactions = transactions;
        this.clock = clock;
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
        tellUnmatched();
        return false;
    }

    /** Once each business day: what came back in another amount than was sent, or once more, is linked to nothing by itself. */
    private void tellUnmatched() {
        LocalDate today = clock.today();
        if (today.equals(toldOn)) {
            return;
        }
        transactions.run(() -> db.sql("select q.inflow_id, q.end_to_end_id, q.units, q.value_date"
                        + " from return_queue q left join instruction i on i.end_to_end_id = q.end_to_end_id"
                        + " where q.value_date < ? and not (coalesce(i.state, '') = 'ACSC' and i.units = q.units)")
                .param(today)
                .query((rs, n) -> new Queued(
                        rs.getObject(1, UUID.class), rs.getString(2), rs.getLong(3), rs.getObject(4, LocalDate.class)))
                .list()
                .forEach(one -> work.tell(
                        "UNLINKED-" + one.inflowId(),
                        Hashes.sha256(one.inflowId().toString()),
                        "Inflow " + one.inflowId() + " of " + one.units() + " minor units brought back payment "
                                + one.endToEndId() + " on " + one.valueDate()
                                + ", and no settled payment of that amount is known under it: the bank may have kept a charge, or"
                                + " sent it back twice. Its payee is not owed it again by itself: ask the bank, and enter it by"
                                + " a journal (clearing-transfer from clearing.returns)")));
        toldOn = today;
    }

    private void link(Queued one) {
        InstructionRows.Row row = rows.byEndToEndId(one.endToEndId()).orElseThrow();
        settlements.returned(row, "returned by the bank", one.inflowId(), one.valueDate());
        work.withdraw("UNLINKED-" + one.inflowId());
        db.sql("delete from return_queue where inflow_id = ?")
                .param(one.inflowId())
                .update();
    }
}
