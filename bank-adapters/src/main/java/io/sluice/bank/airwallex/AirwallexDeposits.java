package io.sluice.bank.airwallex;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import io.sluice.bank.wire.BankJson;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What Airwallex shows of our money: deposits page by page, and balances. It has no camt statements. */
final class AirwallexDeposits implements BankTransactions, BankStatements {

    private static final int PAGE = 100;
    private static final int MOST_BALANCES = 1_000;
    private static final String SEPARATOR = "|";

    private final AirwallexApi api;

    AirwallexDeposits(AirwallexApi api) {
        this.api = api;
    }

    /** A cursor is the first day asked for, the page, and the newest day seen so far; a finished one is the day to begin with next. */
    @Override
    public Page after(String account, String cursor) {
        String[] parts = cursor.split("\\|", -1);
        String from = parts[0];
        int page = parts.length == 3 ? Integer.parseInt(parts[1]) : 0;
        String newest = parts.length == 3 ? parts[2] : from;
        String path = "/api/v1/deposits?page_num=" + page + "&page_size=" + PAGE
                + (from.isEmpty() ? "" : "&from_created_at=" + BankHttp.encoded(from));
        JsonNode answer = ask(path);
        List<BankEntry> entries = new ArrayList<>();
        try {
            for (JsonNode deposit : BankJson.array(answer, "items", PAGE)) {
                String day =
                        BankJson.offsetTime(deposit, "created_at").toLocalDate().toString();
                newest = day.compareTo(newest) > 0 ? day : newest;
                if (account.equals(BankJson.optionalText(deposit, "global_account_id"))) {
                    entries.addAll(AirwallexNotices.listed(deposit));
                }
            }
        } catch (UnreadableMessage e) {
            throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
        }
        JsonNode more = answer.get("has_more");
        if (more != null && more.isBoolean() && more.booleanValue()) {
            return new Page(entries, from + SEPARATOR + (page + 1) + SEPARATOR + newest, true);
        }
        // A day of overlap: the day is the offset's of each deposit, and a late state changes an old one.
        return new Page(entries, newest.isEmpty() ? "" : dayBefore(newest), false);
    }

    private static String dayBefore(String day) {
        try {
            return LocalDate.parse(day).minusDays(1).toString();
        } catch (DateTimeException e) {
            throw new BankFailure("Not a cursor of this bank: " + day, e);
        }
    }

    @Override
    public List<Available> after(String statementId) {
        return List.of();
    }

    @Override
    public byte[] fetch(String statementId) {
        throw new BankFailure("Airwallex has no camt statements");
    }

    /** The wallet's balances; the account is the currency's wallet. */
    @Override
    public List<Balance> balances() {
        Answer answer = answer("/api/v1/balances/current");
        try {
            JsonNode wrapped = BankJson.object(wrap(answer.body()));
            return BankJson.array(wrapped, "items", MOST_BALANCES).stream()
                    .map(balance -> {
                        String currency = BankJson.currency(balance, "currency");
                        return new Balance(
                                "wallet/" + currency, currency, BankJson.number(balance, "total_amount", currency));
                    })
                    .toList();
        } catch (UnreadableMessage e) {
            throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
        }
    }

    /** Balances come as a bare array. */
    private static byte[] wrap(byte[] array) {
        byte[] head = "{\"items\":".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] wrapped = new byte[head.length + array.length + 1];
        System.arraycopy(head, 0, wrapped, 0, head.length);
        System.arraycopy(array, 0, wrapped, head.length, array.length);
        wrapped[wrapped.length - 1] = '}';
        return wrapped;
    }

    private JsonNode ask(String path) {
        try {
            return BankJson.object(answer(path).body());
        } catch (UnreadableMessage e) {
            throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
        }
    }

    private Answer answer(String path) {
        try {
            Answer answer = api.get(path);
            if (!answer.successful()) {
                throw new BankFailure("The bank answered " + answer.status());
            }
            return answer;
        } catch (NoAnswer e) {
            throw new BankFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
