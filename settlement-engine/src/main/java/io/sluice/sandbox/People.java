package io.sluice.sandbox;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The people who use the engine, over its public API: one who sets up accounts, holders, agreements, rules and mandates, once, and an
 * approver of another name who works the list with a human delay. What they have done is remembered beside the bank's books.
 */
final class People implements AutoCloseable {

    static final String ONBOARDING = "onboarding";
    static final String RULES = "rule-admin";
    static final String TREASURY = "treasury-operator";
    static final String APPROVER = "approver";

    private static final Logger LOG = LoggerFactory.getLogger(People.class);
    private static final int HOLDERS_AT_ONCE = 1_000;
    private static final Duration LOOK = Duration.ofMillis(400);
    private static final Duration REFUSED_WAIT = Duration.ofSeconds(5);
    private static final Map<String, Long> MANY_UNITS = Map.of("EUR", 5_000_000L, "USD", 5_000_000L, "JPY", 5_000_000L);

    private final EngineApi engine;
    private final BankDatabase database;
    private final World world;
    private final Chance chance;
    private final Consumer<String> progress;
    private final Map<String, Long> decideAt = new HashMap<>();
    private final Map<String, Integer> refusals = new HashMap<>();
    private volatile boolean hurried;
    private volatile boolean stopping;
    private final Thread approver =
            Thread.ofPlatform().name("people-approver").daemon().unstarted(this::workTheList);

    People(
            URI engine,
            Map<String, String> passwords,
            BankDatabase database,
            World world,
            Chance chance,
            Consumer<String> progress) {
        this.engine = new EngineApi(engine, passwords);
        this.database = database;
        this.world = world;
        this.chance = chance;
        this.progress = progress;
    }

    /** Whether the people act without the human delay. */
    void hurry(boolean yes) {
        hurried = yes;
    }

    /** Lets the approver work. */
    void startApproving() {
        approver.start();
    }

    JsonNode overview() throws IOException {
        return engine.get(TREASURY, "/api/v1/overview");
    }

    /** What waits for someone. */
    JsonNode work() throws IOException {
        return engine.get(APPROVER, "/api/v1/work").path("items");
    }

    /** Sets everything up; goes on where an earlier run stopped. Throws what the engine refused. */
    void setUp() throws IOException {
        for (World.Agreement agreement : world.agreements()) {
            account(agreement.trustAccount(), agreement.currency(), "TRUST", agreement.name() + " royalty trust");
            account(agreement.feeAccount(), agreement.currency(), "FEE", agreement.name() + " platform fees");
            for (World.Store store : agreement.stores()) {
                account(
                        store.collectionAccount(),
                        agreement.currency(),
                        "COLLECTION",
                        store.merchantName() + " collection");
            }
        }
        List<World.Holder> holders = world.holders();
        for (int from = 0; from < holders.size(); from += HOLDERS_AT_ONCE) {
            holders(holders.subList(from, Math.min(from + HOLDERS_AT_ONCE, holders.size())), from);
        }
        for (World.Agreement agreement : world.agreements()) {
            once(ONBOARDING, "agreement/" + agreement.agreementId(), "/api/v1/agreements", agreement(agreement));
            String path = "/api/v1/agreements/" + agreement.agreementId();
            once(ONBOARDING, "holdings/" + agreement.agreementId(), path + "/holdings", holdings(agreement));
            ObjectNode tried = Json.object();
            tried.set("rule", rule(agreement)); // simulated first, so that the approver never comes too early
            once(RULES, "simulation/" + agreement.agreementId(), path + "/simulations", tried);
            once(RULES, "rule/" + agreement.agreementId(), path + "/rules", rule(agreement));
            once(TREASURY, "mandate/" + agreement.agreementId(), "/api/v1/mandates", mandate(agreement));
        }
        if (database.setting("people.ready").isEmpty()) {
            progress.accept("The people have set up " + world.agreements().size() + " agreements and " + holders.size()
                    + " holders.");
            database.setting("people.ready", "1");
        }
    }

    /** The agreements' numbers on chain, and their currencies. */
    Map<Long, String> chainNumbers() throws IOException {
        Map<Long, String> numbers = new TreeMap<>();
        for (JsonNode agreement : engine.get(TREASURY, "/api/v1/agreements").path("agreements")) {
            numbers.put(
                    agreement.path("chainNumber").asLong(),
                    agreement.path("currency").asString());
        }
        return numbers;
    }

    /** Whether every rule is in force or will be on its day; throws {@link SandboxFailure} when the chain has refused one. */
    boolean rulesInForce() throws IOException {
        for (World.Agreement agreement : world.agreements()) {
            String path = "/api/v1/agreements/" + agreement.agreementId() + "/rules";
            JsonNode rule = engine.get(TREASURY, path).path("rules").path(0);
            if (rule.path("state").asString("").equals("REFUSED")) {
                throw new SandboxFailure("The rule of " + agreement.agreementId() + " was not anchored: "
                        + rule.path("reason").asString());
            }
            if (!Set.of("SCHEDULED", "ACTIVE").contains(rule.path("state").asString(""))) {
                return false;
            }
        }
        return true;
    }

    private void account(String account, String currency, String kind, String name) throws IOException {
        once(
                ONBOARDING,
                "account/" + account,
                "/api/v1/accounts",
                Json.object()
                        .put("account", account)
                        .put("bank", "meridian")
                        .put("currency", currency)
                        .put("kind", kind)
                        .put("name", name));
    }

    private void holders(List<World.Holder> some, int from) throws IOException {
        ArrayNode holders = Json.array();
        for (World.Holder holder : some) {
            holders.add(Json.object()
                    .put("holderId", holder.holderId())
                    .put("name", holder.name())
                    .put("rail", holder.bank() ? "BANK" : "CHAIN")
                    .put(holder.bank() ? "bankAccount" : "address", holder.payTo()));
        }
        ObjectNode body = Json.object();
        body.set("holders", holders);
        once(ONBOARDING, "holders/" + from, "/api/v1/holders", body);
    }

    private static ObjectNode agreement(World.Agreement agreement) {
        ArrayNode stores = Json.array();
        for (World.Store store : agreement.stores()) {
            stores.add(Json.object()
                    .put("storeId", store.storeId())
                    .put("merchantId", store.merchantId())
                    .put("merchantName", store.merchantName())
                    .put("collectionAccount", store.collectionAccount())
                    .put("payoutName", store.merchantName())
                    .put("payoutAccount", store.payoutAccount()));
        }
        ObjectNode body = Json.object()
                .put("agreementId", agreement.agreementId())
                .put("name", agreement.name())
                .put("currency", agreement.currency())
                .put("token", agreement.token())
                .put("trustAccount", agreement.trustAccount())
                .put("feeAccount", agreement.feeAccount());
        body.set("stores", stores);
        return body;
    }

    private ObjectNode holdings(World.Agreement agreement) {
        ArrayNode holdings = Json.array();
        for (World.Holding holding : world.holdings(agreement)) {
            holdings.add(Json.object()
                    .put("holderId", holding.holderId())
                    .put("units", holding.units().toString()));
        }
        ObjectNode body = Json.object();
        body.set("holdings", holdings);
        return body;
    }

    private static ObjectNode rule(World.Agreement agreement) {
        ArrayNode waterfall = Json.array();
        waterfall.add(Json.object()
                .put("name", "platform fee")
                .put("kind", "portion")
                .put("portion", "1/1000")
                .put("to", "fees.platform"));
        waterfall.add(Json.object()
                .put("name", "royalty")
                .put("kind", "royalty")
                .put("portion", agreement.royalty())
                .put("to", "royalty.pool"));
        waterfall.add(
                Json.object().put("name", "residual").put("kind", "remainder").put("to", "merchant.residual"));
        ObjectNode rule = Json.object()
                .put("schema", "sluice/rule/1")
                .put("agreement", agreement.agreementId())
                .put("version", 1)
                .put("currency", agreement.currency())
                .put("basis", "CASH_RECEIVED")
                .put("effectiveFrom", Sandbox.FIRST_DAY.toString())
                .putNull("previous");
        rule.set("waterfall", waterfall);
        return rule;
    }

    private static ObjectNode mandate(World.Agreement agreement) {
        long many = MANY_UNITS.getOrDefault(agreement.currency(), 5_000_000L);
        ObjectNode mandate = Json.object().put("agreementId", agreement.agreementId());
        ArrayNode rails = Json.array();
        rails.add("BANK");
        rails.add("CHAIN");
        mandate.set("rails", rails);
        mandate.put("currency", agreement.currency());
        mandate.set("maxPerPayee", money(many * 4, agreement.currency()));
        mandate.set("maxPerDistribution", money(many * 4, agreement.currency()));
        mandate.set("maxPerDay", money(many * 20, agreement.currency()));
        return mandate.put("expires", "2027-11-30");
    }

    private static ObjectNode money(long units, String currency) {
        return Json.object().put("amount", Units.text(units, currency)).put("currency", currency);
    }

    /** Does a step that is not done yet. The same key and body at a repeat, so that a lost answer does no harm. */
    private void once(String user, String step, String path, ObjectNode body) throws IOException {
        boolean done = database.read(
                        connection -> BankDatabase.number(connection, "select count(*) from done where step = ?", step))
                > 0;
        if (done) {
            return;
        }
        try {
            engine.post(user, path, "setup/" + step + "/" + refusals.getOrDefault(step, 0), body);
        } catch (EngineApi.Refused e) {
            refusals.merge(step, 1, Integer::sum); // nothing was done, so that the next try is a new order
            throw e;
        }
        database.read(connection ->
                BankDatabase.update(connection, "insert into done values (?) on conflict do nothing", step));
    }

    private void workTheList() {
        while (!stopping) {
            try {
                Thread.sleep(LOOK);
                approveWhatIsDue();
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.debug("The approver waits: {}", e.toString());
            }
        }
    }

    private void approveWhatIsDue() throws IOException {
        Set<String> waiting = new HashSet<>();
        for (JsonNode item : work()) {
            String id = item.path("itemId").asString();
            waiting.add(id);
            long delay = hurried
                    ? 0
                    : Duration.ofMillis(chance.between(800, 2_500, "decide|" + id))
                            .toNanos();
            long now = System.nanoTime();
            if (now < decideAt.computeIfAbsent(id, unseen -> now + delay)) {
                continue;
            }
            try {
                engine.post(
                        APPROVER,
                        "/api/v1/work/" + id + "/approvals",
                        "approve/" + id,
                        Json.object().put("hash", item.path("hash").asString()));
            } catch (EngineApi.Refused e) {
                LOG.warn("The approver was refused: {}", e.getMessage());
                decideAt.put(id, System.nanoTime() + REFUSED_WAIT.toNanos());
            }
        }
        decideAt.keySet().retainAll(waiting);
    }

    @Override
    public void close() {
        stopping = true;
        approver.interrupt();
    }
}
