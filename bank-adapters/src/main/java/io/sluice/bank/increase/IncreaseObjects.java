package io.sluice.bank.increase;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.wire.BankJson;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads transactions and transfers as the API gives them. */
final class IncreaseObjects {

    /** Sources by which an earlier movement is undone. */
    private static final Set<String> REVERSALS = Set.of(
            "ach_transfer_rejection",
            "inbound_ach_transfer_return_intention",
            "inbound_wire_reversal",
            "inbound_wire_transfer_reversal",
            "wire_transfer_rejection");

    private IncreaseObjects() {}

    /** The category of a transaction's source, such as {@code inbound_ach_transfer}. */
    static String category(JsonNode transaction) {
        return BankJson.text(BankJson.child(transaction, "source"), "category");
    }

    /** The transfer that a transaction came from; null where it has none. */
    static @Nullable String transferId(JsonNode transaction) {
        JsonNode details = details(transaction);
        if (details == null) {
            return null;
        }
        String transfer = BankJson.optionalText(details, "transfer_id");
        return transfer == null ? BankJson.optionalText(details, "inbound_ach_transfer_id") : transfer;
    }

    /**
     * A transaction or pending transaction as the engine takes it.
     *
     * @param transfer the transfer of ours that it came from; null where there is none
     */
    static BankEntry entry(JsonNode transaction, EntryStatus status, @Nullable JsonNode transfer) {
        String currency = BankJson.currency(transaction, "currency");
        BigDecimal amount = BankJson.minorUnits(transaction, "amount", currency);
        String category = category(transaction);
        JsonNode details = details(transaction);
        return new BankEntry(
                BankJson.text(transaction, "account_id"),
                currency,
                amount.abs(),
                amount.signum() < 0 ? Direction.DEBIT : Direction.CREDIT,
                status,
                REVERSALS.contains(category),
                BankJson.offsetTime(transaction, "created_at").toLocalDate(),
                null,
                // A pending one has an id of its own, which its booked one does not repeat: they meet by the transfer.
                status == EntryStatus.BOOKED ? BankJson.text(transaction, "id") : null,
                transferId(transaction),
                first(details, "trace_number", "input_message_accountability_data", "transaction_identification"),
                transfer == null
                        ? first(details, "end_to_end_identification")
                        : RemittanceReference.read(text(transfer)),
                transfer == null
                        ? first(details, "debtor_name", "originator_name", "originator_company_name")
                        : first(transfer, "individual_name", "creditor_name"),
                counterpartyAccount(transfer == null ? details : transfer),
                remittance(transaction, details),
                returnReason(category, details),
                category);
    }

    static TransferStatus transferStatus(JsonNode transfer) {
        String id = BankJson.text(transfer, "id");
        String endToEndId = RemittanceReference.read(text(transfer));
        String status = BankJson.text(transfer, "status");
        return new TransferStatus(endToEndId == null ? "" : endToEndId, id, code(status), reason(transfer));
    }

    private static String code(String status) {
        return switch (status) {
            case "pending_approval", "pending_reviewing", "requires_attention" -> "PDNG";
            case "pending_submission",
                    "pending_submitting",
                    "pending_creating",
                    "pending_transfer_session_confirmation" -> "ACTC";
            case "submitted", "pending_response" -> "ACSP";
            case "complete" -> "ACSC";
            case "rejected" -> "RJCT";
            case "canceled" -> "CANC";
            case "returned", "reversed" -> "RTRN";
            default -> status;
        };
    }

    private static @Nullable String reason(JsonNode transfer) {
        JsonNode returned = BankJson.optionalChild(transfer, "return");
        if (returned != null) {
            return first(returned, "raw_return_reason_code", "return_reason_code");
        }
        JsonNode rejected = BankJson.optionalChild(transfer, "rejection");
        return rejected == null ? null : first(rejected, "reject_reason_code");
    }

    /** Where each kind of transfer carries the text that the payee sees. */
    private static @Nullable String text(JsonNode transfer) {
        String text = first(transfer, "statement_descriptor", "unstructured_remittance_information", "description");
        if (text != null) {
            return text;
        }
        JsonNode remittance = BankJson.optionalChild(transfer, "remittance");
        JsonNode unstructured = remittance == null ? null : BankJson.optionalChild(remittance, "unstructured");
        return unstructured == null ? null : first(unstructured, "message");
    }

    private static @Nullable JsonNode details(JsonNode transaction) {
        JsonNode source = BankJson.child(transaction, "source");
        return BankJson.optionalChild(source, BankJson.text(source, "category"));
    }

    private static @Nullable String counterpartyAccount(@Nullable JsonNode details) {
        String number = first(details, "debtor_account_number", "account_number");
        String routing = first(
                details,
                "debtor_routing_number",
                "routing_number",
                "instructing_agent_routing_number",
                "originator_routing_number");
        if (number != null) {
            return routing == null ? number : routing + "/" + number;
        }
        return first(
                details,
                "destination_blockchain_address",
                "source_blockchain_address_id",
                "destination_account_id",
                "source_account_id");
    }

    private static @Nullable String remittance(JsonNode transaction, @Nullable JsonNode details) {
        String said = first(
                details,
                "unstructured_remittance_information",
                "remittance_information",
                "originator_company_entry_description");
        return said == null ? BankJson.optionalText(transaction, "description") : said;
    }

    private static @Nullable String returnReason(String category, @Nullable JsonNode details) {
        return category.equals("ach_transfer_return")
                ? first(details, "raw_return_reason_code", "return_reason_code")
                : null;
    }

    private static @Nullable String first(@Nullable JsonNode parent, String... names) {
        if (parent != null) {
            for (String name : names) {
                String text = BankJson.optionalText(parent, name);
                if (text != null) {
                    return text;
                }
            }
        }
        return null;
    }
}
