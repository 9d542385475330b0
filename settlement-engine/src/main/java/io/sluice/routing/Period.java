package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;

/** What an agreement counts volume, minimum and ceiling by. A period is known by its first day. */
public enum Period {
    @JsonProperty("WEEK")
    WEEK,
    @JsonProperty("MONTH")
    MONTH,
    @JsonProperty("QUARTER")
    QUARTER,
    @JsonProperty("YEAR")
    YEAR;

    /** First day of the period that {@code day} is in; weeks begin on Monday. */
    LocalDate of(LocalDate day) {
        return switch (this) {
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
            case YEAR -> day.withDayOfYear(1);
        };
    }

    /** First day of the period so many later. */
    LocalDate plus(LocalDate firstDay, int periods) {
        return switch (this) {
            case WEEK -> firstDay.plusWeeks(periods);
            case MONTH -> firstDay.plusMonths(periods);
            case QUARTER -> firstDay.plusMonths(3L * periods);
            case YEAR -> firstDay.plusYears(periods);
        };
    }
}
