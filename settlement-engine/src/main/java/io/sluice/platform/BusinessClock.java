package io.sluice.platform;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The time by which business is done: value dates, cut-offs, record points, approvals. Wall time in {@code serve}; compressed in the
 * demo. Signatures, leases and time-outs use the system clock ({@link java.time.Clock}) instead. Never goes back.
 *
 * <p>In microseconds, as PostgreSQL keeps times: what an event says and what a table gives back are the same instant.
 */
public interface BusinessClock {

    Instant now();

    default LocalDate today() {
        return now().atZone(ZoneOffset.UTC).toLocalDate();
    }
}
