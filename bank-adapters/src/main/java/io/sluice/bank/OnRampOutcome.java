package io.sluice.bank;

import java.math.BigInteger;

/** What came of an on-ramp order; read as {@link SubmitOutcome}. */
public sealed interface OnRampOutcome {

    /**
     * Done at the bank; the coins count only when the transfer is finalized on chain.
     *
     * @param transactionHash of the transfer to the destination, lower-case hex with 0x; empty while the bank has not broadcast
     */
    record Accepted(String onRampId, BigInteger tokenUnits, String transactionHash) implements OnRampOutcome {}

    record Rejected(String reason, String detail) implements OnRampOutcome {}

    record Unknown(String why) implements OnRampOutcome {}
}
