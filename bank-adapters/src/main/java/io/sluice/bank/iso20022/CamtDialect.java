package io.sluice.bank.iso20022;

/**
 * What we know of a bank's way to write camt, so that what it leaves out is not guessed file by file.
 *
 * @param statementEntriesAreBooked an entry of a camt.053 without Sts is booked: the message is a statement of booked entries
 * @param closingDayIsBookingDay an entry of a camt.053 without BookgDt was booked on the day of the closing balance
 */
public record CamtDialect(boolean statementEntriesAreBooked, boolean closingDayIsBookingDay) {

    /** Nothing is supplied: an entry without Sts has no known status, and is no money. */
    public static final CamtDialect STANDARD = new CamtDialect(false, false);

    /** For banks, many in the Baltics, whose statements balance but carry neither Sts nor BookgDt in their entries. */
    public static final CamtDialect TERSE_STATEMENTS = new CamtDialect(true, true);
}
