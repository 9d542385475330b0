package io.sluice.bank;

/** The bank could not be reached or understood. Asked again later, or shown to an operator; nothing was decided. */
public final class BankFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BankFailure(String message) {
        super(message);
    }

    public BankFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
