package io.sluice.bank.meridian;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankJson;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of a webhook. */
final class MeridianNotices {

    private static final String NO_END_TO_END_ID = "NOTPROVIDED";

    private MeridianNotices() {}

    static List<BankNotice> read(byte[] body) {
        JsonNode event = BankJson.object(body);
        String type = BankJson.text(event, "type");
        return List.of(
                switch (type) {
                    case "transaction.booked" -> new BankNotice.EntryNotice(entry(BankJson.child(event, "data")));
                    case "transfer.updated" ->
                        new BankNotice.TransferProgress(transferStatus(BankJson.child(event, "data")));
                    case "statement.available" -> statement(BankJson.child(event, "data"));
                    default -> new BankNotice.NothingToDo(type);
                });
    }

    static TransferStatus transferStatus(JsonNode data) {
        return new TransferStatus(
                BankJson.text(data, "endToEndId"),
                BankJson.text(data, "transferId"),
                BankJson.text(data, "status"),
                BankJson.optionalText(data, "reason"));
    }

    private static BankNotice statement(JsonNode data) {
        return new BankNotice.StatementAvailable(
                BankJson.text(data, "statementId"), BankJson.text(data, "account"), BankJson.date(data, "day"));
    }

    static BankEntry entry(JsonNode data) {
        String currency = BankJson.currency(data, "currency");
        return new BankEntry(
                BankJson.text(data, "account"),
                currency,
                BankJson.amount(data, "amount", currency),
                direction(BankJson.text(data, "direction")),
                status(BankJson.text(data, "status")),
                false,
                BankJson.optionalDate(data, "bookingDate"),
                BankJson.optionalDate(data, "valueDate"),
                BankJson.text(data, "transactionId"),
                BankJson.optionalText(data, "accountServicerReference"),
                null,
                endToEndId(data),
                BankJson.optionalText(data, "counterpartyName"),
                BankJson.optionalText(data, "counterpartyAccount"),
                BankJson.optionalText(data, "remittance"),
                BankJson.optionalText(data, "returnReason"),
                BankJson.optionalText(data, "transactionCode"));
    }

    private static @Nullable String endToEndId(JsonNode data) {
        String endToEndId = BankJson.optionalText(data, "endToEndId");
        return NO_END_TO_END_ID.equals(endToEndId) ? null : endToEndId;
    }

    private static Direction direction(String written) {
        return switch (written) {
            case "CREDIT" -> Direction.CREDIT;
            case "DEBIT" -> Direction.DEBIT;
            default -> throw new UnreadableMessage("invalid-direction", "direction: expected CREDIT or DEBIT");
        };
    }

    private static EntryStatus status(String written) {
        return switch (written) {
            case "BOOKED" -> EntryStatus.BOOKED;
            case "PENDING" -> EntryStatus.PENDING;
            default -> EntryStatus.UNKNOWN;
        };
    }
}
