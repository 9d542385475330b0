package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Rebuilding;
import io.sluice.TestApi;
import io.sluice.TestEngine;
import io.sluice.TestEvents;
import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.ChangePolicy;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Evidence;
import io.sluice.platform.Transactions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** When money that a bank tells of counts, in whatever way and order it is told. */
class AccountPolicyTest {

    private static TestEngine engine;
    private static JdbcClient db;
    private static LocalDate today;
    private static final AtomicInteger keys = new AtomicInteger();

    @TempDir
    static Path dir;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(dir, "onboarding=ONBOARDING", "auditor=AUDITOR");
        db = engine.bean(JdbcClient.class);
        today = engine.bean(BusinessClock.class).today();
    }

    /** Whatever was announced, reviewed and booked: the books are what the events make of them. */
    @AfterAll
    static void isTheSameWhenItIsRebuilt() {
        engine.close();
        Rebuilding.Answer verified = Rebuilding.rebuild(dir, "--verify");
        assertThat(verified.exit()).as(verified.err() + verified.out()).isZero();
    }

    /** A fresh account under a policy. */
    private static BankAccount account(String name, AccountPolicy policy) {
        engine.bean(Commands.class)
                .begin(name, new RegisterAccount(name, "meridian", "EUR", AccountKind.COLLECTION, "policy", policy));
        return new BankAccount(name, "meridian", "EUR", AccountKind.COLLECTION, "policy", policy);
    }

    /** 12.00 by one bank reference, told in one way. */
    private static Sighting told(BankAccount account, Telling way, Direction direction, LocalDate valueDate) {
        boolean back = direction == Direction.DEBIT;
        String source = engine.bean(Transactions.class)
                .in(() -> engine.bean(Evidence.class)
                        .keep("test", (account + " " + way + direction).getBytes(StandardCharsets.UTF_8)));
        Sighting sighting = Sighting.of(
                new BankEntry(
                        account.account(),
                        "EUR",
                        new BigDecimal("12.00"),
                        direction,
                        way == Telling.PENDING ? EntryStatus.PENDING : EntryStatus.BOOKED,
                        back,
                        valueDate,
                        valueDate,
                        "TX-1",
                        "REF-1",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                0,
                "test",
                source,
                way == Telling.STATEMENT ? valueDate : null,
                way == Telling.STATEMENT);
        return way == Telling.LISTED ? sighting.asListed() : sighting;
    }

    private static void record(BankAccount account, Sighting sighting) {
        engine.bean(Transactions.class)
                .run(() -> engine.bean(NoticeRecorder.class).record(account, List.of(sighting)));
    }

    private static void tell(BankAccount account, Telling way) {
        record(account, told(account, way, Direction.CREDIT, today));
    }

    private static String key() {
        return "policy-" + keys.incrementAndGet();
    }

    private static long booked(BankAccount account) {
        return db.sql("select count(*) from " + TestEvents.BOOKED + " where aggregate_id = ?")
                .param(account.account())
                .query(Long.class)
                .single();
    }

    private static long events(BankAccount account, String name) {
        return db.sql("select count(*) from event where aggregate_id = ? and payload_type like '%' || ?")
                .params(account.account(), name)
                .query(Long.class)
                .single();
    }

    private static List<Map<String, Object>> announced(BankAccount account) {
        return db.sql("select state, reason from announced_inflow where account = ?")
                .param(account.account())
                .query()
                .listOfRows();
    }

    private static List<List<Telling>> orders(List<Telling> ways) {
        if (ways.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Telling>> orders = new ArrayList<>();
        for (Telling first : ways) {
            List<Telling> rest = new ArrayList<>(ways);
            rest.remove(first);
            for (List<Telling> behind : orders(rest)) {
                List<Telling> order = new ArrayList<>(List.of(first));
                order.addAll(behind);
                orders.add(order);
            }
        }
        return orders;
    }

    @Test
    void theSameMoneyCountsOnceAndNotBeforeItsPolicyIsMetInWhateverOrderItIsTold() {
        for (AccountPolicy policy : AccountPolicy.values()) {
            int number = 0;
            for (List<Telling> order : orders(List.of(Telling.values()))) {
                BankAccount account = account("POLICY-" + policy.ordinal() + "-" + number++, policy);
                EnumSet<Telling> soFar = EnumSet.noneOf(Telling.class);
                for (Telling way : order) {
                    soFar.add(way);
                    tell(account, way);
                    tell(account, way); // every source repeats itself
                    assertThat(booked(account))
                            .as("%s, told %s of %s", policy, soFar, order)
                            .isEqualTo(policy.counts(soFar) ? 1 : 0);
                }
                assertThat(db.sql("select count(distinct inflow_id) from sighting join inflow_key using (inflow_id)"
                                        + " where account = ?")
                                .param(account.account())
                                .query(Integer.class)
                                .single())
                        .as("%s, %s", policy, order)
                        .isEqualTo(1);
                assertThat(announced(account)).allSatisfy(row -> assertThat(row).containsEntry("state", "BOOKED"));
                assertThat(events(account, "InflowAnnounced"))
                        .isEqualTo(announced(account).size());
            }
        }
        Awaitility.await("all that counts is shown")
                .untilAsserted(() -> assertThat(db.sql("select account, count(*), sum(units)::bigint from inflow"
                                        + " where account like 'POLICY-%' group by account"
                                        + " having count(*) <> 1 or sum(units) <> 1200")
                                .query()
                                .listOfRows())
                        .isEmpty());
        Awaitility.await("all that counts is posted, once")
                .untilAsserted(() -> assertThat(db.sql("select coalesce(sum(units), 0)::bigint from balance"
                                        + " where account like 'bank.collection/POLICY-%'")
                                .query(Long.class)
                                .single())
                        .isEqualTo(3 * 24 * 1200L));
    }

    @Test
    void whatIsAnnouncedIsShownAndInNoBalance() {
        BankAccount account = account("ANNOUNCED-1", AccountPolicy.BOOKED_STATEMENT);
        tell(account, Telling.NOTICE);
        JsonNode page = TestApi.json(TestApi.as("auditor", engine).get("/api/v1/announcements"));
        assertThat(page.get("items")
                        .valueStream()
                        .filter(item -> item.get("account").asString().equals("ANNOUNCED-1")))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.get("units").asLong()).isEqualTo(1200);
                    assertThat(item.get("state").asString()).isEqualTo("ANNOUNCED");
                    assertThat(item.get("told").get(0).asString()).isEqualTo("NOTICE");
                    assertThat(item.get("expectedOn").asString()).isEqualTo(today.toString());
                });
        assertThat(db.sql("select count(*) from inflow where account = 'ANNOUNCED-1'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void whatIsTakenBackBeforeItCountedLapsesAndIsReversedOnlyShouldItBeBooked() {
        BankAccount account = account("BACK-1", AccountPolicy.BOOKED_STATEMENT);
        tell(account, Telling.NOTICE);
        record(account, told(account, Telling.NOTICE, Direction.DEBIT, today));
        assertThat(announced(account))
                .containsExactly(Map.of("state", "LAPSED", "reason", "the bank took it back before it counted"));
        assertThat(events(account, "AnnouncementLapsed")).isEqualTo(1);
        assertThat(events(account, "InflowReversed")).isZero();
        assertThat(db.sql("select count(*) from release_freeze where account = 'BACK-1'")
                        .query(Integer.class)
                        .single())
                .as("nothing of it can have been paid on")
                .isZero();
        tell(account, Telling.STATEMENT);
        record(account, told(account, Telling.STATEMENT, Direction.DEBIT, today));
        assertThat(booked(account)).isEqualTo(1);
        assertThat(events(account, "InflowReversed")).isEqualTo(1);
    }

    @Test
    void whatDoesNotComeLapsesInWordsAndCountsShouldItComeAfterAll() {
        BankAccount pending = account("LATE-1", AccountPolicy.BOOKED_NOTICE);
        BankAccount booked = account("LATE-2", AccountPolicy.CONFIRMED);
        LocalDate longAgo = today.minusDays(8);
        record(pending, told(pending, Telling.PENDING, Direction.CREDIT, longAgo));
        record(booked, told(booked, Telling.NOTICE, Direction.CREDIT, longAgo));
        for (BankAccount account : List.of(pending, booked)) {
            engine.bean(Transactions.class)
                    .run(() -> engine.bean(Announcements.class).lapseOverdue(account));
            assertThat(announced(account)).singleElement().satisfies(row -> {
                assertThat(row).containsEntry("state", "LAPSED");
                assertThat(row.get("reason")).asString().contains("expected on " + longAgo);
            });
        }
        assertThat(db.sql("select summary from work_item where item_id like 'ANNOUNCED-%'")
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .contains("EUR", "12.00", "CONFIRMED", "compare it with the bank's statement");
        record(booked, told(booked, Telling.STATEMENT, Direction.CREDIT, longAgo));
        record(pending, told(pending, Telling.NOTICE, Direction.CREDIT, today));
        for (BankAccount account : List.of(pending, booked)) {
            assertThat(booked(account)).isEqualTo(1);
            assertThat(announced(account))
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("state", "BOOKED"));
        }
    }

    @Test
    void anotherPolicyHoldsFromThenOnAndBooksNothingAgain() {
        TestApi onboarding = TestApi.as("onboarding", engine);
        String terms = "{\"account\":\"CHANGED-1\",\"bank\":\"meridian\",\"currency\":\"EUR\",\"kind\":\"COLLECTION\","
                + "\"name\":\"policy\"%s}";
        JsonNode first =
                TestApi.json(onboarding.post("/api/v1/accounts", terms.formatted(""), "Idempotency-Key", key()));
        assertThat(first.get("policy").asString()).isEqualTo("BOOKED_NOTICE");
        BankAccounts accounts = engine.bean(BankAccounts.class);
        tell(accounts.find("CHANGED-1").orElseThrow(), Telling.NOTICE);
        String later = terms.formatted(",\"policy\":\"BOOKED_STATEMENT\"");
        assertThat(TestApi.json(onboarding.post("/api/v1/accounts", later, "Idempotency-Key", key()))
                        .get("policy")
                        .asString())
                .isEqualTo("BOOKED_STATEMENT");
        assertThat(TestApi.json(onboarding.post("/api/v1/accounts", terms.formatted(""), "Idempotency-Key", key()))
                        .get("policy")
                        .asString())
                .as("without one, the one that holds")
                .isEqualTo("BOOKED_STATEMENT");
        BankAccount changed = accounts.find("CHANGED-1").orElseThrow();
        assertThat(changed.policy()).isEqualTo(AccountPolicy.BOOKED_STATEMENT);
        tell(changed, Telling.STATEMENT);
        tell(changed, Telling.LISTED);
        assertThat(booked(changed)).isEqualTo(1);
        assertThat(announced(changed)).isEmpty();
        assertThat(events(changed, "AccountPolicyChanged")).isEqualTo(1);
    }

    private static void change(BankAccount account, AccountPolicy policy) {
        engine.bean(Commands.class).send(new ChangePolicy(account.account(), policy));
    }

    private static void untilReviewed(BankAccount account, AccountPolicy policy) {
        Awaitility.await(account.account() + " is looked through").untilAsserted(() -> {
            engine.bean(AnnouncementReview.class).wake();
            assertThat(db.sql("select policy from announcement_review where account = ?")
                            .param(account.account())
                            .query(String.class)
                            .optional())
                    .contains(policy.name());
        });
    }

    @Test
    void whatWasToldEnoughForANewPolicyCountsOnceWhenThePolicyChangesAndIsNotToldAgain() {
        int number = 0;
        for (AccountPolicy before : AccountPolicy.values()) {
            for (AccountPolicy after : AccountPolicy.values()) {
                for (Telling way : Telling.values()) {
                    if (before == after || before.counts(EnumSet.of(way))) {
                        continue;
                    }
                    BankAccount account = account("REVIEW-" + number++, before);
                    tell(account, way);
                    untilReviewed(account, before);
                    assertThat(booked(account)).isZero();
                    change(account, after);
                    untilReviewed(account, after);
                    boolean counts = after.counts(EnumSet.of(way));
                    String as = before + " to " + after + ", told " + way;
                    assertThat(booked(account)).as(as).isEqualTo(counts ? 1 : 0);
                    assertThat(announced(account))
                            .as(as)
                            .singleElement()
                            .satisfies(row -> assertThat(row).containsEntry("state", counts ? "BOOKED" : "ANNOUNCED"));
                    BankAccount changed = engine.bean(BankAccounts.class)
                            .find(account.account())
                            .orElseThrow();
                    tell(changed, way);
                    assertThat(booked(account)).as("the same again, " + as).isEqualTo(counts ? 1 : 0);
                    for (Telling other : Telling.values()) {
                        tell(changed, other);
                    }
                    change(account, before);
                    untilReviewed(account, before);
                    assertThat(booked(account)).as("all told, and back, " + as).isEqualTo(1);
                }
            }
        }
        assertThat(number).isPositive();
        Awaitility.await("each is shown once").untilAsserted(() -> {
            assertThat(db.sql("select count(*), count(distinct account) from inflow where account like 'REVIEW-%'"
                                    + " and units = 1200 and kind = 'SALE'")
                            .query()
                            .singleRow()
                            .values())
                    .allSatisfy(count -> assertThat(count).hasToString(Long.toString(reviewed())));
        });
    }

    /** A daily statement of today with one credit of 12.00 without any reference. */
    private static String statement(BankAccount account) {
        String balance =
                "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                        + "<Dt><Dt>" + today + "</Dt></Dt></Bal>";
        return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId>"
                + "<CreDtTm>" + today + "T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>S</Id><Acct><Id><Othr><Id>"
                + account.account() + "</Id></Othr></Id></Acct>" + balance.formatted("OPBD", "0.00")
                + balance.formatted("CLBD", "12.00")
                + "<Ntry><Amt Ccy=\"EUR\">12.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>"
                + today + "</Dt></BookgDt><ValDt><Dt>" + today
                + "</Dt></ValDt></Ntry></Stmt></BkToCstmrStmt></Document>";
    }

    private static long reviewed() {
        return db.sql("select count(*) from bank_account where account like 'REVIEW-%'")
                .query(Long.class)
                .single();
    }

    @Test
    void whatTheBankTookBackBeforeItCountedDoesNotCountByTheNewPolicy() {
        BankAccount account = account("REVIEWED-BACK", AccountPolicy.BOOKED_STATEMENT);
        tell(account, Telling.NOTICE);
        record(account, told(account, Telling.NOTICE, Direction.DEBIT, today));
        change(account, AccountPolicy.BOOKED_NOTICE);
        untilReviewed(account, AccountPolicy.BOOKED_NOTICE);
        assertThat(booked(account)).isZero();
        assertThat(events(account, "InflowReversed")).isZero();
    }

    @Test
    void theDailyLookFindsWhatWasAnnouncedByTheFormerPolicyWhileItChanged() {
        BankAccount former = account("REVIEWED-RACE", AccountPolicy.CONFIRMED);
        change(former, AccountPolicy.BOOKED_NOTICE);
        untilReviewed(former, AccountPolicy.BOOKED_NOTICE);
        tell(former, Telling.NOTICE); // by a reader that still knew the former policy
        assertThat(booked(former)).isZero();
        db.sql("update announcement_review set reviewed_on = reviewed_on - 1 where account = ?")
                .param(former.account())
                .update();
        Awaitility.await("it counts the next day")
                .untilAsserted(() -> assertThat(booked(former)).isEqualTo(1));
    }

    @Test
    void aCreditThatIsListedDayAfterDayByStatementsAloneCountsOnceItsAccountWaitsForNoMore() {
        BankAccount account = account("REVIEWED-FILE", AccountPolicy.CONFIRMED);
        Awaitility.await("it is registered")
                .until(() ->
                        engine.bean(BankAccounts.class).find(account.account()).isPresent());
        byte[] file = statement(account).getBytes(StandardCharsets.UTF_8);
        Inbox inbox = engine.bean(Inbox.class);
        assertThat(inbox.keepFile("test", file)).isEqualTo(Inbox.Kept.NEW);
        engine.bean(InboxReader.class).wake();
        Awaitility.await("it is announced")
                .untilAsserted(() -> assertThat(announced(account)).hasSize(1));
        change(account, AccountPolicy.BOOKED_STATEMENT);
        untilReviewed(account, AccountPolicy.BOOKED_STATEMENT);
        assertThat(booked(account)).isEqualTo(1);
        assertThat(inbox.keepFile("test", file)).isEqualTo(Inbox.Kept.REPEATED);
        inbox.keepFile("test", (statement(account) + "\n").getBytes(StandardCharsets.UTF_8));
        engine.bean(InboxReader.class).wake();
        Awaitility.await("other bytes of the same are read")
                .untilAsserted(
                        () -> assertThat(db.sql("select count(*) from sighting s join inflow_key k using (inflow_id)"
                                                + " where k.account = ? and k.kind = 'LOOKS'")
                                        .param(account.account())
                                        .query(Integer.class)
                                        .single())
                                .isEqualTo(2));
        assertThat(booked(account)).isEqualTo(1);
        Awaitility.await("it is shown with the statement's value date")
                .untilAsserted(() -> assertThat(db.sql(
                                        "select kind, units, value_date::text as day, state, decided_by from inflow where account = ?")
                                .param(account.account())
                                .query()
                                .listOfRows())
                        .containsExactly(Map.of(
                                "kind", "SALE",
                                "units", 1200L,
                                "day", today.toString(),
                                "state", "BOOKED",
                                "decided_by", "default/COLLECTION: proceeds are expected here")));
    }
}
