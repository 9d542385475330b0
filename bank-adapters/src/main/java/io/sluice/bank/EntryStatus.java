package io.sluice.bank;

/** How far the bank has come with an entry (ISO 20022 EntryStatus1Code). Only {@link #BOOKED} is money. */
public enum EntryStatus {
    BOOKED,
    PENDING,
    FUTURE,
    INFORMATION,
    /** A code we do not know, or none. Never money. */
    UNKNOWN
}
