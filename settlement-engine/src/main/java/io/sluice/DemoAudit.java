package io.sluice;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An independent auditor's questions after the demo's days, answered by the bank's books, the chain, and the {@code chk_} views under the
 * auditor's own login; never by what the engine says of itself. Invariants are named as in DOMAIN 2.
 */
final class DemoAudit {

    private static final String TRANSFER = "Transfer(address,address,uint256)";
    private static final String BATCH_EXECUTED = "BatchExecuted(bytes32,uint256,uint256,uint256,uint256)";
    private static final String TOTAL_SUPPLY = "0x18160ddd";
    private static final String BALANCE_OF = "0x70a08231";

    private final DemoParts sandbox;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    DemoAudit(DemoParts sandbox) {
        this.sandbox = sandbox;
    }

    /** A broken invariant: what was found, and what was expected. */
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    private interface Check {
        void run() throws Broken, SQLException, IOException;
    }

    /** Asks everything, notes each invariant in {@code summary}, and answers the first that is broken, or nothing. */
    String firstBroken(ObjectNode summary) throws IOException {
        String first = "";
        ArrayNode invariants = json.createArrayNode();
        try (Connection auditor = auditor()) {
            Map<String, Check> checks = new java.util.LinkedHashMap<>();
            checks.put("the bank's own books balance", () -> bankBooks(summary));
            checks.put("I1 every journal sums to zero per currency", () -> journals(auditor));
            checks.put("I2 the legs of each inflow sum to it", () -> legs(auditor));
            checks.put("I4 entitlements have gross = net + tax + held", () -> entitlements(auditor));
            checks.put("I7 each credit of the bank is exactly one inflow", () -> inflows(auditor));
            checks.put("I7 the bank carried out each order exactly once, for its amount", () -> payouts(auditor));
            checks.put(
                    "I7 each chain payout is final and each batch was paid once", () -> chainPayouts(auditor, summary));
            checks.put("coins on chain are what the bank sold, and none is lost", this::coins);
            for (Map.Entry<String, Check> check : checks.entrySet()) {
                String problem = outcome(check.getValue());
                invariants.add(
                        json.createObjectNode().put("invariant", check.getKey()).put("holds", problem.isEmpty()));
                if (!problem.isEmpty() && first.isEmpty()) {
                    first = check.getKey() + ": " + problem;
                }
            }
        } catch (SQLException e) {
            first = "the auditor can log in: " + e.getMessage();
        }
        summary.set("invariants", invariants);
        return first;
    }

    private static String outcome(Check check) {
        try {
            check.run();
            return "";
        } catch (Broken e) {
            return String.valueOf(e.getMessage());
        } catch (SQLException | IOException | RuntimeException e) {
            return "could not be asked: " + e.getMessage();
        }
    }

    private void bankBooks(ObjectNode summary) throws Broken, IOException {
        JsonNode books = sandbox.get("/sandbox/books");
        ObjectNode bank = json.createObjectNode();
        for (String name : new String[] {
            "day", "credits", "payouts", "ownTransfers", "onRamps", "returns", "statements", "conservation"
        }) {
            bank.set(name, books.path(name));
        }
        summary.set("bank", bank);
        for (Map.Entry<String, JsonNode> sum : books.path("conservation").properties()) {
            if (new java.math.BigDecimal(sum.getValue().asString()).signum() != 0) {
                throw new Broken("all balances in " + sum.getKey() + " sum to "
                        + sum.getValue().asString() + ", expected 0");
            }
        }
        if (books.path("mostExecutionsOfOneEndToEndId").asLong() > 1) {
            throw new Broken("one EndToEndId was carried out "
                    + books.path("mostExecutionsOfOneEndToEndId").asLong() + " times");
        }
    }

    private static void journals(Connection auditor) throws Broken, SQLException {
        none(
                auditor,
                "select 'journal ' || journal_id || ' sums to ' || sum(units) || ' minor units of ' || currency from chk_posting"
                        + " group by journal_id, currency having sum(units) <> 0 limit 1");
        some(auditor, "select count(*) from chk_posting", "there are no postings");
    }

    private static void legs(Connection auditor) throws Broken, SQLException {
        none(
                auditor,
                "select 'inflow ' || r.inflow_id || ' of ' || max(i.units) || ' has legs of ' || sum(r.units) || ' ' || max(i.currency)"
                        + " from chk_routing r join chk_inflow i on i.inflow_id = r.inflow_id"
                        + " group by r.inflow_id having sum(r.units) <> max(i.units) limit 1");
        none(
                auditor,
                "select 'leg ' || leg_id || ' stands ' || count(*) || ' times' from chk_routing group by leg_id having count(*) > 1 limit 1");
    }

    private static void entitlements(Connection auditor) throws Broken, SQLException {
        none(
                auditor,
                "select 'distribution ' || distribution_id || ', holder ' || holder_id || ': ' || gross || ' is not ' || net || ' + ' || tax"
                        + " || ' + ' || held from chk_entitlement where gross <> net + tax + held limit 1");
        none(
                auditor,
                "select 'distribution ' || distribution_id || ' has holder ' || holder_id || ' ' || count(*) || ' times' from chk_entitlement"
                        + " group by distribution_id, holder_id having count(*) > 1 limit 1");
    }

    /** A deposit is an inflow that is routed; a payout of a collection account that came back is an inflow that is not. */
    private void inflows(Connection auditor) throws Broken, SQLException, IOException {
        Map<String, long[]> deposits = new TreeMap<>(); // account -> count, sum
        sandbox.get("/sandbox/books/credits")
                .path("credits")
                .forEach(credit -> add(
                        deposits,
                        credit.path("account").asString(),
                        credit.path("units").asLong()));
        Map<String, long[]> returns = new TreeMap<>();
        sandbox.get("/sandbox/books/payouts").path("payouts").forEach(payout -> {
            for (int i = 0; i < payout.path("returns").asInt(); i++) {
                add(
                        returns,
                        payout.path("account").asString(),
                        payout.path("units").asLong());
            }
        });
        Map<String, long[]> routed = new TreeMap<>();
        Map<String, long[]> unrouted = new TreeMap<>();
        try (Statement ask = auditor.createStatement();
                ResultSet row = ask.executeQuery(
                        "select account, units, exists (select 1 from chk_routing r where r.inflow_id = i.inflow_id)"
                                + " from chk_inflow i where direction = 'CREDIT' and state in ('BOOKED', 'RETURNED')")) {
            while (row.next()) {
                add(row.getBoolean(3) ? routed : unrouted, row.getString(1), row.getLong(2));
            }
        }
        for (String account : deposits.keySet()) {
            same(account, "credits", deposits, "routed inflows", routed);
            same(account, "returns", returns, "inflows that are not routed", unrouted);
        }
    }

    private static void same(
            String account, String what, Map<String, long[]> bank, String whatWeHave, Map<String, long[]> engine)
            throws Broken {
        long[] booked = bank.getOrDefault(account, new long[2]);
        long[] known = engine.getOrDefault(account, new long[2]);
        if (booked[0] != known[0] || booked[1] != known[1]) {
            throw new Broken("on account " + account + " the bank booked " + booked[0] + " " + what + " of " + booked[1]
                    + " minor units, the engine has " + known[0] + " " + whatWeHave + " of " + known[1]);
        }
    }

    private static void add(Map<String, long[]> sums, String account, long units) {
        long[] sum = sums.computeIfAbsent(account, unseen -> new long[2]);
        sum[0]++;
        sum[1] += units;
    }

    private void payouts(Connection auditor) throws Broken, SQLException, IOException {
        record Order(String rail, long units, String currency, String state) {}
        Map<String, Order> orders = new HashMap<>();
        try (Statement ask = auditor.createStatement();
                ResultSet row = ask.executeQuery(
                        "select end_to_end_id, rail, units, currency, state from chk_instruction where end_to_end_id is not null")) {
            while (row.next()) {
                Order order = new Order(
                        row.getString(2), row.getLong(3), row.getString(4).strip(), row.getString(5));
                if (orders.put(row.getString(1), order) != null) {
                    throw new Broken("two instructions have the EndToEndId " + row.getString(1));
                }
            }
        }
        Set<String> carriedOut = new HashSet<>();
        for (JsonNode payout : sandbox.get("/sandbox/books/payouts").path("payouts")) {
            String id = payout.path("endToEndId").asString();
            Order order = orders.get(id);
            if (order == null) {
                throw new Broken("the bank carried out " + id + ", which is no instruction");
            }
            if (payout.path("executions").asInt() != 1 || payout.path("returns").asInt() > 1) {
                throw new Broken("the bank carried out " + id + " "
                        + payout.path("executions").asInt() + " times and returned it "
                        + payout.path("returns").asInt() + " times");
            }
            if (order.units() != payout.path("units").asLong()
                    || !order.currency().equals(payout.path("currency").asString())) {
                throw new Broken("the bank carried out " + id + " for "
                        + payout.path("units").asLong() + " "
                        + payout.path("currency").asString() + ", instructed was " + order.units() + " "
                        + order.currency());
            }
            carriedOut.add(id);
        }
        for (Map.Entry<String, Order> order : orders.entrySet()) {
            boolean settled = order.getValue().state().equals("ACSC")
                    || order.getValue().state().equals("RETURNED");
            if (settled && !order.getValue().rail().equals("CHAIN") && !carriedOut.contains(order.getKey())) {
                throw new Broken("the instruction " + order.getKey() + " is "
                        + order.getValue().state() + ", but the bank never carried it out");
            }
        }
    }

    private void chainPayouts(Connection auditor, ObjectNode summary) throws Broken, SQLException, IOException {
        long last = quantity(rpc("eth_getBlockByNumber", "finalized", false).path("number"));
        Map<String, Boolean> receipts = new HashMap<>();
        try (Statement ask = auditor.createStatement();
                ResultSet row = ask.executeQuery(
                        "select instruction_id, tx_hash from chk_instruction where rail = 'CHAIN' and state = 'ACSC'")) {
            while (row.next()) {
                String hash = row.getString(2);
                if (hash == null) {
                    throw new Broken("the chain payout " + row.getString(1) + " is settled without a transaction");
                }
                if (!receipts.containsKey(hash)) {
                    JsonNode receipt = rpc("eth_getTransactionReceipt", hash);
                    receipts.put(
                            hash,
                            receipt.path("status").asString("").equals("0x1")
                                    && quantity(receipt.path("blockNumber")) <= last);
                }
                if (!receipts.get(hash)) {
                    throw new Broken("the chain payout " + row.getString(1) + " is settled, but " + hash
                            + " is not final or failed");
                }
            }
        }
        Set<String> batches = new HashSet<>();
        String distributor = sandbox.ready().path("chain").path("distributor").asString();
        for (JsonNode log : logs(distributor, BATCH_EXECUTED)) {
            String batch = log.path("topics").get(1).asString() + "/"
                    + log.path("topics").get(2).asString();
            if (!batches.add(batch)) {
                throw new Broken("the batch " + batch + " was paid twice");
            }
        }
        summary.set(
                "chain", json.createObjectNode().put("batches", batches.size()).put("transactions", receipts.size()));
    }

    private void coins() throws Broken, IOException {
        JsonNode chain = sandbox.ready().path("chain");
        String wallet = chain.path("operator").asString();
        String distributor = chain.path("distributor").asString();
        Map<String, BigInteger> sold = new HashMap<>();
        boolean toWallet = true;
        for (JsonNode onRamp : sandbox.get("/sandbox/books/onramps").path("onRamps")) {
            sold.merge(
                    onRamp.path("currency").asString(),
                    new BigInteger(onRamp.path("tokenUnits").asString()),
                    BigInteger::add);
            toWallet &= onRamp.path("destination").asString().equalsIgnoreCase(wallet);
        }
        for (Map.Entry<String, JsonNode> token : chain.path("tokens").properties()) {
            String address = token.getValue().asString();
            BigInteger expected = sold.getOrDefault(token.getKey(), BigInteger.ZERO);
            BigInteger supply = call(address, TOTAL_SUPPLY);
            if (!supply.equals(expected)) {
                throw new Broken(
                        "there are " + supply + " units of the " + token.getKey() + " coin, the bank sold " + expected);
            }
            BigInteger paid = BigInteger.ZERO;
            for (JsonNode log : logs(address, TRANSFER)) {
                if (log.path("topics")
                        .get(1)
                        .asString()
                        .endsWith(distributor.substring(2).toLowerCase(java.util.Locale.ROOT))) {
                    paid = paid.add(new BigInteger(log.path("data").asString().substring(2), 16));
                }
            }
            BigInteger held = call(address, BALANCE_OF + "0".repeat(24) + wallet.substring(2))
                    .add(call(address, BALANCE_OF + "0".repeat(24) + distributor.substring(2)));
            if (toWallet && !held.add(paid).equals(expected)) {
                throw new Broken("of the " + token.getKey() + " coin " + paid + " were paid and " + held
                        + " are held, bought were " + expected);
            }
        }
    }

    private JsonNode logs(String address, String event) throws IOException {
        StringBuilder signature = new StringBuilder("0x");
        for (byte one : event.getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
            signature.append("%02x".formatted(one));
        }
        String topic = rpc("web3_sha3", signature.toString()).asString();
        return rpc(
                "eth_getLogs",
                Map.of("address", address, "fromBlock", "0x0", "toBlock", "latest", "topics", new String[] {topic}));
    }

    private BigInteger call(String contract, String data) throws IOException {
        return new BigInteger(
                rpc("eth_call", Map.of("to", contract, "data", data), "latest")
                        .asString()
                        .substring(2),
                16);
    }

    private static long quantity(JsonNode hexadecimal) {
        return Long.parseLong(hexadecimal.asString().substring(2), 16);
    }

    private JsonNode rpc(String method, Object... params) throws IOException {
        ObjectNode question =
                json.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        question.set("params", json.valueToTree(params));
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(
                                    sandbox.ready().path("chain").path("rpc").asString()))
                            .timeout(Duration.ofSeconds(30))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(question)))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = json.readTree(answer.body());
            if (body.hasNonNull("error")) {
                throw new IOException(
                        method + ": " + body.path("error").path("message").asString());
            }
            return body.path("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    private Connection auditor() throws SQLException, IOException {
        JsonNode postgres = sandbox.ready().path("postgres");
        Path secret = Path.of(postgres.path("secrets").asString()).resolve("sluice_auditor");
        return DriverManager.getConnection(
                postgres.path("url").asString(),
                "sluice_auditor",
                Files.readString(secret).strip());
    }

    /** The question's first answer is what is wrong; no answer, all is well. */
    private static void none(Connection auditor, String question) throws Broken, SQLException {
        try (Statement ask = auditor.createStatement();
                ResultSet row = ask.executeQuery(question)) {
            if (row.next()) {
                throw new Broken(row.getString(1));
            }
        }
    }

    private static void some(Connection auditor, String question, String otherwise) throws Broken, SQLException {
        try (Statement ask = auditor.createStatement();
                ResultSet row = ask.executeQuery(question)) {
            if (!row.next() || row.getLong(1) == 0) {
                throw new Broken(otherwise);
            }
        }
    }
}
