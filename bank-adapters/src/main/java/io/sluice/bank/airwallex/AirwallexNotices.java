package io.sluice.bank.airwallex;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankJson;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of a webhook, and deposits and transfers as the API gives them. */
final class AirwallexNotices {

    private static final String TRANSFER = "payout.transfer.";

    private AirwallexNotices() {}

    static List<BankNotice> read(byte[] body) {
        JsonNode event = BankJson.object(body);
        String name = BankJson.text(event, "name");
        return List.of(
                switch (name) {
                    case "deposit.pending", "deposit.settled", "deposit.reversed" ->
                        new BankNotice.EntryNotice(entry(
                                BankJson.child(event, "data"),
                                envelopeAccount(event),
                                name.substring("deposit.".length())));
                    default ->
                        name.startsWith(TRANSFER) && !name.startsWith(TRANSFER + "funding.")
                                ? transfer(name, event)
                                : new BankNotice.NothingToDo(name);
                });
    }

    /** A deposit of a list; its own status says how far it is. A reversed one had come before it went. */
    static List<BankEntry> listed(JsonNode deposit) {
        String status = BankJson.text(deposit, "status").toLowerCase(Locale.ROOT);
        return switch (status) {
            case "pending", "settled" -> List.of(entry(deposit, null, status));
            case "reversed" -> List.of(entry(deposit, null, "settled"), entry(deposit, null, status));
            default -> List.of();
        };
    }

    private static BankEntry entry(JsonNode deposit, @Nullable String envelopeAccount, String state) {
        String currency = BankJson.currency(deposit, "currency");
        boolean reversed = state.equals("reversed");
        JsonNode payer = BankJson.optionalChild(deposit, "payer");
        return new BankEntry(
                account(deposit, envelopeAccount, currency),
                currency,
                BankJson.number(deposit, "amount", currency),
                reversed ? Direction.DEBIT : Direction.CREDIT,
                state.equals("pending") ? EntryStatus.PENDING : EntryStatus.BOOKED,
                reversed,
                // When it was taken back is not told; the day of the deposit is not it.
                reversed ? null : day(deposit),
                null,
                BankJson.text(deposit, "id"),
                BankJson.optionalText(deposit, "provider_transaction_id"),
                null,
                null,
                payer == null ? null : BankJson.optionalText(payer, "name"),
                payer == null ? null : payerAccount(payer),
                BankJson.optionalText(deposit, "reference"),
                null,
                BankJson.optionalText(deposit, "type"));
    }

    /** The Global Account; for money that came another way, the wallet of its currency. */
    private static String account(JsonNode deposit, @Nullable String envelopeAccount, String currency) {
        String globalAccount = BankJson.optionalText(deposit, "global_account_id");
        if (globalAccount != null) {
            return globalAccount;
        }
        if (envelopeAccount == null) {
            throw BankJson.missing("global_account_id", "text, or an account in the envelope");
        }
        return envelopeAccount + "/" + currency;
    }

    private static @Nullable String envelopeAccount(JsonNode event) {
        String account = BankJson.optionalText(event, "account_id");
        return account == null ? BankJson.optionalText(event, "accountId") : account;
    }

    /** The bank's own day, in the offset that it wrote. */
    private static LocalDate day(JsonNode deposit) {
        String field = BankJson.optionalText(deposit, "settled_at") == null ? "created_at" : "settled_at";
        return BankJson.offsetTime(deposit, field).toLocalDate();
    }

    /** By its IBAN or number, wherever the account's type puts it ({@code au_bsb.account_number}). */
    private static @Nullable String payerAccount(JsonNode payer) {
        JsonNode account = BankJson.optionalChild(payer, "bank_account");
        if (account == null) {
            return null;
        }
        String type = BankJson.optionalText(account, "type");
        JsonNode typed = type == null ? null : BankJson.optionalChild(account, type.toLowerCase(Locale.ROOT));
        for (JsonNode place : typed == null ? List.of(account) : List.of(typed, account)) {
            for (String field : List.of("iban", "account_number")) {
                String found = BankJson.optionalText(place, field);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static BankNotice transfer(String name, JsonNode event) {
        return new BankNotice.TransferProgress(
                transferStatus(BankJson.child(event, "data"), name.substring(TRANSFER.length())));
    }

    /** How far a transfer is; {@code endToEndId} is what we gave as its reference, to its first blank. */
    static TransferStatus transferStatus(JsonNode transfer, String state) {
        String reference = BankJson.text(transfer, "reference");
        int blank = reference.indexOf(' ');
        return new TransferStatus(
                blank < 0 ? reference : reference.substring(0, blank),
                BankJson.text(transfer, "id"),
                code(state.toLowerCase(Locale.ROOT)),
                BankJson.optionalText(transfer, "failure_reason"));
    }

    /** A failed transfer can be retried or cancelled, so it is not over; a cancelled one is, and the money is back. */
    private static String code(String state) {
        return switch (state) {
            case "in_approval",
                    "scheduled",
                    "overdue",
                    "failed",
                    "cancellation_requested",
                    "approval_blocked",
                    "approval_recalled" -> "PDNG";
            case "approval_rejected" -> "RJCT";
            case "processing", "sent" -> "ACSP";
            case "paid" -> "ACSC";
            case "cancelled" -> "CANC";
            case "returned" -> "RTRN";
            case "" -> throw new UnreadableMessage("missing-field", "name: expected the state of a transfer");
            default -> state.toUpperCase(Locale.ROOT);
        };
    }
}
