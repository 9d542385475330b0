package io.sluice.ledger;

import io.sluice.money.Currencies;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A balanced group of postings. Debits are positive, credits negative; per currency they sum to zero, or the entry cannot be made.
 *
 * @param id derived from the event that it books
 * @param bookedOn the value date, or the first open day where that is in a closed period
 * @param belongedTo the last day of that closed period; null for what is booked in its own
 * @param recordedAt when its event was recorded
 */
record JournalEntry(
        UUID id,
        LocalDate valueDate,
        LocalDate bookedOn,
        @Nullable LocalDate belongedTo,
        String sourceEvent,
        Instant recordedAt,
        List<Posting> postings) {

    /** One line. {@code agreement} is {@code -} for money that belongs to no agreement yet. */
    record Posting(String account, String agreement, BigInteger units, String currency) {}

    JournalEntry {
        postings = List.copyOf(postings);
        if (!balances(postings)) {
            Map<String, BigInteger> sums = new TreeMap<>();
            postings.forEach(p -> sums.merge(p.currency(), p.units(), BigInteger::add));
            throw new IllegalStateException("A journal entry does not balance: " + sums + " from event " + sourceEvent);
        }
    }

    /** Per currency, of which there is mostly one. */
    private static boolean balances(List<Posting> postings) {
        for (int first = 0; first < postings.size(); first++) {
            String currency = postings.get(first).currency();
            boolean summed = false;
            for (int before = 0; before < first && !summed; before++) {
                summed = postings.get(before).currency().equals(currency);
            }
            if (!summed) {
                BigInteger sum = BigInteger.ZERO;
                for (int line = first; line < postings.size(); line++) {
                    if (postings.get(line).currency().equals(currency)) {
                        sum = sum.add(postings.get(line).units());
                    }
                }
                if (sum.signum() != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Collects the lines of one entry. */
    static final class Lines {

        static final String NO_AGREEMENT = "-";

        private final List<Posting> postings = new ArrayList<>();

        /** From credit to debit: what {@code debit} gets, {@code credit} gives. Zero leaves no line; a negative amount swaps the sides. */
        Lines move(String debit, String credit, String agreement, BigInteger units, String currency) {
            return debit(debit, agreement, units, currency).debit(credit, agreement, units.negate(), currency);
        }

        Lines move(String debit, String credit, String agreement, long units, String currency) {
            return move(debit, credit, agreement, BigInteger.valueOf(units), currency);
        }

        Lines debit(String account, String agreement, BigInteger units, String currency) {
            Currencies.digits(currency);
            if (units.signum() != 0) {
                postings.add(new Posting(account, agreement, units, currency));
            }
            return this;
        }

        List<Posting> list() {
            return postings;
        }
    }
}
