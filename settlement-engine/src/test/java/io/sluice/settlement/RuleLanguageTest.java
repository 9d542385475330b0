package io.sluice.settlement;

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
import io.sluice.investors.Payees;
import io.sluice.platform.Commands;
import io.sluice.platform.Rejection;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.ReleaseHeld;
import io.sluice.routing.RoutingCommand.SetTrigger;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RuleDesk;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A rule with every kind of claim, from inflows to what is paid to whom and what stays on the account. */
class RuleLanguageTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final String ACCOUNT = "LANG1";
    private static final String RULE = """
            {"schema":"sluice/rule/1","agreement":"AGR-LANG","version":1,"currency":"EUR","basis":"CASH_RECEIVED",
             "effectiveFrom":"2026-11-23","previous":null,"period":"WEEK",
             "royalty":{"returnsReserve":{"portion":"1/5","periods":1}},
             "waterfall":[
              {"name":"fee","kind":"portion","portion":"1/1000","to":"fees.platform"},
              {"name":"trustee","kind":"fixed","amount":"2.50","per":"period","to":"fees.trustee","payee":"TRUSTEE"},
              {"name":"royalty","kind":"royalty","portion":"1/10","to":"royalty.pool","when":{"country":["DE"]}},
              {"name":"label","kind":"royalty","portion":"1/50","to":"royalty.upstream","payee":"LABEL"},
              {"name":"reserve","kind":"reserve","target":"30.00","topUp":"3/100","to":"cash.reserve"},
              {"name":"tax","kind":"portion","portion":"3/100","of":"left","to":"tax.withheld","payee":"TAX"},
              {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/1","to":"merchant.trapped"},
              {"name":"residual","kind":"remainder","to":"merchant.residual"}]}
            """;

    @TempDir
    static Path dir;

    private JdbcClient db;
    private Commands commands;

    @Test
    void paysEachClaimToItsPayeeAndHoldsWhatIsHeld() {
        try (TestEngine engine =
                TestEngine.start(dir, "auditor=AUDITOR", "operator=TREASURY_OPERATOR", "approver=APPROVER")) {
            db = engine.bean(JdbcClient.class);
            commands = engine.bean(Commands.class);
            open(engine);
            record(1, 100_000, MONDAY);
            assertThat(legs(1))
                    .isEqualTo(Map.of(
                            "fee",
                            100L,
                            "trustee",
                            250L,
                            "royalty",
                            8_000L,
                            "royalty/returns",
                            2_000L,
                            "label",
                            2_000L,
                            "reserve",
                            3_000L,
                            "tax",
                            2_539L,
                            "residual",
                            82_111L));
            TestApi operator = TestApi.as("operator", engine);
            String triggers = "/api/v1/agreements/AGR-LANG/triggers";
            assertThat(operator.get(triggers).body())
                    .isEqualTo("{\"triggers\":[{\"trigger\":\"covenant\",\"on\":false,\"by\":null,\"reason\":null}]}");
            assertThat(operator.put(triggers + "/convenant", "{\"on\":true,\"reason\":\"sales fell\"}")
                            .body())
                    .contains("trigger-invalid", "found convenant, expected one that a rule version of AGR-LANG names");
            operator.put(triggers + "/covenant", "{\"on\":true,\"reason\":\"sales fell\"}");
            assertThat(operator.get(triggers).body())
                    .isEqualTo(
                            "{\"triggers\":[{\"trigger\":\"covenant\",\"on\":true,\"by\":\"operator\",\"reason\":\"sales fell\"}]}");
            record(2, 10_000, MONDAY.plusDays(1));
            assertThat(legs(2)).containsEntry("trap", 8_526L).doesNotContainKey("residual");
            commands.send(new SetTrigger("AGR-LANG", "covenant", false, "operator", "cured"));
            record(3, 10_000, MONDAY.plusWeeks(1));
            assertThat(legs(3))
                    .containsEntry("trap", -8_526L)
                    .containsEntry("royalty/returns-released", -2_200L)
                    .containsEntry("royalty", 800L + 2_200L);

            SettledStore store = SettledStore.frozen(engine, "STORE-LANG");
            store.remit(MONDAY.plusWeeks(1));
            assertThat(instructions())
                    .isEqualTo(Map.of(
                            "SWEEP OWN-LANG-TRUST",
                            8_000L + 800 + 800 + 2_200,
                            "FEE OWN-LANG-FEE",
                            120L,
                            "TRUSTEE_FEE PARTY-TRUSTEE",
                            500L,
                            "UPSTREAM_ROYALTY PARTY-LABEL",
                            2_400L,
                            "TAX PARTY-TAX",
                            units("tax"),
                            "RESIDUAL MERCHANT-STORE-LANG",
                            units("residual")));
            store.settleAll(MONDAY.plusWeeks(1));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(balances())
                            .isEqualTo(Map.of(
                                    "bank.collection/" + ACCOUNT,
                                    3_000L + 200,
                                    "cash.reserve/" + ACCOUNT,
                                    -3_000L,
                                    "royalty.returns-reserve",
                                    -200L,
                                    "in-transit.sweep",
                                    200L,
                                    "collection.due-to-trust",
                                    -200L,
                                    "bank.royalty-trust/LANG-TRUST",
                                    11_800L,
                                    "royalty.pool",
                                    -11_800L,
                                    "bank.fees/LANG-FEE",
                                    120L,
                                    "fees.platform",
                                    -120L)));

            UUID tax = db.sql("select leg_id from leg where inflow_id = ? and path = 'tax'")
                    .param(inflow(2))
                    .query(UUID.class)
                    .single();
            TestApi auditor = TestApi.as("auditor", engine);
            assertThat(TestApi.json(auditor.get("/api/v1/legs/" + tax + "/explanation"))
                            .path("words")
                            .toString())
                    .contains("3/100 of what the claims before it leave");
            db.sql("insert into sighting (inflow_id, evidence_sha256, line_no, source, seen_at)"
                            + " values (?, repeat('0', 64), 1, 'meridian', '2026-11-29T14:05:00Z')")
                    .param(inflow(3))
                    .update();
            TestBrowser.look(
                    engine,
                    "operator",
                    "/console/inflows/" + inflow(3),
                    "why",
                    page -> assertThat(page.textContent("main"))
                            .contains("received Sun 29 Nov 2026, 14:05 (system time, UTC)")
                            .contains("Why EUR 100.00 was divided like this")
                            .contains("while \"covenant\" is on")
                            .contains("-85.26"));
            bridgesADepositToItsReport(engine);
            ends(engine, store);
        }
    }

    /** A store that sells no more gets back what was held: 30.00 and 2.00 of the returns reserve. */
    private void ends(TestEngine engine, SettledStore store) {
        TestApi operator = TestApi.as("operator", engine);
        TestApi approver = TestApi.as("approver", engine);
        String agreement = "/api/v1/agreements/AGR-LANG/";
        assertThat(operator.post(agreement + "closures", "").body()).contains("Not zero: ");
        assertThat(approve(approver, operator.post(agreement + "releases", "")))
                .contains("does not run off: found it active");
        assertThat(operator.post(agreement + "run-offs", "{\"days\":0}").body())
                .contains("days: found 0, expected 1 to 3650");
        JsonNode asked = TestApi.json(operator.post(agreement + "run-offs", "{}"));
        assertThat(operator.post("/api/v1/work/" + asked.path("itemId").asString() + "/approvals", "{}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(approve(approver, operator.post(agreement + "run-offs", "{}")))
                .contains("DONE");
        assertThat(approve(approver, operator.post(agreement + "run-offs", "{\"days\":30}")))
                .contains("ends already");
        assertThat(approve(approver, operator.post(agreement + "releases", "")))
                .contains("No rule is in force on 2026-11-20");
        commands.send(new ReleaseHeld("AGR-LANG", MONDAY.plusWeeks(1), "operator", "approver"));
        commands.send(new ReleaseHeld("AGR-LANG", MONDAY.plusWeeks(1), "operator", "approver"));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(balances())
                        .doesNotContainKeys("cash.reserve/" + ACCOUNT, "royalty.returns-reserve"));
        Map<String, Long> released = Map.of(
                "reserve", -3_000L, "royalty/returns-released", -200L, "royalty", 200L, "tax", 90L, "residual", 2_910L);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(sums("select path, units from leg where agreement_id = 'AGR-LANG'"
                                + " and inflow_id not in (select inflow_id from inflow)"))
                        .isEqualTo(released));
        store.remit(MONDAY.plusWeeks(1));
        assertThat(instructions().get("RESIDUAL MERCHANT-STORE-LANG"))
                .isEqualTo(db.sql(
                                "select sum(units)::bigint from leg where path = 'residual' and agreement_id = 'AGR-LANG'")
                        .query(Long.class)
                        .single());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() ->
                        assertThat(operator.get("/api/v1/agreements").body()).contains("\"state\":\"RUN_OFF\""));
        ordersNothingToWhomTheBankDoesNotPayUntilAPersonSaysSo(store, approver);
    }

    /** The residual is the merchant's, whose account is closed. What is nobody's fault is ordered again and again. */
    private void ordersNothingToWhomTheBankDoesNotPayUntilAPersonSaysSo(SettledStore store, TestApi approver) {
        LocalDate day = MONDAY.plusWeeks(1);
        for (int refused = 0; refused < Refusals.MOST + 1; refused++) {
            assertThat(ordered())
                    .as("refused %d times for want of money", refused)
                    .isOne();
            store.refuse(SettlementEvent.Kind.RESIDUAL, "AM04 insufficient funds");
            store.remit(day);
        }
        for (int refused = 0; refused < Refusals.MOST; refused++) {
            assertThat(ordered()).as("refused %d times", refused).isOne();
            store.refuse(SettlementEvent.Kind.RESIDUAL, "AC04 closed account");
            store.remit(day);
        }
        assertThat(ordered()).isZero();
        JsonNode item = TestApi.json(approver.get("/api/v1/work"))
                .path("items")
                .valueStream()
                .filter(i -> i.path("kind").asString().equals("PAY_AGAIN"))
                .findFirst()
                .orElseThrow();
        assertThat(item.path("summary").asString())
                .contains("Payee MERCHANT-STORE-LANG was refused 5 times in a row, at last with AC04 closed account");
        String approval = "/api/v1/work/" + item.path("itemId").asString() + "/approvals";
        String hash = "{\"hash\":\"" + item.path("hash").asString() + "\"}";
        assertThat(approver.post(approval, hash).body()).contains("DONE");
        store.remit(day);
        assertThat(ordered()).isOne();
        store.settleAll(day);
        assertThat(db.sql("select count(*) from open_leg where agreement_id = 'AGR-LANG' and path = 'residual'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private int ordered() {
        return db.sql("select count(*) from instruction where payee_id = 'MERCHANT-STORE-LANG'"
                        + " and state in ('PENDING_APPROVAL', 'RELEASED', 'ACSP')")
                .query(Integer.class)
                .single();
    }

    private static String approve(TestApi approver, HttpResponse<String> asked) {
        JsonNode item = TestApi.json(asked);
        return approver.post(
                        "/api/v1/work/" + item.path("itemId").asString() + "/approvals",
                        "{\"hash\":\"" + item.path("hash").asString() + "\"}")
                .body();
    }

    /** Deposit 8 000.00, 16 % kept: estimated basis 9 523.80. Reported are 10 000.00 sold and 500.00 refunded. */
    private void bridgesADepositToItsReport(TestEngine engine) {
        RuleDesk desk = engine.bean(RuleDesk.class);
        commands.begin("LANG2", new RegisterAccount("LANG2", "meridian", "EUR", AccountKind.COLLECTION, "Two"));
        commands.begin(
                "AGR-BASE",
                new OpenAgreement(
                        "AGR-BASE",
                        "Two",
                        "EUR",
                        "T",
                        "LANG-TRUST",
                        "LANG-FEE",
                        List.of(new StoreTerms("STORE-BASE", "M", "Shop", "LANG2", "P", null, null))));
        String rule = """
                {"schema":"sluice/rule/1","agreement":"AGR-BASE","version":1,"currency":"EUR","basis":"NET_OF_REFUNDS","expectedDeduction":"4/25",
                 "effectiveFrom":"2026-11-23","previous":null,
                 "waterfall":[{"name":"royalty","kind":"royalty","portion":"1/10","to":"royalty.pool"},
                              {"name":"residual","kind":"remainder","to":"merchant.residual"}]}""";
        commands.send(new ApproveRule(
                "AGR-BASE", desk.draft("AGR-BASE", rule.getBytes(StandardCharsets.UTF_8), "maker"), "approver", false));
        record("LANG2", 10, 800_000, MONDAY);
        assertThat(legs(10)).isEqualTo(Map.of("royalty", 95_238L, "residual", 704_762L));
        TestApi operator = TestApi.as("operator", engine);
        assertThat(TestApi.json(operator.get("/api/v1/settlement-reports/awaited"))
                        .at("/deposits/0/estimatedBasis/amount")
                        .asString())
                .isEqualTo("9523.80");
        TestBrowser.look(engine, "operator", "/console/reports", "reports-awaited", page -> {
            assertThat(page.textContent("main")).contains("1 in all, the oldest first", "STORE-BASE", "EUR 9,523.80");
        });
        assertThat(operator.post(REPORTS, report("R-1", "1500.01")).body())
                .contains("deposit: found 8000.00 EUR, expected 7999.99 EUR, which is grossSales less refunds");
        assertThat(operator.post(REPORTS, report("R-1", "1500.00").replace("2026-11-23", "2026-10-01"))
                        .body())
                .contains("found no divided deposit of 8000.00 EUR at STORE-BASE about 2026-10-01");
        for (String repeated : List.of("false", "true")) {
            assertThat(operator.post(REPORTS, report("R-1", "1500.00")).body())
                    .contains("\"reportedBasis\":{\"amount\":\"9500.00\"", "\"repeated\":" + repeated);
        }
        assertThat(operator.post(REPORTS, report("R-2", "1500.00")).body()).contains("no-such-deposit");
        assertThat(TestApi.json(operator.get("/api/v1/settlement-reports/awaited"))
                        .path("deposits")
                        .size())
                .isZero();
        record("LANG2", 11, 80_000, MONDAY.plusDays(1));
        assertThat(legs(11)).isEqualTo(Map.of("royalty", 9_500L - 238, "residual", 70_500L + 238));
        String file = """
                platform,reportId,currency,grossSales,refunds,fees,platformReserve,deposit,depositDate
                shop,R-1,EUR,10000.00,500.00,1500.00,0.00,8000.00,2026-11-23
                shop,R-3,EUR,1000.00,50.00,150.00,0.00,800.00,2026-11-24
                shop,R-4,EUR,1000.00,50.00,150.00,0.00,801.00,2026-11-24
                """;
        JsonNode taken = TestApi.json(operator.post(FILES, file, "Content-Type", "text/csv"));
        assertThat(taken.path("format").asString()).isEqualTo("SLUICE");
        assertThat(taken.path("payouts").valueStream().map(p -> p.path("state").asString()))
                .as("the first is what was told without a file")
                .containsExactly("REPEATED", "TAKEN", "REFUSED");
        TestBrowser.look(engine, "operator", "/console/reports", "reports-taken", page -> {
            page.selectOption("#store", "STORE-BASE");
            page.setInputFiles(
                    "#file",
                    new com.microsoft.playwright.options.FilePayload(
                            "reports.csv", "text/csv", file.getBytes(StandardCharsets.UTF_8)));
            page.click("#upload button");
            page.waitForSelector("#h-taken");
            assertThat(page.textContent("main"))
                    .contains(
                            "Read as SLUICE: 3 payouts",
                            "taken before",
                            "refused",
                            "found 801.00 EUR, expected 800.00 EUR")
                    .contains("None waits.");
        });
        assertThat(taken.at("/payouts/2/reason").asString())
                .startsWith("deposit: found 801.00 EUR, expected 800.00 EUR");
        record("LANG2", 12, 160_000, MONDAY.plusDays(1));
        db.sql("insert into inflow_reversal (inflow_id, account, evidence_sha256, line_no) values (?, 'LANG2', ?, 0)")
                .params(inflow(12), "0".repeat(64))
                .update();
        assertThat(operator.post(
                                FILES,
                                file.replaceFirst(
                                        "(?s)\n.*", "\nshop,R-5,EUR,2000.00,100.00,300.00,0.00,1600.00,2026-11-24\n"),
                                "Content-Type",
                                "text/csv")
                        .body())
                .as("what the bank has taken back, though nobody has taken recourse yet")
                .contains("taken-back");
        assertThat(operator.post(FILES, file.replace("fees", "levies"), "Content-Type", "text/csv")
                        .body())
                .contains("report-invalid", "line 1: found the columns of no report that is known");
    }

    private static final String FILES = "/api/v1/stores/STORE-BASE/settlement-report-files";
    private static final String REPORTS = "/api/v1/stores/STORE-BASE/settlement-reports";

    private static String report(String id, String fees) {
        return """
                {"platform":"shop","reportId":"%s","grossSales":{"amount":"10000.00","currency":"EUR"},
                 "refunds":{"amount":"500.00","currency":"EUR"},"fees":{"amount":"%s","currency":"EUR"},
                 "platformReserve":{"amount":"0.00","currency":"EUR"},"deposit":{"amount":"8000.00","currency":"EUR"},
                 "depositDate":"2026-11-23"}""".formatted(id, fees);
    }

    private void open(TestEngine engine) {
        Payees payees = engine.bean(Payees.class);
        for (AccountKind kind : AccountKind.values()) {
            String account = kind == AccountKind.COLLECTION ? ACCOUNT : "LANG-" + kind;
            commands.begin(account, new RegisterAccount(account, "meridian", "EUR", kind, "One"));
        }
        payees.register(Payees.Kind.OWN, payees("OWN-LANG-TRUST", "OWN-LANG-FEE"));
        payees.register(Payees.Kind.MERCHANT, payees("MERCHANT-STORE-LANG"));
        commands.begin(
                "AGR-LANG",
                new OpenAgreement(
                        "AGR-LANG",
                        "One",
                        "EUR",
                        "T",
                        "LANG-TRUST",
                        "LANG-FEE",
                        List.of(new StoreTerms(
                                "STORE-LANG", "M", "Shop", ACCOUNT, "MERCHANT-STORE-LANG", "shop", "DE"))));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(*) from store where store_id = 'STORE-LANG'")
                                .query(Integer.class)
                                .single()
                        == 1);
        RuleDesk desk = engine.bean(RuleDesk.class);
        byte[] document = RULE.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> desk.draft("AGR-LANG", document, "maker"))
                .isInstanceOf(Rejection.class)
                .hasMessage("waterfall[1].payee: found TRUSTEE, expected a party that is registered");
        payees.register(Payees.Kind.PARTY, payees("PARTY-TRUSTEE", "PARTY-LABEL", "PARTY-TAX"));
        commands.send(new ApproveRule("AGR-LANG", desk.draft("AGR-LANG", document, "maker"), "approver", false));
    }

    private static Map<String, Payees.Destination> payees(String... payeeIds) {
        return Stream.of(payeeIds)
                .collect(Collectors.toMap(
                        id -> id, id -> new Payees.Destination(Payees.Rail.BANK, "Somebody", "ACC-" + id, null)));
    }

    private static UUID inflow(int sale) {
        return new UUID(8, sale);
    }

    private void record(int sale, long units, LocalDate day) {
        record(ACCOUNT, sale, units, day);
    }

    private void record(String account, int sale, long units, LocalDate day) {
        commands.send(new RecordInflows(
                account,
                List.of(new NewInflow(
                        inflow(sale), InflowKind.SALE, units, "EUR", day, "VALUE", "0".repeat(64), null, "default"))));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !legs(sale).isEmpty() && isShown(sale));
    }

    /** Another lane than that of the legs shows it. */
    private boolean isShown(int sale) {
        return db.sql("select count(*) from inflow where inflow_id = ?")
                        .param(inflow(sale))
                        .query(Integer.class)
                        .single()
                == 1;
    }

    private Map<String, Long> legs(int sale) {
        return sums("select path, units from leg where inflow_id = '" + inflow(sale) + "'");
    }

    private Map<String, Long> instructions() {
        return sums("select kind || ' ' || payee_id, units from instruction where agreement_id = 'AGR-LANG'");
    }

    private long units(String path) {
        return db.sql("select sum(units)::bigint from leg where path = ?")
                .param(path)
                .query(Long.class)
                .single();
    }

    /** What is not zero. */
    private Map<String, Long> balances() {
        Map<String, Long> balances =
                sums("select account, sum(units)::bigint from posting group by account having sum(units) <> 0");
        return balances;
    }

    private Map<String, Long> sums(String query) {
        Map<String, Long> sums = new TreeMap<>();
        db.sql(query).query(row -> {
            sums.merge(row.getString(1), row.getLong(2), Long::sum);
        });
        return sums;
    }
}
