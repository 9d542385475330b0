package io.sluice.sandbox;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The compressed time of the demo: business days at a rate, without weekends, never going back, a kill -9 included.
 *
 * <p>It never shows an instant that its database does not already cover: while it runs, it reserves a few seconds ahead and, after a
 * crash, goes on from the end of what was reserved. While it is paused it stands still, and moves when it is told to.
 */
final class BusinessClock extends Clock {

    private static final String RESERVED = "clock.reserved";
    private static final Duration AHEAD = Duration.ofSeconds(2);

    private final BankDatabase database;
    private final LongSupplier nanoTime;
    private Instant base;
    private long baseNanos;
    private double rate;
    private Instant reserved;
    private Instant shown;

    /** A clock that goes on where the database says, else begins at {@code start}; paused. */
    BusinessClock(BankDatabase database, Instant start, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
        this.base = database.setting(RESERVED).map(Instant::parse).orElse(start);
        this.baseNanos = nanoTime.getAsLong();
        this.reserved = base;
        this.shown = base;
        if (database.setting(RESERVED).isEmpty()) {
            reserve(base);
        }
    }

    @Override
    public synchronized Instant instant() {
        Instant now = skipWeekend(running());
        if (now.isAfter(reserved)) {
            reserve(now.plusNanos((long) (AHEAD.toNanos() * rate)));
        }
        if (now.isAfter(shown)) {
            shown = now;
        }
        return shown;
    }

    LocalDate date() {
        return LocalDate.ofInstant(instant(), ZoneOffset.UTC);
    }

    /** Business seconds per wall second; 0 while paused. */
    synchronized double rate() {
        return rate;
    }

    /** Lets it run. */
    synchronized void run(double businessSecondsPerSecond) {
        rebase(instant(), businessSecondsPerSecond);
    }

    /** Stops it where it is. */
    synchronized void pause() {
        rebase(instant(), 0);
        reserve(base);
    }

    /** Moves it forward to {@code to}; an instant in the past changes nothing. */
    synchronized void moveTo(Instant to) {
        Instant target = skipWeekend(to);
        if (target.isAfter(instant())) {
            reserve(target);
            rebase(target, rate);
            shown = target;
        }
    }

    /** The day, or the Monday after it. */
    static LocalDate businessDay(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.plusDays(2);
            case SUNDAY -> day.plusDays(1);
            default -> day;
        };
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        if (zone.equals(ZoneOffset.UTC)) {
            return this;
        }
        throw new UnsupportedOperationException("Business time is UTC");
    }

    private Instant running() {
        return rate == 0 ? base : base.plusNanos((long) ((nanoTime.getAsLong() - baseNanos) * rate));
    }

    private Instant skipWeekend(Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        if (day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY) {
            return instant;
        }
        Instant monday = businessDay(day).atStartOfDay(ZoneOffset.UTC).toInstant();
        rebase(monday, rate);
        return monday;
    }

    private void rebase(Instant instant, double businessSecondsPerSecond) {
        base = instant;
        baseNanos = nanoTime.getAsLong();
        rate = businessSecondsPerSecond;
    }

    private void reserve(Instant until) {
        database.setting(RESERVED, until.toString());
        reserved = until;
    }
}
