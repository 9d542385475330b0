package io.sluice.bank;

/** Which way money moved, seen from the account's owner (ISO 20022 CdtDbtInd). */
public enum Direction {
    CREDIT,
    DEBIT
}
