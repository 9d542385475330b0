package io.sluice.console;

import io.sluice.ledger.ManualJournal;
import io.sluice.money.Money;
import io.sluice.policies.WorkList;
import io.sluice.reconciliation.Breaks.Break;
import io.sluice.routing.Agreements.Held;
import io.sluice.routing.ValueDates.Odd;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What does not go on by itself: each list is cut at what a person can look through.
 *
 * @param oddDates the oldest of the inflows whose value date somebody has to look at; they are counted among the unroutable
 * @param held agreements whose routing somebody has stopped
 * @param journals what those of the items ask for that are journals by hand, by the item's id
 */
record Waiting(
        List<WorkList.Item> items,
        Map<String, ManualJournal> journals,
        long moreItems,
        List<Parked> parked,
        long moreParked,
        List<Unroutable> unroutable,
        List<Odd> oddDates,
        List<Held> held,
        List<CameBack> cameBack,
        List<Break> breaks,
        long moreBreaks) {

    /** A delivery that could not be read, and why. */
    record Parked(long inboxId, String source, String reason, Instant receivedAt) {}

    /** Inflows that no rule or store covers. */
    record Unroutable(String reason, long count, Instant since) {}

    /** Payouts that the bank brought back after they were settled. */
    record CameBack(String agreementId, String kind, long count, long units, String currency) {
        public String money() {
            return Money.of(units, currency).toString();
        }
    }

    /** All that waits, the lists' cut-off ends included. */
    public long count() {
        return items.size()
                + moreItems
                + parked.size()
                + moreParked
                + unroutable.size()
                + held.size()
                + cameBack.size()
                + breaks.size()
                + moreBreaks;
    }

    public boolean nothing() {
        return count() == 0;
    }
}
