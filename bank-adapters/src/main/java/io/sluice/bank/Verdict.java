package io.sluice.bank;

import java.time.Instant;

/** Whether a delivery is the bank's own, unaltered and recent. */
public sealed interface Verdict {

    /**
     * Genuine. {@code eventId} is what the bank repeats when it repeats the event: the key for deduplication.
     *
     * @param attemptedAt when the bank says it sent this attempt; when it came, for banks that sign no time
     * @param keyId which of our active keys verified it
     */
    record Verified(String eventId, Instant attemptedAt, String keyId) implements Verdict {}

    /** Not to be believed, and not kept. The reason is for the sender and the log; it holds no secret. */
    record Refused(Reason reason, String detail) implements Verdict {}

    enum Reason {
        SIGNATURE_MISSING,
        SIGNATURE_WRONG,
        TIMESTAMP_MALFORMED,
        TIMESTAMP_TOO_OLD,
        TIMESTAMP_IN_FUTURE,
        EVENT_ID_MALFORMED
    }
}
