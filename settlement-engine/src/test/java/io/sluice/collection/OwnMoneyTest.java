package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEngine;
import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.ChangePolicy;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Our own money arriving, and such that came back: whoever says so, and in whatever order. */
class OwnMoneyTest {

    private static TestEngine engine;
    private static JdbcClient db;
    private static LocalDate today;
    private static final AtomicInteger numbers = new AtomicInteger();

    /** One account with one credit of 12.00, under a reference of ours of its own. */
    private record Case(BankAccount account, String reference) {

        static Case of(AccountPolicy policy) {
            int number = numbers.incrementAndGet();
            String name = "OWN-MONEY-" + number;
            engine.bean(Commands.class)
                    .begin(name, new RegisterAccount(name, "meridian", "EUR", AccountKind.COLLECTION, "own", policy));
            String digits = Integer.toString(number, 26);
            StringBuilder letters = new StringBuilder();
            digits.chars().forEach(c -> letters.append((char) ('A' + Character.digit(c, 26))));
            return new Case(
                    new BankAccount(name, "meridian", "EUR", AccountKind.COLLECTION, "own", policy),
                    "SLA" + "A".repeat(26 - letters.length()) + letters);
        }

        Sighting told(Telling way, @Nullable String endToEndId, @Nullable String returnReason) {
            String evidence = engine.bean(Transactions.class)
                    .in(() -> engine.bean(Evidence.class)
                            .keep(
                                    "test",
                                    (account + "|" + way + endToEndId + returnReason)
                                            .getBytes(StandardCharsets.UTF_8)));
            Sighting sighting = Sighting.of(
                    new BankEntry(
                            account.account(),
                            "EUR",
                            new BigDecimal("12.00"),
                            Direction.CREDIT,
                            way == Telling.PENDING ? EntryStatus.PENDING : EntryStatus.BOOKED,
                            false,
                            today,
                            today,
                            "TX-1",
                            "REF-1",
                            null,
                            endToEndId,
                            null,
                            null,
                            null,
                            returnReason,
                            null),
                    0,
                    "test",
                    evidence,
                    way == Telling.STATEMENT ? today : null,
                    way == Telling.STATEMENT);
            return way == Telling.LISTED ? sighting.asListed() : sighting;
        }

        Sighting returned(Telling way) {
            return told(way, reference, "AC04");
        }

        Sighting plain(Telling way) {
            return told(way, reference, null);
        }

        void tell(Sighting... sightings) {
            engine.bean(Transactions.class)
                    .run(() -> engine.bean(NoticeRecorder.class).record(account, List.of(sightings)));
        }

        void tellReturned() {
            engine.bean(Transactions.class)
                    .run(() -> engine.bean(ReturnedTransfers.class)
                            .note("meridian", new TransferStatus(reference, "TR-1", "RTRN", "AC04")));
        }

        void isBookedAs(InflowKind kind, @Nullable String carries) {
            Awaitility.await(account.account() + " is shown")
                    .untilAsserted(() -> assertThat(
                                    db.sql("select kind, end_to_end_id as reference from inflow where account = ?")
                                            .param(account.account())
                                            .query()
                                            .listOfRows())
                            .singleElement()
                            .satisfies(row -> {
                                assertThat(row).containsEntry("kind", kind.name());
                                assertThat(row.get("reference")).isEqualTo(carries);
                            }));
        }

        boolean isAnnounced() {
            return db.sql("select count(*) from announced_inflow where account = ? and state = 'ANNOUNCED'")
                            .param(account.account())
                            .query(Integer.class)
                            .single()
                    == 1;
        }

        /** What a person was told of the inflow. */
        List<String> items(String kind) {
            return db.sql("select summary from work_item join inflow_key k on item_id = ? || k.inflow_id"
                            + " where k.account = ? and k.kind = 'MOVEMENT' and state = 'OPEN'")
                    .params(kind, account.account())
                    .query(String.class)
                    .list();
        }
    }

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

    @Test
    void whatAnyTellingSaysCameBackIsAReturnWhicheverOfThemMakesItCount() {
        for (List<Telling> order : List.of(
                List.of(Telling.NOTICE, Telling.STATEMENT),
                List.of(Telling.LISTED, Telling.STATEMENT),
                List.of(Telling.STATEMENT, Telling.NOTICE))) {
            AccountPolicy policy =
                    order.getLast() == Telling.STATEMENT ? AccountPolicy.BOOKED_STATEMENT : AccountPolicy.CONFIRMED;
            for (boolean saidFirst : new boolean[] {true, false}) {
                Case one = Case.of(policy);
                one.tell(saidFirst ? one.returned(order.getFirst()) : one.plain(order.getFirst()));
                assertThat(one.isAnnounced()).isTrue();
                one.tell(saidFirst ? one.plain(order.getLast()) : one.returned(order.getLast()));
                one.isBookedAs(InflowKind.RETURN, one.reference());
                one.tell(one.plain(Telling.LISTED), one.returned(Telling.NOTICE));
                assertThat(one.items("OURS-")).isEmpty();
                assertThat(one.items("ARRIVED-")).isEmpty();
            }
        }
    }

    @Test
    void aNoticeInTheSameWaySaysItTooAndSoDoesOneWithoutOurReferenceAtTheEnd() {
        Case one = Case.of(AccountPolicy.BOOKED_STATEMENT);
        one.tell(one.plain(Telling.NOTICE));
        one.tell(one.returned(Telling.NOTICE));
        one.tell(one.told(Telling.STATEMENT, null, null));
        one.isBookedAs(InflowKind.RETURN, one.reference());
    }

    @Test
    void whatOneBatchTellsIsTakenTogether() {
        Case one = Case.of(AccountPolicy.BOOKED_NOTICE);
        one.tell(one.told(Telling.LISTED, null, null), one.plain(Telling.STATEMENT), one.returned(Telling.NOTICE));
        one.isBookedAs(InflowKind.RETURN, one.reference());
        assertThat(one.items("OURS-")).isEmpty();
    }

    @Test
    void whatTheBankSaidOfTheTransferHoldsForItsAnnouncedCreditByWhateverItCounts() {
        Case before = Case.of(AccountPolicy.BOOKED_STATEMENT);
        before.tellReturned();
        before.tell(before.plain(Telling.NOTICE));
        before.tell(before.plain(Telling.STATEMENT));
        before.isBookedAs(InflowKind.RETURN, before.reference());

        Case between = Case.of(AccountPolicy.BOOKED_STATEMENT);
        between.tell(between.plain(Telling.NOTICE));
        between.tellReturned();
        between.tell(between.plain(Telling.STATEMENT));
        between.isBookedAs(InflowKind.RETURN, between.reference());

        Case byPolicy = Case.of(AccountPolicy.BOOKED_STATEMENT);
        byPolicy.tell(byPolicy.plain(Telling.NOTICE));
        byPolicy.tellReturned();
        engine.bean(Commands.class).send(new ChangePolicy(byPolicy.account().account(), AccountPolicy.BOOKED_NOTICE));
        byPolicy.isBookedAs(InflowKind.RETURN, byPolicy.reference());
        assertThat(db.sql("select distinct state from returned_transfer where end_to_end_id in (?, ?, ?)")
                        .params(before.reference(), between.reference(), byPolicy.reference())
                        .query(String.class)
                        .list())
                .containsExactly("DONE");
    }

    @Test
    void aReturnThatTheBankAnnouncedADayAheadIsOneWhenItsCreditComes() {
        Case one = Case.of(AccountPolicy.BOOKED_NOTICE);
        one.tellReturned();
        db.sql("update returned_transfer set told_on = told_on - 1 where end_to_end_id = ?")
                .param(one.reference())
                .update();
        engine.bean(Transactions.class)
                .run(() -> engine.bean(ReturnedTransfers.class).tellOverdue("meridian"));
        assertThat(told(one)).isEqualTo("OPEN");
        one.tell(one.plain(Telling.NOTICE));
        one.isBookedAs(InflowKind.RETURN, one.reference());
        assertThat(told(one)).as("it is where it belongs").isEqualTo("DONE");
    }

    private static String told(Case one) {
        return db.sql("select state from work_item where item_id = ?")
                .param("RETURN-" + one.reference())
                .query(String.class)
                .single();
    }

    @Test
    void whatIsPendingTakesNoWordOfTheTransferThatNoMoneyFollows() {
        Case one = Case.of(AccountPolicy.BOOKED_NOTICE);
        one.tellReturned();
        one.tell(one.plain(Telling.PENDING));
        assertThat(db.sql("select state from returned_transfer where end_to_end_id = ?")
                        .param(one.reference())
                        .query(String.class)
                        .single())
                .isEqualTo("WAITING");
        one.tell(one.plain(Telling.NOTICE));
        one.isBookedAs(InflowKind.RETURN, one.reference());
    }

    @Test
    void whatCountedAsOwnTransferAndIsToldToHaveComeBackIsAPersonsOnceWithWhatToDo() {
        for (Telling first : List.of(Telling.STATEMENT, Telling.LISTED)) {
            Case one = Case.of(AccountPolicy.BOOKED_NOTICE);
            one.tell(one.plain(first));
            one.isBookedAs(InflowKind.OWN_TRANSFER, one.reference());
            one.tell(one.plain(Telling.NOTICE));
            assertThat(one.items("OURS-")).isEmpty();
            one.tell(one.returned(Telling.NOTICE));
            one.tell(one.returned(Telling.NOTICE));
            one.isBookedAs(InflowKind.OWN_TRANSFER, one.reference());
            assertThat(one.items("OURS-"))
                    .singleElement()
                    .asString()
                    .contains("12.00", one.reference(), "came back", "clearing.returns", "pay it at the bank");
        }
    }

    @Test
    void aListThatSaysThatAKnownCreditCameBackIsNotPassedOver() {
        Case one = Case.of(AccountPolicy.BOOKED_NOTICE);
        one.tell(one.plain(Telling.NOTICE));
        NoticeRecorder recorder = engine.bean(NoticeRecorder.class);
        assertThat(recorder.isKnown(one.account(), one.plain(Telling.LISTED))).isTrue();
        assertThat(recorder.isKnown(one.account(), one.returned(Telling.LISTED)))
                .isFalse();
    }

    @Test
    void whatCountedAsASaleAndIsToldToBeOursIsAPersons() {
        Case one = Case.of(AccountPolicy.BOOKED_NOTICE);
        one.tell(one.told(Telling.NOTICE, null, null));
        one.isBookedAs(InflowKind.SALE, null);
        one.tell(one.plain(Telling.STATEMENT));
        assertThat(one.items("OURS-"))
                .singleElement()
                .asString()
                .contains(one.reference(), "counted as somebody's payment", "Pay nothing on of it");
    }

    @Test
    void anOwnTransferThatArrivesElsewhereThanItWasSentIsToldAtOnce() {
        Case sweep = Case.of(AccountPolicy.BOOKED_NOTICE);
        sent(sweep, "SWEEP", "OWN-" + sweep.account().account());
        Case cameBack = Case.of(AccountPolicy.BOOKED_NOTICE);
        sent(cameBack, "RESIDUAL", "MERCHANT-1");
        Case sweepBack = Case.of(AccountPolicy.BOOKED_NOTICE);
        sent(sweepBack, "SWEEP", "OWN-TRUST-1");
        Case nobodys = Case.of(AccountPolicy.BOOKED_NOTICE);
        for (Case one : List.of(sweep, cameBack, sweepBack, nobodys)) {
            one.tell(one.plain(Telling.NOTICE));
            one.isBookedAs(InflowKind.OWN_TRANSFER, one.reference());
        }
        for (Map.Entry<Case, String> told : Map.of(
                        cameBack, "kind RESIDUAL to MERCHANT-1",
                        sweepBack, "kind SWEEP to OWN-TRUST-1",
                        nobodys, "no transfer of ours has this reference")
                .entrySet()) {
            Awaitility.await(told.getValue())
                    .untilAsserted(() -> assertThat(told.getKey().items("ARRIVED-"))
                            .singleElement()
                            .asString()
                            .contains(told.getValue(), told.getKey().reference()));
        }
        assertThat(sweep.items("ARRIVED-")).isEmpty();
    }

    private static void sent(Case one, String kind, String payee) {
        UUID order = Hashes.uuid("test-order", one.reference());
        db.sql(
                        "insert into payment_order (order_id, rail, account, bank, agreement_id, currency, day, rows, units, state,"
                                + " approval_hash, made_at) values (?, 'BANK', 'SHOP', 'meridian', 'AGR-1', 'EUR', ?, 1, 1200,"
                                + " 'SUBMITTED', '', now())")
                .params(order, today)
                .update();
        db.sql(
                        "insert into instruction (instruction_id, order_id, row_no, kind, agreement_id, payee_id, payee_hash, units,"
                                + " currency, end_to_end_id, state) values (?, ?, 0, ?, 'AGR-1', ?, ?, 1200, 'EUR', ?, 'ACSP')")
                .params(order, order, kind, payee, "0".repeat(64), one.reference())
                .update();
    }
}
