package io.sluice.ledger;

import io.sluice.ledger.Balances.Balance;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.LaneCatchUp;
import io.sluice.platform.Rejection;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.routing.RoutingCommand.BeginRunOff;
import io.sluice.routing.RoutingCommand.CloseAgreement;
import io.sluice.routing.RoutingCommand.ReleaseHeld;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How an agreement ends: it runs off while refunds may still come, what is held is released, and it closes once every balance of it is
 * zero. Each step is asked for by one person and approved by another.
 */
@Component
class AgreementEnds implements WorkList.Approvable {

    /** A step; what is on the work list names it. */
    enum Step {
        RUN_OFF,
        RELEASE,
        CLOSE
    }

    /** What was put on the work list. */
    record Asked(String agreementId, String itemId, String hash) {}

    private static final String ITEM = "END-";
    private static final int MOST_DAYS = 3_650;

    /** A person waits for the answer. */
    private static final Duration BOOKS_WITHIN = Duration.ofSeconds(10);

    private final JdbcClient db;
    private final EventStore events;
    private final Agreements agreements;
    private final Balances balances;
    private final LaneCatchUp books;
    private final Commands commands;
    private final WorkList work;
    private final BusinessClock clock;

    AgreementEnds(
            JdbcClient db,
            EventStore events,
            Agreements agreements,
            Balances balances,
            LaneCatchUp books,
            Commands commands,
            WorkList work,
            BusinessClock clock) {
        this.db = db;
        this.events = events;
        this.agreements = agreements;
        this.balances = balances;
        this.books = books;
        this.commands = commands;
        this.work = work;
        this.clock = clock;
    }

    /**
     * Puts a step on the work list; asking for it again the same day changes nothing.
     *
     * @param days of the run-off, from today; of no meaning for the other steps
     * @throws Rejection {@code no-such-agreement}, {@code run-off-invalid}; for closing {@code agreement-open} while a balance is not zero,
     *     {@code books-behind} while the balances may be older than what has happened
     */
    Asked ask(String agreementId, Step step, int days, String by) {
        if (agreements.find(agreementId).isEmpty()) {
            throw new Rejection("no-such-agreement", "There is no agreement " + agreementId);
        }
        if (step == Step.RUN_OFF && (days < 1 || days > MOST_DAYS)) {
            throw new Rejection("run-off-invalid", "days: found " + days + ", expected 1 to " + MOST_DAYS);
        }
        LocalDate today = clock.today();
        LocalDate until = today.plusDays(days);
        if (step == Step.CLOSE) {
            everythingIsZero(agreementId);
        }
        String content = String.join("\n", agreementId, step.name(), today.toString(), until.toString());
        String hash = Hashes.sha256(content);
        String itemId = ITEM + step + "-" + hash;
        work.open(
                itemId,
                kind(),
                hash,
                switch (step) {
                    case RUN_OFF -> "Let " + agreementId + " run off until " + until + ": refunds may come until then";
                    case RELEASE -> "Release all that is held on the accounts of " + agreementId;
                    case CLOSE -> "Close " + agreementId + ": every balance is zero";
                },
                by);
        db.sql("insert into agreement_end (hash, agreement_id, step, until, asked_by) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing")
                .params(hash, agreementId, step.name(), until, by)
                .update();
        return new Asked(agreementId, itemId, hash);
    }

    /** @return how many events the agreement had before the books were looked at */
    private long everythingIsZero(String agreementId) {
        long asOfEvents = events.lastSequenceNumberFor(agreementId).orElse(-1L) + 1;
        books.await(BOOKS_WITHIN);
        List<String> open = balances.all().stream()
                .filter(balance -> balance.agreementId().equals(agreementId)
                        && balance.units().signum() != 0)
                .map(AgreementEnds::words)
                .toList();
        if (!open.isEmpty()) {
            throw new Rejection("agreement-open", "Not zero: " + String.join(", ", open));
        }
        long waiting = db.sql("select count(*) from routing_queue q join store s on s.collection_account = q.account"
                        + " where s.agreement_id = ?")
                .param(agreementId)
                .query(Long.class)
                .single();
        if (waiting > 0) {
            throw new Rejection("agreement-open", waiting + " inflows of " + agreementId + " wait to be divided");
        }
        return asOfEvents;
    }

    private static String words(Balance balance) {
        return balance.account() + " " + balance.money();
    }

    @Override
    public String kind() {
        return "AGREEMENT_END";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        record Row(String agreementId, String step, LocalDate until, String askedBy) {}
        Row row = db.sql("select agreement_id, step, until, asked_by from agreement_end where hash = ?")
                .param(hash)
                .query(Row.class)
                .single();
        LocalDate today = clock.today();
        switch (Step.valueOf(row.step())) {
            case RUN_OFF ->
                commands.send(new BeginRunOff(row.agreementId(), today, row.until(), row.askedBy(), approver));
            case RELEASE -> commands.send(new ReleaseHeld(row.agreementId(), today, row.askedBy(), approver));
            case CLOSE -> {
                long asOfEvents = everythingIsZero(row.agreementId());
                commands.send(new CloseAgreement(row.agreementId(), asOfEvents, today, row.askedBy(), approver));
            }
        }
        db.sql("select hash from agreement_end where agreement_id = ? and step = ? and hash <> ?")
                .params(row.agreementId(), row.step(), hash)
                .query(String.class)
                .list()
                .forEach(other -> work.withdraw(ITEM + row.step() + "-" + other)); // of other days, for the same
    }
}
