package io.sluice.sandbox;

/** A part of the sandbox cannot work; the message is one sentence that tells the user what to do. */
public final class SandboxFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SandboxFailure(String message) {
        super(message);
    }

    public SandboxFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
