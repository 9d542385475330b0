package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TestApi;
import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RuleDesk;
import io.sluice.routing.RuleFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The books as an auditor reads them: sums, statements that add up, and why a leg is what it is. */
class LedgerControllerTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final String COLLECTION = "LEDGER1";

    @TempDir
    static Path dir;

    private static TestEngine engine;
    private static TestApi auditor;

    /** Three sales of 3.35 at 10 %: 33, 34 and 33 cents, by one floor over the agreement's life; then a tenth becomes a fifth. */
    @BeforeAll
    static void threeSalesAndOneUnderTheNextVersion() {
        engine = TestEngine.start(dir, "auditor=AUDITOR", "onboarding=ONBOARDING");
        auditor = TestApi.as("auditor", engine);
        Commands commands = engine.bean(Commands.class);
        for (AccountKind kind : AccountKind.values()) {
            String account = kind == AccountKind.COLLECTION ? COLLECTION : "LEDGER-" + kind;
            commands.begin(account, new RegisterAccount(account, "meridian", "EUR", kind, "One"));
        }
        commands.begin(
                "AGR-L",
                new OpenAgreement(
                        "AGR-L",
                        "One",
                        "EUR",
                        "T",
                        "LEDGER-TRUST",
                        "LEDGER-FEE",
                        List.of(new StoreTerms("STORE-L", "M", "Merchant", COLLECTION, "P", null, null))));
        String first = activate(1, MONDAY, null, "1/10");
        activate(2, MONDAY.plusDays(3), first, "1/5");
        for (int sale = 0; sale < 3; sale++) {
            record(sale, 335, MONDAY.plusDays(sale));
        }
        record(3, 1_000, MONDAY.plusDays(3));
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    private static String activate(
            int version, LocalDate from, @org.jspecify.annotations.Nullable String previous, String royalty) {
        RuleFile file =
                RuleFile.check("""
                {"schema":"sluice/rule/1","agreement":"AGR-L","version":%d,"currency":"EUR","basis":"CASH_RECEIVED","effectiveFrom":"%s","previous":%s,
                 "waterfall":[{"name":"royalty","kind":"royalty","portion":"%s","to":"royalty.pool"},
                              {"name":"residual","kind":"remainder","to":"merchant.residual"}]}
                """.formatted(version, from, previous == null ? "null" : "\"" + previous + "\"", royalty)
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(file.findings()).isEmpty();
        String hash = Objects.requireNonNull(file.hash());
        Commands commands = engine.bean(Commands.class);
        commands.send(new DraftRule("AGR-L", hash, Objects.requireNonNull(file.rule()), "maker"));
        commands.send(new ApproveRule("AGR-L", hash, "approver", false));
        return hash;
    }

    private static void record(int sale, long units, LocalDate day) {
        NewInflow inflow = new NewInflow(
                new UUID(7, sale), InflowKind.SALE, units, "EUR", day, "VALUE", "0".repeat(64), null, "default");
        engine.bean(Commands.class).send(new RecordInflows(COLLECTION, List.of(inflow)));
        JdbcClient db = engine.bean(JdbcClient.class);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select (select count(*) from leg where inflow_id = :inflow)"
                                        + " + (select count(*) from posting where account = 'merchant.residual/"
                                        + COLLECTION + "')")
                                .param("inflow", inflow.inflowId())
                                .query(Integer.class)
                                .single()
                        == 3 + sale);
    }

    @Test
    void theTrialBalanceOfADaySumsToZeroAndHasNothingOfLaterDays() {
        JsonNode tuesday = TestApi.json(auditor.get("/api/v1/ledger/trial-balance?asOf=2026-11-24"));
        assertThat(tuesday.at("/sum/EUR/amount").asString()).isEqualTo("0.00");
        assertThat(balance(tuesday, "bank.collection/" + COLLECTION)).isEqualTo("6.70");
        assertThat(balance(tuesday, "royalty.pool")).isEqualTo("-0.67");
        JsonNode thursday = TestApi.json(auditor.get("/api/v1/ledger/trial-balance?asOf=2026-11-26&by=booking"));
        assertThat(balance(thursday, "bank.collection/" + COLLECTION)).isEqualTo("20.05");
        assertThat(balance(thursday, "clearing.unrouted")).isEqualTo("0.00");
        var csv = auditor.get("/api/v1/ledger/trial-balance?asOf=2026-11-24", "Accept", "text/csv");
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"trial-balance-2026-11-24.csv\"");
        assertThat(csv.body())
                .startsWith("account,agreement,currency,balance\r\n")
                .contains("royalty.pool,AGR-L,EUR,-0.67\r\n");
    }

    @Test
    void anAccountStatementsOpeningAndEntriesMakeItsClosingPageByPage() {
        String path = "/api/v1/ledger/postings?account=bank.collection/" + COLLECTION
                + "&currency=EUR&from=2026-11-24&to=2026-11-26&limit=2";
        JsonNode page = TestApi.json(auditor.get(path));
        assertThat(page.at("/opening/amount").asString()).isEqualTo("3.35");
        assertThat(page.at("/closing/amount").asString()).isEqualTo("20.05");
        assertThat(page.path("entries").values().stream()
                        .map(entry -> entry.at("/balance/amount").asString()))
                .containsExactly("6.70", "10.05");
        JsonNode last =
                TestApi.json(auditor.get(path + "&cursor=" + page.path("next").asString()));
        assertThat(last.path("entries").values().stream()
                        .map(entry -> entry.at("/balance/amount").asString()))
                .containsExactly("20.05");
        assertThat(last.path("next").isNull()).isTrue();
    }

    @Test
    void whatIsPostedBetweenTwoPagesMovesNoLineFromOneToTheOther() {
        for (String list : List.of("postings?account=test.pages&currency=EUR&by=value&", "journal?by=value&")) {
            int day = list.startsWith("j") ? 11 : 1;
            for (int line = 1; line <= 3; line++) {
                post(LocalDate.of(2026, 1, day + line), day + line);
            }
            String path = "/api/v1/ledger/" + list + "limit=2&from=2026-01-" + (day == 1 ? "01" : day) + "&to=2026-01-"
                    + (day == 1 ? "09" : "19");
            JsonNode page = TestApi.json(auditor.get(path));
            post(LocalDate.of(2026, 1, day), 100 + day);
            JsonNode rest = TestApi.json(
                    auditor.get(path + "&cursor=" + page.path("next").asString()));
            JsonNode lines = rest.has("entries") ? rest.path("entries") : rest.path("items");
            assertThat(lines.valueStream().map(line -> line.path("valueDate").asString()))
                    .as(list)
                    .containsExactly("2026-01-" + (day == 1 ? "04" : "14"));
            assertThat(rest.path("next").isNull()).isTrue();
            String foreign = java.util.Base64.getUrlEncoder()
                    .encodeToString("t2026-01-01T00:00:00Z|x".getBytes(StandardCharsets.UTF_8));
            assertThat(auditor.get(path + "&cursor=" + foreign).statusCode()).isEqualTo(400);
        }
    }

    /** A posting that no event says, on an account of the test. */
    private static void post(LocalDate day, int line) {
        post("test.pages", "", day, line);
    }

    private static void post(String account, String agreement, LocalDate day, int line) {
        post(account, agreement, "EUR", day, line, 1);
    }

    private static void post(String account, String agreement, String currency, LocalDate day, int first, int entries) {
        JdbcClient db = engine.bean(JdbcClient.class);
        UUID shape = new JournalShape(List.of(account), List.of(agreement), List.of(currency)).id();
        db.sql("insert into journal_shape values (?, array[?], array[?], array[?]) on conflict do nothing")
                .params(shape, account, agreement, currency)
                .update();
        db.sql(
                        "insert into journal_batch (source_event, batch, shape_id, value_date, booked_on, recorded_at, journal_ids, units)"
                                + " select min(event_id), ?, ?, ?, ?, now(), ?, array_fill(1, array[?]) from event")
                .params(
                        first,
                        shape,
                        day,
                        day,
                        IntStream.range(first, first + entries)
                                .mapToObj(line -> new UUID(9, line))
                                .toArray(UUID[]::new),
                        entries)
                .update();
    }

    @Test
    void theBooksAreExportedAsSpreadsheetsThatHoldTheSameAmounts() throws Exception {
        HttpResponse<byte[]> trial = auditor.file("/api/v1/ledger/trial-balance?asOf=2026-11-24&format=xlsx");
        assertThat(trial.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"trial-balance-2026-11-24.xlsx\"");
        assertThat(trial.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/vnd.openxmlformats"));
        assertThat(SpreadsheetTest.rows(trial.body()))
                .startsWith(List.of("Account", "Agreement", "Currency", "Balance"))
                .contains(
                        List.of("royalty.pool", "AGR-L", "EUR", "-0.67"),
                        List.of("bank.collection/" + COLLECTION, "", "EUR", "6.70"));
        var statement = SpreadsheetTest.rows(auditor.file("/api/v1/ledger/postings?account=bank.collection/"
                        + COLLECTION + "&currency=EUR&from=2026-11-24&to=2026-11-26&format=xlsx")
                .body());
        assertThat(statement.stream().skip(1).map(row -> row.get(6)))
                .containsExactly("3.35", "6.70", "10.05", "20.05", "20.05");
        assertThat(statement.get(1))
                .containsExactly(
                        "2026-11-24",
                        "",
                        "",
                        "",
                        "EUR",
                        "3.35",
                        "3.35",
                        "bank.collection/" + COLLECTION + ", opening balance");
        assertThat(statement.stream()
                        .skip(1)
                        .map(row -> row.get(5))
                        .filter(amount -> !amount.isEmpty())
                        .map(BigDecimal::new)
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .toPlainString())
                .isEqualTo(statement.getLast().get(6));
        var journal =
                SpreadsheetTest.rows(auditor.file("/api/v1/ledger/journal?from=2026-11-23&to=2026-11-26&format=xlsx")
                        .body());
        JsonNode same = TestApi.json(auditor.get("/api/v1/ledger/journal?from=2026-11-23&to=2026-11-26&limit=500"));
        assertThat(journal.stream().skip(1).map(row -> row.get(5) + " " + row.get(8)))
                .containsExactlyElementsOf(same.path("items").values().stream()
                        .map(item -> item.path("account").asString() + " "
                                + item.at("/amount/amount").asString())
                        .toList())
                .hasSizeGreaterThan(20);
    }

    @Test
    void theBooksAreExportedAsCsvThatHoldsTheSameRowsAsTheSpreadsheets() throws Exception {
        String days = "from=2026-11-24&to=2026-11-26";
        for (String export : List.of(
                "trial-balance?asOf=2026-11-24",
                "postings?account=bank.collection/" + COLLECTION + "&currency=EUR&" + days,
                "journal?" + days,
                "coverage?")) {
            HttpResponse<String> csv = auditor.get("/api/v1/ledger/" + export, "Accept", "text/csv");
            assertThat(csv.headers().firstValue("Content-Type")).as(export).contains("text/csv;charset=UTF-8");
            assertThat(csv.headers().firstValue("Content-Disposition"))
                    .hasValueSatisfying(file -> assertThat(file).endsWith(".csv\""));
            List<List<String>> rows = SpreadsheetTest.rows(
                    auditor.file("/api/v1/ledger/" + export + "&format=xlsx").body());
            assertThat(csv.body().lines().count())
                    .as(export)
                    .isEqualTo(rows.size())
                    .isGreaterThan(1);
            assertThat(csv.body().lines().findFirst())
                    .contains(String.join(",", rows.getFirst()).toLowerCase(Locale.ROOT));
        }
        assertThat(auditor.get(
                                "/api/v1/ledger/postings?account=royalty.pool&currency=EUR&from=2026-11-24&to=2026-11-24",
                                "Accept",
                                "text/csv")
                        .body()
                        .lines())
                .startsWith("value date,booked on,came late for,agreement,currency,amount,balance,journal,event")
                .contains("2026-11-24,,,,EUR,-0.33,-0.33,\"royalty.pool, opening balance\"")
                .endsWith("2026-11-24,,,,EUR,,-0.67,\"royalty.pool, closing balance\"");
        assertThat(auditor.get("/api/v1/ledger/coverage", "Accept", "text/csv").body())
                .startsWith("agreement,currency,owed,held,difference\r\n")
                .contains("AGR-L,EUR,");
    }

    @Test
    void anAccountStatementCanBeOfOneAgreement() throws Exception {
        String path = "/api/v1/ledger/postings?account=test.agreements&currency=EUR&from=2026-02-02&to=2026-02-28";
        post("test.agreements", "AGR-L", LocalDate.of(2026, 2, 1), 200);
        post("test.agreements", "-", LocalDate.of(2026, 2, 2), 201);
        post("test.agreements", "AGR-L", LocalDate.of(2026, 2, 3), 202);
        JsonNode all = TestApi.json(auditor.get(path));
        assertThat(all.path("entries").size()).isEqualTo(2);
        assertThat(all.get("agreementId").isNull()).isTrue();
        JsonNode one = TestApi.json(auditor.get(path + "&agreement=AGR-L"));
        assertThat(one.path("agreementId").asString()).isEqualTo("AGR-L");
        assertThat(one.path("entries").values().stream()
                        .map(entry -> entry.path("valueDate").asString()))
                .containsExactly("2026-02-03");
        assertThat(SpreadsheetTest.rows(
                        auditor.file(path + "&agreement=AGR-L&format=xlsx").body()))
                .hasSize(4);
        assertThat(auditor.get(path + "&agreement=AGR-L", "Accept", "text/csv")
                        .body()
                        .lines())
                .hasSize(4);
    }

    /** A currency that nobody knows stands for whatever fails while a table is written. */
    @Test
    void aTableThatBreaksOffIsTakenForNoWholeOne() {
        LocalDate first = LocalDate.of(2026, 3, 1);
        post("test.breaks-off", "", "EUR", first, 10_000, 1_000);
        post("test.breaks-off", "", first.plusDays(1), 20_000);
        post("test.breaks-off", "", "NONE", first.plusDays(1), 20_001, 1);
        String from = "/api/v1/ledger/journal?to=" + first.plusDays(1) + "&from=";
        for (String path : List.of(from + first, from + first + "&format=xlsx")) {
            assertThatThrownBy(() -> auditor.get(path, "Accept", "text/csv"))
                    .as(path)
                    .hasRootCauseInstanceOf(IOException.class);
        }
        for (String path : List.of(from + first.plusDays(1), from + first.plusDays(1) + "&format=xlsx")) {
            HttpResponse<String> none = auditor.get(path, "Accept", "text/csv");
            assertThat(none.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(none.headers().firstValue("Content-Disposition")).isEmpty();
            assertThat(TestApi.json(none).path("type").asString()).startsWith("urn:sluice:problem:");
        }
    }

    @Test
    void whatIsNoKnownFormatOfAnExportIsRefused() {
        for (String export : List.of("trial-balance?", "postings?account=a&currency=EUR&", "journal?", "coverage?")) {
            for (String accept : List.of("application/json", "text/csv")) {
                HttpResponse<String> pdf = auditor.get("/api/v1/ledger/" + export + "format=pdf", "Accept", accept);
                assertThat(pdf.statusCode()).as(export).isEqualTo(400);
                assertThat(TestApi.json(pdf).path("type").asString()).isEqualTo("urn:sluice:problem:invalid-value");
                assertThat(TestApi.json(pdf).path("detail").asString())
                        .startsWith("format: found \"pdf\", expected xlsx");
            }
        }
        HttpResponse<String> day = auditor.get("/api/v1/ledger/journal?from=x", "Accept", "text/csv");
        assertThat(day.statusCode()).isEqualTo(400);
        assertThat(TestApi.json(day).path("detail").asString()).startsWith("from: found x, expected a day");
    }

    @Test
    void anOddCentIsExplainedByAllThatCameInBefore() {
        JsonNode second = explanation(1, "royalty");
        assertThat(second.at("/amount/amount").asString()).isEqualTo("0.34");
        assertThat(second.at("/life/claims/0/basis/amount").asString()).isEqualTo("6.70");
        assertThat(second.at("/life/due/amount").asString()).isEqualTo("0.67");
        assertThat(second.at("/life/givenBefore/amount").asString()).isEqualTo("0.33");
        assertThat(second.at("/life/fraction").asString()).isEqualTo("0");
        assertThat(explanation(0, "royalty").at("/life/fraction").asString()).isEqualTo("1/2");
        assertThat(second.path("words").toString())
                .contains("1/10 of all that version 1 has divided until then, 6.70 EUR: 0.67 EUR.")
                .contains("0.33 EUR of that had been given before, so 0.34 EUR is given now.")
                .contains("No message of the bank that told of it is known here.");
        JsonNode rest = explanation(1, "residual");
        assertThat(rest.path("life").isNull()).isTrue();
        assertThat(rest.path("words").toString()).contains("is what remains of it after royalty 0.34 EUR: 3.01 EUR.");
    }

    @Test
    void aCeilingIsNamedWhereItDecides() {
        LocalDate december = MONDAY.plusDays(8); // after the days of the other tests
        Commands commands = engine.bean(Commands.class);
        commands.begin("LEDGER2", new RegisterAccount("LEDGER2", "meridian", "EUR", AccountKind.COLLECTION, "Two"));
        commands.begin(
                "AGR-C",
                new OpenAgreement(
                        "AGR-C",
                        "Two",
                        "EUR",
                        "T",
                        "LEDGER-TRUST",
                        "LEDGER-FEE",
                        List.of(new StoreTerms("STORE-C", "M", "Merchant", "LEDGER2", "P", null, null))));
        RuleFile file = RuleFile.check("""
                {"schema":"sluice/rule/1","agreement":"AGR-C","version":1,"currency":"EUR","basis":"CASH_RECEIVED","effectiveFrom":"%s","previous":null,
                 "royalty":{"ceiling":"5.00"},
                 "waterfall":[{"name":"royalty","kind":"royalty","portion":"1/10","to":"royalty.pool"},
                              {"name":"residual","kind":"remainder","to":"merchant.residual"}]}
                """.formatted(december).getBytes(StandardCharsets.UTF_8));
        assertThat(file.findings()).isEmpty();
        String hash = Objects.requireNonNull(file.hash());
        commands.send(new DraftRule("AGR-C", hash, Objects.requireNonNull(file.rule()), "maker"));
        commands.send(new ApproveRule("AGR-C", hash, "approver", false));
        JdbcClient db = engine.bean(JdbcClient.class);
        for (int sale = 0; sale < 2; sale++) {
            UUID id = new UUID(8, sale);
            commands.send(new RecordInflows(
                    "LEDGER2",
                    List.of(new NewInflow(
                            id, InflowKind.SALE, 8_000, "EUR", december, "VALUE", "0".repeat(64), null, "default"))));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() ->
                            db.sql("select count(*) from leg l join inflow i using (inflow_id) where l.inflow_id = ?")
                                            .param(id)
                                            .query(Integer.class)
                                            .single()
                                    > 0);
        }
        JsonNode first = explanation(new UUID(8, 0), "royalty");
        assertThat(first.at("/amount/amount").asString()).isEqualTo("5.00");
        assertThat(first.at("/life/deferred/amount").asString()).isEqualTo("3.00");
        assertThat(first.path("words").toString())
                .contains(
                        "By now 8.00 EUR is due to it within its bounds, 0.00 EUR had been given before, and this leg gives 5.00 EUR.")
                .contains("3.00 EUR of what is due waits: the ceiling lets no more through in this period.");
        JsonNode rest = explanation(new UUID(8, 1), "residual");
        assertThat(rest.at("/nothing/0/deferred/amount").asString()).isEqualTo("11.00");
        assertThat(rest.path("words").toString())
                .contains(
                        "was given nothing of it: by now 16.00 EUR is due to it, 5.00 EUR had been given before, and the ceiling lets no more"
                                + " through in this period.");
    }

    /** What is kept of it is not what was approved. */
    @Test
    void aRuleDocumentThatHasNotItsHashIsReadByNobody() {
        String hash = "f".repeat(64);
        engine.bean(JdbcClient.class)
                .sql("insert into rule_document (rule_hash, document) values (?, '{}')")
                .param(hash)
                .update();
        assertThatThrownBy(() -> engine.bean(RuleDesk.class).conversion(hash))
                .hasMessageContaining("The document that is kept of rule " + hash + " has hash");
    }

    /** On a machine that speaks Chinese, whose files would be the next best for a language that we do not have. */
    @Test
    void saysWhyInEnglishWhateverTheMachineSpeaks() {
        Locale machine = Locale.getDefault();
        Locale.setDefault(Locale.CHINA);
        try {
            assertThat(engine.bean(MessageSource.class).getMessage("because.open", null, Locale.FRENCH))
                    .isEqualTo("It is not ordered yet.");
        } finally {
            Locale.setDefault(machine);
        }
    }

    /** Pricing all of history by the new portion would give 4.01 less 1.00. */
    @Test
    void aChangeOfThePortionLeavesWhatWasDividedBeforeAtTheOldOne() {
        JsonNode fourth = explanation(3, "royalty");
        assertThat(fourth.at("/amount/amount").asString()).isEqualTo("2.00");
        assertThat(fourth.path("life").path("claims").values().stream()
                        .map(claim -> claim.path("portion").asString() + " of "
                                + claim.at("/basis/amount").asString()))
                .containsExactly("1/10 of 10.05", "1/5 of 10.00");
        assertThat(fourth.at("/life/due/amount").asString()).isEqualTo("3.00");
        assertThat(fourth.at("/life/fraction").asString()).isEqualTo("1/2");
        assertThat(fourth.at("/rule/version").asInt()).isEqualTo(2);
    }

    @Test
    void whatCannotBeAnsweredIsSaidByName() {
        assertThat(auditor.get("/api/v1/ledger/trial-balance?asOf=24.11.2026").body())
                .contains("asOf: found 24.11.2026, expected a day such as 2026-11-23");
        assertThat(auditor.get("/api/v1/ledger/trial-balance?by=colour").body()).contains("expected value or booking");
        assertThat(auditor.get("/api/v1/ledger/postings?account=a&currency=EURO")
                        .statusCode())
                .isEqualTo(400);
        assertThat(auditor.get("/api/v1/ledger/postings?account=a&currency=EUR&from=2026-11-24&to=2026-11-23")
                        .body())
                .contains("to: found 2026-11-23, expected 2026-11-24 or later");
        var none = auditor.get("/api/v1/legs/" + new UUID(0, 0) + "/explanation");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).contains("no-such-leg");
    }

    private static JsonNode explanation(int sale, String path) {
        return explanation(new UUID(7, sale), path);
    }

    private static JsonNode explanation(UUID inflow, String path) {
        UUID leg = engine.bean(JdbcClient.class)
                .sql("select leg_id from leg where inflow_id = ? and path = ?")
                .params(inflow, path)
                .query(UUID.class)
                .single();
        return TestApi.json(auditor.get("/api/v1/legs/" + leg + "/explanation"));
    }

    private static String balance(JsonNode trial, String account) {
        return trial.path("lines").values().stream()
                .filter(line -> line.path("account").asString().equals(account))
                .map(line -> line.at("/balance/amount").asString())
                .reduce("", String::concat);
    }
}
