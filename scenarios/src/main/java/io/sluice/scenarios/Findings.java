package io.sluice.scenarios;

import io.sluice.scenarios.Cast.Holder;
import io.sluice.scenarios.Cast.Store;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** What can be found after a story: by the auditor in the engine's tables, in the overview, in the bank's books and on the chain. */
final class Findings {

    private static final Map<String, String> KINDS = Map.of(
            "SWEEP", "royalty to trust",
            "FEE", "platform fee",
            "RESIDUAL", "residual",
            "HOLDER_PAYOUT", "payout",
            "ON_RAMP", "coins for payouts");
    private static final Map<String, String> STATES = Map.of(
            "PENDING_APPROVAL", "waits for approval",
            "RELEASED", "released",
            "ACSP", "accepted",
            "ACSC", "settled",
            "RJCT", "refused",
            "RTRN", "returned");

    private static final TableForm INFLOWS = TableForm.of("Inflows", "inflow, amount", "store, day, state, told by");
    private static final TableForm LEGS = TableForm.of("Legs", "inflow, leg, amount", "");
    private static final TableForm DISTRIBUTIONS =
            TableForm.of("Distributions", "day, pool", "agreement, entitled, holders, state");
    private static final TableForm ENTITLEMENTS = TableForm.of("Entitlements", "day, holder, amount", "");
    private static final TableForm BANK =
            TableForm.of("Payments by bank", "day, what, to, amount", "state, carried out");
    private static final TableForm CHAIN = TableForm.of("Payouts on chain", "day, holder, amount", "state, coins");
    private static final TableForm LEDGER = TableForm.of("Ledger", "account, debit, credit", "");
    private static final TableForm BOOKS = TableForm.of("Bank's books", "account, balance", "");
    private static final TableForm UNEXPLAINED = TableForm.of("Nothing unexplained", "what, found", "");

    static final List<TableForm> TABLES =
            List.of(INFLOWS, LEGS, DISTRIBUTIONS, ENTITLEMENTS, BANK, CHAIN, LEDGER, BOOKS, UNEXPLAINED);

    private final Stage stage;
    private final Auditor auditor;
    private final Cast cast;

    Findings(Stage stage, Cast cast) {
        this.stage = stage;
        this.auditor = stage.auditor();
        this.cast = cast;
    }

    Found of(String table) {
        return switch (table) {
            case "Inflows" -> found(INFLOWS, List.of("inflow"), inflows());
            case "Legs" -> found(LEGS, List.of("inflow", "leg"), legs());
            case "Distributions" -> found(DISTRIBUTIONS, List.of("day", "agreement"), distributions());
            case "Entitlements" -> found(ENTITLEMENTS, List.of("day", "holder"), entitlements());
            case "Payments by bank" -> found(BANK, List.of("day", "what", "to"), payments());
            case "Payouts on chain" -> found(CHAIN, List.of("day", "holder"), payoutsOnChain());
            case "Ledger" -> found(LEDGER, List.of("account"), ledger());
            case "Bank's books" -> found(BOOKS, List.of("account"), books());
            case "Nothing unexplained" -> found(UNEXPLAINED, List.of("what"), unexplained());
            default -> throw new IllegalArgumentException("No table " + table);
        };
    }

    private static Found found(TableForm form, List<String> keys, List<Map<String, String>> rows) {
        List<String> columns = new ArrayList<>(form.needed());
        columns.addAll(form.allowed());
        return new Found(columns, keys, rows);
    }

    /** Numbered in the order in which they were booked; the story's clock stands still between, so the first sighting decides. */
    private Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        auditor.ask(
                        "select inflow_id::text from inflow i where account = any(?) and kind = 'SALE' order by booked_at,"
                                + " (select min(seen_at) from sighting s where s.inflow_id = i.inflow_id), inflow_id",
                        row -> row.getString(1),
                        (Object) collectionAccounts())
                .forEach(id -> numbers.put(id, numbers.size() + 1));
        return numbers;
    }

    private String[] collectionAccounts() {
        return cast.stores().stream().map(Store::collectionAccount).toArray(String[]::new);
    }

    private List<Map<String, String>> inflows() {
        Map<String, Integer> numbers = numbers();
        return auditor.ask(
                """
                select i.inflow_id::text, i.account, i.units, i.currency, i.value_date, lower(i.state),
                    (select string_agg(distinct case b.kind when 'WEBHOOK' then 'notice' else 'statement' end, ' and ')
                     from sighting s join inbox b on b.body_sha256 = s.evidence_sha256 where s.inflow_id = i.inflow_id)
                from inflow i where i.account = any(?) and i.kind = 'SALE' order by i.booked_at, i.inflow_id
                """,
                row -> Found.row(
                        "inflow", String.valueOf(numbers.get(row.getString(1))),
                        "amount", new Amount(row.getLong(3), row.getString(4)).toString(),
                        "store", storeOf(row.getString(2)),
                        "day", cast.dayNumber(row.getDate(5).toLocalDate()),
                        "state", row.getString(6),
                        "told by", Objects.toString(row.getString(7), "")),
                (Object) collectionAccounts());
    }

    private String storeOf(String account) {
        return cast.stores().stream()
                .filter(store -> store.collectionAccount().equals(account))
                .map(Store::name)
                .findFirst()
                .orElse(account);
    }

    private List<Map<String, String>> legs() {
        Map<String, Integer> numbers = numbers();
        List<Map<String, String>> legs = new ArrayList<>(auditor.ask(
                "select inflow_id::text, path, units, currency from leg where agreement_id = any(?)",
                row -> Found.row(
                        "inflow", String.valueOf(numbers.get(row.getString(1))),
                        "leg", row.getString(2),
                        "amount", new Amount(row.getLong(3), row.getString(4)).toString()),
                (Object) cast.agreementIds()));
        legs.sort(Comparator.comparing(leg -> leg.get("inflow") + leg.get("leg")));
        return legs;
    }

    private List<Map<String, String>> distributions() {
        return auditor.ask(
                "select (record_point at time zone 'UTC')::date, pool_units, currency, agreement_id, entitled_units, holders,"
                        + " lower(state) from distribution where agreement_id = any(?) order by record_point",
                row -> Found.row(
                        "day", cast.dayNumber(row.getDate(1).toLocalDate()),
                        "pool", new Amount(row.getLong(2), row.getString(3)).toString(),
                        "agreement", cast.agreementOf(row.getString(4)),
                        "entitled", new Amount(row.getLong(5), row.getString(3)).toString(),
                        "holders", row.getString(6),
                        "state", row.getString(7)),
                (Object) cast.agreementIds());
    }

    private List<Map<String, String>> entitlements() {
        return auditor.ask(
                "select (d.record_point at time zone 'UTC')::date, e.holder_id, e.gross, d.currency from entitlement e"
                        + " join distribution d using (distribution_id) where d.agreement_id = any(?) order by d.record_point, e.ordinal",
                row -> Found.row(
                        "day", cast.dayNumber(row.getDate(1).toLocalDate()),
                        "holder", cast.nameOf(row.getString(2)),
                        "amount", new Amount(row.getLong(3), row.getString(4)).toString()),
                (Object) cast.agreementIds());
    }

    /** What left the story's accounts: by the bank's books, each reference next to the instruction that it belongs to. */
    private List<Map<String, String>> payments() {
        Map<String, JsonNode> carriedOut = new HashMap<>();
        for (JsonNode payout : stage.books("/payouts").path("payouts")) {
            if (cast.accounts().containsKey(payout.path("account").asString())) {
                carriedOut.put(payout.path("endToEndId").asString(), payout);
            }
        }
        List<Map<String, String>> payments = new ArrayList<>(auditor.ask(
                "select o.day, i.kind, i.payee_id, i.units, i.currency, i.state, i.end_to_end_id, o.account from instruction i"
                        + " join payment_order o using (order_id) where i.agreement_id = any(?) and o.rail <> 'CHAIN'"
                        + " order by o.day, o.made_at, i.row_no",
                row -> {
                    JsonNode bank = carriedOut.remove(row.getString(7));
                    long executions = bank == null ? 0 : bank.path("executions").asLong();
                    boolean same = bank != null
                            && bank.path("units").asLong() == row.getLong(4) * executions
                            && bank.path("account").asString().equals(row.getString(8));
                    return Found.row(
                            "day", cast.dayNumber(row.getDate(1).toLocalDate()),
                            "what", KINDS.getOrDefault(row.getString(2), row.getString(2)),
                            "to", cast.nameOf(row.getString(3)),
                            "amount", new Amount(row.getLong(4), row.getString(5)).toString(),
                            "state", STATES.getOrDefault(row.getString(6), row.getString(6)),
                            "carried out", bank == null || same ? times(executions) : "by the bank as " + bank);
                },
                (Object) cast.agreementIds()));
        carriedOut
                .values()
                .forEach(unknown -> payments.add(Found.row(
                        "day",
                        "",
                        "what",
                        "unknown to the engine",
                        "to",
                        "",
                        "amount",
                        "",
                        "state",
                        "",
                        "carried out",
                        unknown.toString())));
        return payments;
    }

    private static String times(long executions) {
        return switch ((int) executions) {
            case 0 -> "never";
            case 1 -> "once";
            default -> executions + " times";
        };
    }

    /** Coins are compared with what the bank's quote gave for the whole order, and with what the holder's address holds. */
    private List<Map<String, String>> payoutsOnChain() {
        Map<String, BigInteger> bought = new HashMap<>();
        for (JsonNode onRamp : stage.books("/onramps").path("onRamps")) {
            bought.put(
                    onRamp.path("endToEndId").asString(),
                    new BigInteger(onRamp.path("tokenUnits").asString()));
        }
        Map<String, BigInteger> received = new HashMap<>();
        Map<String, BigInteger> perOrder = new HashMap<>();
        record Payout(
                String day,
                Holder holder,
                String amount,
                String currency,
                String state,
                String order,
                String boughtBy,
                BigInteger coins) {}
        List<Payout> payouts = auditor.ask(
                "select o.day, i.payee_id, i.units, i.currency, i.state, o.order_id::text, r.end_to_end_id, coalesce(i.token_units, 0)"
                        + " from instruction i join payment_order o using (order_id) left join instruction r on r.order_id = o.funded_by"
                        + " where i.agreement_id = any(?) and o.rail = 'CHAIN' order by o.day, i.row_no",
                row -> new Payout(
                        cast.dayNumber(row.getDate(1).toLocalDate()),
                        cast.holder(cast.nameOf(row.getString(2))).orElseThrow(),
                        new Amount(row.getLong(3), row.getString(4)).toString(),
                        row.getString(4),
                        STATES.getOrDefault(row.getString(5), row.getString(5)),
                        row.getString(6),
                        Objects.toString(row.getString(7), ""),
                        row.getBigDecimal(8).toBigInteger()),
                (Object) cast.agreementIds());
        for (Payout payout : payouts) {
            received.merge(payout.holder().payTo(), payout.coins(), BigInteger::add);
            perOrder.merge(payout.order(), payout.coins(), BigInteger::add);
        }
        return payouts.stream()
                .map(payout -> {
                    BigInteger held = stage.coinsOf(payout.holder().payTo(), payout.currency());
                    boolean whole = Objects.equals(perOrder.get(payout.order()), bought.get(payout.boughtBy()));
                    boolean arrived = held.equals(received.get(payout.holder().payTo()));
                    return Found.row(
                            "day", payout.day(),
                            "holder", payout.holder().name(),
                            "amount", payout.amount(),
                            "state", payout.state(),
                            "coins",
                                    whole && arrived && payout.coins().signum() > 0
                                            ? "as quoted, arrived"
                                            : payout.coins() + " ordered, " + held + " arrived, "
                                                    + bought.get(payout.boughtBy()) + " bought for "
                                                    + perOrder.get(payout.order()));
                })
                .toList();
    }

    /** Accounts that are not at zero. */
    private List<Map<String, String>> ledger() {
        Map<String, String> accounts = cast.accounts();
        return auditor.ask(
                "select account, sum(units), currency from posting where agreement_id = any(?)"
                        + " or split_part(account, '/', 2) = any(?) group by account, currency having sum(units) <> 0"
                        + " order by account, currency",
                row -> {
                    String account = row.getString(1);
                    int slash = account.indexOf('/');
                    String at = slash < 0 ? "" : account.substring(slash + 1);
                    BigInteger units = row.getBigDecimal(2).toBigInteger();
                    String amount = amount(units.abs(), row.getString(3));
                    return Found.row(
                            "account",
                                    slash < 0
                                            ? account
                                            : account.substring(0, slash) + ", " + accounts.getOrDefault(at, at),
                            "debit", units.signum() > 0 ? amount : "",
                            "credit", units.signum() < 0 ? amount : "");
                },
                cast.agreementIds(),
                accounts.keySet().toArray(String[]::new));
    }

    private static String amount(BigInteger units, String currency) {
        return currency.length() == 3
                ? new Amount(units.longValueExact(), currency).toString()
                : units + " units of " + currency;
    }

    private List<Map<String, String>> books() {
        List<Map<String, String>> rows = new ArrayList<>();
        Map<String, String> accounts = cast.accounts();
        for (JsonNode account : stage.books("").path("accounts")) {
            String name = accounts.get(account.path("account").asString());
            if (name != null) {
                rows.add(Found.row(
                        "account",
                        name,
                        "balance",
                        Amount.parse(account.path("booked").asString() + " "
                                        + account.path("currency").asString())
                                .toString()));
            }
        }
        return rows;
    }

    private List<Map<String, String>> unexplained() {
        JsonNode overview = stage.overview();
        JsonNode books = stage.books("");
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> currencies = cast.agreements().stream()
                .map(Cast.Agreement::currency)
                .distinct()
                .sorted()
                .toList();
        for (String currency : currencies) {
            rows.add(what(
                    "all postings in " + currency,
                    sum(overview.path("postings").path("sum").path(currency), currency)));
            rows.add(what(
                    "all balances at the bank in " + currency,
                    sum(books.path("conservation").path(currency), currency)));
        }
        rows.add(what(
                "statement lines and breaks without explanation",
                overview.path("unreconciled").asString()));
        rows.add(what(
                "inflows that are not routed",
                Long.toString(overview.path("inflows").path("received").asLong()
                        - overview.path("inflows").path("routed").asLong())));
        rows.add(what(
                "statements not read",
                Long.toString(books.path("statements").asLong()
                        - overview.path("statements").asLong())));
        rows.add(what(
                "most often that one payment was carried out",
                times(books.path("mostExecutionsOfOneEndToEndId").asLong())));
        return rows;
    }

    private static Map<String, String> what(String what, String found) {
        return Found.row("what", what, "found", found);
    }

    private static String sum(JsonNode amount, String currency) {
        return amount.isMissingNode()
                ? "nothing"
                : Amount.parse(amount.asString() + " " + currency).toString();
    }
}
