package io.sluice.collection;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankNotice;
import io.sluice.bank.UnreadableMessage;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asks banks what the objects say that their deliveries only name, outside any transaction, and records the answer in one. What a bank
 * does not answer is asked again after a while that doubles, and after about an hour is parked with the reason; each delivery waits by
 * itself.
 */
@Component
class ObjectFetcher extends Worker {

    private static final int AT_ONCE = 8;
    private static final int PATIENCE = 14;

    /** An answer that cannot be read may have been cut off on its way; one that never can is not mended by asking. */
    private static final int UNREADABLE_PATIENCE = 5;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** More than an answer may take, for all that are asked for in one turn. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(ObjectFetcher.class);

    private final Inbox inbox;
    private final Banks banks;
    private final DeliveredNotices notices;
    private final Transactions transactions;

    ObjectFetcher(Inbox inbox, Banks banks, DeliveredNotices notices, Transactions transactions) {
        super("bank-objects");
        this.inbox = inbox;
        this.banks = banks;
        this.notices = notices;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
        List<Inbox.Item> leased = transactions.in(() -> inbox.leaseFetches(AT_ONCE, LEASE));
        leased.forEach(this::fetch);
        return leased.size() == AT_ONCE;
    }

    private void fetch(Inbox.Item item) {
        List<BankNotice> said;
        try {
            said = ask(item);
        } catch (UnreadableMessage e) {
            settle(item, () -> again(item, UNREADABLE_PATIENCE, e.reason() + ": " + e.getMessage()));
            return;
        } catch (BankFailure e) {
            settle(item, () -> again(item, PATIENCE, "bank-failure: " + e.getMessage()));
            return;
        }
        try {
            transactions.run(() -> record(item, said));
        } catch (UnreadableMessage e) {
            settle(item, () -> park(item, e.reason() + ": " + e.getMessage()));
        } catch (RuntimeException e) {
            log.warn("What delivery {} of {} names was not recorded", item.inboxId(), item.source(), e);
            settle(item, () -> again(item, PATIENCE, "failed: " + e.getClass().getSimpleName()));
        }
    }

    private List<BankNotice> ask(Inbox.Item item) {
        byte[] body = inbox.body(item).orElseThrow(() -> new UnreadableMessage("erased", "Its key was destroyed"));
        BankAdapter bank = banks.get(item.source());
        List<BankNotice> said = new ArrayList<>();
        for (BankNotice notice : bank.read(body)) {
            if (notice instanceof BankNotice.ToFetch named) {
                said.addAll(bank.fetch(named));
            } else {
                said.add(notice);
            }
        }
        return said;
    }

    private void record(Inbox.Item item, List<BankNotice> said) {
        if (inbox.holds(item)) {
            Map<String, List<Sighting>> byAccount = new TreeMap<>();
            notices.take(item, said, byAccount);
            notices.record(byAccount);
            inbox.done(List.of(item.inboxId()));
        }
    }

    private void settle(Inbox.Item item, Runnable how) {
        transactions.run(() -> {
            if (inbox.holds(item)) {
                how.run();
            }
        });
    }

    private void park(Inbox.Item item, String reason) {
        log.warn("Delivery {} of {} is parked: {}", item.inboxId(), item.source(), reason);
        inbox.park(item.inboxId(), reason);
    }

    private void again(Inbox.Item item, int patience, String reason) {
        if (item.attempts() >= patience) {
            park(item, reason);
            return;
        }
        Duration pause = pause(item.attempts());
        log.info(
                "What delivery {} of {} names is asked for again in {}: {}",
                item.inboxId(),
                item.source(),
                pause,
                reason);
        inbox.fetchLater(item.inboxId(), pause, reason);
    }

    /** After the first attempt a second, doubled after each further one. */
    static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
