package io.sluice.ledger;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All journal entries of one event that have shape and value date in common. Per currency each sums to zero, or the batch cannot be made.
 *
 * @param number of the event's batches, from 0 on, in the order of their first ids
 * @param bookedOn the value date, or the first open day where that is in a closed period
 * @param belongedTo the last day of that closed period; null for what is booked in its own
 * @param recordedAt when the event was recorded
 * @param entries in the order of their ids
 */
record JournalBatch(
        int number,
        JournalShape shape,
        LocalDate valueDate,
        LocalDate bookedOn,
        @Nullable LocalDate belongedTo,
        String sourceEvent,
        Instant recordedAt,
        List<Entry> entries) {

    /**
     * A balanced group of postings.
     *
     * @param id derived from what it books
     * @param units of each line of the batch's shape: debits are positive, credits negative
     */
    record Entry(UUID id, LineUnits units) {}

    /** As PostgreSQL orders ids, by their bytes. */
    static final Comparator<UUID> BY_BYTES = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    private static final Comparator<Entry> BY_ID = Comparator.comparing(Entry::id, BY_BYTES);

    JournalBatch {
        entries = entries.stream().sorted(BY_ID).toList();
        UUID before = null;
        for (Entry entry : entries) {
            if (entry.id().equals(before)) {
                throw new IllegalStateException("Event " + sourceEvent + " tells of one fact twice, entry " + before);
            }
            before = entry.id();
            shape.requireBalance(entry.units(), sourceEvent);
        }
    }

    /** Of all entries, one after the other; null where one of them needs more than 32 bits. */
    int @Nullable [] small() {
        int[] all = new int[entries.size() * shape.lines()];
        int next = 0;
        for (Entry entry : entries) {
            long[] its = entry.units().small();
            if (its == null) {
                return null;
            }
            for (long units : its) {
                if (units != (int) units) {
                    return null;
                }
                all[next++] = (int) units;
            }
        }
        return all;
    }

    /** Of all entries, one after the other. */
    List<BigInteger> exact() {
        return entries.stream().flatMap(entry -> entry.units().exact().stream()).toList();
    }

    /** Of the first of its entries: no other batch has it. */
    UUID firstId() {
        return entries.getFirst().id();
    }
}
