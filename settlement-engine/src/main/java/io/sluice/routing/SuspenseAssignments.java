package io.sluice.routing;

import io.sluice.collection.CollectionCommand.AssignInflow;
import io.sluice.collection.Suspense;
import io.sluice.platform.Commands;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.routing.Agreements.StoreView;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Assigns money in suspense to the store whose collection account it lies on; it is then divided like any sale of its value date. */
@Component
public class SuspenseAssignments {

    private final Suspense suspense;
    private final Agreements agreements;
    private final Commands commands;
    private final Transactions transactions;

    SuspenseAssignments(Suspense suspense, Agreements agreements, Commands commands, Transactions transactions) {
        this.suspense = suspense;
        this.agreements = agreements;
        this.commands = commands;
        this.transactions = transactions;
    }

    /**
     * Once for each inflow.
     *
     * @throws Rejection {@code not-in-suspense}, {@code taken-back}, {@code already-decided}, {@code no-such-store}; {@code
     *     money-elsewhere} when it lies on another account than the store's, whose payouts it could not fund
     */
    public void assign(UUID inflowId, String storeId, String operator) {
        transactions.run(() -> {
            Suspense.Item item = suspense.find(inflowId);
            StoreView store = agreements.stores().stream()
                    .filter(s -> s.storeId().equals(storeId))
                    .findFirst()
                    .orElseThrow(() -> new Rejection("no-such-store", "There is no store \"" + storeId + "\""));
            if (!store.collectionAccount().equals(item.account())) {
                throw new Rejection(
                        "money-elsewhere",
                        "The money lies on another account than store " + storeId
                                + "'s collection account, from which its shares are paid: send it back");
            }
            suspense.assign(inflowId, storeId, operator);
            commands.send(new AssignInflow(
                    item.account(), inflowId, storeId, item.units(), item.currency(), item.valueDate(), operator));
        });
    }
}
