package io.sluice.collection;

import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.money.Money;
import io.sluice.policies.WorkList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Inflows that counted as money of ours, so that what is told of one later is compared with what it was taken for: what counted is not
 * booked otherwise by itself, and a person is told what to do. All in the caller's transaction.
 */
@Component
class OwnInflows {

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final WorkList work;

    OwnInflows(JdbcClient db, JdbcTemplate batch, WorkList work) {
        this.db = db;
        this.batch = batch;
        this.work = work;
    }

    /** These count from now on; those that are not ours are left out. */
    void keep(List<NewInflow> inflows) {
        List<Object[]> ours = inflows.stream()
                .filter(inflow -> inflow.ourReference() != null)
                .map(inflow -> new Object[] {inflow.inflowId(), inflow.kind().name()})
                .toList();
        if (!ours.isEmpty()) {
            batch.batchUpdate("insert into own_inflow (inflow_id, kind) values (?, ?) on conflict do nothing", ours);
        }
    }

    /**
     * An inflow that counted is told again, as money of ours.
     *
     * @param cameBack whether this, or what the bank said of the transfer, says that it is a payment of ours that came back
     */
    void compare(BankAccount account, UUID inflowId, Sighting told, boolean cameBack) {
        Optional<InflowKind> taken = db.sql("select kind from own_inflow where inflow_id = ?")
                .param(inflowId)
                .query(String.class)
                .optional()
                .map(InflowKind::valueOf);
        String what =
                Money.of(told.units(), told.entry().currency()) + " on " + DeliveredNotices.masked(account.account());
        if (taken.isEmpty()) {
            tell(
                    inflowId,
                    told,
                    "The bank says that " + what + " is our own transfer "
                            + told.entry().endToEndId()
                            + (cameBack ? ", which came back" : "")
                            + "; told without our reference before, it counted as somebody's payment (inflow "
                            + inflowId
                            + "), and was divided if it is a sale. Pay nothing on of it, and agree with its store how"
                            + " what was paid comes back");
        } else if (cameBack && taken.get() == InflowKind.OWN_TRANSFER) {
            tell(
                    inflowId,
                    told,
                    "The bank says that " + what + " is payment " + told.entry().endToEndId()
                            + " that came back; told without that before, it counted as our own transfer arriving (inflow "
                            + inflowId
                            + "), so that it is in no book and its payee is not owed it again. Enter it by two"
                            + " journals: bank-correction, debit this bank account, credit clearing.exchange; then"
                            + " clearing-transfer, debit clearing.exchange, credit clearing.returns. Then ask the payee"
                            + " where it goes, and pay it at the bank");
        }
    }

    private void tell(UUID inflowId, Sighting told, String summary) {
        work.tell("OURS-" + inflowId, told.evidenceSha256(), summary);
    }
}
