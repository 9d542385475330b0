package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.UnreadableMessage;
import io.sluice.collection.BankAccounts.BankAccount;
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
 * one by one, and what fails five times is parked with its reason. Nothing is dropped and nothing holds up what is behind it.
 */
@Component
public class InboxReader extends Worker {

    private static final int BATCH = 500;
    private static final int PATIENCE = 5;
    private static final Logger log = LoggerFactory.getLogger(InboxReader.class);

    private final Inbox inbox;
    private final Banks banks;
    private final BankAccounts accounts;
    private final NoticeRecorder recorder;
    private final StatementReader statements;
    private final StatementFetcher fetcher;
    private final Transactions transactions;
    private boolean oneByOne;

    InboxReader(
            Inbox inbox,
            Banks banks,
            BankAccounts accounts,
            NoticeRecorder recorder,
            StatementReader statements,
            StatementFetcher fetcher,
            Transactions transactions) {
        super("inbox");
        this.inbox = inbox;
        this.banks = banks;
        this.accounts = accounts;
        this.recorder = recorder;
        this.statements = statements;
        this.fetcher = fetcher;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
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
        for (Inbox.Item item : items) {
            try {
                byte[] body =
                        inbox.body(item).orElseThrow(() -> new UnreadableMessage("erased", "Its key was destroyed"));
                if (item.kind() == Inbox.Kind.CAMT) {
                    statements.read(item.source(), item.bodySha256(), body);
                } else {
                    readWebhook(item, body, byAccount);
                }
                done.add(item.inboxId());
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
        byAccount.forEach(
                (account, sightings) -> recorder.record(accounts.find(account).orElseThrow(), sightings));
        inbox.done(done);
    }

    private void readWebhook(Inbox.Item item, byte[] body, Map<String, List<Sighting>> byAccount) {
        int line = 0;
        for (BankNotice notice : banks.get(item.source()).read(body)) {
            switch (notice) {
                case BankNotice.EntryNotice entry -> {
                    Sighting sighting = sighting(entry.entry(), line, item);
                    byAccount
                            .computeIfAbsent(sighting.entry().account(), a -> new ArrayList<>())
                            .add(sighting);
                }
                case BankNotice.StatementAvailable available -> fetcher.wake();
                case BankNotice.TransferProgress progress -> {} // a hint: the statement decides
                case BankNotice.ToFetch named ->
                    throw new UnreadableMessage(
                            "to-fetch", named.type() + ": " + named.id() + " is to be asked for at the bank");
                case BankNotice.ForAPerson matter ->
                    throw new UnreadableMessage(
                            "for-a-person", matter.type() + ": " + matter.reference() + ": " + matter.detail());
                case BankNotice.NothingToDo nothing -> {}
            }
            line++;
        }
    }

    private Sighting sighting(BankEntry entry, int line, Inbox.Item item) {
        if (entry.account().chars().anyMatch(Character::isISOControl)) {
            throw new UnreadableMessage("account-malformed", "The account has a control character");
        }
        BankAccount account = accounts.find(entry.account())
                .orElseThrow(() -> new UnreadableMessage(
                        "unknown-account", "Account " + masked(entry.account()) + " is not registered"));
        if (!account.currency().equals(entry.currency())) {
            throw new UnreadableMessage(
                    "currency-differs",
                    "Account " + masked(entry.account()) + " holds " + account.currency() + ", the entry is in "
                            + entry.currency());
        }
        try {
            return Sighting.of(entry, line, item.source(), item.bodySha256(), null, false);
        } catch (IllegalArgumentException e) {
            throw new UnreadableMessage("invalid-amount", String.valueOf(e.getMessage()));
        }
    }

    /** First and last four characters, as logs show accounts. */
    static String masked(String account) {
        return account.length() <= 8 ? "****" : account.substring(0, 4) + "…" + account.substring(account.length() - 4);
    }
}
