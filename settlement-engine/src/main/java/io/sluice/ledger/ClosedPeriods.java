package io.sluice.ledger;

import java.time.LocalDate;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The closed periods by their last days, as of one place in the order of events. Days up to the last of them are closed. */
final class ClosedPeriods {

    private final NavigableSet<LocalDate> lastDays = new TreeSet<>();

    private ClosedPeriods() {}

    static ClosedPeriods of(Collection<LocalDate> lastDays) {
        ClosedPeriods periods = new ClosedPeriods();
        periods.lastDays.addAll(lastDays);
        return periods;
    }

    void add(LocalDate lastDay) {
        lastDays.add(lastDay);
    }

    /** The last day of the closed period that this day is in; null for an open day. */
    @Nullable
    LocalDate of(LocalDate day) {
        return lastDays.ceiling(day);
    }

    /** Throws {@link java.util.NoSuchElementException} where nothing is closed: then every day is open. */
    LocalDate firstOpenDay() {
        return lastDays.last().plusDays(1);
    }
}
