package io.sluice.platform;

/**
 * The request was understood and refused by a rule; nothing was recorded. {@link #type()} is stable and becomes the problem's type in the
 * API; the message says what was found and what was expected.
 */
public class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String type;

    public Rejection(String type, String message) {
        super(message);
        this.type = type;
    }

    /** Lower-case words with hyphens, such as {@code rule-hash-differs}. */
    public String type() {
        return type;
    }
}
