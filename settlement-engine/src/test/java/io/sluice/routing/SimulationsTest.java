package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestApi;
import io.sluice.TestBrowser;
import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What a rule would do is seen before it is approved: on past, invented and example inflows, beside the version in force. */
class SimulationsTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final String RULES = "/api/v1/agreements/AGR-S/rules";
    private static final String SIMULATIONS = "/api/v1/agreements/AGR-S/simulations";

    @TempDir
    Path dir;

    private JdbcClient db;
    private Commands commands;

    @Test
    void noRuleIsApprovedBeforeItHasBeenSimulatedAndTheResultIsKept() {
        try (TestEngine engine = TestEngine.start(dir, "maker=RULE_ADMIN", "approver=APPROVER", "clerk=ONBOARDING")) {
            db = engine.bean(JdbcClient.class);
            commands = engine.bean(Commands.class);
            open();
            TestApi maker = TestApi.as("maker", engine);
            TestApi approver = TestApi.as("approver", engine);

            String first = TestApi.json(maker.post(RULES, rule(1, MONDAY, "null", "1/10")))
                    .path("ruleHash")
                    .asString();
            assertThat(approver.post(approvals(first), hash(first)).body()).contains("not-simulated", first);
            TestBrowser.look(
                    engine,
                    "approver",
                    "/console/rules/" + first + "/simulation",
                    "simulation-none",
                    seen -> assertThat(seen.textContent("main"))
                            .contains(
                                    "Nobody has simulated this version yet. It cannot be approved before somebody has."));
            String usd =
                    "{\"ruleHash\":\"%s\",\"inflows\":[{\"valueDate\":\"2027-01-04\",\"amount\":{\"amount\":\"7.00\",\"currency\":\"USD\"}}]}";
            JsonNode nothing = TestApi.json(maker.post(SIMULATIONS, usd.formatted(first)));
            assertThat(nothing.path("lines").size()).isZero();
            TestBrowser.look(
                    engine,
                    "approver",
                    "/console/rules/" + first + "/simulation",
                    "simulation-empty",
                    seen -> assertThat(seen.textContent("main")).contains("It divided no inflow"));
            assertThat(approver.post(approvals(first), hash(first)).body())
                    .as("nobody has seen what it does")
                    .contains("not-simulated", "divides no inflow");
            JsonNode assumed = TestApi.json(maker.post(SIMULATIONS, "{\"ruleHash\":\"" + first + "\"}"));
            assertThat(assumed.path("source").asString()).isEqualTo("ASSUMED");
            assertThat(lines(assumed))
                    .containsExactly(
                            "ACC-S1 royalty holders 100.00  ",
                            "ACC-S1 residual M-1 900.00  ",
                            "ACC-S2 royalty holders 100.00  ",
                            "ACC-S2 residual M-2 900.00  ");
            TestBrowser.look(
                    engine,
                    "approver",
                    "/console/rules/" + first + "/simulation",
                    "simulation-assumed",
                    seen -> assertThat(seen.textContent("main")).contains("a thousand to each store"));
            assertThat(approver.post(approvals(first), hash(first)).statusCode())
                    .isEqualTo(201);
            assertThat(db.sql("select subject from audit_log where action = 'APPROVE_UPON_SIMULATION'")
                            .query(String.class)
                            .list())
                    .containsExactly(first + " " + assumed.path("simulationId").asString());

            record("ACC-S1", 1, 100_000, MONDAY);
            record("ACC-S2", 2, 25_001, MONDAY);
            compares(engine, maker, approver, first);
            invents(maker, first);
            refuses(engine, maker, first);
        }
    }

    private void compares(TestEngine engine, TestApi maker, TestApi approver, String first) {
        String second = TestApi.json(maker.post(RULES, rule(2, MONDAY.plusDays(400), '"' + first + '"', "1/20")))
                .path("ruleHash")
                .asString();
        String asked = "{\"ruleHash\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}".formatted(second, MONDAY, MONDAY);
        JsonNode told = TestApi.json(maker.post(SIMULATIONS, asked.replace("}", ",\"compare\":\"" + first + "\"}")));
        assertThat(told.path("source").asString()).isEqualTo("PAST");
        assertThat(told.at("/rule/received/amount").asString()).isEqualTo("1250.01");
        assertThat(lines(told))
                .containsExactly(
                        "ACC-S1 royalty holders 50.00 100.00 -50.00",
                        "ACC-S1 residual M-1 950.00 900.00 50.00",
                        "ACC-S2 royalty holders 12.50 25.00 -12.50",
                        "ACC-S2 residual M-2 237.51 225.01 12.50");
        assertThat(approver.get("/api/v1/simulations/"
                                + told.path("simulationId").asString())
                        .body())
                .isEqualTo(told.toString());
        assertThat(TestApi.json(approver.get(SIMULATIONS))
                        .at("/simulations/0/ruleHash")
                        .asString())
                .isEqualTo(second);
        assertThat(TestApi.json(maker.post(SIMULATIONS, asked))
                        .path("inputsSha256")
                        .asString())
                .as("the same inputs")
                .isEqualTo(told.path("inputsSha256").asString());
        maker.post(SIMULATIONS, asked.replace("}", ",\"compare\":\"" + first + "\"}"));
        TestBrowser.look(
                engine,
                "approver",
                "/console/rules/" + second + "/simulation",
                "simulation",
                seen -> assertThat(seen.textContent("main"))
                        .contains("Who would get what by version 2 of the rule of AGR-S")
                        .contains("\u221262.50", "+50.00", "+12.50")
                        .contains("1,250.01"));
        TestBrowser.look(
                engine,
                "approver",
                "/",
                "simulation-work",
                seen -> assertThat(seen.textContent("main")).contains("Look at who would get what"));
        TestBrowser.look(engine, "approver", "/console/rules/" + second + "/simulation", "simulation-run", seen -> {
            seen.click("form.dates button");
            assertThat(seen.textContent("main")).contains("Simulated. An approver can decide now.");
        });
        assertThat(approver.post(approvals(second), hash(second)).statusCode()).isEqualTo(201);
    }

    private static void invents(TestApi maker, String first) {
        String inflows = """
                "inflows":[{"valueDate":"2027-01-04","amount":{"amount":"100.00","currency":"EUR"}},
                           {"valueDate":"2027-01-05","amount":{"amount":"40.00","currency":"EUR"},"refund":true},
                           {"valueDate":"2027-01-06","amount":{"amount":"40.00","currency":"EUR"}},
                           {"valueDate":"2027-01-06","amount":{"amount":"7.00","currency":"USD"}}]""";
        String document = rule(3, MONDAY.plusDays(500), '"' + first + '"', "1/4");
        JsonNode told = TestApi.json(
                maker.post(SIMULATIONS, "{\"rule\":" + document + ",\"compare\":\"" + first + "\"," + inflows + "}"));
        assertThat(told.path("source").asString()).isEqualTo("GIVEN");
        assertThat(told.at("/rule/refunded/amount").asString()).isEqualTo("40.00");
        assertThat(told.at("/rule/undivided").toString())
                .isEqualTo(
                        "[{\"reason\":\"currency-differs\",\"inflows\":1,\"amount\":{\"amount\":\"7.00\",\"currency\":\"USD\"}}]");
        assertThat(told.at("/rule/givenAhead/amount").asString()).isEqualTo("0.00");
        assertThat(lines(told))
                .as("the refund is made up for by the inflow after it")
                .containsExactly(
                        "simulated royalty holders 25.00 10.00 15.00",
                        "simulated residual merchant 115.00 130.00 -15.00");
        String refunded =
                inflows.replace("40.00\",\"currency\":\"EUR\"},\"refund", "100.00\",\"currency\":\"EUR\"},\"refund");
        JsonNode ahead = TestApi.json(
                maker.post(SIMULATIONS, "{\"rule\":" + document + ",\"compare\":\"" + first + "\"," + refunded + "}"));
        assertThat(ahead.at("/rule/givenAhead/amount").asString())
                .as("a quarter of the 60.00 that nothing has made up for yet")
                .isEqualTo("15.00");
        assertThat(ahead.at("/compared/givenAhead/amount").asString()).isEqualTo("6.00");
        String examples = document.replace("\"waterfall\"", """
                "examples":[{"name":"a sale","inflows":[{"valueDate":"2029-01-01","amount":"10.00"}],
                             "expect":{"royalty":"2.50","residual":"7.50"}}],"waterfall\"""");
        JsonNode byExample = TestApi.json(
                maker.post(SIMULATIONS, "{\"rule\":" + examples + ",\"from\":\"2020-01-01\",\"to\":\"2020-01-02\"}"));
        assertThat(byExample.path("source").asString()).isEqualTo("EXAMPLES");
        assertThat(lines(byExample).getFirst()).startsWith("simulated royalty holders 2.50");
    }

    private static void refuses(TestEngine engine, TestApi maker, String first) {
        String rule = "\"ruleHash\":\"" + first + "\"";
        assertThat(maker.post(SIMULATIONS, "{}").body()).contains("simulation-invalid", "ruleHash and rule");
        assertThat(maker.post(SIMULATIONS, "{" + rule + ",\"from\":\"2026-12-01\",\"to\":\"2026-11-30\"}")
                        .body())
                .contains("from: found 2026-12-01, expected 2026-11-30 or before");
        assertThat(maker.post(SIMULATIONS, "{" + rule + ",\"inflows\":[]}").body())
                .contains("inflows: found 0, expected 1 to 10000");
        assertThat(maker.post(
                                SIMULATIONS,
                                "{" + rule
                                        + ",\"inflows\":[{\"valueDate\":\"2027-01-04\",\"amount\":{\"amount\":\"0.00\",\"currency\":\"EUR\"}}]}")
                        .body())
                .contains("inflows[0].amount: found 0.00 EUR, expected more than zero");
        String sale = "{\"valueDate\":\"2027-01-04\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}";
        assertThat(maker.post(
                                SIMULATIONS,
                                "{" + rule + ",\"inflows\":[" + sale + ",\"account\":\"ACC-S1\"}," + sale
                                        + ",\"account\":\"ACC-X\"}]}")
                        .body())
                .contains(
                        "inflows[1].account: found ACC-X, expected an account of the agreement's stores, one of [ACC-S1, ACC-S2]");
        assertThat(maker.post(
                                SIMULATIONS,
                                "{" + rule + ",\"inflows\":[" + sale + "}," + sale.replace("2027", "2227") + "}]}")
                        .body())
                .contains("inflows[1].valueDate: found 2227-01-04, expected a day from 2000-01-01 to 2199-12-31");
        assertThat(maker.post(SIMULATIONS, "{" + rule + ",\"compare\":\"" + "0".repeat(64) + "\"}")
                        .body())
                .contains("no-such-draft");
        assertThat(maker.post(SIMULATIONS.replace("AGR-S", "AGR-X"), "{" + rule + "}")
                        .body())
                .contains("no-such-rule");
        assertThat(maker.post(SIMULATIONS, "{\"rule\":" + rule(1, MONDAY, "null", "11/10") + "}")
                        .body())
                .contains("rule-invalid");
        assertThat(maker.get("/api/v1/simulations/" + "0".repeat(64)).body()).contains("no-such-simulation");
        assertThat(TestApi.as("clerk", engine)
                        .post(SIMULATIONS, "{" + rule + "}")
                        .statusCode())
                .isEqualTo(403);
    }

    private static List<String> lines(JsonNode told) {
        return IntStream.range(0, told.path("lines").size())
                .mapToObj(i -> told.path("lines").get(i))
                .map(line -> line.path("account").asString() + " "
                        + line.path("claim").asString() + " "
                        + line.path("party").asString() + " "
                        + line.at("/given/amount").asString() + " "
                        + line.at("/compared/amount").asString("") + " "
                        + line.at("/difference/amount").asString(""))
                .toList();
    }

    private static String approvals(String ruleHash) {
        return "/api/v1/work/RULE-" + ruleHash + "/approvals";
    }

    private static String hash(String ruleHash) {
        return "{\"hash\":\"" + ruleHash + "\"}";
    }

    private void open() {
        for (int n = 1; n <= 2; n++) {
            commands.begin(
                    "ACC-S" + n, new RegisterAccount("ACC-S" + n, "meridian", "EUR", AccountKind.COLLECTION, "S"));
        }
        commands.begin(
                "AGR-S", new OpenAgreement("AGR-S", "S", "EUR", "T", "TRUST", "FEE", List.of(store(1), store(2))));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(*) from store where agreement_id = 'AGR-S'")
                                .query(Integer.class)
                                .single()
                        == 2);
    }

    private static StoreTerms store(int n) {
        return new StoreTerms("STORE-S" + n, "M-" + n, "Shop", "ACC-S" + n, "P" + n, null, null);
    }

    private static String rule(int version, LocalDate from, String previous, String portion) {
        return """
                {"schema":"sluice/rule/1","agreement":"AGR-S","version":%d,"currency":"EUR","basis":"CASH_RECEIVED",
                 "effectiveFrom":"%s","previous":%s,
                 "waterfall":[{"name":"royalty","kind":"royalty","portion":"%s","to":"royalty.pool"},
                              {"name":"residual","kind":"remainder","to":"merchant.residual"}]}""".formatted(version, from, previous, portion);
    }

    private void record(String account, int sale, long units, LocalDate day) {
        commands.send(new RecordInflows(
                account,
                List.of(new NewInflow(
                        new UUID(9, sale),
                        InflowKind.SALE,
                        units,
                        "EUR",
                        day,
                        "VALUE",
                        "0".repeat(64),
                        null,
                        "default"))));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(*) from leg where inflow_id = ?")
                                .param(new UUID(9, sale))
                                .query(Integer.class)
                                .single()
                        > 0);
    }
}
