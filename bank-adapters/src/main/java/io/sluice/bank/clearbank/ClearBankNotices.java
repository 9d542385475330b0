package io.sluice.bank.clearbank;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of a webhook. */
final class ClearBankNotices {

    private static final String NO_END_TO_END_ID = "NOTPROVIDED";
    private static final List<String> IDS = List.of("TransactionId", "PaymentId", "RecallTransactionId");
    private static final List<String> TIMES = List.of(
            "CompletedDateTime", "TimestampSettled", "TimestampCancelled", "TimestampSubmitted", "TimestampCreated");

    private final ZoneId zone;

    ClearBankNotices(ZoneId zone) {
        this.zone = zone;
    }

    /** Type, the ids of the payload, and its time; for an event without them, type and hash of all but the nonce. */
    String eventId(byte[] body) {
        JsonNode event = BankJson.object(body);
        String type = BankJson.text(event, "Type");
        JsonNode payload = BankJson.optionalChild(event, "Payload");
        String ids = payload == null ? "" : first(payload, IDS, 3);
        String time = payload == null ? "" : first(payload, TIMES, 1);
        return ids.isEmpty() ? type + "/" + sha256(ClearBank.withoutNonce(event)) : type + ids + time;
    }

    private static String first(JsonNode payload, List<String> names, int most) {
        return names.stream()
                .flatMap(name -> Stream.ofNullable(BankJson.optionalText(payload, name)))
                .limit(most)
                .map(text -> "/" + text)
                .collect(Collectors.joining());
    }

    List<BankNotice> read(byte[] body) {
        JsonNode event = BankJson.object(body);
        String type = BankJson.text(event, "Type");
        return List.of(
                switch (type) {
                    case "CustomerAccounts.TransactionCompleted" ->
                        new BankNotice.EntryNotice(completed(payload(event)));
                    case "Sepa.Ct.InboundPayment.Completed" -> new BankNotice.EntryNotice(inbound(payload(event)));
                    case "Sepa.Instant.Inbound.Payment.Settled" -> new BankNotice.EntryNotice(instant(payload(event)));
                    case "Sepa.Ct.OutboundPayment.Completed", "Sepa.Instant.Outbound.Payment.Settled" ->
                        progress(type, payload(event), "ACSC");
                    case "Sepa.Ct.OutboundPayment.Failed", "Sepa.Instant.Outbound.Payment.Cancelled" ->
                        progress(type, payload(event), "RJCT");
                    case "Sepa.Ct.OutboundPayment.ReturnCompleted" -> progress(type, payload(event), "RTRN");
                    case "Sepa.Instant.Outbound.Payment.Created" -> progress(type, payload(event), "ACTC");
                    case "Sepa.Instant.Outbound.Payment.Delayed" -> progress(type, payload(event), "PDNG");
                    case "Sepa.Ct.InboundPayment.ReturnCompleted" -> givenBack(type, payload(event));
                    case "Sepa.Ct.InboundPayment.Recalled",
                            "Sepa.Ct.InboundPayment.ReturnFailed",
                            "Sepa.Ct.OutboundPayment.RecallRejected",
                            "Sepa.Instant.RecallRequest.Received",
                            "Sepa.Instant.RecallPayment.Cancelled" -> forAPerson(type, payload(event));
                    default -> new BankNotice.NothingToDo(type);
                });
    }

    private static JsonNode payload(JsonNode event) {
        return BankJson.child(event, "Payload");
    }

    private BankEntry completed(JsonNode payload) {
        String currency = BankJson.currency(payload, "Currency");
        Direction direction = direction(BankJson.text(payload, "DebitCreditCode"));
        JsonNode debtor = BankJson.child(payload, "DebtorAccount");
        JsonNode creditor = BankJson.child(payload, "CreditorAccount");
        String account = account(direction == Direction.CREDIT ? creditor : debtor);
        if (account == null) {
            throw BankJson.missing(
                    (direction == Direction.CREDIT ? "CreditorAccount" : "DebtorAccount"), "Iban, Bban or AccountId");
        }
        return entry(
                account,
                currency,
                payload,
                "Amount",
                direction,
                EntryStatus.BOOKED,
                day(payload, "CompletedDateTime"),
                "EndToEndIdentification",
                null,
                account(direction == Direction.CREDIT ? debtor : creditor),
                BankJson.optionalText(payload, "RemittanceInformation"),
                BankJson.optionalText(payload, "ClearingChannel"));
    }

    /** The same movement as the account's event tells, with the payer's name and without a day. */
    private static BankEntry inbound(JsonNode payload) {
        JsonNode amount = BankJson.child(payload, "InstructedAmount");
        String currency = BankJson.currency(amount, "Currency");
        return new BankEntry(
                BankJson.text(BankJson.child(payload, "CreditorAccount"), "Iban"),
                currency,
                BankJson.number(amount, "Amount", currency),
                Direction.CREDIT,
                EntryStatus.BOOKED,
                false,
                null,
                null,
                BankJson.text(payload, "TransactionId"),
                null,
                null,
                endToEndId(payload, "EndToEndIdentification"),
                BankJson.optionalText(BankJson.child(payload, "Debtor"), "Name"),
                BankJson.text(BankJson.child(payload, "DebtorAccount"), "Iban"),
                BankJson.optionalText(payload, "RemittanceInformationUnstructured"),
                null,
                "SEPA");
    }

    /**
     * A payment that we were paid went back: the movement is undone when the event says which it was and for how much, else it is a
     * person's. An id that is not a known movement's joins nothing.
     */
    private static BankNotice givenBack(String type, JsonNode payload) {
        boolean tellsAll = BankJson.optionalText(payload, "TransactionId") != null
                && BankJson.optionalChild(payload, "InstructedAmount") != null
                && BankJson.optionalChild(payload, "CreditorAccount") != null;
        if (!tellsAll) {
            return forAPerson(type, payload);
        }
        JsonNode amount = BankJson.child(payload, "InstructedAmount");
        String currency = BankJson.currency(amount, "Currency");
        return new BankNotice.EntryNotice(new BankEntry(
                BankJson.text(BankJson.child(payload, "CreditorAccount"), "Iban"),
                currency,
                BankJson.number(amount, "Amount", currency),
                Direction.DEBIT,
                EntryStatus.BOOKED,
                true,
                null,
                null,
                BankJson.text(payload, "TransactionId"),
                null,
                null,
                endToEndId(payload, "EndToEndIdentification"),
                null,
                null,
                null,
                reason(payload),
                "SEPA"));
    }

    private BankEntry instant(JsonNode payload) {
        String written = BankJson.optionalText(payload, "InstructedCurrency");
        String currency = written == null ? "EUR" : BankJson.currency(payload, "InstructedCurrency");
        return entry(
                BankJson.text(payload, "CreditorAccount"),
                currency,
                payload,
                "InstructedAmount",
                Direction.CREDIT,
                EntryStatus.INFORMATION,
                day(payload, "TimestampCreated"),
                "EndToEndId",
                BankJson.optionalText(payload, "DebtorName"),
                BankJson.optionalText(payload, "DebtorAccount"),
                null,
                "SEPA-Instant");
    }

    private static BankEntry entry(
            String account,
            String currency,
            JsonNode payload,
            String amountField,
            Direction direction,
            EntryStatus status,
            LocalDate day,
            String endToEndField,
            @Nullable String counterpartyName,
            @Nullable String counterpartyAccount,
            @Nullable String remittance,
            @Nullable String code) {
        return new BankEntry(
                account,
                currency,
                BankJson.number(payload, amountField, currency),
                direction,
                status,
                false,
                day,
                null,
                BankJson.text(payload, "TransactionId"),
                null,
                null,
                endToEndId(payload, endToEndField),
                counterpartyName,
                counterpartyAccount,
                remittance,
                null,
                code);
    }

    /** The progress of an order of ours; for a person when the bank does not say which. */
    private static BankNotice progress(String type, JsonNode payload, String code) {
        String paymentId = BankJson.text(payload, "PaymentId");
        String endToEndId = endToEndId(payload, "EndToEndIdentification");
        if (endToEndId == null) {
            endToEndId = endToEndId(payload, "EndToEndId");
        }
        // Accepted payments carry a field Reason as well; it means something for the others alone.
        String reason = code.equals("ACSC") || code.equals("ACTC") ? null : reason(payload);
        return endToEndId == null
                ? new BankNotice.ForAPerson(
                        type, paymentId, "a payment of ours" + (reason == null ? "" : ": " + reason))
                : new BankNotice.TransferProgress(new TransferStatus(endToEndId, paymentId, code, reason));
    }

    private static BankNotice forAPerson(String type, JsonNode payload) {
        String reason = reason(payload);
        return new BankNotice.ForAPerson(
                type, BankJson.text(payload, "PaymentId"), reason == null ? "without a reason" : "reason " + reason);
    }

    /** Wherever this type of event writes its reason code. */
    private static @Nullable String reason(JsonNode payload) {
        for (String name : List.of("ReturnReasonInformation", "CancellationReasonInformation")) {
            JsonNode information = BankJson.optionalChild(payload, name);
            if (information != null) {
                return BankJson.optionalText(information, "Reason");
            }
        }
        for (String name : List.of("Reason", "ReasonCode", "CancellationCode")) {
            String reason = BankJson.optionalText(payload, name);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private static @Nullable String account(JsonNode account) {
        for (String name : List.of("Iban", "Bban", "AccountId")) {
            String found = BankJson.optionalText(account, name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String endToEndId(JsonNode payload, String name) {
        String endToEndId = BankJson.optionalText(payload, name);
        return NO_END_TO_END_ID.equals(endToEndId) ? null : endToEndId;
    }

    private LocalDate day(JsonNode payload, String name) {
        return BankJson.time(payload, name).atZone(zone).toLocalDate();
    }

    private static Direction direction(String written) {
        return switch (written) {
            case "Credit" -> Direction.CREDIT;
            case "Debit" -> Direction.DEBIT;
            default -> throw new UnreadableMessage("invalid-direction", "DebitCreditCode: expected Credit or Debit");
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
