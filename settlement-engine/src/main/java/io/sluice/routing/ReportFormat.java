package io.sluice.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Files of settlement reports that are understood, by their columns. A column that is not listed, and a kind of line that is not, refuses the
 * file: what a platform adds tomorrow may be money.
 */
enum ReportFormat {

    /** Our own: one line for a payout. */
    SLUICE(
            ',',
            Set.of(
                    "platform",
                    "reportid",
                    "currency",
                    "grosssales",
                    "refunds",
                    "fees",
                    "platformreserve",
                    "deposit",
                    "depositdate"),
            Set.of(),
            Map.of()),

    /**
     * Amazon's flat file settlement report V2, {@code GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2}. Columns:
     * developer-docs.amazon.com/sp-api/docs/report-type-values-settlement. The line without a transaction type says what is deposited.
     * The kinds of line here are amount types.
     */
    AMAZON(
            '\t',
            Set.of(
                    "settlement-id",
                    "deposit-date",
                    "total-amount",
                    "currency",
                    "transaction-type",
                    "amount-type",
                    "amount-description",
                    "amount"),
            Set.of(
                    "settlement-start-date",
                    "settlement-end-date",
                    "order-id",
                    "merchant-order-id",
                    "adjustment-id",
                    "shipment-id",
                    "marketplace-name",
                    "fulfillment-id",
                    "posted-date",
                    "posted-date-time",
                    "order-item-code",
                    "merchant-order-item-id",
                    "merchant-adjustment-item-id",
                    "sku",
                    "quantity-purchased",
                    "promotion-id"),
            Map.of()),

    /**
     * Shopify Payments' export of transactions (help.shopify.com, Viewing and exporting your Shopify Payments payout details). The kinds are
     * those of shopify.dev's balance transactions.
     */
    SHOPIFY(
            ',',
            Set.of("transaction date", "type", "payout status", "payout date", "amount", "fee", "net", "currency"),
            Set.of(
                    "order",
                    "card brand",
                    "card source",
                    "payout id",
                    "available on",
                    "checkout",
                    "payment method name",
                    "payment method",
                    "presentment amount",
                    "presentment currency",
                    "vat"),
            Map.of(
                    "charge", Part.SALE,
                    "refund", Part.REFUND,
                    "chargeback", Part.REFUND,
                    "dispute", Part.REFUND,
                    "adjustment", Part.FEE,
                    "credit", Part.FEE,
                    "debit", Part.FEE,
                    "reserve", Part.RESERVE,
                    "payout", Part.DEPOSIT)),

    /**
     * Stripe's itemized payout reconciliation, {@code payout_reconciliation.itemized}. Columns: docs.stripe.com/reports/report-types; the
     * kinds: docs.stripe.com/reports/reporting-categories.
     */
    STRIPE(
            ',',
            Set.of(
                    "automatic_payout_id",
                    "automatic_payout_effective_at",
                    "reporting_category",
                    "currency",
                    "gross",
                    "fee",
                    "net"),
            Set.of(
                    "automatic_payout_effective_at_utc",
                    "balance_transaction_id",
                    "created_utc",
                    "created",
                    "available_on_utc",
                    "available_on",
                    "source_id",
                    "description",
                    "customer_facing_amount",
                    "customer_facing_currency",
                    "regulatory_tag",
                    "customer_id",
                    "customer_email",
                    "customer_name",
                    "customer_description",
                    "charge_id",
                    "payment_intent_id",
                    "charge_created_utc",
                    "charge_created",
                    "invoice_id",
                    "invoice_number",
                    "order_id",
                    "payment_method_type",
                    "card_brand",
                    "card_funding",
                    "card_country",
                    "statement_descriptor",
                    "dispute_reason",
                    "is_link",
                    "trace_id",
                    "trace_id_status",
                    "connected_account_id",
                    "connected_account_name",
                    "connected_account_country"),
            Map.of(
                    "charge", Part.SALE,
                    "partial_capture_reversal", Part.SALE,
                    "refund", Part.REFUND,
                    "refund_failure", Part.REFUND,
                    "dispute", Part.REFUND,
                    "dispute_reversal", Part.REFUND,
                    "fee", Part.FEE,
                    "network_cost", Part.FEE,
                    "risk_reserved_funds", Part.RESERVE));

    /** What a line of a payout is. */
    enum Part {
        SALE,
        REFUND,
        FEE,
        RESERVE,
        DEPOSIT
    }

    private static final Set<String> REFUNDS = Set.of("refund", "chargeback refund", "a-to-z guarantee refund");
    private static final Set<String> CHARGES = Set.of("subscription fee", "storage fee");

    private final char separator;
    private final Set<String> needed;
    private final Set<String> known;
    private final Map<String, Part> kinds;

    ReportFormat(char separator, Set<String> needed, Set<String> known, Map<String, Part> kinds) {
        this.separator = separator;
        this.needed = needed;
        this.known = known;
        this.kinds = kinds;
    }

    char separator() {
        return separator;
    }

    Set<String> needed() {
        return needed;
    }

    /** What the columns are in, so that a file is asked of one format alone. */
    static List<ReportFormat> all() {
        return Arrays.asList(values());
    }

    boolean knows(String column) {
        return needed.contains(column)
                || known.contains(column)
                || (this == STRIPE && column.matches("(payment|refund|transfer|connected_account)_metadata\\[.*]"));
    }

    /** @throws IllegalArgumentException for a kind that is not known */
    Part part(String kind) {
        Part part = kinds.get(kind.toLowerCase(Locale.ROOT));
        if (part == null) {
            throw new IllegalArgumentException("found a line of kind \"" + kind + "\", expected one of "
                    + kinds.keySet().stream().sorted().toList());
        }
        return part;
    }

    /**
     * Of a line of Amazon's. Item prices, promotions and the tax that the marketplace itself remits go with the sale or the refund that they are of.
     *
     * @throws IllegalArgumentException for a combination that is not known
     */
    static Part amazon(String transactionType, String amountType, String description) {
        String transaction = transactionType.toLowerCase(Locale.ROOT);
        String text = description.toLowerCase(Locale.ROOT);
        return switch (amountType.toLowerCase(Locale.ROOT)) {
            case "itemprice", "promotion" -> ofOrder(transaction, transactionType);
            case "itemwithheldtax" -> {
                if (!text.startsWith("marketplacefacilitator")) {
                    throw unknown(transactionType, amountType, description);
                }
                yield ofOrder(transaction, transactionType);
            }
            case "itemfees", "shipmentfees", "cost of advertising" -> Part.FEE;
            case "other-transaction" -> {
                if (text.equals("current reserve amount") || text.equals("previous reserve amount balance")) {
                    yield Part.RESERVE;
                }
                if (transaction.equals("servicefee") || CHARGES.contains(text)) {
                    yield Part.FEE;
                }
                throw unknown(transactionType, amountType, description);
            }
            default -> {
                if (transaction.equals("servicefee")) {
                    yield Part.FEE;
                }
                throw unknown(transactionType, amountType, description);
            }
        };
    }

    private static Part ofOrder(String transaction, String written) {
        if (transaction.equals("order")) {
            return Part.SALE;
        }
        if (REFUNDS.contains(transaction)) {
            return Part.REFUND;
        }
        throw new IllegalArgumentException("found transaction-type \"" + written + "\", expected Order or one of "
                + REFUNDS.stream().sorted().toList());
    }

    private static IllegalArgumentException unknown(String transaction, String amountType, String description) {
        return new IllegalArgumentException(
                "found transaction-type \"" + transaction + "\", amount-type \"" + amountType
                        + "\", amount-description \"" + description + "\", which is no kind of line that is known");
    }
}
