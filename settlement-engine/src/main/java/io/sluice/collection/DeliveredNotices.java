package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.UnreadableMessage;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What the notices of deliveries come to: entries become sightings of their accounts, statements are fetched, what a person must decide
 * goes to the work list. All in the caller's transaction.
 */
@Component
class DeliveredNotices {

    private final BankAccounts accounts;
    private final NoticeRecorder recorder;
    private final StatementFetcher statements;
    private final WorkList work;
    private final ReturnedTransfers returned;

    DeliveredNotices(
            BankAccounts accounts,
            NoticeRecorder recorder,
            StatementFetcher statements,
            WorkList work,
            ReturnedTransfers returned) {
        this.returned = returned;
        this.accounts = accounts;
        this.recorder = recorder;
        this.statements = statements;
        this.work = work;
    }

    /**
     * Takes what one delivery says; its entries join those of their accounts.
     *
     * @throws UnreadableMessage when the delivery must be looked at by a person: then none of its entries has joined
     */
    void take(Inbox.Item item, List<BankNotice> notices, Map<String, List<Sighting>> byAccount) {
        List<Sighting> entries = new ArrayList<>();
        for (int line = 0; line < notices.size(); line++) {
            switch (notices.get(line)) {
                case BankNotice.EntryNotice entry -> entries.add(sighting(entry.entry(), line, item));
                case BankNotice.StatementAvailable available -> Transactions.afterCommit(statements::wake);
                case BankNotice.TransferProgress progress -> // else a hint: the statement decides
                    returned.note(item.source(), progress.status());
                case BankNotice.ToFetch named ->
                    throw new UnreadableMessage(
                            "to-fetch", named.type() + " " + named.id() + " names something else to be asked for");
                case BankNotice.ForAPerson matter -> tell(matter, line, item);
                case BankNotice.NothingToDo nothing -> {}
            }
        }
        for (Sighting sighting : entries) {
            byAccount
                    .computeIfAbsent(sighting.entry().account(), a -> new ArrayList<>())
                    .add(sighting);
        }
    }

    /** Records the entries that were taken, account by account. */
    void record(Map<String, List<Sighting>> byAccount) {
        byAccount.forEach(
                (account, sightings) -> recorder.record(accounts.find(account).orElseThrow(), sightings));
    }

    private void tell(BankNotice.ForAPerson matter, int line, Inbox.Item item) {
        work.open(
                "PERSON-" + item.inboxId() + "-" + line,
                "PARKED",
                item.bodySha256(),
                "Bank " + item.source() + " asks for a decision: " + matter.type() + ", payment " + matter.reference()
                        + ": " + matter.detail(),
                "engine");
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
