package io.sluice.ledger;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.sluice.ledger.LedgerCommand.ClosePeriod;
import io.sluice.ledger.LedgerCommand.OpenBooks;
import io.sluice.ledger.LedgerCommand.PostJournal;
import io.sluice.ledger.LedgerEvent.BooksOpened;
import io.sluice.ledger.LedgerEvent.JournalPosted;
import io.sluice.ledger.LedgerEvent.PeriodClosed;
import io.sluice.platform.Rejection;
import java.time.LocalDate;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * The days that are still open. A period ends on whatever day people close it with, and is never opened again; only what people post by
 * hand is refused for a day that is closed.
 */
@Aggregate(cache = "aggregateCache", type = "Period")
class Period {

    /** The one ledger that there is. */
    static final String LEDGER = "LEDGER";

    @AggregateIdentifier
    private @Nullable String ledger;

    private @Nullable LocalDate closedThrough;

    Period() {} // for Axon

    @CommandHandler
    Period(OpenBooks command) {
        apply(new BooksOpened(command.ledger()));
    }

    @CommandHandler
    void decide(ClosePeriod command) {
        LocalDate closed = closedThrough;
        if (closed == null || command.lastDay().isAfter(closed)) {
            apply(new PeriodClosed(
                    command.ledger(),
                    closed == null ? null : closed.plusDays(1),
                    command.lastDay(),
                    command.approvalHash()));
        }
    }

    @CommandHandler
    void decide(PostJournal command) {
        LocalDate closed = closedThrough;
        if (closed != null && !command.valueDate().isAfter(closed)) {
            throw new Rejection(
                    "period-closed",
                    "valueDate: found " + command.valueDate() + ", expected a day after " + closed
                            + ", which is closed");
        }
        apply(new JournalPosted(
                command.ledger(),
                command.journalId(),
                command.template(),
                command.valueDate(),
                command.lines(),
                command.contentHash(),
                command.documentHash()));
    }

    @EventSourcingHandler
    void evolve(BooksOpened event) {
        ledger = event.ledger();
    }

    @EventSourcingHandler
    void evolve(PeriodClosed event) {
        closedThrough = event.lastDay();
    }
}
