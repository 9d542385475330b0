package io.sluice.ledger;

import io.sluice.ledger.LedgerEvent.JournalLine;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be asked of the books. */
sealed interface LedgerCommand {

    record OpenBooks(@TargetAggregateIdentifier String ledger) implements LedgerCommand {}

    /** Closes all days up to this one that are not closed; asking for closed ones changes nothing. */
    record ClosePeriod(@TargetAggregateIdentifier String ledger, LocalDate lastDay, String approvalHash)
            implements LedgerCommand {}

    /** Posts what two people agreed on, unless its day is closed. */
    record PostJournal(
            @TargetAggregateIdentifier String ledger,
            UUID journalId,
            String template,
            LocalDate valueDate,
            List<JournalLine> lines,
            String contentHash,
            @Nullable String documentHash)
            implements LedgerCommand {}
}
