package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.platform.Transactions;
import io.sluice.policies.ReleaseFreezes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Money that nobody expected, from the bank's statement to the store or back to its sender, over the API of a running engine. */
class SuspenseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path dir;

    private static TestEngine engine;
    private static JdbcClient db;
    private static TestApi treasury;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(
                dir,
                "onboarding=ONBOARDING",
                "auditor=AUDITOR",
                "treasury=TREASURY_OPERATOR",
                "both=TREASURY_OPERATOR,APPROVER",
                "approver=APPROVER");
        db = engine.bean(JdbcClient.class);
        treasury = as("treasury");
        TestApi onboarding = as("onboarding");
        created(
                onboarding.post(
                        "/api/v1/accounts",
                        "{\"account\":\"SUSP-TAKEN\",\"bank\":\"meridian\",\"currency\":\"EUR\",\"kind\":\"COLLECTION\",\"name\":\"suspense\"}"));
        for (String kind : new String[] {"COLLECTION", "TRUST", "FEE"}) {
            created(onboarding.post(
                    "/api/v1/accounts",
                    "{\"account\":\"SUSP-" + kind + "\",\"bank\":\"meridian\",\"currency\":\"EUR\",\"kind\":\"" + kind
                            + "\",\"name\":\"suspense\"}"));
        }
        created(onboarding.post("/api/v1/agreements", """
                {"agreementId":"AGR-SUSP","name":"Suspense","currency":"EUR","token":"T","trustAccount":"SUSP-TRUST",
                 "feeAccount":"SUSP-FEE","stores":[{"storeId":"STORE-SUSP","merchantId":"M","merchantName":"Merchant",
                 "collectionAccount":"SUSP-COLLECTION","payoutName":"Merchant","payoutAccount":"MERCHANT-ACC-1"},
                 {"storeId":"STORE-TAKEN","merchantId":"M2","merchantName":"Other","collectionAccount":"SUSP-TAKEN",
                 "payoutName":"Other","payoutAccount":"MERCHANT-ACC-2"}]}"""));
        for (String account : new String[] {"SUSP-COLLECTION", "SUSP-TAKEN"}) {
            created(onboarding.post(
                    "/api/v1/accounts/" + account + "/classification/versions",
                    "{\"basedOn\":0,\"rules\":[{\"name\":\"ask first\",\"kind\":\"UNKNOWN\"}]}"));
        }
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void whatIsAssignedIsRoutedOnceAtTheValueDateThatItAlwaysHad() throws IOException {
        drop("S-1", "SUSP-COLLECTION", "0.00", "12.00", entry("12.00", "CRDT", "2026-10-02", "", "ANN-ACC-1"));
        String inflow = suspended("SUSP-COLLECTION", 1200);
        JsonNode shown = item(inflow);
        assertThat(shown.get("decidedBy").asString()).isEqualTo("version 1, rule 1: ask first");
        assertThat(shown.get("owner").asString()).isEqualTo("TREASURY_OPERATOR");
        assertThat(shown.get("ageDays").asInt()).isZero();
        until("its money is in suspense", () -> suspense(1200) == -1200);

        String path = "/api/v1/suspense/" + inflow + "/assignments";
        assertThat(as("auditor").post(path, "{\"storeId\":\"STORE-SUSP\"}").statusCode())
                .isEqualTo(403);
        assertThat(treasury.post(path, "{\"storeId\":\"STORE-X\"}").body()).contains("no-such-store");
        created(treasury.post(path, "{\"storeId\":\"STORE-SUSP\"}"));
        HttpResponse<String> again = treasury.post(path, "{\"storeId\":\"STORE-SUSP\"}");
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body()).contains("already-decided", "assigned to a store before");
        assertThat(treasury.post("/api/v1/suspense/" + inflow + "/returns", "{}")
                        .body())
                .contains("already-decided");

        until(
                "it waits for a rule of its day",
                () -> db.sql(
                                        "select count(*) from routing_queue where inflow_id = ?::uuid and value_date = '2026-10-02'")
                                .param(inflow)
                                .query(Integer.class)
                                .single()
                        == 1);
        until("suspense is empty again", () -> suspense(1200) == 0 && balance("clearing.unrouted") == -1200);
        assertThat(items()).doesNotContain(inflow);
        assertThat(count("select count(*) from posting where account = 'bank.unallocated' and units = 1200"))
                .isEqualTo(1);
        assertThat(count("select count(*) from audit_log where action = 'DECIDE_SUSPENSE' and subject like '" + inflow
                        + "%' and username = 'treasury'"))
                .isEqualTo(1);
    }

    @Test
    void whatIsSentBackGoesOutOnceUnderFourEyesToTheAccountThatItCameFrom() throws IOException {
        drop("T-1", "SUSP-TRUST", "0.00", "7.00", entry("7.00", "CRDT", "2026-11-20", "", "ANN-ACC-2"));
        String inflow = suspended("SUSP-TRUST", 700);
        assertThat(treasury.post("/api/v1/suspense/" + inflow + "/assignments", "{\"storeId\":\"STORE-SUSP\"}")
                        .body())
                .contains("money-elsewhere");
        engine.bean(Transactions.class)
                .run(() -> engine.bean(ReleaseFreezes.class).freeze("SUSP-TRUST", "test", "a test"));

        TestApi both = as("both");
        HttpResponse<String> ordered = both.post("/api/v1/suspense/" + inflow + "/returns", "{}");
        created(ordered);
        String order = new JsonMapper().readTree(ordered.body()).get("orderId").asString();
        assertThat(treasury.post("/api/v1/suspense/" + inflow + "/returns", "{}")
                        .body())
                .contains("already-decided", "sent back to its sender before");
        String approvals = "/api/v1/work/ORDER-" + order + "/approvals";
        String hash = db.sql("select hash from work_item where item_id = ?")
                .param("ORDER-" + order)
                .query(String.class)
                .single();
        String approval = "{\"hash\":\"" + hash + "\"}";
        assertThat(both.post(approvals, approval).body()).contains("same-person");
        created(as("approver").post(approvals, approval));
        until("its money is on its way", () -> balance("in-transit.bank/SUSP-TRUST") == -700 && suspense(700) == 0);

        String reference = db.sql("select end_to_end_id from instruction where order_id = ?::uuid")
                .param(order)
                .query(String.class)
                .single();
        drop("T-2", "SUSP-TRUST", "7.00", "0.00", entry("7.00", "DBIT", "2026-11-23", reference, "ANN-ACC-2"));
        until(
                "the statement shows it",
                () -> balance("in-transit.bank/SUSP-TRUST") == 0 && balance("bank.royalty-trust/SUSP-TRUST") == 0);
        assertThat(db.sql("select state || ' ' || kind from instruction where order_id = ?::uuid")
                        .param(order)
                        .query(String.class)
                        .single())
                .isEqualTo("ACSC RETURN_TO_SENDER");
        assertThat(treasury.post("/api/v1/suspense/" + inflow + "/returns", "{}")
                        .body())
                .contains("already-decided");
        assertThat(count("select count(*) from payee where kind = 'SENDER'")).isEqualTo(1);
    }

    @Test
    void whatItsBankTakesBackIsNobodysWhetherAssignedBeforeOrNot() throws IOException {
        drop(
                "K-1",
                "SUSP-TAKEN",
                "0.00",
                "8.00",
                entry("3.00", "CRDT", "2026-11-20", "", "BOB-1") + entry("5.00", "CRDT", "2026-11-20", "", "BOB-2"));
        String left = suspended("SUSP-TAKEN", 300);
        String assigned = suspended("SUSP-TAKEN", 500);
        created(treasury.post("/api/v1/suspense/" + assigned + "/assignments", "{\"storeId\":\"STORE-TAKEN\"}"));
        until(
                "it waits for a rule",
                () -> count("select count(*) from routing_queue where account = 'SUSP-TAKEN'") == 1);
        drop("K-2", "SUSP-TAKEN", "8.00", "0.00", reversal("3.00", "BOB-1") + reversal("5.00", "BOB-2"));
        until(
                "both are settled with the bank",
                () -> count("select count(*) from recourse where account = 'SUSP-TAKEN' and state = 'DONE'") == 2);
        until(
                "nobody owes or is owed anything of it",
                () -> balance("bank.taken-back/SUSP-TAKEN") == 0
                        && balance("bank.collection/SUSP-TAKEN") == 0
                        && suspense(300) == 0
                        && suspense(500) == 0
                        && count("select coalesce(sum(units), 0) from posting where account = 'clearing.unrouted'"
                                        + " and abs(units) in (300, 500)")
                                == 0);
        assertThat(count("select count(*) from routing_queue where account = 'SUSP-TAKEN'"))
                .isZero();
        assertThat(treasury.post("/api/v1/suspense/" + left + "/assignments", "{\"storeId\":\"STORE-TAKEN\"}")
                        .body())
                .contains("taken-back");
    }

    private static String reversal(String amount, String payer) {
        return entry(amount, "DBIT", "2026-11-23", "", payer)
                .replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
                .replace(payer + amount + "DBIT", payer + amount + "CRDT");
    }

    private static String entry(String amount, String direction, String valueDate, String reference, String payer) {
        String party = direction.equals("CRDT") ? "Dbtr" : "Cdtr";
        String refs = reference.isEmpty() ? "" : "<Refs><EndToEndId>" + reference + "</EndToEndId></Refs>";
        return "<Ntry><Amt Ccy=\"EUR\">" + amount + "</Amt><CdtDbtInd>" + direction
                + "</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>" + valueDate
                + "</Dt></ValDt><AcctSvcrRef>" + payer + amount + direction + "</AcctSvcrRef><NtryDtls><TxDtls>" + refs
                + "<RltdPties><" + party + "><Pty><Nm>Ann</Nm></Pty></" + party + "><" + party
                + "Acct><Id><Othr><Id>" + payer + "</Id></Othr></Id></" + party
                + "Acct></RltdPties></TxDtls></NtryDtls></Ntry>";
    }

    private static void drop(String id, String account, String opening, String closing, String entries)
            throws IOException {
        String statement = """
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>%1$s</MsgId>\
                <CreDtTm>2026-11-23T18:00:00Z</CreDtTm></GrpHdr><Stmt><Id>%1$s</Id><Acct><Id><Othr><Id>%2$s</Id></Othr></Id>\
                <Ccy>EUR</Ccy></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%3$s</Amt>\
                <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>\
                <Amt Ccy="EUR">%4$s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal>%5$s</Stmt>\
                </BkToCstmrStmt></Document>""".formatted(id, account, opening, closing, entries);
        Path part = Files.writeString(dir.resolve(id + ".part"), statement);
        Files.move(part, dir.resolve("intake").resolve(id + ".xml"));
    }

    private static String suspended(String account, long units) {
        String found = "select inflow_id::text from inflow where account = '" + account + "' and units = " + units;
        until("it is booked", () -> db.sql(found).query(String.class).optional().isPresent());
        return db.sql(found).query(String.class).single();
    }

    private static String items() {
        return treasury.get("/api/v1/suspense").body();
    }

    private static JsonNode item(String inflow) {
        for (JsonNode one : new JsonMapper().readTree(items()).get("items")) {
            if (one.get("inflowId").asString().equals(inflow)) {
                return one;
            }
        }
        throw new AssertionError("Not in suspense: " + inflow);
    }

    private static int count(String sql) {
        return db.sql(sql).query(Integer.class).single();
    }

    private static long balance(String account) {
        return db.sql("select coalesce(sum(units), 0)::bigint from posting where account = ?")
                .param(account)
                .query(Long.class)
                .single();
    }

    /** Of the suspense account, by the postings of one amount: the tests share it. */
    private static long suspense(long units) {
        return db.sql(
                        "select coalesce(sum(units), 0)::bigint from posting where account = 'bank.unallocated' and abs(units) = ?")
                .param(units)
                .query(Long.class)
                .single();
    }

    private static void until(String what, BooleanSupplier condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(
                    "Waited " + PATIENCE + " for: " + what + ": "
                            + db.sql("select account || ' ' || sum(units) from posting group by account")
                                    .query(String.class)
                                    .list(),
                    late);
        }
    }

    private static void created(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static TestApi as(String user) {
        return TestApi.as(user, engine);
    }
}
