package io.sluice.collection;

import io.sluice.bank.BankNotice;
import io.sluice.bank.UnreadableMessage;
import io.sluice.platform.Pace;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reads the inbox. Up to 500 deliveries are read in one transaction and become one command per account; when that fails they are tried
 * one by one, and what fails five times is parked with its reason. Nothing is dropped and nothing holds up what is behind it. What only
 * names an object at its bank is left to {@link ObjectFetcher}: no bank is asked in here.
 */
@Component
public class InboxReader extends Worker {

    private static final int BATCH = 500;
    private static final int PATIENCE = 5;
    private static final Logger log = LoggerFactory.getLogger(InboxReader.class);

    private final Inbox inbox;
    private final Banks banks;
    private final DeliveredNotices notices;
    private final StatementReader statements;
    private final ObjectFetcher fetcher;
    private final Transactions transactions;
    private final Pace pace;
    private boolean oneByOne;

    InboxReader(
            Inbox inbox,
            Banks banks,
            DeliveredNotices notices,
            StatementReader statements,
            ObjectFetcher fetcher,
            Transactions transactions,
            Pace pace) {
        super("inbox");
        this.pace = pace;
        this.inbox = inbox;
        this.banks = banks;
        this.notices = notices;
        this.statements = statements;
        this.fetcher = fetcher;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
        pace.keep(0); // how many it will be is not known yet
        int limit = oneByOne ? 1 : BATCH;
        List<Inbox.Item> taken = new ArrayList<>();
        try {
            transactions.run(() -> {
                taken.addAll(inbox.take(limit));
                read(taken);
            });
        } catch (RuntimeException e) {
            if (!oneByOne && taken.size() > 1) {
                log.warn("A batch of {} deliveries failed and is read one by one: {}", taken.size(), e.getMessage());
                oneByOne = true;
                return true;
            }
            giveUpAfterAWhile(taken, e);
            throw e;
        }
        oneByOne = oneByOne && !taken.isEmpty();
        return taken.size() == limit;
    }

    private void giveUpAfterAWhile(List<Inbox.Item> taken, RuntimeException e) {
        for (Inbox.Item item : taken) {
            transactions.run(() -> {
                if (inbox.failed(item.inboxId()) >= PATIENCE) {
                    inbox.park(item.inboxId(), "failed: " + e.getClass().getSimpleName());
                }
            });
        }
    }

    private void read(List<Inbox.Item> items) {
        Map<String, List<Sighting>> byAccount = new TreeMap<>();
        List<Long> done = new ArrayList<>();
        List<Long> toFetch = new ArrayList<>();
        for (Inbox.Item item : items) {
            try {
                byte[] body =
                        inbox.body(item).orElseThrow(() -> new UnreadableMessage("erased", "Its key was destroyed"));
                if (item.kind() == Inbox.Kind.CAMT) {
                    statements.read(item.source(), item.bodySha256(), body);
                    done.add(item.inboxId());
                    continue;
                }
                List<BankNotice> said = banks.get(item.source()).read(body);
                if (said.stream().anyMatch(BankNotice.ToFetch.class::isInstance)) {
                    toFetch.add(item.inboxId());
                } else {
                    notices.take(item, said, byAccount);
                    done.add(item.inboxId());
                }
            } catch (UnreadableMessage e) {
                log.warn(
                        "Delivery {} of {} is parked: {}: {}",
                        item.inboxId(),
                        item.source(),
                        e.reason(),
                        e.getMessage());
                inbox.park(item.inboxId(), e.reason() + ": " + e.getMessage());
            }
        }
        notices.record(byAccount);
        inbox.done(done);
        if (!toFetch.isEmpty()) {
            inbox.toFetch(toFetch);
            Transactions.afterCommit(fetcher::wake);
        }
    }
}
