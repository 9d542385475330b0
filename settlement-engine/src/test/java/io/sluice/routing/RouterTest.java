package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TestApi;
import io.sluice.TestBrowser;
import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.platform.LaneCatchUp;
import io.sluice.platform.Transactions;
import io.sluice.routing.Router.Queued;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.BeginRunOff;
import io.sluice.routing.RoutingCommand.CloseAgreement;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class RouterTest {

    private static final UUID INFLOW = new UUID(9, 1);

    @TempDir
    static Path dir;

    private JdbcClient db;

    /** The refusal of a router that began before the agreement came must not stand after it. */
    @Test
    void looksAgainAtWhatWasRefusedWhileTheAgreementCame() {
        try (TestEngine engine = TestEngine.start(dir)) {
            db = engine.bean(JdbcClient.class);
            Commands commands = engine.bean(Commands.class);
            Router router = engine.bean(Router.class);
            commands.begin("LATE", new RegisterAccount("LATE", "meridian", "EUR", AccountKind.COLLECTION, "Late"));
            engine.bean(Transactions.class).run(() -> {
                db.sql("insert into routing_queue (inflow_id, account, units, currency, value_date)"
                                + " values (?, 'LATE', 100, 'EUR', '2026-11-23')")
                        .param(INFLOW)
                        .update();
                List<Queued> queued = router.take(500);
                Thread.ofPlatform().start(() -> open(commands));
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> storeIsKnown() || somebodyWaits());
                router.route(queued);
            });
            // Without a rule it is refused for another reason, which only shows that somebody looked again.
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(reason()).isEqualTo("no-rule-in-force"));
        }
    }

    @Test
    void waitsForTwoPeopleWhereAValueDateIsFarFromItsBookingOrRoutingIsStopped() {
        try (TestEngine engine = TestEngine.start(
                dir.resolve("people"), "operator=TREASURY_OPERATOR", "approver=APPROVER", "ruler=RULE_ADMIN")) {
            db = engine.bean(JdbcClient.class);
            Commands commands = engine.bean(Commands.class);
            commands.begin("LATE", new RegisterAccount("LATE", "meridian", "EUR", AccountKind.COLLECTION, "Late"));
            open(commands);
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::storeIsKnown);
            TestApi operator = TestApi.as("operator", engine);
            TestApi approver = TestApi.as("approver", engine);
            String draft = "/api/v1/agreements/AGR-LATE/rules";
            TestApi ruler = TestApi.as("ruler", engine);
            assertThat(ruler.post(draft, rule("2020-01-01")).body())
                    .contains("effectiveFrom: found 2020-01-01, expected a day from 2025-11-20 to 2031-11-20");
            assertThat(ruler.post(draft, rule("9999-12-31")).body()).contains("effectiveFrom: found 9999-12-31");
            putInForce("AGR-LATE", rule("2026-10-01"), ruler, approver);

            // Booked on Friday the 20th: ten business days before are Friday the 6th.
            record(commands, 1, LocalDate.of(2026, 11, 6));
            record(commands, 2, LocalDate.of(2026, 11, 5));
            record(commands, 3, LocalDate.of(9999, 12, 31));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() ->
                            assertThat(waiting()).isEqualTo(Map.of(2, "value-date-too-old", 3, "value-date-too-far")));
            assertThat(routedBy(1)).isEqualTo(LocalDate.of(2026, 11, 6));
            String odd = operator.get("/api/v1/value-dates").body();
            assertThat(odd).contains("9999-12-31").contains("2026-11-05").contains("\"bookedOn\":\"2026-11-20\"");
            String choices = "/api/v1/value-dates/" + id(3) + "/choices";
            assertThat(operator.post(choices, choice("9999-12-31")).body())
                    .contains("valueDate: found 9999-12-31, expected 2026-12-04 or before");
            assertThat(operator.post("/api/v1/value-dates/" + id(1) + "/choices", choice("2026-11-20"))
                            .body())
                    .contains("no-such-inflow");
            String item = TestApi.json(operator.post(choices, choice("2026-11-20")))
                    .path("itemId")
                    .asString();
            String other = TestApi.json(operator.post(choices, choice("2026-11-19")))
                    .path("itemId")
                    .asString();
            String old = TestApi.json(operator.post("/api/v1/value-dates/" + id(2) + "/choices", choice("2026-11-05")))
                    .path("itemId")
                    .asString();
            TestBrowser.look(engine, "operator", "/", "value-dates", page -> {
                assertThat(page.textContent("#part-waiting")).contains("was booked on", "Take back");
                assertThat(page.textContent("#part-health"))
                        .contains("2 held back, oldest for", "is under “What waits for someone”");
            });
            TestBrowser.look(
                    engine,
                    "operator",
                    "/",
                    "held-back-zh",
                    "zh-CN",
                    page -> assertThat(page.textContent("#part-health")).contains("2 笔被搁置，最久"));
            JsonNode inflows = TestApi.json(operator.get("/api/v1/overview")).path("inflows");
            assertThat(inflows.path("oldestUnroutedSeconds").asLong()).isZero();
            assertThat(inflows.path("heldBack").asLong()).isEqualTo(2);
            String declined = "/api/v1/work/" + other + "/declinations";
            assertThat(ruler.post(declined, "{\"note\":\"no\"}").body()).contains("not-yours");
            assertThat(approver.post(declined, "{\"note\":\"the bank wrote the 20th\"}")
                            .body())
                    .contains("DECLINED");
            assertThat(operator.post(choices, choice("2026-11-19")).body())
                    .as("it can be put forward again")
                    .contains(other);
            approve(approver, item);
            approve(approver, old);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(waiting()).isEmpty());
            assertThat(routedBy(3)).isEqualTo(LocalDate.of(2026, 11, 20));
            assertThat(routedBy(2)).isEqualTo(LocalDate.of(2026, 11, 5));
            assertThat(approval(approver, other))
                    .as("it is divided by now, and gone from the list")
                    .contains("no-such-item");

            dividesWhatIsOfADayBeforeTheFirstRuleByTheDateTwoPeopleChoose(commands, operator, ruler, approver);

            String holds = "/api/v1/agreements/AGR-LATE/holds";
            assertThat(operator.post(holds + "/releases", "").body()).contains("routing-not-held");
            assertThat(approver.post(holds, "{\"reason\":\"the store looks hijacked\"}")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(operator.post(holds, "{\"reason\":\"me too\"}").body())
                    .contains("approver has stopped the routing of AGR-LATE already");
            record(commands, 4, LocalDate.of(2026, 11, 20));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(waiting()).isEqualTo(Map.of(4, "agreement-held")));
            assertThat(operator.get("/api/v1/agreements").body()).contains("the store looks hijacked");
            TestBrowser.look(engine, "operator", "/", "held", page -> {
                page.waitForSelector("#part-waiting :text('the store looks hijacked')"); // by the next snapshot
                assertThat(page.textContent("#part-waiting")).contains("Ask for it to go on");
            });
            String release = TestApi.json(operator.post(holds + "/releases", ""))
                    .path("itemId")
                    .asString();
            assertThat(waiting()).isEqualTo(Map.of(4, "agreement-held"));
            approve(approver, release);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(waiting()).isEmpty());
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(operator.get("/api/v1/agreements").body())
                                    .contains("\"held\":null"));
            onlyHoldsUpWhatCannotBeDivided(commands, operator, ruler, approver);
            dividesNothingOnceItIsClosed(commands);
            waitsForBooksThatAreBehind(engine, commands, operator);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(
                                    count("select count(*) from work_item where state = 'OPEN' and item_id = 'INFLOW-"
                                            + id(11) + "'"))
                            .as("it has failed once more, since a rule came")
                            .isOne());
        }
    }

    private void dividesWhatIsOfADayBeforeTheFirstRuleByTheDateTwoPeopleChoose(
            Commands commands, TestApi operator, TestApi ruler, TestApi approver) {
        commands.begin("EARLY", new RegisterAccount("EARLY", "meridian", "EUR", AccountKind.COLLECTION, "Early"));
        open(commands, "AGR-EARLY", "EARLY");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> count("select count(*) from store where collection_account = 'EARLY'") > 0);
        record(commands, "EARLY", 31, 1_000, LocalDate.of(2026, 11, 13));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(waiting()).isEqualTo(Map.of(31, "no-rule-in-force")));
        assertThat(operator.get("/api/v1/value-dates").body())
                .as("a rule may still come for its day")
                .doesNotContain(id(31).toString());
        putInForce("AGR-EARLY", rule("2026-11-16").replace("AGR-LATE", "AGR-EARLY"), ruler, approver);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(operator.get("/api/v1/value-dates").body())
                                .contains(id(31).toString())
                                .contains("\"firstRuleOn\":\"2026-11-16\""));
        String choices = "/api/v1/value-dates/" + id(31) + "/choices";
        assertThat(operator.post(choices, choice("2026-11-15")).body())
                .contains("valueDate: found 2026-11-15, expected 2026-11-16 or after");
        approve(
                approver,
                TestApi.json(operator.post(choices, choice("2026-11-16")))
                        .path("itemId")
                        .asString());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(waiting()).isEmpty());
        assertThat(routedBy(31)).isEqualTo(LocalDate.of(2026, 11, 16));
    }

    /** Of 90 000 000 000 000 000.00 with 99 % kept back the basis has more units than a long. */
    private void onlyHoldsUpWhatCannotBeDivided(Commands commands, TestApi operator, TestApi ruler, TestApi approver) {
        LocalDate friday = LocalDate.of(2026, 11, 20);
        commands.begin("HUGE", new RegisterAccount("HUGE", "meridian", "EUR", AccountKind.COLLECTION, "Huge"));
        open(commands, "AGR-HUGE", "HUGE");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> count("select count(*) from store where collection_account = 'HUGE'") > 0);
        String gross = rule("2026-10-01")
                .replace("AGR-LATE", "AGR-HUGE")
                .replace("\"CASH_RECEIVED\"", "\"GROSS_SALES\",\"expectedDeduction\":\"99/100\"");
        putInForce("AGR-HUGE", gross, ruler, approver);
        record(commands, "HUGE", 11, 9_000_000_000_000_000_000L, friday);
        record(commands, "HUGE", 12, 1_000, friday);
        record(commands, 13, friday);
        assertThat(routedBy(12)).isEqualTo(friday);
        assertThat(routedBy(13)).isEqualTo(friday);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(waiting()).isEqualTo(Map.of(11, "division-failed")));
        // In one batch with others: what the first of them had changed of the agreement before it failed is forgotten.
        commands.send(new RecordInflows(
                "HUGE",
                List.of(
                        sale(14, 1_000, friday),
                        sale(15, 9_000_000_000_000_000_000L, friday),
                        sale(16, 1_000, friday))));
        assertThat(routedBy(14)).isEqualTo(friday);
        assertThat(routedBy(16)).isEqualTo(friday);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(waiting()).isEqualTo(Map.of(11, "division-failed", 15, "division-failed")));
        assertThat(legs(12)).isNotEmpty().isEqualTo(legs(14)).isEqualTo(legs(16));
        String item = "INFLOW-" + id(11);
        String open = "select count(*) from work_item where state = 'OPEN' and item_id = '" + item + "'";
        assertThat(count(open)).isOne();
        assertThat(operator.post("/api/v1/work/" + item + "/dismissals", "{\"note\":\"seen\"}")
                        .body())
                .contains("DONE");
        assertThat(count(open)).isZero();
    }

    private void dividesNothingOnceItIsClosed(Commands commands) {
        LocalDate friday = LocalDate.of(2026, 11, 20);
        commands.begin("DONE", new RegisterAccount("DONE", "meridian", "EUR", AccountKind.COLLECTION, "Done"));
        open(commands, "AGR-DONE", "DONE");
        String rule = rule("2026-10-01").replace("AGR-LATE", "AGR-DONE");
        RuleDocument document = TestRules.parse(rule);
        commands.send(new DraftRule("AGR-DONE", "d".repeat(64), document, "maker"));
        commands.send(new ApproveRule("AGR-DONE", "d".repeat(64), "approver", false));
        assertThatThrownBy(() -> commands.send(close(friday.plusDays(90), 0))).hasMessageContaining("found it active");
        commands.send(new BeginRunOff("AGR-DONE", friday, friday.plusDays(90), "maker", "approver"));
        assertThatThrownBy(() -> commands.send(close(friday.plusDays(89), 0)))
                .hasMessageContaining("Refunds may come until 2027-02-18");
        assertThatThrownBy(() -> commands.send(close(friday.plusDays(90), -1)))
                .as("something came in since its balances were looked at")
                .hasMessageContaining("events of AGR-DONE, expected ");
        commands.send(close(friday.plusDays(90), 0));
        record(commands, "DONE", 21, 1_000, friday);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(waiting()).containsEntry(21, "agreement-closed"));
        assertThatThrownBy(() -> commands.send(close(friday.plusDays(90), 0))).hasMessageContaining("found it closed");
    }

    /** @param more events than it has were looked at */
    private CloseAgreement close(LocalDate day, int more) {
        int events = count("select count(*) from event where aggregate_id = 'AGR-DONE'");
        return new CloseAgreement("AGR-DONE", events + more, day, "maker", "approver");
    }

    /** The balances of a ledger that has not come to all events yet say nothing of what is there. */
    private void waitsForBooksThatAreBehind(TestEngine engine, Commands commands, TestApi operator) {
        LaneCatchUp books = engine.bean(LaneCatchUp.class);
        books.await(Duration.ofMinutes(1));
        EventProcessor journal = engine.bean(EventProcessingConfiguration.class)
                .eventProcessor("ledger.journal")
                .orElseThrow();
        journal.shutDown();
        record(commands, 41, LocalDate.of(2026, 11, 20));
        assertThatThrownBy(() -> books.await(Duration.ofMillis(300)))
                .hasMessageContaining("The books have not come to");
        assertThat(operator.post("/api/v1/agreements/AGR-HUGE/closures", "").body())
                .contains("books-behind");
        journal.start();
        books.await(Duration.ofMinutes(1));
        assertThat(operator.post("/api/v1/agreements/AGR-HUGE/closures", "").body())
                .contains("agreement-open");
    }

    private static String choice(String day) {
        return "{\"valueDate\":\"" + day + "\",\"reason\":\"the bank says so\"}";
    }

    private void putInForce(String agreement, String rule, TestApi ruler, TestApi approver) {
        String path = "/api/v1/agreements/" + agreement;
        String hash =
                TestApi.json(ruler.post(path + "/rules", rule)).path("ruleHash").asString();
        assertThat(ruler.post(path + "/simulations", "{\"ruleHash\":\"" + hash + "\"}")
                        .statusCode())
                .isEqualTo(201);
        approve(approver, "RULE-" + hash);
    }

    private void approve(TestApi approver, String item) {
        assertThat(approval(approver, item)).contains("\"state\":\"DONE\"");
    }

    private String approval(TestApi approver, String item) {
        String hash = db.sql("select hash from work_item where item_id = ?")
                .param(item)
                .query(String.class)
                .single();
        return approver.post("/api/v1/work/" + item + "/approvals", "{\"hash\":\"" + hash + "\"}")
                .body();
    }

    private static String rule(String from) {
        return """
                {"schema":"sluice/rule/1","agreement":"AGR-LATE","version":1,"currency":"EUR","basis":"CASH_RECEIVED","effectiveFrom":"%s",
                 "previous":null,"waterfall":[{"name":"residual","kind":"remainder","to":"merchant.residual"}]}""".formatted(from);
    }

    private static UUID id(int inflow) {
        return new UUID(9, inflow);
    }

    private static void record(Commands commands, int inflow, LocalDate valueDate) {
        record(commands, "LATE", inflow, 1_000, valueDate);
    }

    private static void record(Commands commands, String account, int inflow, long units, LocalDate valueDate) {
        commands.send(new RecordInflows(account, List.of(sale(inflow, units, valueDate))));
    }

    private static NewInflow sale(int inflow, long units, LocalDate valueDate) {
        return new NewInflow(
                id(inflow), InflowKind.SALE, units, "EUR", valueDate, "VALUE", "0".repeat(64), null, "default");
    }

    private List<String> legs(int inflow) {
        return db.sql("select path || ' ' || units from leg where inflow_id = ? order by path")
                .param(id(inflow))
                .query(String.class)
                .list();
    }

    /** Why inflows wait, by their number; also of those that nobody has looked at yet. */
    private Map<Integer, String> waiting() {
        Map<Integer, String> waiting = new TreeMap<>();
        db.sql("select inflow_id, coalesce(reason, '') from routing_queue").query(row -> {
            waiting.put((int) row.getObject(1, UUID.class).getLeastSignificantBits(), row.getString(2));
        });
        return waiting;
    }

    private LocalDate routedBy(int inflow) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> count("select count(*) from leg where inflow_id = '" + id(inflow) + "'") > 0);
        return db.sql("select distinct value_date from leg where inflow_id = ?")
                .param(id(inflow))
                .query(LocalDate.class)
                .single();
    }

    private static void open(Commands commands) {
        open(commands, "AGR-LATE", "LATE");
    }

    private static void open(Commands commands, String agreement, String account) {
        commands.begin(
                agreement,
                new OpenAgreement(
                        agreement,
                        "Late",
                        "EUR",
                        "T",
                        "TRUST",
                        "FEE",
                        List.of(new StoreTerms("STORE-" + account, "M", "Shop", account, "P", null, null))));
    }

    private boolean storeIsKnown() {
        return count("select count(*) from store where store_id = 'STORE-LATE'") > 0;
    }

    private boolean somebodyWaits() {
        return count("select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0;
    }

    private String reason() {
        return db.sql("select coalesce(reason, '') from routing_queue where inflow_id = ?")
                .param(INFLOW)
                .query(String.class)
                .single();
    }

    private int count(String query) {
        return db.sql(query).query(Integer.class).single();
    }
}
