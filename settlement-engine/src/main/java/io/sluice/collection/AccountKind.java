package io.sluice.collection;

/** What an account of ours is for. */
public enum AccountKind {
    /** Receives one store's proceeds. */
    COLLECTION,
    /** Holds royalty for the holders, and nothing else. */
    TRUST,
    /** The platform's own fees. */
    FEE
}
