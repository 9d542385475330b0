package io.sluice.bank;

import java.util.List;

/**
 * What came of an order to the bank. Only {@link Accepted} and {@link Rejected} are definite; {@link Unknown} is never
 * followed by another order, only by a question.
 */
public sealed interface SubmitOutcome {

    /** The bank has the order; each transfer has a status of its own. */
    record Accepted(String bankOrderId, List<TransferStatus> transfers) implements SubmitOutcome {
        public Accepted {
            transfers = List.copyOf(transfers);
        }
    }

    /** The bank refused the whole order and did nothing. */
    record Rejected(String reason, String detail) implements SubmitOutcome {}

    /** No proof either way: time-out, reset, 5xx, an answer that cannot be read or that echoes something else. */
    record Unknown(String why) implements SubmitOutcome {}
}
