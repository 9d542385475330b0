package io.sluice.policies;

import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Does what a queue holds item by item, so that one which cannot be done holds nobody else up: it is passed over, tried again after a pause
 * that grows, and told to a person once it has failed three times in a row. What was told goes by itself when the item succeeds at last,
 * and comes back the day after somebody has dismissed it while it still fails.
 */
@Component
public class OneByOne {

    private static final Logger log = LoggerFactory.getLogger(OneByOne.class);
    private static final int TOLD_AFTER = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** @param toldOn the day on which a person was told last; {@link LocalDate#MIN} before the first time */
    private record Failing(int times, Duration pause, Instant again, LocalDate toldOn) {}

    private final Map<String, Failing> failing = new ConcurrentHashMap<>();
    private final WorkList work;
    private final Transactions transactions;
    private final Clock clock;

    OneByOne(WorkList work, Transactions transactions, Clock clock) {
        this.work = work;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Does one item in a transaction of its own.
     *
     * @param itemId its place on the work list, always the same
     * @param what it is, as it begins a sentence: "Statement S-1 of account A"
     * @return whether it was done: false when it failed, or waits because it has failed
     * @throws RuntimeException when the database fails, since that fails all
     */
    public boolean run(String itemId, String what, Runnable item) {
        Failing before = failing.get(itemId);
        if (before != null && clock.instant().isBefore(before.again())) {
            return false;
        }
        try {
            transactions.run(() -> {
                item.run();
                work.withdraw(itemId);
            });
            failing.remove(itemId);
            return true;
        } catch (TransientDataAccessException | DataAccessResourceFailureException | TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            failing.put(itemId, failed(itemId, what, before, e));
            return false;
        }
    }

    private Failing failed(String itemId, String what, @Nullable Failing before, RuntimeException failure) {
        int times = before == null ? 1 : before.times() + 1;
        Duration pause = before == null ? FIRST_PAUSE : longer(before.pause());
        LocalDate toldOn = before == null ? LocalDate.MIN : before.toldOn();
        log.warn("{} failed, {} in a row; it is tried again in {} s", what, times, pause.toSeconds(), failure);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (times >= TOLD_AFTER) {
            String summary = what + " fails (" + failure.getClass().getSimpleName()
                    + ", see the log). It waits and is tried again by itself; all others go on.";
            String hash = Hashes.sha256(itemId);
            boolean newDay = toldOn.isBefore(today);
            transactions.run(() -> {
                if (newDay) {
                    work.tellAgain(itemId, hash, summary);
                } else {
                    work.tell(itemId, hash, summary);
                }
            });
            toldOn = today;
        }
        return new Failing(times, pause, clock.instant().plus(pause), toldOn);
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
}
