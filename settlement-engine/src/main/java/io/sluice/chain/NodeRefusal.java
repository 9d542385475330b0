package io.sluice.chain;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The node understood and refused: what it says, and for a revert the contract's answer. */
final class NodeRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String reason;

    NodeRefusal(String method, String reason, @Nullable String data) {
        super(method + " was refused: " + told(reason, data == null ? "" : data.replace("\"", "")));
        this.reason = reason.toLowerCase(Locale.ROOT);
    }

    /** In the contract's own words where it is one of ours; what the node makes of the same bytes would only repeat them. */
    private static String told(String reason, String data) {
        return ContractAbi.refusal(data)
                .map(words -> "execution reverted: " + words)
                .orElse(data.isBlank() ? reason : reason + " (" + data + ")");
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
