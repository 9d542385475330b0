package io.sluice.bank.meridian;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of a webhook. */
final class MeridianNotices {

    private static final String NO_END_TO_END_ID = "NOTPROVIDED";

    private MeridianNotices() {}

    static List<BankNotice> read(byte[] body) {
        JsonNode event = MeridianJson.object(body);
        String type = MeridianJson.text(event, "type");
        return List.of(
                switch (type) {
                    case "transaction.booked" -> new BankNotice.EntryNotice(entry(MeridianJson.child(event, "data")));
                    case "transfer.updated" ->
                        new BankNotice.TransferProgress(transferStatus(MeridianJson.child(event, "data")));
                    case "statement.available" -> statement(MeridianJson.child(event, "data"));
                    default -> new BankNotice.NothingToDo(type);
                });
    }

    static TransferStatus transferStatus(JsonNode data) {
        return new TransferStatus(
                MeridianJson.text(data, "endToEndId"),
                MeridianJson.text(data, "transferId"),
                MeridianJson.text(data, "status"),
                MeridianJson.optionalText(data, "reason"));
    }

    private static BankNotice statement(JsonNode data) {
        return new BankNotice.StatementAvailable(
                MeridianJson.text(data, "statementId"),
                MeridianJson.text(data, "account"),
                MeridianJson.date(data, "day"));
    }

    private static BankEntry entry(JsonNode data) {
        String currency = MeridianJson.currency(data, "currency");
        return new BankEntry(
                MeridianJson.text(data, "account"),
                currency,
                MeridianJson.amount(data, "amount", currency),
                direction(MeridianJson.text(data, "direction")),
                status(MeridianJson.text(data, "status")),
                false,
                MeridianJson.optionalDate(data, "bookingDate"),
                MeridianJson.optionalDate(data, "valueDate"),
                MeridianJson.text(data, "transactionId"),
                MeridianJson.optionalText(data, "accountServicerReference"),
                null,
                endToEndId(data),
                MeridianJson.optionalText(data, "counterpartyName"),
                MeridianJson.optionalText(data, "counterpartyAccount"),
                MeridianJson.optionalText(data, "remittance"),
                MeridianJson.optionalText(data, "returnReason"),
                MeridianJson.optionalText(data, "transactionCode"));
    }

    private static @Nullable String endToEndId(JsonNode data) {
        String endToEndId = MeridianJson.optionalText(data, "endToEndId");
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
