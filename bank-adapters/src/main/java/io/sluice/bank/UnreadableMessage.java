package io.sluice.bank;

/**
 * A genuine message that cannot be understood; it is parked with its bytes. {@link #reason()} is a stable code such as {@code
 * invalid-amount}, the message says where, what was found and what was expected.
 */
public final class UnreadableMessage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public UnreadableMessage(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
