package io.sluice.collection;

import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * A credit that does not count yet.
 *
 * @param units minor units of the currency, greater than zero
 * @param expectedOn the value date that the first source named
 * @param evidenceSha256 of the bytes that told of it first
 * @param told in which ways it was told so far
 */
public record Announcement(
        UUID inflowId, long units, String currency, LocalDate expectedOn, String evidenceSha256, Set<Telling> told) {

    public Announcement {
        told = Collections.unmodifiableSet(EnumSet.copyOf(told));
    }

    Announcement with(Set<Telling> ways) {
        return new Announcement(inflowId, units, currency, expectedOn, evidenceSha256, ways);
    }
}
