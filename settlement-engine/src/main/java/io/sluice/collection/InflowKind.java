package io.sluice.collection;

/** What a credit is, as far as the account and the references on it tell. */
public enum InflowKind {
    /** A store's sales proceeds: to be routed. */
    SALE,
    /** Our own transfer arriving on another account of ours. */
    OWN_TRANSFER,
    /** A payout of ours that could not be delivered and came back. */
    RETURN,
    /** Money that nobody expected here: kept in suspense until a person says what it is. */
    UNKNOWN
}
