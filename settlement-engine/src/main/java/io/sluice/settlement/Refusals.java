package io.sluice.settlement;

import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.policies.WorkList;
import io.sluice.settlement.SettlementEvent.Deviation;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Payees to whom the bank will not pay. After {@value #MOST} refusals in a row, each for a reason that lies with the payee, nothing more is
 * ordered to the same details: it stays owed, and a person is told. New details of the payee, or an approval, let it be ordered again.
 */
@Component
public class Refusals implements WorkList.Approvable {

    static final int MOST = 5;

    /**
     * ISO 20022 external status reasons about the creditor's account, the creditor, its agent or what may be paid to it; not about our
     * account (AC02, AC05, AC13, BE10, BE16, RC03), our funds or the hour, which say nothing of the payee.
     */
    private static final Pattern PAYEE = Pattern.compile("(?!AC02|AC05|AC13|BE10|BE16|RC03)(AC|AG|BE|MD|RC)[0-9]{2}.*");

    private static final String KIND = "PAY_AGAIN";
    private static final String ITEM = "PAY-AGAIN-";

    private record Refused(String payeeId, int times, boolean held) {}

    private final JdbcClient db;
    private final WorkList work;

    Refusals(JdbcClient db, WorkList work) {
        this.db = db;
        this.work = work;
    }

    /** A row was definitely not executed. In the caller's transaction. */
    void refused(Deviation row) {
        if (!PAYEE.matcher(row.reason()).matches()) {
            return;
        }
        withdrawIfOfOtherDetails(row.instructionId());
        Refused refused =
                db.sql("""
                        insert into payee_refusal as r (payee_id, payee_hash, times, instruction_id)
                        select payee_id, payee_hash, 1, instruction_id from instruction where instruction_id = ?
                        on conflict (payee_id) do update set
                            instruction_id = case when r.held and r.payee_hash = excluded.payee_hash then r.instruction_id
                                                  else excluded.instruction_id end,
                            payee_hash = excluded.payee_hash,
                            times = case when r.payee_hash = excluded.payee_hash then r.times + 1 else 1 end,
                            held = r.held and r.payee_hash = excluded.payee_hash
                        returning payee_id, times, held
                        """).param(row.instructionId()).query(Refused.class).single();
        if (refused.times() >= MOST && !refused.held()) {
            db.sql("update payee_refusal set held = true where payee_id = ?")
                    .param(refused.payeeId())
                    .update();
            work.open(
                    itemOf(row.instructionId()),
                    KIND,
                    Hashes.sha256(row.instructionId().toString()),
                    "Payee " + refused.payeeId() + " was refused " + refused.times() + " times in a row, at last with "
                            + row.reason()
                            + ". Nothing more is ordered to it; it stays owed. Give it new details, and it is"
                            + " ordered by itself; or approve this to have it ordered to the same details once more.",
                    "engine");
        }
    }

    /** New details have ended what the former were held for. */
    private void withdrawIfOfOtherDetails(UUID instructionId) {
        db.sql("select r.instruction_id from payee_refusal r join instruction i using (payee_id)"
                        + " where i.instruction_id = ? and r.held and r.payee_hash <> i.payee_hash")
                .param(instructionId)
                .query(UUID.class)
                .list()
                .forEach(last -> work.withdraw(itemOf(last)));
    }

    /** These were paid: their payees can be. In the caller's transaction. */
    void paid(List<UUID> instructionIds) {
        db.sql(
                        "delete from payee_refusal r using instruction i where i.instruction_id = any(:ids) and r.payee_id = i.payee_id"
                                + " returning r.instruction_id")
                .param("ids", instructionIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list()
                .forEach(last -> work.withdraw(itemOf(last)));
    }

    /** Whether nothing is ordered to these details of a payee. */
    boolean holds(String payeeId, String payeeHash) {
        return db.sql("select count(*) from payee_refusal where payee_id = ? and payee_hash = ? and held")
                        .params(payeeId, payeeHash)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private static String itemOf(UUID instructionId) {
        return ITEM + instructionId;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        int again = db.sql("delete from payee_refusal where instruction_id = ?")
                .param(UUID.fromString(itemId.substring(ITEM.length())))
                .update();
        if (again == 0) {
            throw new Rejection("not-held", "Nothing is held back from this payee any more");
        }
    }
}
