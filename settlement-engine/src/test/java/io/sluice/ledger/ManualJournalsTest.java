package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestApi;
import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.policies.WorkList;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What people may post by hand, and all that they may not. */
class ManualJournalsTest {

    private static final String JOURNALS = "/api/v1/ledger/journals";
    private static final String CLEARING =
            "[" + line("clearing.refunds", "DEBIT", "12.34") + "," + line("clearing.exchange", "CREDIT", "12.34") + "]";

    @TempDir
    static Path dir;

    private static TestEngine engine;
    private static TestApi operator;
    private static TestApi approver;
    private static JdbcClient db;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(dir, "operator=TREASURY_OPERATOR,APPROVER", "approver=APPROVER", "auditor=AUDITOR");
        operator = TestApi.as("operator", engine);
        approver = TestApi.as("approver", engine);
        db = engine.bean(JdbcClient.class);
        Commands commands = engine.bean(Commands.class);
        commands.begin("HAND1", new RegisterAccount("HAND1", "meridian", "EUR", AccountKind.COLLECTION, "One"));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(*) from bank_account where account = 'HAND1'")
                                .query(Integer.class)
                                .single()
                        == 1);
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void aJournalIsPostedOnceASecondPersonHasSeenItsLines() {
        JsonNode drafted = TestApi.json(draft("ADJ-1", "clearing-transfer", CLEARING, null));
        assertThat(drafted.path("state").asString()).isEqualTo("PENDING_APPROVAL");
        assertThat(draft("ADJ-1", "clearing-transfer", CLEARING, null).statusCode())
                .as("the same again")
                .isEqualTo(201);
        refused("journal-exists", draft("ADJ-1", "clearing-transfer", CLEARING.replace("12.34", "12.35"), null));
        refused("same-person", approve(operator, drafted));
        JsonNode shown = TestApi.json(approver.get(JOURNALS + "/ADJ-1"));
        assertThat(shown.at("/journal/lines/1/account").asString()).isEqualTo("clearing.exchange");
        assertThat(shown.at("/journal/reason").asString()).isEqualTo("the bank said so");
        assertThat(shown.get("approvedBy").isNull()).as("while it waits").isTrue();
        assertThat(engine.bean(ManualJournals.class).ofItem("JOURNAL-ADJ-1")).isPresent();
        assertThat(approve(approver, drafted).statusCode()).isEqualTo(201);
        posted("JournalPosted", 1);
        assertThat(db.sql(
                                "select p.account || ' ' || p.units from posting p join event e on e.event_id = p.source_event"
                                        + " where e.payload_type = 'ledger.JournalPosted' and p.account in ('clearing.refunds', 'clearing.exchange')"
                                        + " order by p.line")
                        .query(String.class)
                        .list())
                .containsExactly("clearing.refunds 1234", "clearing.exchange -1234");
        JsonNode approved = TestApi.json(approver.get(JOURNALS + "/ADJ-1"));
        assertThat(approved.path("state").asString()).isEqualTo("POSTED");
        assertThat(approved.path("madeBy").asString()).isEqualTo("operator");
        assertThat(approved.path("approvedBy").asString()).isEqualTo("approver");
        assertThat(operator.post(
                                JOURNALS,
                                body("ADJ-0", "clearing-transfer", "2020-01-01", "the bank said so", CLEARING, null))
                        .body())
                .contains("journal-invalid", "valueDate: found 2020-01-01, expected 20", "on which these books begin");
        assertThat(db.sql(
                                "select count(*) from event where position('the bank said so' in convert_from(payload, 'UTF8')) > 0")
                        .query(Integer.class)
                        .single())
                .as("reasons in events")
                .isZero();
    }

    @Test
    void whatABankIsConcernedByNeedsADocument() {
        String lines = "[" + line("bank.collection/HAND1", "DEBIT", "1.00") + ","
                + line("bank.charges", "CREDIT", "1.00") + "]";
        refused("document-missing", draft("DOC-1", "bank-correction", lines, null));
        refused(
                "document-missing",
                draft(
                        "DOC-2",
                        "unclaimed",
                        "[" + line("holder.owed-on-chain", "DEBIT", "1.00") + ","
                                + line("holder.unclaimed", "CREDIT", "1.00") + "]",
                        null));
        JsonNode drafted = TestApi.json(draft("DOC-1", "bank-correction", lines, "a letter of the bank"));
        assertThat(drafted.path("documentHash").asString()).hasSize(64);
        assertThat(TestApi.as("auditor", engine)
                        .get(JOURNALS + "/DOC-1/document")
                        .body())
                .isEqualTo("a letter of the bank");
        assertThat(db.sql(
                                "select count(*) from audit_log where action = 'READ_JOURNAL_DOCUMENT' and username = 'auditor'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(db.sql("select count(*) from raw_evidence where position('letter'::bytea in sealed) > 0")
                        .query(Integer.class)
                        .single())
                .as("documents in the clear")
                .isZero();
    }

    @Test
    void whatIsNoJournalOrNotAllowedIsRefusedByName() {
        String debit = line("clearing.refunds", "DEBIT", "12.34");
        refused(
                "journal-unbalanced",
                draft(
                        "NO",
                        "clearing-transfer",
                        "[" + debit + "," + line("clearing.exchange", "CREDIT", "12.33") + "]",
                        null));
        refused(
                "journal-invalid",
                draft(
                        "NO",
                        "clearing-transfer",
                        "[" + line("clearing.refunds", "DEBIT", "0.00") + ","
                                + line("clearing.exchange", "CREDIT", "0.00") + "]",
                        null));
        refused("journal-invalid", draft("NO", "clearing-transfer", "[" + debit + "]", null));
        refused("journal-invalid", draft("not a name", "clearing-transfer", CLEARING, null));
        refused(
                "journal-currency",
                draft(
                        "NO",
                        "clearing-transfer",
                        "[" + debit + ","
                                + line("clearing.exchange", "CREDIT", "12.34").replace("EUR", "USD") + "]",
                        null));
        refused("journal-currency", draft("NO", "clearing-transfer", CLEARING.replace("EUR", "USD"), null));
        refused("no-such-template", draft("NO", "anything-goes", CLEARING, null));
        refused("account-not-allowed", draft("NO", "loss", CLEARING, null));
        refused(
                "account-not-allowed",
                draft(
                        "NO",
                        "bank-correction",
                        "[" + line("bank.collection/OTHER", "DEBIT", "1.00") + ","
                                + line("bank.charges", "CREDIT", "1.00") + "]",
                        "d"));
        refused("over-limit", draft("NO", "clearing-transfer", CLEARING.replace("12.34", "10000.01"), null));
        refused(
                "unknown-agreement",
                draft(
                        "NO",
                        "clearing-transfer",
                        CLEARING.replace("\"account\"", "\"agreementId\":\"NONE\",\"account\""),
                        null));
        refused(
                "journal-invalid",
                operator.post(JOURNALS, body("NO", "clearing-transfer", "2099-01-01", "later", CLEARING, null)));
        refused(
                "journal-invalid",
                operator.post(JOURNALS, body("NO", "clearing-transfer", today(), " ", CLEARING, null)));
        assertThat(approver.post(JOURNALS, body("NO", "clearing-transfer", today(), "r", CLEARING, null))
                        .statusCode())
                .isEqualTo(403);
        assertThat(db.sql("select count(*) from manual_journal where reference = 'NO'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aJournalThatDebitsWhatItCreditsIsRefused() {
        String debit = line("clearing.refunds", "DEBIT", "12.34");
        HttpResponse<String> same =
                draft("SAME", "clearing-transfer", "[" + debit + "," + debit.replace("DEBIT", "CREDIT") + "]", null);
        refused("journal-invalid", same);
        assertThat(same.body())
                .contains("lines[1].account: found clearing.refunds, as on the other side in lines[0], expected");
        assertThat(approver.get(JOURNALS + "/SAME").statusCode()).isEqualTo(404);
    }

    /** Each agreement is covered by itself, and its holders' claims are its own. */
    @Test
    void aJournalMovesNothingFromOneAgreementToAnother() {
        Commands commands = engine.bean(Commands.class);
        for (String one : List.of("HAND2", "HAND3")) {
            commands.begin(one, new RegisterAccount(one, "meridian", "EUR", AccountKind.COLLECTION, one));
            commands.begin(
                    "AGR-" + one,
                    new OpenAgreement(
                            "AGR-" + one,
                            one,
                            "EUR",
                            "T",
                            "TRUST",
                            "FEE",
                            List.of(new StoreTerms("STORE-" + one, "M", "Shop", one, "P", null, null))));
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() ->
                        db.sql("select count(*) from store s join bank_account a on a.account = s.collection_account")
                                        .query(Integer.class)
                                        .single()
                                == 2);
        db.sql(
                        "insert into balance (account, agreement_id, currency, units) values ('holder.owed-on-chain', 'AGR-HAND2', 'EUR', -500)")
                .update();
        String unclaimed = "[" + line("holder.owed-on-chain", "DEBIT", "5.00", "AGR-HAND2") + ","
                + line("holder.unclaimed", "CREDIT", "5.00", "AGR-HAND2") + "]";
        refused(
                "lines[1].agreementId: found AGR-HAND3, expected AGR-HAND2, as in a line before",
                draft("FROM-1", "unclaimed", unclaimed.replaceAll("AGR-HAND2(?!.*AGR-HAND2)", "AGR-HAND3"), "d"));
        refused(
                "lines[0].agreementId: found nothing, expected the agreement whose holders it is of",
                draft(
                        "FROM-2",
                        "unclaimed",
                        "[" + line("holder.owed-on-chain", "DEBIT", "5.00") + ","
                                + line("holder.unclaimed", "CREDIT", "5.00") + "]",
                        "d"));
        refused(
                "lines[0].amount: found 5.01 EUR in all, expected up to 5.00 EUR, which holder.owed-on-chain of AGR-HAND2 is owed",
                draft("FROM-3", "unclaimed", unclaimed.replace("5.00", "5.01"), "d"));
        refused(
                "expected up to 0.00 EUR",
                draft("FROM-4", "unclaimed", unclaimed.replace("AGR-HAND2", "AGR-HAND3"), "d"));
        String bank = "[" + line("bank.collection/HAND2", "DEBIT", "1.00", "AGR-HAND3") + ","
                + line("bank.charges", "CREDIT", "1.00") + "]";
        refused(
                "lines[0].agreementId: found AGR-HAND3, expected none or one of [AGR-HAND2] for bank account HAND2",
                draft("FROM-5", "bank-correction", bank, "d"));
        assertThat(draft("FROM-6", "bank-correction", bank.replace("AGR-HAND3", "AGR-HAND2"), "d")
                        .statusCode())
                .isEqualTo(201);
        JsonNode drafted = TestApi.json(draft("FROM-7", "unclaimed", unclaimed, "d"));
        assertThat(approver.get("/api/v1/work").body())
                .contains("debit holder.owed-on-chain of AGR-HAND2; credit holder.unclaimed of AGR-HAND2");
        db.sql("update balance set units = 0 where agreement_id = 'AGR-HAND2'").update();
        refused("expected up to 0.00 EUR", approve(approver, drafted));
    }

    @Test
    void whatWaitedWhileItsDayWasClosedIsRefused() {
        Periods periods = engine.bean(Periods.class);
        WorkList work = engine.bean(WorkList.class);
        String day = engine.bean(BusinessClock.class).today().minusDays(40).toString();
        JsonNode waiting =
                TestApi.json(operator.post(JOURNALS, body("LATE-1", "clearing-transfer", day, "late", CLEARING, null)));
        Periods.Asked asked = periods.ask(java.time.LocalDate.parse(day), "maker");
        work.approve(asked.itemId(), asked.hash(), "approver");
        refused("period-closed", approve(approver, waiting));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !periods.closed().isEmpty());
        refused(
                "period-closed",
                operator.post(JOURNALS, body("LATE-2", "clearing-transfer", day, "late", CLEARING, null)));
    }

    private static void refused(String type, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains(type);
    }

    private static void posted(String event, int times) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(distinct p.source_event) from posting p join event e"
                                        + " on e.event_id = p.source_event where e.payload_type = 'ledger.' || ?")
                                .param(event)
                                .query(Integer.class)
                                .single()
                        == times);
    }

    private static HttpResponse<String> approve(TestApi user, JsonNode drafted) {
        return user.post(
                "/api/v1/work/" + drafted.path("itemId").asString() + "/approvals",
                "{\"hash\":\"" + drafted.path("hash").asString() + "\"}");
    }

    private static HttpResponse<String> draft(
            String reference, String template, String lines, @org.jspecify.annotations.Nullable String document) {
        return operator.post(JOURNALS, body(reference, template, today(), "the bank said so", lines, document));
    }

    private static String today() {
        return engine.bean(BusinessClock.class).today().toString();
    }

    private static String body(
            String reference,
            String template,
            String day,
            String reason,
            String lines,
            @org.jspecify.annotations.Nullable String document) {
        List<String> fields = new java.util.ArrayList<>(List.of(
                "\"reference\":\"" + reference + "\"",
                "\"template\":\"" + template + "\"",
                "\"valueDate\":\"" + day + "\"",
                "\"reason\":\"" + reason + "\"",
                "\"lines\":" + lines));
        if (document != null) {
            fields.add("\"document\":\"" + Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8))
                    + "\"");
        }
        return "{" + String.join(",", fields) + "}";
    }

    private static String line(String account, String side, String amount, String agreement) {
        return line(account, side, amount).replaceFirst("\\{", "{\"agreementId\":\"" + agreement + "\",");
    }

    private static String line(String account, String side, String amount) {
        return "{\"account\":\"" + account + "\",\"side\":\"" + side + "\",\"amount\":{\"amount\":\"" + amount
                + "\",\"currency\":\"EUR\"}}";
    }
}
