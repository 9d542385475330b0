package io.sluice.collection;

import io.sluice.bank.EntryStatus;

/** In which way a source told of a credit. */
enum Telling {
    /** As pending: it is expected. */
    PENDING,
    /** As booked, by a webhook, a camt.052 or a camt.054. */
    NOTICE,
    /** As booked, in the bank's own list of movements when it was asked. */
    LISTED,
    /** As booked, by the daily statement. */
    STATEMENT;

    static Telling of(Sighting sighting) {
        if (sighting.entry().status() != EntryStatus.BOOKED) {
            return PENDING;
        }
        if (sighting.daily()) {
            return STATEMENT;
        }
        return sighting.listed() ? LISTED : NOTICE;
    }

    boolean isBooked() {
        return this != PENDING;
    }
}
