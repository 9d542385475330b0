package io.sluice.collection;

import java.util.Set;

/** When money that a bank tells of counts: from then on it is posted, divided and paid on, and never before. */
public enum AccountPolicy {

    /** As soon as anything tells of it as booked: for banks whose notice of a booked credit means that it is booked. The default. */
    BOOKED_NOTICE,

    /** When the daily statement lists it; a notice only announces it. */
    BOOKED_STATEMENT,

    /** When it was told as booked in two ways: by notice, by the bank's own list of movements when asked, by the daily statement. */
    CONFIRMED;

    boolean counts(Set<Telling> told) {
        long booked = told.stream().filter(Telling::isBooked).count();
        return switch (this) {
            case BOOKED_NOTICE -> booked > 0;
            case BOOKED_STATEMENT -> told.contains(Telling.STATEMENT);
            case CONFIRMED -> booked > 1;
        };
    }
}
