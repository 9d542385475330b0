package io.sluice.settlement;

import io.sluice.platform.BusinessClock;
import io.sluice.policies.WorkList;
import io.sluice.settlement.Outbox.Leased;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What becomes of an order that a bank was sent, perhaps, and does not know. It is sent again, byte for byte, only when the bank did not
 * know it several times and is sure to remember its key still; else a person finds out.
 */
@Component
public class Unanswered {

    /** Half of what the bank states (24 h): within it a second sending of the same key cannot pay twice. */
    private static final Duration KEY_REMEMBERED = Duration.ofHours(12);

    private static final int ASKED_ENOUGH = 2;
    private static final Logger log = LoggerFactory.getLogger(Unanswered.class);

    private final Outbox outbox;
    private final WorkList work;
    private final BusinessClock clock;

    Unanswered(Outbox outbox, WorkList work, BusinessClock clock) {
        this.outbox = outbox;
        this.work = work;
        this.clock = clock;
    }

    /** The bank was asked and says that it does not know the order. In the caller's transaction. */
    public void notKnown(Leased leased) {
        int asked = outbox.asked(leased);
        boolean remembered = leased.firstSent() != null
                && clock.now().isBefore(leased.firstSent().plus(KEY_REMEMBERED));
        if (asked <= ASKED_ENOUGH) {
            outbox.unknown(leased, "the bank does not know it", asked);
        } else if (remembered) {
            outbox.again(leased, Duration.ZERO, "the bank did not know it " + asked + " times");
        } else {
            park(
                    leased,
                    "the bank may have forgotten its key",
                    "An order's outcome is unknown and it is too old to send again: look at the account's statement");
        }
    }

    /** A refusal speaks for one sending only: an earlier one, never answered, may have paid. In the caller's transaction. */
    public void refusedLater(Leased leased, String reason) {
        park(
                leased,
                "refused when sent again: " + reason,
                "The bank refused this order when it was sent again; the first sending was never answered and may have"
                        + " paid: look at the account's statement");
    }

    private void park(Leased leased, String why, String summary) {
        if (outbox.park(leased, why)) {
            log.warn("Order {} waits for a person: {}", leased.orderId(), why);
            work.open("PARKED-" + leased.orderId(), "PARKED", leased.orderId().toString(), summary, "engine");
        }
    }
}
