package io.sluice.collection;

import io.sluice.money.Money;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a camt file came to, account by account and entry by entry. All of a file is booked, or nothing of it.
 *
 * @param repeated whether the same bytes had been taken in before; they have no second effect
 * @param state as of its delivery: NEW until it is read, then DONE, or PARKED with a reason
 */
public record StatementReport(
        long deliveryId,
        String sha256,
        boolean repeated,
        String state,
        @Nullable String reason,
        @Nullable String message,
        List<OfAccount> accounts) {

    /** What an entry came to. */
    public enum Outcome {
        /** It is an inflow, of which this file told first. */
        BOOKED,
        /** It is an inflow of which something told before. */
        KNOWN,
        /** It is no inflow: a debit, or no money yet. */
        NO_INFLOW,
        /** Its references are those of several inflows, or of one that it cannot be: a person decides. */
        PARKED,
        /** The file was refused; nothing of it was booked. */
        REFUSED,
        /** The file is not read yet. */
        WAITING
    }

    /**
     * One report of the file.
     *
     * @param id the bank's, of a statement or notice
     * @param entries the first {@value #MOST_ENTRIES}; the counts are of all
     */
    public record OfAccount(
            @Nullable String account, @Nullable String id, String statement, Counts counts, List<Entry> entries) {

        public OfAccount {
            entries = List.copyOf(entries);
        }
    }

    /** How many entries came to what. */
    public record Counts(long booked, long known, long noInflow, long parked, long refused, long waiting) {

        static Counts of(List<Entry> entries) {
            return new Counts(
                    count(entries, Outcome.BOOKED),
                    count(entries, Outcome.KNOWN),
                    count(entries, Outcome.NO_INFLOW),
                    count(entries, Outcome.PARKED),
                    count(entries, Outcome.REFUSED),
                    count(entries, Outcome.WAITING));
        }

        public long total() {
            return booked + known + noInflow + parked + refused + waiting;
        }

        private static long count(List<Entry> entries, Outcome outcome) {
            return entries.stream().filter(entry -> entry.outcome() == outcome).count();
        }
    }

    /**
     * One entry.
     *
     * @param number its place in the report, from 1
     * @param line of the file
     * @param direction CREDIT or DEBIT; null, as the amount is, where it cannot be read
     * @param why in words: by what it is known, or why it is not booked
     */
    public record Entry(
            int number,
            int line,
            Outcome outcome,
            @Nullable String direction,
            @Nullable Money amount,
            @Nullable InflowKind kind,
            @Nullable UUID inflowId,
            String why) {}

    public static final int MOST_ENTRIES = 1_000;

    public StatementReport {
        accounts = List.copyOf(accounts);
    }

    /** Whether it was read and refused. */
    public boolean refused() {
        return state.equals("PARKED");
    }
}
