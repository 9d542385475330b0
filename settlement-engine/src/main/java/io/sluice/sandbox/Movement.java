package io.sluice.sandbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One booked movement as one of its two accounts sees it: what a webhook, a list and a statement say about it, in the same words.
 *
 * @param units minor units of {@code currency}, greater than zero
 * @param counterpartyName the other side, inside or outside the bank
 */
record Movement(
        long id,
        String kind,
        String account,
        boolean credit,
        long units,
        String currency,
        LocalDate bookingDate,
        @Nullable String endToEndId,
        @Nullable String counterpartyName,
        @Nullable String counterpartyAccount,
        @Nullable String remittance,
        @Nullable String returnReason) {

    /** The columns that {@link #of} reads, for the side of account {@code a} (the table of that alias). */
    static final String COLUMNS =
            "m.movement_id, m.kind, a.account, m.credit_account = a.account as credit, m.units, m.currency,"
                    + " m.booking_date, m.end_to_end_id, coalesce(m.other_name, o.name) as other_name,"
                    + " coalesce(m.other_account, case when o.kind = 'CUSTOMER' then o.account end) as other_account,"
                    + " m.remittance, m.return_reason";

    static final String FROM =
            " from account a join movement m on m.debit_account = a.account or m.credit_account = a.account"
                    + " join account o on o.account = case when m.credit_account = a.account then m.debit_account else m.credit_account end ";

    static Movement of(ResultSet row) throws SQLException {
        return new Movement(
                row.getLong("movement_id"),
                row.getString("kind"),
                row.getString("account"),
                row.getBoolean("credit"),
                row.getLong("units"),
                row.getString("currency").strip(),
                row.getObject("booking_date", LocalDate.class),
                row.getString("end_to_end_id"),
                row.getString("other_name"),
                row.getString("other_account"),
                row.getString("remittance"),
                row.getString("return_reason"));
    }

    /** The bank's id of this side of the movement. */
    String transactionId() {
        return "MT%010d%s".formatted(id, credit ? "C" : "D");
    }

    /** The movement a transaction id belongs to. Throws {@link IllegalArgumentException} when it has not that form. */
    static long idOf(String transactionId) {
        if (!transactionId.matches("MT[0-9]{10}[CD]")) {
            throw new IllegalArgumentException("No transaction id: " + transactionId);
        }
        return Long.parseLong(transactionId.substring(2, 12));
    }

    String servicerReference() {
        return "MRD%010d".formatted(id);
    }

    /** ISO 20022 domain, family and sub-family. */
    String transactionCode() {
        return switch (kind) {
            case "RETURN" -> "PMNT/ICDT/RRTN";
            case "OWN" -> credit ? "PMNT/RCDT/BOOK" : "PMNT/ICDT/BOOK";
            case "CHARGE" -> "ACMT/MDOP/CHRG";
            default -> credit ? "PMNT/RCDT/ESCT" : "PMNT/ICDT/ESCT";
        };
    }

    ObjectNode json() {
        ObjectNode data = Json.object()
                .put("transactionId", transactionId())
                .put("account", account)
                .put("direction", credit ? "CREDIT" : "DEBIT")
                .put("status", "BOOKED")
                .put("amount", Units.text(units, currency))
                .put("currency", currency)
                .put("bookingDate", bookingDate.toString())
                .put("valueDate", bookingDate.toString())
                .put("accountServicerReference", servicerReference());
        optional(data, "endToEndId", endToEndId);
        optional(data, "counterpartyName", counterpartyName);
        optional(data, "counterpartyAccount", counterpartyAccount);
        optional(data, "remittance", remittance);
        optional(data, "returnReason", returnReason);
        return data.put("transactionCode", transactionCode());
    }

    private static void optional(ObjectNode data, String name, @Nullable String value) {
        if (value != null) {
            data.put(name, value);
        }
    }
}
