package io.sluice.console;

import io.sluice.money.Money;
import io.sluice.policies.WorkList;
import io.sluice.reconciliation.Breaks.Break;
import java.time.Instant;
import java.util.List;

/** What does not go on by itself: each list is cut at what a person can look through. */
record Waiting(
        List<WorkList.Item> items,
        long moreItems,
        List<Parked> parked,
        long moreParked,
        List<Unroutable> unroutable,
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
                + cameBack.size()
                + breaks.size()
                + moreBreaks;
    }

    public boolean nothing() {
        return count() == 0;
    }
}
