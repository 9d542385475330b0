package io.sluice.bank.increase;

import io.sluice.bank.BankNotice;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads events, and asks for the objects that they name. */
final class IncreaseNotices {

    /** The objects whose events say something, with the API's path. The other objects' money is told by a transaction. */
    private static final Map<String, String> PATHS = Map.of(
            "transaction", "transactions",
            "pending_transaction", "pending_transactions",
            "ach_transfer", "ach_transfers",
            "real_time_payments_transfer", "real_time_payments_transfers",
            "fednow_transfer", "fednow_transfers",
            "wire_transfer", "wire_transfers",
            "account_transfer", "account_transfers",
            "blockchain_onramp_transfer", "blockchain_onramp_transfers");

    /** How a transaction's source names the transfer of ours that it came from. */
    private static final Map<String, String> TRANSFERS = Map.ofEntries(
            Map.entry("ach_transfer_intention", "ach_transfer"),
            Map.entry("ach_transfer_return", "ach_transfer"),
            Map.entry("ach_transfer_rejection", "ach_transfer"),
            Map.entry("real_time_payments_transfer_acknowledgement", "real_time_payments_transfer"),
            Map.entry("fednow_transfer_acknowledgement", "fednow_transfer"),
            Map.entry("wire_transfer_intention", "wire_transfer"),
            Map.entry("wire_transfer_rejection", "wire_transfer"),
            Map.entry("account_transfer_intention", "account_transfer"),
            Map.entry("blockchain_onramp_transfer_intention", "blockchain_onramp_transfer"));

    private final IncreaseApi api;

    IncreaseNotices(IncreaseApi api) {
        this.api = api;
    }

    static List<BankNotice> read(byte[] body) {
        JsonNode event = BankJson.object(body);
        String category = BankJson.text(event, "category");
        String object = category.contains(".") ? category.substring(0, category.indexOf('.')) : category;
        return List.of(
                PATHS.containsKey(object)
                        ? new BankNotice.ToFetch(object, BankJson.text(event, "associated_object_id"))
                        : new BankNotice.NothingToDo(category));
    }

    List<BankNotice> fetch(BankNotice.ToFetch named) {
        String path = PATHS.get(named.type());
        if (path == null) {
            throw new IllegalArgumentException("No event of Increase names a " + named.type());
        }
        JsonNode object = api.object("/" + path + "/" + BankHttp.encoded(named.id()));
        return List.of(
                switch (named.type()) {
                    case "transaction" -> entry(object, EntryStatus.BOOKED);
                    case "pending_transaction" -> pending(object);
                    default -> progress(named.type(), object);
                });
    }

    private BankNotice entry(JsonNode transaction, EntryStatus status) {
        return new BankNotice.EntryNotice(IncreaseObjects.entry(transaction, status, transferOfOurs(transaction)));
    }

    /** One that is complete has become a transaction, which is told by itself. */
    private BankNotice pending(JsonNode pending) {
        return BankJson.text(pending, "status").equals("pending")
                ? entry(pending, EntryStatus.PENDING)
                : new BankNotice.NothingToDo("pending_transaction");
    }

    @Nullable
    JsonNode transferOfOurs(JsonNode transaction) {
        String object = TRANSFERS.get(IncreaseObjects.category(transaction));
        String id = object == null ? null : IncreaseObjects.transferId(transaction);
        return id == null ? null : api.object("/" + PATHS.get(object) + "/" + BankHttp.encoded(id));
    }

    private static BankNotice progress(String type, JsonNode transfer) {
        TransferStatus status = IncreaseObjects.transferStatus(transfer);
        // A transfer that somebody made by hand is none of ours; its money is told by a transaction.
        return status.endToEndId().isEmpty()
                ? new BankNotice.NothingToDo(type)
                : new BankNotice.TransferProgress(status);
    }
}
