package io.sluice.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEngine;
import io.sluice.TestEvents;
import io.sluice.collection.AccountKind;
import io.sluice.collection.BankAccounts;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.StatementDesk;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What counted by notice is looked for on the daily statements. */
class UnlistedInflowsTest {

    private static TestEngine engine;
    private static JdbcClient db;
    private static LocalDate today;

    @BeforeAll
    static void start(@TempDir Path dir) {
        engine = TestEngine.start(dir);
        db = engine.bean(JdbcClient.class);
        today = engine.bean(BusinessClock.class).today();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static String account(String name) {
        engine.bean(Commands.class)
                .begin(name, new RegisterAccount(name, "folder", "EUR", AccountKind.COLLECTION, "listed"));
        Awaitility.await("it is registered")
                .until(() -> engine.bean(BankAccounts.class).find(name).isPresent());
        return name;
    }

    /** A camt.054 of credits of 12.00 each, by their references. */
    private static void notice(String account, String... references) {
        take(message(
                "054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", account, "N" + String.join("-", references), "", references));
        Awaitility.await("they count")
                .untilAsserted(() -> assertThat(db.sql("select count(*) from inflow where account = ?")
                                .param(account)
                                .query(Integer.class)
                                .single())
                        .isGreaterThanOrEqualTo(references.length));
    }

    /** The daily statement of a day, so many days from today, from one balance on; it is compared when this returns. */
    private static void statement(String account, int days, int opening, String... references) {
        String balances = balance("OPBD", opening, days) + balance("CLBD", opening + 12 * references.length, days);
        String id = "S" + days + "-" + String.join("-", references);
        take(message("053", "BkToCstmrStmt", "Stmt", account, id, balances, references));
        Awaitility.await(id + " is compared")
                .untilAsserted(() -> assertThat(
                                db.sql("select count(*) from bank_statement where account = ? and bank_reference = ?")
                                        .params(account, id)
                                        .query(Integer.class)
                                        .single())
                        .isEqualTo(1));
    }

    private static void take(String message) {
        engine.bean(StatementDesk.class).take(message.getBytes(StandardCharsets.UTF_8), "treasury");
    }

    private static String balance(String type, int amount, int days) {
        return "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%d.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>"
                .formatted(type, amount, today.plusDays(days));
    }

    private static String message(
            String kind, String root, String report, String account, String id, String balances, String... references) {
        String entries = Stream.of(references)
                .map(reference ->
                        ("<Ntry><Amt Ccy=\"EUR\">12.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
                                        + "<BookgDt><Dt>%1$s</Dt></BookgDt><ValDt><Dt>%1$s</Dt></ValDt><AcctSvcrRef>%2$s</AcctSvcrRef></Ntry>")
                                .formatted(today, reference))
                .collect(Collectors.joining());
        return ("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.%1$s.001.08\"><%2$s><GrpHdr><MsgId>%4$s</MsgId>"
                        + "<CreDtTm>%5$sT20:00:00Z</CreDtTm></GrpHdr><%3$s><Id>%4$s</Id><Acct><Id><Othr><Id>%6$s</Id></Othr></Id>"
                        + "</Acct>%7$s%8$s</%3$s></%2$s></Document>")
                .formatted(kind, root, report, id, today, account, balances, entries);
    }

    private static List<String> open(String account) {
        return db.sql(
                        "select type || ' ' || detail from reconciliation_break where account = ? and resolved_on is null order by 1")
                .param(account)
                .query(String.class)
                .list();
    }

    private static int freezes(String account) {
        return db.sql("select count(*) from release_freeze where account = ? and lifted_at is null")
                .param(account)
                .query(Integer.class)
                .single();
    }

    @Test
    void whatCountedByNoticeAndIsOnNoStatementIsABreakThatFreezesAndResolvesWhenALaterOneListsIt() {
        String account = account("LISTED-1");
        notice(account, "A", "B", "C");
        statement(account, 0, 100, "A");
        assertThat(open(account)).as("its day may have more pages").isEmpty();
        statement(account, 1, 112);
        assertThat(open(account))
                .hasSize(2)
                .allSatisfy(detail -> assertThat(detail)
                        .startsWith("NOT_ON_STATEMENT CREDIT of 12.00 EUR counted on " + today)
                        .contains("the last of " + today.plusDays(1)));
        assertThat(freezes(account)).isEqualTo(1);
        statement(account, 2, 112, "B");
        assertThat(open(account)).hasSize(1);
        assertThat(freezes(account)).as("another is missed still").isEqualTo(1);
        statement(account, 3, 124, "C");
        assertThat(open(account)).isEmpty();
        assertThat(freezes(account)).isZero();
        assertThat(db.sql("select count(*) from inflow where account = ?")
                        .param(account)
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
        assertThat(db.sql("select state from work_item where item_id in"
                                + " (select 'FREEZE-' || freeze_id from release_freeze where account = ?)")
                        .param(account)
                        .query(String.class)
                        .list())
                .containsExactly("DONE");
    }

    @Test
    void nothingIsMissedWhileAStatementIsMissing() {
        String account = account("LISTED-2");
        notice(account, "A", "B");
        statement(account, 0, 100, "A");
        statement(account, 2, 124);
        assertThat(open(account)).singleElement().asString().startsWith("CONTINUITY_GAP");
        statement(account, 1, 112, "B");
        assertThat(open(account)).isEmpty();
        assertThat(freezes(account)).isZero();
    }

    @Test
    void whatAStatementThatCameLateDoesNotListEitherIsABreakThen() {
        String account = account("LISTED-3");
        notice(account, "A", "B");
        statement(account, 0, 100, "A");
        statement(account, 2, 124);
        statement(account, 1, 112, "D");
        assertThat(open(account)).singleElement().asString().startsWith("NOT_ON_STATEMENT");
        assertThat(freezes(account)).isEqualTo(1);
        statement(account, 3, 124);
        assertThat(open(account)).as("once").hasSize(1);
        assertThat(freezes(account)).isEqualTo(1);
    }

    /** The statements came while the inflow was not shown yet: it is looked for once it is. */
    @Test
    void whatCountedWhileTheLaneThatShowsInflowsStoodIsMissedAfterwards() {
        String account = account("LISTED-6");
        String before = account("LISTED-7");
        notice(before, "A");
        statement(account, 0, 100);
        EventProcessor lane = engine.bean(EventProcessingConfiguration.class)
                .eventProcessor("collection.inflows")
                .orElseThrow();
        lane.shutDown();
        try {
            take(message("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", account, "N-A", "", "A"));
            Awaitility.await("it counts")
                    .untilAsserted(() -> assertThat(
                                    db.sql("select count(*) from " + TestEvents.BOOKED + " where aggregate_id = ?")
                                            .param(account)
                                            .query(Integer.class)
                                            .single())
                            .isEqualTo(1));
            statement(account, 1, 100);
            statement(account, 2, 100);
            statement(account, 3, 100);
            assertThat(open(account)).isEmpty();
        } finally {
            lane.start();
        }
        Awaitility.await("it is shown")
                .untilAsserted(() -> assertThat(db.sql("select count(*) from inflow where account = ?")
                                .param(account)
                                .query(Integer.class)
                                .single())
                        .isEqualTo(1));
        statement(account, 4, 100);
        assertThat(open(account))
                .singleElement()
                .asString()
                .startsWith("NOT_ON_STATEMENT CREDIT of 12.00 EUR counted on " + today);
        assertThat(freezes(account)).isEqualTo(1);
    }

    @Test
    void whatCountedBeforeTheAccountsFirstStatementIsNotLookedFor() {
        String account = account("LISTED-5");
        notice(account, "A");
        statement(account, 1, 112);
        statement(account, 2, 112);
        assertThat(open(account)).isEmpty();
    }

    @Test
    void whatTheBankTookBackBeforeItsStatementIsNotLookedFor() {
        String account = account("LISTED-4");
        notice(account, "A");
        take(message("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", account, "BACK", "", "A")
                .replace(
                        "<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>"));
        Awaitility.await("it is taken back")
                .untilAsserted(() -> assertThat(db.sql("select state from inflow where account = ?")
                                .param(account)
                                .query(String.class)
                                .list())
                        .containsExactly("REVERSED"));
        statement(account, 0, 100);
        statement(account, 1, 100);
        assertThat(open(account)).isEmpty();
    }
}
