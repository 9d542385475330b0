package io.sluice.chain;

/** The node could not be reached, or answered what cannot be used. Nothing is known of what it did; ask again. */
public final class ChainFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChainFailure(String message) {
        super(message);
    }

    ChainFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
