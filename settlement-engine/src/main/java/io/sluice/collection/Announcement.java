package io.sluice.collection;

import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credit that does not count yet.
 *
 * @param units minor units of the currency, greater than zero
 * @param expectedOn the value date that the first source named
 * @param evidenceSha256 of the bytes that told of it first
 * @param told in which ways it was told so far
 * @param asTold what is recorded should it count by that; null in books from before this was kept
 */
public record Announcement(
        UUID inflowId,
        long units,
        String currency,
        LocalDate expectedOn,
        String evidenceSha256,
        Set<Telling> told,
        @Nullable NewInflow asTold) {

    public Announcement {
        told = Collections.unmodifiableSet(EnumSet.copyOf(told));
    }

    /**
     * The same, told in one more way: the strongest says what it is, as the daily statement before a notice; that it is money of ours, or
     * such that came back, any of them says.
     */
    Announcement with(Telling way, NewInflow as) {
        EnumSet<Telling> ways = EnumSet.copyOf(told);
        boolean more = ways.add(way);
        boolean strongest = more && way == Collections.max(ways);
        NewInflow now = asTold == null || strongest ? as.joinedWith(asTold) : asTold.joinedWith(as);
        return new Announcement(inflowId, units, currency, expectedOn, evidenceSha256, ways, now);
    }
}
