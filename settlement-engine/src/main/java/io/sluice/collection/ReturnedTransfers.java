package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.TransferStatus;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.policies.WorkList;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What banks say of transfers of ours that came back, for credits that do not say so themselves. The money counts when its credit comes;
 * a return without a credit, or with one that was taken for something else, is a person's. All in the caller's transaction.
 */
@Component
class ReturnedTransfers {

    private static final String RETURNED = "RTRN";

    private final JdbcClient db;
    private final WorkList work;
    private final BusinessClock clock;

    ReturnedTransfers(JdbcClient db, WorkList work, BusinessClock clock) {
        this.db = db;
        this.work = work;
        this.clock = clock;
    }

    void note(String bank, TransferStatus status) {
        if (status.code().equals(RETURNED) && OurReferences.isOurs(status.endToEndId())) {
            db.sql("insert into returned_transfer (end_to_end_id, bank, reason, told_on) values (?, ?, ?, ?)"
                            + " on conflict do nothing")
                    .param(status.endToEndId())
                    .param(bank)
                    .param(status.reason())
                    .param(clock.today())
                    .update();
        }
    }

    /**
     * Whether a booked credit with a reference of ours is a payout that came back, by the credit itself or by what the bank said of the
     * transfer; asked again, it says the same.
     */
    boolean isReturn(BankEntry credit) {
        String reference = credit.endToEndId();
        return reference != null
                && OurReferences.isOurs(reference)
                && (isToldReturned(reference) || credit.returnReason() != null || credit.reversal());
    }

    /** Whether the bank said of this transfer of ours that it came back; its credit is known then. */
    boolean isToldReturned(String ourReference) {
        boolean isTold = db.sql("update returned_transfer set state = 'DONE' where end_to_end_id = ?"
                                + " and state in ('WAITING', 'TOLD', 'DONE')")
                        .param(ourReference)
                        .update()
                == 1;
        if (isTold) {
            work.withdraw(itemOf(ourReference));
        }
        return isTold;
    }

    private static String itemOf(String ourReference) {
        return "RETURN-" + ourReference;
    }

    private record Waiting(String endToEndId, @Nullable String reason) {}

    /** Those that were told on an earlier business day, and no credit came that was known for it. */
    void tellOverdue(String bank) {
        LocalDate today = clock.today();
        for (Waiting waiting : db.sql("update returned_transfer set state = 'TOLD' where bank = ? and state = 'WAITING'"
                        + " and told_on < ? returning end_to_end_id, reason")
                .params(bank, today)
                .query(Waiting.class)
                .list()) {
            work.open(
                    itemOf(waiting.endToEndId()),
                    "PARKED",
                    Hashes.sha256(waiting.endToEndId()),
                    "Bank " + bank + " says that transfer " + waiting.endToEndId() + " came back"
                            + (waiting.reason() == null ? "" : " (" + waiting.reason() + ")")
                            + ", and no credit was known for it: look where the money is",
                    "engine");
        }
    }
}
