package io.sluice.chain;

/** A deployment was not begun or not finished, and why; what was sent stands in its file, and the same command goes on from there. */
public final class DeploymentRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Who has to do something. */
    public enum Kind {
        /** What was asked for is not what the file or the chain holds. */
        DIFFERS,
        /** The command was given too little, or what does not fit together. */
        MISUSE,
        /** Node, funds or chain. */
        OUTSIDE
    }

    private final Kind kind;

    DeploymentRefused(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
