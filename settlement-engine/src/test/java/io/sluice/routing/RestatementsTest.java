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
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class RestatementsTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final String PROPOSALS = "/api/v1/agreements/AGR-R/restatements";

    @TempDir
    static Path dir;

    private JdbcClient db;
    private Commands commands;

    @Test
    void postsWhatThreePeopleHaveSeenAndSettlesItByTheNextInflows() {
        try (TestEngine engine = TestEngine.start(
                dir, "maker=RULE_ADMIN", "trustee=TRUSTEE", "approver=APPROVER", "both=TRUSTEE,APPROVER")) {
            db = engine.bean(JdbcClient.class);
            commands = engine.bean(Commands.class);
            open();
            RuleDesk desk = engine.bean(RuleDesk.class);
            String first = activate(desk, rule(1, MONDAY, "null", "1/10"));
            record(1, 100_000, MONDAY);
            assertThat(legs(1)).isEqualTo(Map.of("royalty", 10_000L, "residual", 90_000L));
            String second = activate(desk, rule(2, MONDAY.plusDays(1), '"' + first + '"', "1/20"));

            TestApi maker = TestApi.as("maker", engine);
            assertThat(maker.post(PROPOSALS, asked(second, first, "wrong way round"))
                            .body())
                    .contains("expected one that came after version 2");
            assertThat(maker.post(PROPOSALS, asked(first, second, " ")).body()).contains("reason: found nothing");
            JsonNode proposed =
                    TestApi.json(maker.post(PROPOSALS, asked(first, second, "A tenth was typed for a twentieth")));
            assertThat(proposed.at("/differences/0/claim").asString()).isEqualTo("residual");
            assertThat(proposed.at("/differences/0/difference/amount").asString())
                    .isEqualTo("50.00");
            assertThat(proposed.at("/differences/1/difference/amount").asString())
                    .isEqualTo("-50.00");
            String hash = proposed.path("restatementHash").asString();
            assertThat(TestApi.json(maker.post(PROPOSALS, asked(first, second, "A tenth was typed for a twentieth")))
                            .path("restatementHash")
                            .asString())
                    .as("the same again is the same")
                    .isEqualTo(hash);

            TestApi approver = TestApi.as("approver", engine);
            String item = "/api/v1/work/" + proposed.path("itemId").asString() + "/approvals";
            String itsHash = "{\"hash\":\"" + hash + "\"}";
            assertThat(approver.post(item, itsHash).body()).contains("trustee-missing");
            String page = "/console/restatements/" + hash;
            TestBrowser.look(
                    engine,
                    "trustee",
                    page,
                    "restatement",
                    seen -> assertThat(seen.textContent("main"))
                            .contains("Version 1 of the rule of AGR-R, restated as version 2")
                            .contains("+50.00")
                            .contains("Consent to these figures"));
            assertThat(maker.post("/api/v1/restatements/" + hash + "/consents", "")
                            .statusCode())
                    .isEqualTo(403);
            TestApi both = TestApi.as("both", engine);
            assertThat(both.post("/api/v1/restatements/" + hash + "/consents", "")
                            .body())
                    .contains("\"state\":\"CONSENTED\"");
            assertThat(TestApi.as("trustee", engine)
                            .post("/api/v1/restatements/" + hash + "/consents", "")
                            .body())
                    .contains("already-decided");
            assertThat(both.post(item, itsHash).body()).contains("same-person");

            // What came in since changes nothing of the figures, which are the first version's.
            record(2, 10_000, MONDAY.plusDays(1));
            assertThat(legs(2)).isEqualTo(Map.of("royalty", 500L, "residual", 9_500L));
            assertThat(approver.post(item, itsHash).statusCode()).isEqualTo(201);
            assertThat(approver.post(item, itsHash).body()).contains("no-such-item");
            record(3, 100_000, MONDAY.plusDays(1));
            assertThat(legs(3)).isEqualTo(Map.of("residual", 100_000L));
            record(4, 10_000, MONDAY);
            assertThat(legs(4)).as("late, by the later terms").isEqualTo(Map.of("royalty", 500L, "residual", 9_500L));

            String why = approver.get("/api/v1/legs/"
                            + db.sql("select leg_id from leg where inflow_id = ?")
                                    .param(new UUID(7, 3))
                                    .query(UUID.class)
                                    .single()
                            + "/explanation")
                    .body();
            assertThat(why)
                    .as("why royalty was given nothing")
                    .contains(
                            "\\\"royalty\\\" was given nothing of it: by now 105.00 EUR is due to it, and 105.00 EUR had been given"
                                    + " before.");
            assertThat(TestApi.json(approver.get("/api/v1/legs/"
                                    + db.sql("select leg_id from leg where inflow_id = ? and path = 'royalty'")
                                            .param(new UUID(7, 4))
                                            .query(UUID.class)
                                            .single()
                                    + "/explanation"))
                            .path("words")
                            .toString())
                    .contains("1/20 of all that version 1, restated as version 2, has divided until then, 1000.00 EUR"
                            + " and 1/20 of all that version 2 has divided until then, 1200.00 EUR: 110.00 EUR.")
                    .contains("from 2026-11-24, divided it, in the place of the one that was restated as it");
            assertThat(approver.get("/api/v1/restatements/" + hash).body()).contains("\"state\":\"POSTED\"");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(approver.get("/api/v1/agreements/AGR-R/rules")
                                    .body())
                            .contains("\"restatedBy\":\"" + second + "\""));
            assertThat(maker.post(PROPOSALS, asked(first, second, "once more")).body())
                    .contains("was restated as version 2 already");
            TestBrowser.look(
                    engine,
                    "approver",
                    page,
                    "restatement-posted",
                    seen -> assertThat(seen.textContent("main")).contains("approver approved it, and it is posted"));
        }
    }

    private void open() {
        commands.begin("ACC-R", new RegisterAccount("ACC-R", "meridian", "EUR", AccountKind.COLLECTION, "R"));
        commands.begin(
                "AGR-R",
                new OpenAgreement(
                        "AGR-R",
                        "R",
                        "EUR",
                        "T",
                        "TRUST",
                        "FEE",
                        List.of(new StoreTerms("STORE-R", "M", "Shop", "ACC-R", "P", null, null))));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(*) from store where store_id = 'STORE-R'")
                                .query(Integer.class)
                                .single()
                        == 1);
    }

    private String activate(RuleDesk desk, String document) {
        String hash = desk.draft("AGR-R", document.getBytes(StandardCharsets.UTF_8), "maker");
        commands.send(new ApproveRule("AGR-R", hash, "approver", false));
        return hash;
    }

    private static String rule(int version, LocalDate from, String previous, String portion) {
        return """
                {"schema":"sluice/rule/1","agreement":"AGR-R","version":%d,"currency":"EUR","basis":"CASH_RECEIVED",
                 "effectiveFrom":"%s","previous":%s,
                 "waterfall":[{"name":"royalty","kind":"royalty","portion":"%s","to":"royalty.pool"},
                              {"name":"residual","kind":"remainder","to":"merchant.residual"}]}""".formatted(version, from, previous, portion);
    }

    private static String asked(String replaces, String by, String reason) {
        return "{\"replaces\":\"%s\",\"by\":\"%s\",\"reason\":\"%s\"}".formatted(replaces, by, reason);
    }

    private void record(int sale, long units, LocalDate day) {
        commands.send(new RecordInflows(
                "ACC-R",
                List.of(new NewInflow(
                        new UUID(7, sale),
                        InflowKind.SALE,
                        units,
                        "EUR",
                        day,
                        "VALUE",
                        "0".repeat(64),
                        null,
                        "default"))));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !legs(sale).isEmpty());
    }

    private Map<String, Long> legs(int sale) {
        Map<String, Long> legs = new TreeMap<>();
        db.sql("select path, units from leg where inflow_id = ?")
                .param(new UUID(7, sale))
                .query(row -> {
                    legs.put(row.getString(1), row.getLong(2));
                });
        return legs;
    }
}
