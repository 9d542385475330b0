package io.sluice.chain;

/** The node serves another chain than the settings say, or has no contract where they say that there is one. Nothing is sent. */
public final class ChainMisconfigured extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChainMisconfigured(String message) {
        super(message);
    }
}
