package io.sluice.collection;

/** What a credit is, as far as the account and the references on it tell. */
public enum InflowKind {
    /** A store's sales proceeds: to be routed. */
    SALE,
    /** Our own transfer arriving on another account of ours. */
    OWN_TRANSFER,
    /** A payout of ours that could not be delivered and came back. */
    RETURN,
    /** A purchase that was paid back to us, or a chargeback that was decided for the store. */
    REFUND,
    /** Money that an owner put in; nobody's proceeds. */
    FUNDING,
    /** Fees that the bank gave back. */
    BANK_FEE,
    /** What the bank pays for the balance. */
    INTEREST,
    /** One half of an exchange of currencies. */
    FX_LEG,
    /** An investor's payment for tokens. */
    SUBSCRIPTION,
    /** Money that nobody expected here: kept in suspense until a person says what it is. */
    UNKNOWN;

    /** Whether a rule of an account's may decide it: what is ours, and what came back of it, is known by evidence alone. */
    boolean isForRules() {
        return this != OWN_TRANSFER && this != RETURN;
    }
}
