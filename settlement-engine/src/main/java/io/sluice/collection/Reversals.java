package io.sluice.collection;

import io.sluice.bank.Direction;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.ReverseInflow;
import io.sluice.collection.InflowIdentity.Kind;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.policies.ReleaseFreezes;
import io.sluice.policies.WorkList;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Credits that a bank takes back. A reversal is recognised by the references of its credit, whole and in the credit's currency; it is
 * recorded once, as a compensation linked to the original, whether or not the money was paid on; and nothing more leaves the account until
 * somebody has looked. One that is told before its credit waits for it; so does one of another amount than its credit, which nothing joins
 * and a person is told of the day after. All in the caller's transaction.
 */
@Component
class Reversals {

    private final JdbcClient db;
    private final Commands commands;
    private final ReleaseFreezes freezes;
    private final WorkList work;
    private final BusinessClock clock;
    private final Announcements announcements;

    Reversals(
            JdbcClient db,
            Commands commands,
            ReleaseFreezes freezes,
            WorkList work,
            BusinessClock clock,
            Announcements announcements) {
        this.announcements = announcements;
        this.db = db;
        this.commands = commands;
        this.freezes = freezes;
        this.work = work;
        this.clock = clock;
    }

    static boolean isReversal(Sighting sighting) {
        return sighting.entry().direction() == Direction.DEBIT
                && sighting.entry().reversal()
                && sighting.isMoney();
    }

    void record(BankAccount account, Sighting reversal) {
        List<String> keys = Stream.of(
                        reversal.keyOfCredit(Kind.MOVEMENT),
                        reversal.earlyMovement(),
                        reversal.keyOfCredit(Kind.SERVICER))
                .flatMap(Stream::ofNullable)
                .toList();
        db.sql(
                        "insert into waiting_reversal (evidence_sha256, line_no, account, keys, units, currency, value_date, told_on)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        reversal.evidenceSha256(),
                        reversal.line(),
                        account.account(),
                        keys.toArray(String[]::new),
                        reversal.units(),
                        reversal.entry().currency(),
                        reversal.valueDate(clock.today()),
                        clock.today())
                .update();
    }

    private record Waiting(String evidenceSha256, int line, long units, String currency, LocalDate valueDate) {}

    /** Joins the reversals that wait with the credits that are known by now. */
    void join(BankAccount account) {
        for (Waiting waiting : waiting(account)) {
            List<UUID> credits = creditsOf(account, waiting);
            if (credits.size() == 1 && announcements.isWaiting(credits.getFirst())) {
                awaitCounting(account, waiting, credits.getFirst());
            } else if (credits.size() == 1) {
                reverse(account, waiting, credits.getFirst());
                state(waiting, "DONE");
            } else {
                freeze(account, waiting);
            }
            if (credits.size() > 1) {
                tell(account, waiting, "which may be of any of " + credits.size() + " credits");
            }
        }
    }

    private List<Waiting> waiting(BankAccount account) {
        return db.sql("select evidence_sha256, line_no as line, units, currency, value_date from waiting_reversal"
                        + " where account = ? and state = 'WAITING' order by evidence_sha256, line_no")
                .param(account.account())
                .query(Waiting.class)
                .list();
    }

    private List<UUID> creditsOf(BankAccount account, Waiting waiting) {
        return db.sql("""
                        select distinct k.inflow_id from waiting_reversal w, unnest(w.keys) t(text)
                        join inflow_key k on k.account = :account and k.kind in ('MOVEMENT', 'EARLY_MOVEMENT', 'SERVICER')
                            and k.key > t.text collate "C" || '#' and k.key < t.text collate "C" || '$'
                        where w.evidence_sha256 = :evidence and w.line_no = :line
                        """)
                .param("account", account.account())
                .param("evidence", waiting.evidenceSha256())
                .param("line", waiting.line())
                .query(UUID.class)
                .list();
    }

    /** Nothing was divided or paid of what did not count: it lapses, and is reversed only should it be booked after all. */
    private void awaitCounting(BankAccount account, Waiting waiting, UUID inflowId) {
        announcements.lapse(account.account(), inflowId, "the bank took it back before it counted");
        db.sql("update waiting_reversal set inflow_id = ? where evidence_sha256 = ? and line_no = ?")
                .params(inflowId, waiting.evidenceSha256(), waiting.line())
                .update();
    }

    private void reverse(BankAccount account, Waiting waiting, UUID inflowId) {
        // The line of a statement that tells it is known for what it is, however often it is told.
        db.sql("insert into sighting (inflow_id, evidence_sha256, line_no, source) values (?, ?, ?, 'reversal')"
                        + " on conflict do nothing")
                .params(inflowId, waiting.evidenceSha256(), waiting.line())
                .update();
        int first = db.sql("insert into inflow_reversal (inflow_id, account, evidence_sha256, line_no)"
                        + " values (?, ?, ?, ?) on conflict do nothing")
                .params(inflowId, account.account(), waiting.evidenceSha256(), waiting.line())
                .update();
        if (first == 1) {
            commands.send(new ReverseInflow(
                    account.account(),
                    inflowId,
                    waiting.units(),
                    waiting.currency(),
                    waiting.valueDate(),
                    waiting.evidenceSha256()));
            freeze(account, waiting);
        }
    }

    /** At once, also while the credit is not known: then it may have been paid on under other references, or be taken back in part. */
    private void freeze(BankAccount account, Waiting waiting) {
        freezes.freeze(
                account.account(),
                "reversal:" + waiting.evidenceSha256() + "#" + waiting.line(),
                "the bank took back " + Money.of(waiting.units(), waiting.currency())
                        + ", which may have been paid on: look who bears it");
    }

    /** Those that were told on an earlier business day and still have no credit are a person's from now on. */
    void tellOverdue(BankAccount account) {
        LocalDate today = clock.today();
        db.sql("select evidence_sha256, line_no as line, units, currency, value_date from waiting_reversal"
                        + " where account = ? and state = 'WAITING' and inflow_id is null and told_on < ?")
                .params(account.account(), today)
                .query(Waiting.class)
                .list()
                .forEach(waiting -> tell(account, waiting, "and no credit of that amount is known"));
    }

    private void tell(BankAccount account, Waiting waiting, String what) {
        state(waiting, "TOLD");
        work.open(
                "REVERSAL-" + waiting.evidenceSha256().substring(0, 16) + "-" + waiting.line(),
                "PARKED",
                waiting.evidenceSha256(),
                "The bank took back " + Money.of(waiting.units(), waiting.currency()) + " from "
                        + DeliveredNotices.masked(account.account()) + ", " + what
                        + ". Find it in the bank's statement. If it is a part of a credit, nothing of that credit was"
                        + " given up here: agree with the bank and the store who bears the part before anything is"
                        + " approved again from the account, whose releases are frozen until the item of the freeze is"
                        + " approved. If it is of a credit that is not here, take in the file that tells of it",
                "engine");
    }

    private void state(Waiting waiting, String state) {
        db.sql("update waiting_reversal set state = ? where evidence_sha256 = ? and line_no = ?")
                .params(state, waiting.evidenceSha256(), waiting.line())
                .update();
    }
}
