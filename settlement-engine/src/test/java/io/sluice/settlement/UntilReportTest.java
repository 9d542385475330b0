package io.sluice.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestApi;
import io.sluice.TestBrowser;
import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.CollectionCommand.ReverseInflow;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.investors.Payees;
import io.sluice.platform.Commands;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.BeginRunOff;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.ReleaseHeld;
import io.sluice.routing.RoutingCommand.ReleaseOverdue;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RuleDesk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A tenth of what is left of a deposit stays back until its platform reports, thirty days at most. */
class UntilReportTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    private static TestEngine engine;
    private static JdbcClient db;
    private static Commands commands;
    private static TestApi operator;

    @BeforeAll
    static void start(@TempDir Path dir) {
        engine = TestEngine.start(dir, "operator=TREASURY_OPERATOR");
        db = engine.bean(JdbcClient.class);
        commands = engine.bean(Commands.class);
        operator = TestApi.as("operator", engine);
        commands.begin("WAIT-TRUST", new RegisterAccount("WAIT-TRUST", "meridian", "EUR", AccountKind.TRUST, "T"));
        commands.begin("WAIT-FEE", new RegisterAccount("WAIT-FEE", "meridian", "EUR", AccountKind.FEE, "F"));
        engine.bean(Payees.class)
                .register(
                        Payees.Kind.OWN,
                        Stream.of("OWN-WAIT-TRUST", "OWN-WAIT-FEE").collect(Collectors.toMap(id -> id, id -> to(id))));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static Payees.Destination to(String id) {
        return new Payees.Destination(Payees.Rail.BANK, "Somebody", "ACC-" + id, null);
    }

    /** An agreement of its own, with one store and one account of that name. */
    private record Shop(String name, int number) {

        static Shop open(String name, int number) {
            Payees payees = engine.bean(Payees.class);
            payees.register(Payees.Kind.MERCHANT, Map.of("M-" + name, to("M-" + name)));
            commands.begin(name, new RegisterAccount(name, "meridian", "EUR", AccountKind.COLLECTION, name));
            commands.begin(
                    "AGR-" + name,
                    new OpenAgreement(
                            "AGR-" + name,
                            name,
                            "EUR",
                            "T",
                            "WAIT-TRUST",
                            "WAIT-FEE",
                            List.of(new StoreTerms("STORE-" + name, "M", "Shop", name, "M-" + name, null, null))));
            Awaitility.await()
                    .until(() -> db.sql("select count(*) from store where store_id = ?")
                                    .param("STORE-" + name)
                                    .query(Integer.class)
                                    .single()
                            == 1);
            String rule = """
                    {"schema":"sluice/rule/1","agreement":"AGR-%s","version":1,"currency":"EUR","basis":"NET_OF_REFUNDS",
                     "expectedDeduction":"4/25","effectiveFrom":"2026-11-23","previous":null,
                     "waterfall":[{"name":"royalty","kind":"royalty","portion":"1/10","to":"royalty.pool"},
                                  {"name":"waits","kind":"until-report","portion":"1/10","days":30,"to":"merchant.until-report"},
                                  {"name":"residual","kind":"remainder","to":"merchant.residual"}]}""".formatted(name);
            RuleDesk desk = engine.bean(RuleDesk.class);
            commands.send(new ApproveRule(
                    "AGR-" + name,
                    desk.draft("AGR-" + name, rule.getBytes(StandardCharsets.UTF_8), "maker"),
                    "approver",
                    false));
            return new Shop(name, number);
        }

        UUID inflow(int sale) {
            return new UUID(number, sale);
        }

        /** Deposits 8 000.00; 952 380 units are its estimated basis. */
        void deposits(int sale, LocalDate day) {
            commands.send(new RecordInflows(
                    name,
                    List.of(new NewInflow(
                            inflow(sale),
                            InflowKind.SALE,
                            800_000,
                            "EUR",
                            day,
                            "VALUE",
                            "0".repeat(64),
                            null,
                            "default"))));
            Awaitility.await()
                    .until(() -> !legs(sale).isEmpty()
                            && db.sql("select count(*) from inflow where inflow_id = ?")
                                            .param(inflow(sale))
                                            .query(Integer.class)
                                            .single()
                                    == 1);
        }

        void takesBack(int sale, LocalDate day) {
            commands.send(new ReverseInflow(name, inflow(sale), 800_000, "EUR", day, "0".repeat(64)));
        }

        String reports(String id, int sale, String gross, String fees) {
            return told(report(id, sale, gross, fees));
        }

        String told(String report) {
            return operator.post("/api/v1/stores/STORE-" + name + "/settlement-reports", report)
                    .body();
        }

        String report(String id, int sale, String gross, String fees) {
            return """
                            {"platform":"shop","reportId":"%s","grossSales":{"amount":"%s","currency":"EUR"},
                             "refunds":{"amount":"500.00","currency":"EUR"},"fees":{"amount":"%s","currency":"EUR"},
                             "platformReserve":{"amount":"0.00","currency":"EUR"},"deposit":{"amount":"8000.00","currency":"EUR"},
                             "depositDate":"2026-11-23","inflowId":"%s"}""".formatted(id, gross, fees, inflow(sale));
        }

        Map<String, Long> legs(int sale) {
            return sums("select path, units from leg where inflow_id = '" + inflow(sale) + "'");
        }

        /** Of all that was let go of. */
        Map<String, Long> released() {
            return sums("select path, units from leg where agreement_id = 'AGR-" + name
                    + "' and inflow_id not in (select inflow_id from inflow)");
        }

        /** Of what is held, in the ledger; as the merchant has it. */
        long held() {
            return -db.sql("select coalesce(sum(units), 0)::bigint from posting where account = ?")
                    .param("merchant.until-report/" + name)
                    .query(Long.class)
                    .single();
        }

        long residualsOrdered() {
            return db.sql(
                            "select coalesce(sum(units), 0)::bigint from instruction where payee_id = ? and kind = 'RESIDUAL'")
                    .param("M-" + name)
                    .query(Long.class)
                    .single();
        }
    }

    private static Map<String, Long> sums(String query) {
        Map<String, Long> sums = new TreeMap<>();
        db.sql(query).query(row -> {
            sums.merge(row.getString(1), row.getLong(2), Long::sum);
        });
        return sums;
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable holds) {
        Awaitility.await().untilAsserted(holds);
    }

    @Test
    void whatWaitsIsNotPaidAndCoversWhatTheReportMakesDueOnce() {
        Shop shop = Shop.open("WAITS", 71);
        shop.deposits(1, MONDAY);
        assertThat(shop.legs(1)).isEqualTo(Map.of("royalty", 95_238L, "waits", 70_476L, "residual", 634_286L));
        eventually(() -> assertThat(shop.held()).isEqualTo(70_476));
        SettledStore store = SettledStore.frozen(engine, "STORE-WAITS");
        store.remit(MONDAY);
        assertThat(shop.residualsOrdered()).isEqualTo(634_286);

        for (String repeated : List.of("false", "true")) {
            assertThat(shop.reports("R-1", 1, "13000.00", "4500.00")).contains("\"repeated\":" + repeated);
        }
        eventually(() -> assertThat(shop.released())
                .isEqualTo(Map.of("waits", -70_476L, "royalty", 29_762L, "residual", 40_714L)));
        eventually(() -> assertThat(shop.held()).isZero());
        store.remit(MONDAY);
        assertThat(shop.residualsOrdered()).isEqualTo(634_286 + 40_714);
        String why = "/console/inflows/" + shop.inflow(1);
        TestBrowser.look(
                engine,
                "operator",
                why,
                "why-until-report",
                page -> assertThat(page.textContent("main"))
                        .contains(
                                "Report R-1 of shop",
                                "13,000.00",
                                "\u22124,500.00",
                                "It was let go on 2026-11-2",
                                "297.62 EUR to \"royalty\"",
                                "407.14 EUR to \"residual\"",
                                "1/10 of what the claims before it leave, until the deposit's report comes, at most 30 days"));
        TestBrowser.look(
                engine,
                "operator",
                why,
                "why-until-report-zh",
                "zh-CN",
                page -> assertThat(page.textContent("main"))
                        .contains("放回分配：407.14 EUR 归“residual”、297.62 EUR 归“royalty”。", "至多 30 天", "平台新留存", "待批准")
                        .doesNotContainPattern("\\b(is|was|of) "));
    }

    @Test
    void explainsEachLegOfWhatWasLetGoByItsDeposit() {
        Shop shop = Shop.open("TOLD", 75);
        shop.deposits(1, MONDAY);
        assertThat(explained(shop, "inflow_id = '" + shop.inflow(1) + "' and path = 'waits'"))
                .contains("It stays on the account until the report comes, or its days are over.");
        String royalty = "inflow_id = '" + shop.inflow(1) + "' and path = 'royalty'";
        assertThat(explained(shop, royalty))
                .contains("\"state\":\"PROVISIONAL\"", "\"estimated\":{\"amount\":\"9523.80\",\"currency\":\"EUR\"}")
                .contains("Portions are of all that is sold and not refunded, which for this deposit of 8000.00 EUR was"
                        + " estimated to be 9523.80 EUR.")
                .contains("That is provisional")
                .contains("1/10 of what version 1 counts as sold and not refunded until then, 9523.80 EUR: 952.38 EUR");
        shop.reports("R-4", 1, "13000.00", "4500.00");
        assertThat(explained(shop, royalty, "Accept-Language", "zh")).contains("因此改按 12500.00 EUR 计算");
        assertThat(explained(shop, royalty))
                .contains("\"state\":\"REPORTED\"", "\"platformReserve\":{\"amount\":\"0.00\"")
                .contains(
                        "Report R-4 of shop says what the deposit came from: 13000.00 EUR sold, 500.00 EUR refunded,"
                                + " 4500.00 EUR of fees and 0.00 EUR newly kept back by the platform. So 12500.00 EUR counts instead");
        eventually(() -> assertThat(shop.released()).hasSize(3));
        String released = "released_of = '" + shop.inflow(1) + "' and path = ";
        assertThat(explained(shop, released + "'royalty'"))
                .contains("8000.00 EUR came in", "\\\"royalty\\\" was given it on")
                .contains("of what had waited of it for its platform's report");
        assertThat(explained(shop, released + "'waits'")).contains("So much of it had waited");
        commands.send(new BeginRunOff("AGR-TOLD", MONDAY, MONDAY.plusDays(90), "a", "b"));
        shop.deposits(2, MONDAY);
        commands.send(new ReleaseHeld("AGR-TOLD", MONDAY.plusDays(1), "a", "b"));
        eventually(() -> assertThat(shop.released().get("residual")).isGreaterThan(40_714L));
        assertThat(
                        explained(
                                shop,
                                "released_of is null and inflow_id not in (select inflow_id from inflow) and path = 'residual'"))
                .contains("no-inflow", "all that was held on the account was released");
    }

    private static String explained(Shop shop, String which, String... headers) {
        UUID leg = db.sql("select leg_id from leg where agreement_id = ? and " + which)
                .param("AGR-" + shop.name())
                .query(UUID.class)
                .single();
        return operator.get("/api/v1/legs/" + leg + "/explanation", headers).body();
    }

    @Test
    void aDepositWithoutAReportIsLetGoAfterItsDaysAndItsReportThenReleasesNothing() {
        Shop shop = Shop.open("LATE", 72);
        shop.deposits(1, MONDAY);
        commands.send(new ReleaseOverdue("AGR-LATE", MONDAY.plusDays(30)));
        shop.deposits(2, MONDAY.plusDays(1));
        assertThat(shop.released()).isEmpty();
        for (int again = 0; again < 2; again++) {
            commands.send(new ReleaseOverdue("AGR-LATE", MONDAY.plusDays(31)));
        }
        eventually(() -> assertThat(shop.released()).isEqualTo(Map.of("waits", -70_476L, "residual", 70_476L)));
        assertThat(shop.reports("R-2", 1, "13000.00", "4500.00")).contains("\"repeated\":false");
        shop.deposits(3, MONDAY.plusDays(2));
        assertThat(shop.released()).isEqualTo(Map.of("waits", -70_476L, "residual", 70_476L));
        assertThat(shop.legs(3).get("royalty"))
                .as("what the report asked more comes out of the next deposit")
                .isEqualTo(125_000 + 29_762);
    }

    @Test
    void eachStoreHasReportsOfItsOwnWhateverTheirNumbers() {
        for (Shop shop : List.of(Shop.open("NUMBERS1", 76), Shop.open("NUMBERS2", 77))) {
            shop.deposits(1, MONDAY);
            shop.deposits(2, MONDAY);
            assertThat(shop.reports("R-9", 1, "9000.00", "500.00")).contains("\"repeated\":false");
            assertThat(shop.reports("R-9", 1, "9000.00", "500.00")).contains("\"repeated\":true");
            assertThat(shop.reports("R-9", 2, "9000.00", "500.00")).contains("reported-otherwise");
        }
    }

    @Test
    void aReportThatFitsNoDepositSaysWhatTheNamedOneHas() {
        Shop shop = Shop.open("FITS", 78);
        Shop other = Shop.open("OTHER", 79);
        shop.deposits(1, MONDAY);
        String report = shop.report("R-1", 1, "9000.00", "500.00");
        assertThat(shop.told(report.replace("8000.00", "483.89").replace("9000.00", "1483.89")))
                .contains("deposit: found 483.89 EUR, expected 8000.00 EUR, which is what inflow " + shop.inflow(1)
                        + " has")
                .doesNotContain("again");
        assertThat(other.told(report))
                .contains("inflowId: found " + shop.inflow(1) + ", expected a deposit of store STORE-OTHER");
        assertThat(operator.post("/api/v1/stores/STORE-X/settlement-reports", report)
                        .body())
                .contains("no-such-store", "There is no store STORE-X");
        assertThat(shop.told(report.replace("R-1", "")))
                .contains("reportId: found \\\"\\\", expected 1 to 64 characters");
        assertThat(shop.told(report)).contains("\"repeated\":false");
        String has = "nflow " + shop.inflow(1) + " of 8000.00 EUR has its report already, shop's R-1";
        assertThat(shop.told(report.replace("R-1", "R-2"))).contains("reported-otherwise", has);
        assertThat(shop.told(report.replace("R-1", "R-2").replaceFirst(",\"inflowId\":\"[^\"]*\"", "")))
                .contains("no-such-deposit", has)
                .doesNotContain("again");
    }

    @Test
    void whatTheBankTakesBackIsCoveredByWhatWaitedOfItToo() {
        Shop shop = Shop.open("BACK", 73);
        shop.deposits(1, MONDAY);
        shop.takesBack(1, MONDAY.plusDays(1));
        eventually(() -> assertThat(db.sql("select state from recourse where inflow_id = ?")
                        .param(shop.inflow(1))
                        .query(String.class)
                        .optional())
                .contains("DONE"));
        eventually(() -> assertThat(sums(
                        "select account, sum(units)::bigint from posting where agreement_id = 'AGR-BACK' group by account"
                                + " having sum(units) <> 0"))
                .isEmpty());
        assertThat(shop.reports("R-8", 1, "13000.00", "4500.00")).contains("taken-back");
        SettledStore.frozen(engine, "STORE-BACK").remit(MONDAY.plusDays(1));
        assertThat(shop.residualsOrdered()).isZero();
    }

    @Test
    void anAgreementThatEndsLetsGoOfWhatWaitsAndItsReportThenReleasesNothing() {
        Shop shop = Shop.open("ENDS", 74);
        shop.deposits(1, MONDAY);
        commands.send(new BeginRunOff("AGR-ENDS", MONDAY, MONDAY.plusDays(90), "a", "b"));
        commands.send(new ReleaseHeld("AGR-ENDS", MONDAY.plusDays(1), "a", "b"));
        eventually(() -> assertThat(shop.released()).isEqualTo(Map.of("waits", -70_476L, "residual", 70_476L)));
        assertThat(shop.reports("R-3", 1, "9000.00", "500.00")).contains("\"repeated\":false");
        shop.deposits(2, MONDAY.plusDays(1));
        assertThat(shop.released()).isEqualTo(Map.of("waits", -70_476L, "residual", 70_476L));
    }
}
