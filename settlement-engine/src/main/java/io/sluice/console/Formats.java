package io.sluice.console;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;

/** Dates, ages and counts in the reader's language. Times are business times in UTC. */
final class Formats {

    private final MessageSource words;
    private final Locale locale;

    Formats(MessageSource words, Locale locale) {
        this.words = words;
        this.locale = locale;
    }

    public String date(LocalDate day) {
        return day.format(pattern("format.date"));
    }

    public String day(LocalDate day) {
        return day.format(pattern("format.day"));
    }

    public String day(Instant at) {
        return day(at.atZone(ZoneOffset.UTC).toLocalDate());
    }

    public String time(Instant at) {
        return at.atZone(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("HH:mm", locale));
    }

    public String dayAndTime(Instant at) {
        return day(at) + " " + time(at);
    }

    /** The date of a business day and the time on it. */
    public String moment(Instant at) {
        ZonedDateTime then = at.atZone(ZoneOffset.UTC);
        return date(then.toLocalDate()) + ", " + time(at);
    }

    /** For machines: the {@code datetime} attribute. */
    public String iso(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** How long ago, in the largest unit that says enough. */
    public String age(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.toMinutes() < 1) {
            return word("age.now");
        }
        if (age.toHours() < 1) {
            return word("age.minutes", age.toMinutes());
        }
        return age.toDays() < 2 ? word("age.hours", age.toHours()) : word("age.days", age.toDays());
    }

    public String age(LocalDate then, LocalDate now) {
        long days = ChronoUnit.DAYS.between(then, now);
        return days < 1 ? word("age.today") : word("age.days", days);
    }

    public String seconds(long seconds) {
        if (seconds < 120) {
            return word("duration.seconds", seconds);
        }
        return seconds < 7200 ? word("duration.minutes", seconds / 60) : word("duration.hours", seconds / 3600);
    }

    public String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The word for a state or type of ours; itself when there is none. */
    public String named(String kind, @Nullable String value) {
        return value == null ? "" : String.valueOf(words.getMessage(kind + "." + value, null, value, locale));
    }

    public String word(String key, Object... arguments) {
        return words.getMessage(key, arguments, locale);
    }

    private DateTimeFormatter pattern(String key) {
        return DateTimeFormatter.ofPattern(word(key), locale);
    }
}
