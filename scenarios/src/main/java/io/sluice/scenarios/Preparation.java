package io.sluice.scenarios;

import io.sluice.scenarios.Cast.Agreement;
import io.sluice.scenarios.Cast.Holder;
import io.sluice.scenarios.Cast.Store;
import io.sluice.scenarios.Story.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Sets up what a story gives, as people do it: accounts at the bank, then everything by the engine's API, each step by its role. */
final class Preparation {

    static final List<TableForm> TABLES = List.of(
            TableForm.of("Agreement", "agreement, currency, royalty, platform fee", "released without asking"),
            TableForm.of("Stores", "store, agreement", ""),
            TableForm.of("Holders", "holder, agreement, units, rail", ""),
            TableForm.of("Minimum payout", "rail, at least", ""));

    private static final String MANDATE = "1 000 000.00";

    private final Stage stage;
    private final Cast cast;
    private final Map<String, Row> terms = new LinkedHashMap<>();
    private final Map<String, List<Map<String, String>>> holdings = new HashMap<>();

    Preparation(Stage stage, Cast cast) {
        this.stage = stage;
        this.cast = cast;
    }

    /** Takes a row in; nothing is set up before {@link #carryOut}. */
    void take(String table, Row row) {
        switch (table) {
            case "Agreement" -> {
                cast.addAgreement(row.cell("agreement"), row.cell("currency"));
                portion(row.cell("royalty"));
                portion(row.cell("platform fee"));
                terms.put(row.cell("agreement"), row);
            }
            case "Stores" -> cast.addStore(row.cell("store"), cast.agreement(row.cell("agreement")));
            case "Holders" -> holding(row);
            case "Minimum payout" -> minimum(row);
            default -> throw new IllegalArgumentException("No table " + table);
        }
    }

    private void holding(Row row) {
        String name = row.cell("holder");
        boolean bank = oneOf("rail", row.cell("rail"), "bank", "chain").equals("bank");
        Holder holder = cast.holder(name).orElseGet(() -> cast.addHolder(name, bank));
        if (holder.bank() != bank) {
            throw new IllegalArgumentException(name + " is paid by one rail, and stands here with two");
        }
        String units = row.cell("units").replace(" ", "");
        if (!units.matches("[1-9][0-9]*")) {
            throw new IllegalArgumentException(
                    "Units are a whole number above zero, was \"" + row.cell("units") + "\"");
        }
        holdings.computeIfAbsent(cast.agreement(row.cell("agreement")).id(), a -> new ArrayList<>())
                .add(Map.of("holderId", holder.id(), "units", units));
    }

    /** All stories share the engine's setting: the table says it to the reader, and is checked. */
    private static void minimum(Row row) {
        Amount least = Amount.parse(row.cell("at least"));
        oneOf("rail", row.cell("rail"), "bank", "chain");
        String set = Stage.MINIMUM_PAYOUT.get(least.currency());
        if (!least.decimal().equals(set)) {
            throw new IllegalArgumentException(
                    "Stories are played with a minimum payout of " + set + " " + least.currency());
        }
    }

    void carryOut() {
        cast.accounts().forEach((account, name) -> {
            boolean collection = name.startsWith("collection");
            stage.sandbox().openAccount(account, name, currencyOf(account), collection);
            post(
                    "onboarding",
                    "/api/v1/accounts",
                    Map.of(
                            "account",
                            account,
                            "bank",
                            "meridian",
                            "currency",
                            currencyOf(account),
                            "kind",
                            collection ? "COLLECTION" : name.startsWith("royalty") ? "TRUST" : "FEE",
                            "name",
                            name));
        });
        post(
                "onboarding",
                "/api/v1/holders",
                Map.of(
                        "holders",
                        cast.holders().stream().map(Preparation::holder).toList()));
        for (Agreement agreement : cast.agreements()) {
            agreement(agreement);
        }
        stage.quiet("what was given");
        stage.anchored(cast.agreements());
        if (!stage.api().get("approver", "/api/v1/work").path("items").isEmpty()) {
            throw new IllegalStateException("Something waits for approval still, after everything was approved");
        }
    }

    private static Map<String, String> holder(Holder holder) {
        return Map.of(
                "holderId",
                holder.id(),
                "name",
                holder.name(),
                "rail",
                holder.bank() ? "BANK" : "CHAIN",
                holder.bank() ? "bankAccount" : "address",
                holder.payTo());
    }

    private void agreement(Agreement agreement) {
        post(
                "onboarding",
                "/api/v1/agreements",
                Map.of(
                        "agreementId", agreement.id(),
                        "name", agreement.name(),
                        "currency", agreement.currency(),
                        "token", "TOKEN-" + agreement.id(),
                        "trustAccount", agreement.trustAccount(),
                        "feeAccount", agreement.feeAccount(),
                        "stores",
                                cast.stores().stream()
                                        .filter(s -> s.agreement().equals(agreement))
                                        .map(Preparation::store)
                                        .toList()));
        String path = "/api/v1/agreements/" + agreement.id();
        post("onboarding", path + "/holdings", Map.of("holdings", holdings.getOrDefault(agreement.id(), List.of())));
        Row row = Objects.requireNonNull(terms.get(agreement.name()));
        Map<String, Object> rule = rule(agreement, row);
        post("rules", path + "/simulations", Map.of("rule", rule));
        approve(post("rules", path + "/rules", rule).path("ruleHash").asString());
        Amount limit = row.has("released without asking")
                ? Amount.parse(row.cell("released without asking"))
                : Amount.parse((agreement.currency().equals("JPY") ? MANDATE.replace(".00", "") : MANDATE) + " "
                        + agreement.currency());
        Map<String, String> money = Map.of("amount", limit.decimal(), "currency", limit.currency());
        approve(post(
                        "treasury",
                        "/api/v1/mandates",
                        Map.of(
                                "agreementId", agreement.id(),
                                "rails", List.of("BANK", "CHAIN"),
                                "currency", agreement.currency(),
                                "maxPerPayee", money,
                                "maxPerDistribution", money,
                                "maxPerDay", money,
                                "expires", cast.day(1).plusYears(1).toString()))
                .path("mandateHash")
                .asString());
    }

    private static Map<String, String> store(Store store) {
        return Map.of(
                "storeId", store.id(),
                "merchantId", "M-" + store.id(),
                "merchantName", store.name(),
                "collectionAccount", store.collectionAccount(),
                "payoutName", store.name(),
                "payoutAccount", store.payoutAccount());
    }

    private Map<String, Object> rule(Agreement agreement, Row row) {
        Map<String, Object> rule = new LinkedHashMap<>(Map.of(
                "schema", "sluice/rule/1",
                "agreement", agreement.id(),
                "version", 1,
                "currency", agreement.currency(),
                "basis", "CASH_RECEIVED",
                "effectiveFrom", cast.day(1).toString(),
                "waterfall",
                        List.of(
                                tranche("platform fee", "portion", "fees.platform", portion(row.cell("platform fee"))),
                                tranche("royalty", "royalty", "royalty.pool", portion(row.cell("royalty"))),
                                Map.of("name", "residual", "kind", "remainder", "to", "merchant.residual"))));
        rule.put("previous", null);
        return rule;
    }

    private static Map<String, String> tranche(String name, String kind, String to, String portion) {
        return Map.of("name", name, "kind", kind, "portion", portion, "to", to);
    }

    /** {@code 10 %} or {@code 1/1000}, as a fraction in lowest terms. */
    static String portion(String text) {
        String fraction = text.matches("[0-9]+ %") ? text.substring(0, text.length() - 2) + "/100" : text;
        if (!fraction.matches("[0-9]+/[1-9][0-9]*")) {
            throw new IllegalArgumentException("A portion is written 10 % or 1/1000, was \"" + text + "\"");
        }
        long over = Long.parseLong(fraction.substring(0, fraction.indexOf('/')));
        long under = Long.parseLong(fraction.substring(fraction.indexOf('/') + 1));
        long common = java.math.BigInteger.valueOf(over)
                .gcd(java.math.BigInteger.valueOf(under))
                .longValueExact();
        return over / common + "/" + under / common;
    }

    private void approve(String hash) {
        for (JsonNode item : stage.api().get("approver", "/api/v1/work").path("items")) {
            if (item.path("hash").asString().equals(hash)) {
                post("approver", "/api/v1/work/" + item.path("itemId").asString() + "/approvals", Map.of("hash", hash));
                return;
            }
        }
        throw new IllegalStateException("Nothing with the hash " + hash + " waits for approval");
    }

    private JsonNode post(String user, String path, Object body) {
        return stage.api().post(user, path, body);
    }

    private String currencyOf(String account) {
        return cast.agreements().stream()
                .filter(a -> a.trustAccount().equals(account) || a.feeAccount().equals(account))
                .map(Agreement::currency)
                .findFirst()
                .orElseGet(() -> cast.stores().stream()
                        .filter(s -> s.collectionAccount().equals(account))
                        .map(s -> s.agreement().currency())
                        .findFirst()
                        .orElseThrow());
    }

    static String oneOf(String what, String found, String... allowed) {
        if (!List.of(allowed).contains(found)) {
            throw new IllegalArgumentException(
                    "A " + what + " is one of " + List.of(allowed) + ", was \"" + found + "\"");
        }
        return found;
    }
}
