package io.sluice.settlement;

import io.sluice.collection.BankAccounts;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.Senders;
import io.sluice.collection.Senders.Sender;
import io.sluice.collection.Suspense;
import io.sluice.investors.Payees;
import io.sluice.investors.Payees.Destination;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.settlement.Instructions.Draft;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Rail;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Sends money in suspense back to the account that it came from, whole, by a payment order that a second person approves. What the bank
 * refuses can be ordered again; while an order is under way, or once it went out, it cannot.
 */
@Component
public class SuspenseReturns {

    private final JdbcClient db;
    private final Suspense suspense;
    private final Senders senders;
    private final BankAccounts accounts;
    private final Payees payees;
    private final Orders orders;
    private final BusinessClock clock;
    private final Transactions transactions;

    SuspenseReturns(
            JdbcClient db,
            Suspense suspense,
            Senders senders,
            BankAccounts accounts,
            Payees payees,
            Orders orders,
            BusinessClock clock,
            Transactions transactions) {
        this.db = db;
        this.suspense = suspense;
        this.senders = senders;
        this.accounts = accounts;
        this.payees = payees;
        this.orders = orders;
        this.clock = clock;
        this.transactions = transactions;
    }

    /**
     * Orders it and puts the order on the work list. Answers the order's id.
     *
     * @throws Rejection {@code not-in-suspense}, {@code taken-back}, {@code already-decided}; {@code sender-unknown} when nothing that
     *     the bank told names the sender's account; {@code sender-is-ours} when that is an account of ours
     */
    public UUID sendBack(UUID inflowId, String operator) {
        return transactions.in(() -> {
            Suspense.Item item = suspense.find(inflowId);
            if (suspense.sendBack(inflowId, operator) && isUnderWay(inflowId)) {
                throw suspense.alreadyDecided(inflowId);
            }
            BankAccount account = accounts.find(item.account()).orElseThrow();
            String payeeId = payee(inflowId);
            Payees.Known payee =
                    Objects.requireNonNull(payees.known(List.of(payeeId)).get(payeeId));
            Draft draft = new Draft(
                    Kind.RETURN_TO_SENDER,
                    payeeId,
                    payee.sha256(),
                    item.units(),
                    null,
                    series(inflowId),
                    List.of(inflowId));
            return orders.create(
                    new Orders.Source(
                            Rail.BANK,
                            account.bank(),
                            account.account(),
                            Orders.NO_AGREEMENT,
                            item.currency(),
                            clock.today(),
                            null),
                    List.of(draft),
                    Optional.empty(),
                    operator);
        });
    }

    private String payee(UUID inflowId) {
        Sender sender = senders.of(inflowId)
                .orElseThrow(() -> new Rejection(
                        "sender-unknown",
                        "Nothing that the bank told of inflow " + inflowId + " names the sender's account"));
        if (accounts.find(sender.account()).isPresent()) {
            throw new Rejection("sender-is-ours", "Inflow " + inflowId + " came from an account of ours");
        }
        String payeeId = "SENDER-" + inflowId;
        payees.register(
                Payees.Kind.SENDER,
                Map.of(
                        payeeId,
                        new Destination(
                                Payees.Rail.BANK,
                                Objects.requireNonNullElse(sender.name(), "Sender of the payment"),
                                sender.account(),
                                null)));
        return payeeId;
    }

    private boolean isUnderWay(UUID inflowId) {
        return db.sql("select count(*) from rail_claim where payable_id = ?")
                        .param(inflowId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private int series(UUID inflowId) {
        return db.sql("select series from payable_series where payable_id = ?")
                .param(inflowId)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }
}
