package io.sluice.bank.iso20022;

/**
 * Hears a message while it is read. Nothing that it was told holds before {@link CamtReader#read(java.io.InputStream, CamtHandler)} has
 * returned: a file that ends in the middle, or that has a DOCTYPE, is refused as a whole.
 */
public interface CamtHandler {

    default void message(CamtMessage message) {}

    /** A report begins; the header holds what the bank wrote before the first entry, which is all of it where the order is the standard's. */
    default void startReport(CamtHeader header) {}

    default void entry(CamtHeader header, CamtEntry entry) {}

    /** The report is complete; so is the header now. */
    default void endReport(CamtHeader header) {}
}
