package io.sluice.bank;

import java.util.List;

/** The movements of an account as the bank lists them. Every call throws {@link BankFailure} when the bank cannot be reached or understood. */
public interface BankTransactions {

    /**
     * The movements behind a cursor, at most 500; the whole past, as far as the bank remembers, for an empty cursor. Who follows {@link
     * Page#next()} sees every booked movement at least once, in any order.
     */
    Page after(String account, String cursor);

    /**
     * Some movements.
     *
     * @param next where to go on, at once while there is {@code more}, else tomorrow
     */
    record Page(List<BankEntry> entries, String next, boolean more) {
        public Page {
            entries = List.copyOf(entries);
        }
    }
}
