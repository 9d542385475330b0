package io.sluice.platform;

import java.time.LocalDate;

/** Days on which banks book: Monday to Friday. Holidays are each bank's own and are not counted. */
public final class BusinessDays {

    private BusinessDays() {}

    /** The day itself, or the Friday before it. */
    public static LocalDate upTo(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.minusDays(1);
            case SUNDAY -> day.minusDays(2);
            default -> day;
        };
    }

    /** The day itself, or the Monday after it. */
    public static LocalDate from(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.plusDays(2);
            case SUNDAY -> day.plusDays(1);
            default -> day;
        };
    }

    /** So many business days before the business day that {@code day} is or follows. */
    public static LocalDate before(LocalDate day, int days) {
        LocalDate found = upTo(day);
        for (int i = 0; i < days; i++) {
            found = upTo(found.minusDays(1));
        }
        return found;
    }

    /** So many business days after the business day that {@code day} is or precedes. */
    public static LocalDate after(LocalDate day, int days) {
        LocalDate found = from(day);
        for (int i = 0; i < days; i++) {
            found = from(found.plusDays(1));
        }
        return found;
    }
}
