package io.sluice.bank.iso20022;

/**
 * Something about a message that a bookkeeper must know.
 *
 * @param code stable and machine-readable, such as {@code invalid-amount}
 * @param sentence where it is, what was found and what was expected
 */
public record Finding(String code, Effect effect, String sentence) {

    /** What it keeps from being booked. */
    public enum Effect {
        /** Nothing: a deviation that loses no money, shown beside the booking. */
        NOTED,
        /** The one entry. */
        ENTRY_HELD,
        /** The whole report, until a person has looked. */
        REPORT_HELD
    }

    static Finding noted(String code, String sentence) {
        return new Finding(code, Effect.NOTED, sentence);
    }

    static Finding entryHeld(String code, String sentence) {
        return new Finding(code, Effect.ENTRY_HELD, sentence);
    }

    static Finding reportHeld(String code, String sentence) {
        return new Finding(code, Effect.REPORT_HELD, sentence);
    }
}
