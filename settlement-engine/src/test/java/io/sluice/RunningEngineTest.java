package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.iso20022.CamtDialect;
import io.sluice.bank.iso20022.CamtEntry;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.CamtReport;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.platform.Evidence;
import io.sluice.platform.Roles;
import io.sluice.platform.Transactions;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What only a running engine shows: who may call what, files in the intake folder, and rollbacks with cached aggregates. */
class RunningEngineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path dir;

    private static TestEngine engine;
    private static JdbcClient db;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(
                dir,
                "auditor=AUDITOR",
                "onboarding=ONBOARDING",
                "other=ONBOARDING",
                "treasury=TREASURY_OPERATOR",
                "ruler=RULE_ADMIN");
        db = engine.bean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(condition::getAsBoolean);
    }

    private static Authentication withRole(String role) {
        return UsernamePasswordAuthenticationToken.authenticated(
                "x", null, AuthorityUtils.createAuthorityList("ROLE_" + role));
    }

    /** Deny by default: a route that nobody may call stands in no rule, and fails here before it is missed anywhere. */
    @Test
    void everyRouteHasARuleAndNoneIsOpenByAccident() {
        Authentication nobody = new AnonymousAuthenticationToken(
                "k", "anonymous", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
        List<String> roles = List.of(
                Roles.TREASURY_OPERATOR,
                Roles.APPROVER,
                Roles.AUDITOR,
                Roles.ONBOARDING,
                Roles.RULE_ADMIN,
                Roles.TRUSTEE,
                Roles.SECURITY_ADMIN);
        var evaluator = engine.bean(WebInvocationPrivilegeEvaluator.class);
        Set<String> open = new TreeSet<>();
        engine.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, handler) -> {
                    if (!handler.getBeanType().getName().startsWith("io.sluice.")) {
                        return;
                    }
                    Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
                    for (RequestMethod method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods) {
                        for (String pattern : mapping.getPatternValues()) {
                            String path = pattern.replaceAll("\\{[^}]*}", "x");
                            boolean anonymous = evaluator.isAllowed("", path, method.name(), nobody);
                            boolean somebody = roles.stream()
                                    .anyMatch(role -> evaluator.isAllowed("", path, method.name(), withRole(role)));
                            assertThat(anonymous || somebody)
                                    .as("%s %s stands in a rule", method, pattern)
                                    .isTrue();
                            if (anonymous) {
                                open.add(method + " " + pattern);
                            }
                        }
                    }
                });
        assertThat(open).contains("POST /hooks/{bank}", "POST /api/v1/tokens");
        assertThat(open)
                .allMatch(route -> route.startsWith("GET /")
                        || route.equals("POST /hooks/{bank}")
                        || route.equals("POST /api/v1/tokens"));
    }

    @Test
    void aRolledBackCommandLeavesNothingInTheCache() {
        Commands commands = engine.bean(Commands.class);
        Transactions transactions = engine.bean(Transactions.class);
        commands.begin("ROLLBACK1", new RegisterAccount("ROLLBACK1", "meridian", "EUR", AccountKind.TRUST, "x"));
        NewInflow inflow = new NewInflow(
                UUID.fromString("00000000-0000-5000-8000-0000000000aa"),
                InflowKind.UNKNOWN,
                100,
                "EUR",
                LocalDate.of(2026, 11, 23),
                "VALUE",
                "0".repeat(64),
                null,
                "default");
        assertThatThrownBy(() -> transactions.run(() -> {
                    commands.send(new RecordInflows("ROLLBACK1", List.of(inflow)));
                    throw new IllegalStateException("after the command");
                }))
                .hasMessage("after the command");
        commands.send(new RecordInflows("ROLLBACK1", List.of(inflow)));
        assertThat(db.sql("select sequence_no from event where aggregate_id = 'ROLLBACK1' order by sequence_no")
                        .query(Long.class)
                        .list())
                .containsExactly(0L, 1L);
    }

    @Test
    void realStatementsInTheIntakeFolderBecomeInflowsOnce() throws IOException {
        String corpus = System.getProperty("sluice.corpus", "");
        if (corpus.isBlank()) {
            System.err.println("Skipped: the property sluice.corpus names no folder of bank messages.");
        }
        assumeThat(corpus).isNotBlank();
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(corpus, "subite/LT625883379695428516/CAMT_053"))) {
            files = found.sorted().limit(10).toList();
        }
        BigDecimal credits = BigDecimal.ZERO;
        long count = 0;
        Set<String> accounts = new TreeSet<>();
        for (Path file : files) {
            for (CamtReport report :
                    new CamtReader().read(Files.readAllBytes(file)).reports()) {
                accounts.add(report.header().account());
                for (CamtEntry entry : report.entries()) {
                    BankEntry read = entry.toBankEntry(report.header(), CamtDialect.TERSE_STATEMENTS);
                    if (read.direction() == Direction.CREDIT) {
                        credits = credits.add(read.amount());
                        count++;
                    }
                }
            }
        }
        for (String account : accounts) {
            engine.bean(Commands.class)
                    .begin(account, new RegisterAccount(account, "meridian", "EUR", AccountKind.COLLECTION, "real"));
        }
        until(
                "the accounts are known",
                () -> db.sql("select count(*) from bank_account where name = 'real'")
                                .query(Integer.class)
                                .single()
                        == accounts.size());
        for (Path file : files) {
            Files.copy(file, dir.resolve("intake").resolve(file.getFileName()));
        }
        until("all statements are read", () -> inbox("DONE") + inbox("PARKED") >= files.size());
        assertThat(db.sql(
                                "select reason from inbox where source = 'folder' and state = 'PARKED' and reason not like 'dtd%'")
                        .query(String.class)
                        .list())
                .isEmpty();
        long inflows = count;
        until("all inflows are shown", () -> realInflows() >= inflows);
        for (Path file : files) {
            Files.copy(file, dir.resolve("intake").resolve("again-" + file.getFileName()));
        }
        until("the repeated files are taken", () -> filesTaken() >= 2 * files.size());
        assertThat(realInflows()).isEqualTo(inflows);
        until(
                "debits that we did not order have frozen their account",
                () -> db.sql("select count(distinct account) from release_freeze join bank_account using (account)"
                                        + " where name = 'real' and lifted_at is null")
                                .query(Integer.class)
                                .single()
                        >= 1);
        assertThat(db.sql("select sum(units) from inflow join bank_account using (account) where name = 'real'")
                        .query(BigDecimal.class)
                        .single())
                .isEqualByComparingTo(credits.movePointRight(2));
        assertThat(db.sql("select coalesce(sum(units), 0) from balance")
                        .query(BigDecimal.class)
                        .single())
                .isEqualByComparingTo("0");
    }

    @Test
    void badStatementsAreParkedWithAReasonAndBookNothing() throws IOException {
        engine.bean(Commands.class)
                .begin(
                        "BADSTATEMENTS",
                        new RegisterAccount("BADSTATEMENTS", "meridian", "EUR", AccountKind.COLLECTION, "bad"));
        until(
                "the account is known",
                () -> db.sql("select count(*) from bank_account where name = 'bad'")
                                .query(Integer.class)
                                .single()
                        == 1);
        String good = """
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-23T20:00:00Z</CreDtTm></GrpHdr>
                <Stmt><Id>S-NUMBER</Id><Acct><Id><Othr><Id>BADSTATEMENTS</Id></Othr></Id></Acct>
                <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal>
                <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal>
                <Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry>
                </Stmt></BkToCstmrStmt></Document>
                """;
        List<String> bad = new ArrayList<>();
        bad.add(good.replace("<Document", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Document"));
        bad.add(good.substring(0, good.indexOf("</Ntry>")));
        bad.add(good.replace(
                "<Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>",
                "<Amt Ccy=\"EUR\">11.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>"));
        bad.add(good.replace("BADSTATEMENTS", "NOBODYSACCOUNT"));
        bad.add(good.replace("<Ntry><Amt Ccy=\"EUR\">10.00", "<Ntry><Amt Ccy=\"EUR\">1E1"));
        int before = inbox("PARKED");
        for (int i = 0; i < bad.size(); i++) {
            Files.write(
                    dir.resolve("intake").resolve("bad-" + i + ".xml"),
                    bad.get(i).getBytes(StandardCharsets.UTF_8));
        }
        until("all are parked", () -> inbox("PARKED") == before + bad.size());
        assertThat(db.sql("select reason from inbox where state = 'PARKED' order by reason")
                        .query(String.class)
                        .list())
                .anyMatch(reason -> reason.startsWith("dtd-forbidden"))
                .anyMatch(reason -> reason.startsWith("truncated"))
                .anyMatch(reason -> reason.startsWith("balance-proof"))
                .anyMatch(reason -> reason.startsWith("unknown-account"));
        assertThat(db.sql("select count(*) from event where aggregate_id = 'BADSTATEMENTS'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        Files.write(dir.resolve("intake").resolve("good.xml"), good.getBytes(StandardCharsets.UTF_8));
        until(
                "the complete file is accepted",
                () -> db.sql("select count(*) from inflow where account = 'BADSTATEMENTS'")
                                .query(Integer.class)
                                .single()
                        == 1);
    }

    private static int inbox(String state) {
        return db.sql("select count(*) from inbox where source = 'folder' and state = ?")
                .param(state)
                .query(Integer.class)
                .single();
    }

    private static long realInflows() {
        return db.sql("select count(*) from inflow join bank_account using (account) where name = 'real'")
                .query(Long.class)
                .single();
    }

    private static long filesTaken() {
        try (Stream<Path> taken = Files.list(dir.resolve("intake/taken"))) {
            return taken.filter(f -> f.getFileName().toString().matches("(again-)?20.*"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static TestApi as(String user) {
        return TestApi.as(user, engine);
    }

    private static String account(String number) {
        return "{\"account\":\"" + number
                + "\",\"bank\":\"meridian\",\"currency\":\"EUR\",\"kind\":\"FEE\",\"name\":\"Fees\"}";
    }

    @Test
    void theSameKeyWithTheSameRequestGetsTheFirstAnswerAndHasOneEffect() {
        TestApi token = as("onboarding");
        HttpResponse<String> first = token.post("/api/v1/accounts", account("IDEM1"), "Idempotency-Key", "key-1");
        HttpResponse<String> again = token.post("/api/v1/accounts", account("IDEM1"), "Idempotency-Key", "key-1");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void aRefusalIsTheAnswerOfItsKeyToo() {
        TestApi token = as("onboarding");
        String wrong = account("IDEM2").replace("EUR", "XXX");
        HttpResponse<String> first = token.post("/api/v1/accounts", wrong, "Idempotency-Key", "key-2");
        HttpResponse<String> again = token.post("/api/v1/accounts", wrong, "Idempotency-Key", "key-2");

        assertThat(first.statusCode()).isBetween(400, 499);
        assertThat(again.statusCode()).isEqualTo(first.statusCode());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void theSameKeyWithAnotherRequestIsRefused() {
        TestApi token = as("onboarding");
        token.post("/api/v1/accounts", account("IDEM3"), "Idempotency-Key", "key-3");

        HttpResponse<String> other = token.post("/api/v1/accounts", account("IDEM4"), "Idempotency-Key", "key-3");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("idempotency-key-reused");
        assertThat(token.post("/api/v1/holders", account("IDEM3"), "Idempotency-Key", "key-3")
                        .statusCode())
                .isEqualTo(422);
        assertThat(db.sql("select count(*) from bank_account where account = 'IDEM4'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aKeyBelongsToItsUser() {
        as("onboarding").post("/api/v1/accounts", account("IDEM5"), "Idempotency-Key", "key-5");

        HttpResponse<String> others =
                as("other").post("/api/v1/accounts", account("IDEM6"), "Idempotency-Key", "key-5");
        assertThat(others.statusCode()).isEqualTo(201);
        assertThat(others.headers().firstValue("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void aRequestWhoseFirstSendingIsStillAtWorkIsToldToComeBackAndTakesOverWhenThatOneDied() {
        TestApi token = as("onboarding");
        token.post("/api/v1/accounts", account("IDEM7"), "Idempotency-Key", "key-7");
        db.sql("update idempotent_request set status = null, answer = null where key = 'key-7'")
                .update();

        HttpResponse<String> early = token.post("/api/v1/accounts", account("IDEM7"), "Idempotency-Key", "key-7");
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.headers().firstValue("Retry-After")).contains("1");

        db.sql("update idempotent_request set started_at = now() - interval '2 minutes' where key = 'key-7'")
                .update();
        assertThat(token.post("/api/v1/accounts", account("IDEM7"), "Idempotency-Key", "key-7")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void whoMayNotCallLeavesNoKey() {
        assertThat(as("auditor")
                        .post("/api/v1/accounts", account("IDEM8"), "Idempotency-Key", "key-8")
                        .statusCode())
                .isEqualTo(403);
        assertThat(db.sql("select count(*) from idempotent_request where key = 'key-8'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** An account that was not known when its statement came: registered, the statement is read again and its credit is booked. */
    @Test
    void aParkedStatementIsLookedAtAndReadAgainOnceItsCauseIsMended() throws IOException {
        String statement = statement("LATE1", "LATE00001", "0.00", "12.34", "12.34", "LATE-A1");
        Files.writeString(dir.resolve("intake").resolve("late.xml"), statement);
        String parked = "select inbox_id from inbox where state = 'PARKED' and reason like 'unknown-account%LATE%'";
        until(
                "the statement is parked",
                () -> !db.sql(parked).query(Long.class).list().isEmpty());
        long id = db.sql(parked).query(Long.class).single();
        TestApi treasury = as("treasury");

        assertThat(treasury.get("/api/v1/deliveries?limit=500").body()).contains("\"id\":" + id);
        assertThat(treasury.get("/api/v1/deliveries/" + id + "/body").body()).isEqualTo(statement);
        assertThat(as("onboarding").get("/api/v1/deliveries/" + id + "/body").statusCode())
                .isEqualTo(403);
        assertThat(as("auditor")
                        .post("/api/v1/deliveries/" + id + "/replays", "{}")
                        .statusCode())
                .isEqualTo(403);

        engine.bean(Commands.class)
                .begin(
                        "LATE00001",
                        new RegisterAccount("LATE00001", "meridian", "EUR", AccountKind.COLLECTION, "late"));
        until(
                "the account is known",
                () -> db.sql("select count(*) from bank_account where account = 'LATE00001'")
                                .query(Integer.class)
                                .single()
                        == 1);
        assertThat(treasury.post("/api/v1/deliveries/" + id + "/replays", "{}").statusCode())
                .isEqualTo(202);
        until(
                "its credit is booked",
                () -> db.sql("select count(*) from inflow where account = 'LATE00001' and units = 1234")
                                .query(Integer.class)
                                .single()
                        == 1);
        HttpResponse<String> again = treasury.post("/api/v1/deliveries/" + id + "/replays", "{}");
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.body()).contains("not-parked");
        assertThat(db.sql("select username || ' ' || action from audit_log where subject = ? order by entry_no")
                        .param(Long.toString(id))
                        .query(String.class)
                        .list())
                .containsExactly("treasury READ_DELIVERY", "treasury REPLAY_DELIVERY");
    }

    /** From the version that was told of it on, a rule decides; what was classified before stays as it was, and each says by what. */
    @Test
    void whatACreditIsIsDecidedByTheAccountsOwnRulesInVersions() throws IOException {
        TestApi onboarding = as("onboarding");
        String versions = "/api/v1/accounts/CLASS0001/classification/versions";
        assertThat(onboarding.post(versions, "{\"basedOn\":0,\"rules\":[]}").body())
                .contains("unknown-account");
        onboarding.post("/api/v1/accounts", account("CLASS0001").replace("FEE", "COLLECTION"));
        Path intake = dir.resolve("intake");
        Files.writeString(
                intake.resolve("class1.xml"), statement("CLS1", "CLASS0001", "0.00", "5.00", "5.00", "CLS-1"));
        String kind = "select kind || ' by ' || decided_by from inflow where account = 'CLASS0001' and units = ";
        until(
                "it is booked",
                () -> db.sql(kind + 500).query(String.class).optional().isPresent());

        String rules =
                "{\"basedOn\":0,\"rules\":[{\"name\":\"interest\",\"kind\":\"INTEREST\",\"transactionCode\":\"INTR\"},"
                        + "{\"name\":\"nothing else\",\"kind\":\"UNKNOWN\"}]}";
        assertThat(as("auditor").post(versions, rules).statusCode()).isEqualTo(403);
        assertThat(onboarding
                        .post(versions, rules.replace("INTEREST", "RETURN"))
                        .body())
                .contains("classification-invalid");
        assertThat(onboarding.post(versions, rules).statusCode()).isEqualTo(201);
        HttpResponse<String> late = as("other").post(versions, rules);
        assertThat(late.statusCode()).isEqualTo(422);
        assertThat(late.body()).contains("classification-changed", "at version 1");
        assertThat(as("auditor")
                        .get("/api/v1/accounts/CLASS0001/classification")
                        .body())
                .contains("\"version\":1", "nothing else", "proceeds are expected here");
        assertThat(as("auditor").get(versions).body()).contains("\"madeBy\":\"onboarding\"");

        Files.writeString(
                intake.resolve("class2.xml"), statement("CLS2", "CLASS0001", "5.00", "12.00", "7.00", "CLS-2"));
        until(
                "it is booked",
                () -> db.sql(kind + 700).query(String.class).optional().isPresent());
        assertThat(db.sql(kind + 500).query(String.class).single())
                .isEqualTo("SALE by default/COLLECTION: proceeds are expected here");
        assertThat(db.sql(kind + 700).query(String.class).single())
                .isEqualTo("UNKNOWN by version 1, rule 2: nothing else");
    }

    @Test
    void aListIsReadPageByPageAndAForeignCursorIsRefused() {
        for (int i = 0; i < 3; i++) {
            db.sql("insert into inbox (source, event_id, body_sha256, kind, state, reason)"
                            + " values ('pages', ?, ?, 'WEBHOOK', 'PARKED', 'test')")
                    .params("e" + i, engine.bean(Evidence.class).keep("pages", new byte[] {(byte) i}))
                    .update();
        }
        TestApi treasury = as("treasury");
        JsonNode first = new JsonMapper()
                .readTree(treasury.get("/api/v1/deliveries?limit=2").body());
        JsonNode second = new JsonMapper()
                .readTree(treasury.get("/api/v1/deliveries?limit=2&cursor="
                                + first.get("next").asString())
                        .body());
        assertThat(first.get("items")).hasSize(2);
        assertThat(second.get("items").get(0).get("id").asLong())
                .isLessThan(first.get("items").get(1).get("id").asLong());

        HttpResponse<String> foreign = treasury.get("/api/v1/deliveries?cursor=abc");
        assertThat(foreign.statusCode()).isEqualTo(400);
        assertThat(foreign.body()).contains("expected the");
        assertThat(treasury.get("/api/v1/deliveries?limit=0").statusCode()).isEqualTo(400);
        db.sql("update inbox set state = 'DONE' where source = 'pages'").update();
    }

    /** A daily statement of 2026-11-23 with one credit. */
    private static String statement(
            String id, String account, String opening, String closing, String credit, String reference) {
        return """
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>%1$s</MsgId>\
                <CreDtTm>2026-11-23T18:00:00Z</CreDtTm></GrpHdr><Stmt><Id>%1$s</Id><Acct><Id><Othr><Id>%2$s</Id></Othr></Id>\
                <Ccy>EUR</Ccy></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%3$s</Amt>\
                <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>\
                <Amt Ccy="EUR">%4$s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal><Ntry>\
                <Amt Ccy="EUR">%5$s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>\
                <ValDt><Dt>2026-11-23</Dt></ValDt><AcctSvcrRef>%6$s</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>""".formatted(id, account, opening, closing, credit, reference);
    }

    @Test
    void anotherStatementUnderAKnownReferenceIsComparedAndReported() throws IOException {
        engine.bean(Commands.class)
                .begin(
                        "TWICE0001",
                        new RegisterAccount("TWICE0001", "meridian", "EUR", AccountKind.COLLECTION, "twice"));
        until(
                "the account is known",
                () -> db.sql("select count(*) from bank_account where account = 'TWICE0001'")
                                .query(Integer.class)
                                .single()
                        == 1);
        Path intake = dir.resolve("intake");
        Files.writeString(intake.resolve("first.xml"), statement("STM-7", "TWICE0001", "0.00", "5.00", "5.00", "TW-1"));
        until("the first is compared", () -> statementsOf("TWICE0001") == 1);
        Files.writeString(intake.resolve("other.xml"), statement("STM-7", "TWICE0001", "0.00", "7.00", "7.00", "TW-2"));
        until("the other is compared too", () -> statementsOf("TWICE0001") == 2);

        assertThat(db.sql("select type || ': ' || detail from reconciliation_break where account = 'TWICE0001'")
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .startsWith("STATEMENT_CONFLICT: Statement STM-7 of 2026-11-23 closed at 5.00 EUR");

        Files.writeString(intake.resolve("gap.xml"), statement("STM-8", "TWICE0001", "90.00", "91.00", "1.00", "TW-3"));
        until("the one that does not continue is compared", () -> statementsOf("TWICE0001") == 3);
        assertThat(db.sql("select reason from release_freeze where account = 'TWICE0001' and lifted_at is null")
                        .query(String.class)
                        .single())
                .endsWith("this one, STM-8, opens at 90.00 EUR");
    }

    @Test
    void aStatementTakenInByHandIsReportedEntryByEntryAndTwiceCountsOnce() {
        register("UPLOAD0001", AccountKind.COLLECTION);
        TestApi treasury = as("treasury");
        String file = statement("UP-1", "UPLOAD0001", "0.00", "5.00", "5.00", "UP-R1");
        assertThat(as("auditor")
                        .post("/api/v1/statements", file, "Content-Type", "application/xml")
                        .statusCode())
                .isEqualTo(403);

        HttpResponse<String> first = treasury.post("/api/v1/statements", file, "Content-Type", "application/xml");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(first.body())
                .contains(
                        "\"state\":\"DONE\"",
                        "\"account\":\"UPLOAD0001\"",
                        "\"outcome\":\"BOOKED\"",
                        "\"kind\":\"SALE\"");
        HttpResponse<String> again = treasury.post("/api/v1/statements", file, "Content-Type", "application/xml");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).contains("\"repeated\":true", "\"outcome\":\"BOOKED\"");
        HttpResponse<String> amended =
                treasury.post("/api/v1/statements", file.replace("18:00:00Z", "19:00:00Z"), "Content-Type", "text/xml");
        assertThat(amended.statusCode()).isEqualTo(201);
        assertThat(amended.body()).contains("\"outcome\":\"KNOWN\"", "told before");
        assertThat(db.sql("select count(*) from inflow where account = 'UPLOAD0001'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);

        String debit = file.replace("UP-1", "UP-2")
                .replace(">5.00<", ">-5.00<")
                .replace(
                        "<Ntry><Amt Ccy=\"EUR\">-5.00</Amt><CdtDbtInd>CRDT",
                        "<Ntry><Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>DBIT");
        debit = debit.replace(
                "<Amt Ccy=\"EUR\">-5.00</Amt><CdtDbtInd>CRDT", "<Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>DBIT");
        HttpResponse<String> out = treasury.post("/api/v1/statements", debit, "Content-Type", "application/xml");
        assertThat(out.statusCode()).as(out.body()).isEqualTo(201);
        assertThat(out.body()).contains("\"outcome\":\"NO_INFLOW\"", "\"direction\":\"DEBIT\"", "no reference of ours");
        String id = new JsonMapper().readTree(first.body()).get("deliveryId").asString();
        assertThat(as("auditor").get("/api/v1/deliveries/" + id + "/report").body())
                .contains("\"outcome\":\"BOOKED\"");
        assertThat(db.sql("select count(*) from audit_log where username = 'treasury' and action = 'UPLOAD_STATEMENT'")
                        .query(Integer.class)
                        .single())
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void aBadFileTakenInByHandIsRefusedWithItsReasonAndItsBytesAreKept() {
        TestApi treasury = as("treasury");
        HttpResponse<String> unknown = treasury.post(
                "/api/v1/statements",
                statement("UP-9", "NOACCOUNT9", "0.00", "5.00", "5.00", "UP-R9"),
                "Content-Type",
                "application/xml");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(unknown.body())
                .contains("statement-refused", "unknown-account", "\"outcome\":\"REFUSED\"", "whole or not at all");
        HttpResponse<String> none = treasury.post(
                "/api/v1/statements", "%PDF-1.7 not a statement", "Content-Type", "application/octet-stream");
        assertThat(none.statusCode()).isEqualTo(422);
        JsonNode report = new JsonMapper().readTree(none.body()).get("report");
        assertThat(report.get("accounts")).isEmpty();
        assertThat(treasury.get("/api/v1/deliveries/" + report.get("deliveryId").asString() + "/body")
                        .body())
                .isEqualTo("%PDF-1.7 not a statement");
        assertThat(treasury.post("/api/v1/statements", "", "Content-Type", "application/xml")
                        .statusCode())
                .isEqualTo(422);
        assertThat(treasury.post("/api/v1/statements", "{}", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(415);
        db.sql("update inbox set state = 'DONE' where state = 'PARKED'").update();
    }

    private static void register(String account, AccountKind kind) {
        engine.bean(Commands.class).begin(account, new RegisterAccount(account, "meridian", "EUR", kind, account));
        until(
                "the account is known",
                () -> db.sql("select count(*) from bank_account where account = ?")
                                .param(account)
                                .query(Integer.class)
                                .single()
                        == 1);
    }

    private static int statementsOf(String account) {
        return db.sql("select count(*) from bank_statement where account = ?")
                .param(account)
                .query(Integer.class)
                .single();
    }

    @Test
    void everyLoginIsWrittenDownAndWhatAStrangerTypedIsNot() {
        String logins = "select username || ' ' || action || ' ' || subject from audit_log where action in"
                + " ('LOG_IN', 'FAIL_LOGIN', 'ISSUE_TOKEN') and entry_no > ? order by entry_no";
        long before = db.sql("select coalesce(max(entry_no), 0) from audit_log")
                .query(Long.class)
                .single();
        as("auditor");
        assertThat(TestApi.nobody(engine)
                        .post("/api/v1/tokens", "{\"user\":\"auditor\",\"password\":\"no\"}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(TestApi.nobody(engine)
                        .post("/api/v1/tokens", "{\"user\":\"hunter2\",\"password\":\"no\"}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(db.sql(logins).param(before).query(String.class).list())
                .containsExactly(
                        "auditor LOG_IN password",
                        "auditor ISSUE_TOKEN api",
                        "auditor FAIL_LOGIN BadCredentialsException",
                        "- FAIL_LOGIN BadCredentialsException");
    }

    @Test
    void whatWasPutBeforePeopleStaysAsItWasPut() {
        for (String change : List.of(
                "update work_item set hash = 'x'",
                "update work_item set made_by = 'x'",
                "update work_item set kind = 'PARKED'",
                "delete from work_item",
                "update mandate set document = '{}'",
                "update mandate set made_by = 'x'",
                "delete from mandate",
                "update reconciliation_break set detail = 'x'",
                "delete from reconciliation_break")) {
            assertThatThrownBy(() -> db.sql(change).update())
                    .as(change)
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }
        db.sql(
                        "insert into mandate (mandate_hash, agreement_id, document, state, made_by) values (?, 'A', '{}', 'DRAFT', 'x')")
                .param("9".repeat(64))
                .update();
        assertThatThrownBy(() -> db.sql("update mandate set state = 'ACTIVE', approved_by = 'x' where mandate_hash = ?")
                        .param("9".repeat(64))
                        .update())
                .rootCause()
                .hasMessageContaining("mandate_two_people");
    }

    @Test
    void anOperatorClosesABreakWithANote() {
        String id = "00000000-0000-5000-8000-0000000000bb";
        db.sql("insert into reconciliation_break (break_id, type, account, subject, detail, raised_on)"
                        + " values (?::uuid, 'UNMATCHED_BANK', 'B', 's#9', 'CREDIT of 12.00 EUR', '2026-11-01')")
                .param(id)
                .update();
        TestApi treasury = as("treasury");
        assertThat(as("auditor").get("/api/v1/breaks").body()).contains(id);
        String path = "/api/v1/breaks/" + id + "/resolutions";
        assertThat(as("auditor").post(path, "{\"note\":\"x\"}").statusCode()).isEqualTo(403);
        assertThat(treasury.post(path, "{\"note\":\" \"}").body()).contains("note-missing");
        assertThat(treasury.post(path, "{\"note\":\"interest, booked by hand\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(treasury.post(path, "{\"note\":\"again\"}").body()).contains("no-such-break");
        assertThat(treasury.get("/api/v1/breaks").body()).doesNotContain(id);
        assertThat(db.sql("select resolved_by || ': ' || note from reconciliation_break where break_id = ?::uuid")
                        .param(id)
                        .query(String.class)
                        .single())
                .isEqualTo("treasury: interest, booked by hand");
    }

    private static String mandate(String perDay, String expires) {
        return "{\"agreementId\":\"AGR-1\",\"rails\":[\"BANK\"],\"currency\":\"EUR\","
                + "\"maxPerPayee\":{\"amount\":\"10.00\",\"currency\":\"EUR\"},"
                + "\"maxPerDistribution\":{\"amount\":\"10.00\",\"currency\":\"EUR\"},"
                + "\"maxPerDay\":{\"amount\":\"" + perDay + "\",\"currency\":\"EUR\"},\"expires\":" + expires + "}";
    }

    @Test
    void aRefusedValueIsToldInTheWordsOfItsTypeAndWithoutInternals() {
        TestApi treasury = as("treasury");
        HttpResponse<String> endless = treasury.post("/api/v1/mandates", mandate("10.00", "null"));
        assertThat(endless.statusCode()).isEqualTo(400);
        assertThat(endless.body()).contains("expires: found null");
        HttpResponse<String> negative = treasury.post("/api/v1/mandates", mandate("-1.00", "\"2027-01-01\""));
        assertThat(negative.statusCode()).isBetween(400, 422);
        assertThat(negative.body()).contains("positive");
        HttpResponse<String> noDate = treasury.post("/api/v1/mandates", mandate("10.00", "\"2027-02-30\""));
        assertThat(noDate.statusCode()).isEqualTo(400);
        assertThat(noDate.body()).contains("expires").doesNotContain("io.sluice", "java.", "DateTime");
        assertThat(treasury.post("/api/v1/mandates", "{\"agreementId\":").body())
                .contains("not JSON: line 1");
    }

    @Test
    void whatCannotBeStoredOrDoesNotExistIsTheCallersProblemAndSaysSo() {
        TestApi onboarding = as("onboarding");
        HttpResponse<String> nul = onboarding.post(
                "/api/v1/agreements",
                "{\"agreementId\":\"AGR\\u0000\",\"name\":\"n\",\"currency\":\"EUR\",\"token\":\"t\","
                        + "\"trustAccount\":\"T\",\"feeAccount\":\"F\",\"stores\":[]}");
        assertThat(nul.statusCode()).isBetween(400, 422);
        assertThat(nul.headers().firstValue("Content-Type")).contains("application/problem+json");
        HttpResponse<String> unknown = as("ruler")
                .post(
                        "/api/v1/agreements/AGR-X/rules",
                        "{\"schema\":\"sluice/rule/1\",\"agreement\":\"AGR-X\",\"version\":1,\"currency\":\"EUR\","
                                + "\"basis\":\"CASH_RECEIVED\",\"effectiveFrom\":\"2026-11-23\",\"previous\":null,"
                                + "\"waterfall\":[{\"name\":\"residual\",\"kind\":\"remainder\",\"to\":\"merchant.residual\"}]}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("AGR-X");
    }
}
