package io.sluice.bank.increase;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankJson;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What Increase shows of our accounts: transactions page by page, newest first, and balances. */
final class IncreaseTransactions implements BankTransactions, BankStatements {

    private static final int PAGE = 100;

    private final IncreaseApi api;
    private final IncreaseNotices notices;

    IncreaseTransactions(IncreaseApi api, IncreaseNotices notices) {
        this.api = api;
        this.notices = notices;
    }

    /** A cursor is the time to begin with, the bank's page, and the newest time seen so far; a finished one is the time to begin with next. */
    @Override
    public Page after(String account, String cursor) {
        String[] parts = cursor.split("\\|", -1);
        String from = parts[0];
        String page = parts.length == 3 ? parts[1] : "";
        String newest = parts.length == 3 ? parts[2] : from;
        JsonNode answer = api.list("/transactions?account_id=" + BankHttp.encoded(account) + "&limit=" + PAGE
                + (from.isEmpty() ? "" : "&created_at.on_or_after=" + BankHttp.encoded(from))
                + (page.isEmpty() ? "" : "&cursor=" + BankHttp.encoded(page)));
        List<BankEntry> entries = new ArrayList<>();
        try {
            for (JsonNode transaction : BankJson.array(answer, "data", PAGE)) {
                newest = later(newest, BankJson.offsetTime(transaction, "created_at"));
                entries.add(
                        IncreaseObjects.entry(transaction, EntryStatus.BOOKED, notices.transferOfOurs(transaction)));
            }
            String next = BankJson.optionalText(answer, "next_cursor");
            return next == null
                    ? new Page(entries, newest, false)
                    : new Page(entries, from + "|" + next + "|" + newest, true);
        } catch (UnreadableMessage e) {
            throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
        }
    }

    private static String later(String newest, OffsetDateTime found) {
        return newest.isEmpty()
                        || found.toInstant()
                                .isAfter(OffsetDateTime.parse(newest).toInstant())
                ? found.toString()
                : newest;
    }

    @Override
    public List<Available> after(String statementId) {
        return List.of();
    }

    @Override
    public byte[] fetch(String statementId) {
        throw new BankFailure("Increase has no camt statements");
    }

    @Override
    public List<Balance> balances() {
        List<Balance> balances = new ArrayList<>();
        String page = "";
        do {
            JsonNode answer =
                    api.list("/accounts?limit=" + PAGE + (page.isEmpty() ? "" : "&cursor=" + BankHttp.encoded(page)));
            try {
                for (JsonNode account : BankJson.array(answer, "data", PAGE)) {
                    String id = BankJson.text(account, "id");
                    String currency = BankJson.currency(account, "currency");
                    JsonNode balance = api.list("/accounts/" + BankHttp.encoded(id) + "/balance");
                    balances.add(new Balance(id, currency, BankJson.minorUnits(balance, "current_balance", currency)));
                }
                String next = BankJson.optionalText(answer, "next_cursor");
                page = next == null ? "" : next;
            } catch (UnreadableMessage e) {
                throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
            }
        } while (!page.isEmpty());
        return List.copyOf(balances);
    }
}
