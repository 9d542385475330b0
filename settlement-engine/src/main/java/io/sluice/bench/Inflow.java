package io.sluice.bench;

import java.time.LocalDate;
import java.util.UUID;

/**
 * A sale that is divided into ten legs: a fee, a royalty, and eight parts of the residual.
 *
 * @param units minor units
 */
record Inflow(UUID id, long units, LocalDate day) {

    static final int LEGS = 10;

    static Inflow of(long number, LocalDate day) {
        return new Inflow(new UUID(0x77310000_00004000L, number), 10_000 + number * 7_919 % 90_000, day);
    }

    /** The parts sum to the whole: the last takes what the others leave. */
    long leg(int number) {
        long fee = units / 1_000;
        long royalty = units / 10;
        long part = (units - fee - royalty) / 8;
        return switch (number) {
            case 0 -> fee;
            case 1 -> royalty;
            case LEGS - 1 -> units - fee - royalty - 7 * part;
            default -> part;
        };
    }
}
