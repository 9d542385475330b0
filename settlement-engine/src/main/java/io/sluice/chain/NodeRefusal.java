package io.sluice.chain;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The node understood and refused: what it says, and for a revert the contract's answer. */
final class NodeRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String reason;

    NodeRefusal(String method, String reason, @Nullable String data) {
        super(method + " was refused: " + reason + (data == null || data.isBlank() ? "" : " (" + told(data) + ")"));
        this.reason = reason.toLowerCase(Locale.ROOT);
    }

    /** In the contract's own words where it is one of ours. */
    private static String told(String data) {
        return ContractAbi.refusal(data.replace("\"", "")).orElse(data);
    }

    /** A contract said no: a trial run at another time may go otherwise. */
    boolean isRevert() {
        return reason.contains("revert");
    }

    /** The node has these bytes already, or has used the nonce: the chain says which, not this answer. */
    boolean isKnownOrUsed() {
        return reason.contains("already known")
                || reason.contains("already imported")
                || reason.contains("nonce too low")
                || reason.contains("known transaction");
    }
}
