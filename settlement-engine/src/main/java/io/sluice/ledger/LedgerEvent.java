package io.sluice.ledger;

import io.sluice.platform.StoredEvent;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can have happened to the books by a decision, beside what they fold of others' events. */
public sealed interface LedgerEvent extends StoredEvent {

    /** The books that periods belong to began. */
    record BooksOpened(String ledger) implements LedgerEvent {}

    /**
     * Nothing is booked on these days any more.
     *
     * @param firstDay the day after the period before; null for the first period, which has all that was before
     * @param approvalHash of what two people agreed on
     */
    record PeriodClosed(String ledger, @Nullable LocalDate firstDay, LocalDate lastDay, String approvalHash)
            implements LedgerEvent {}

    /** A journal that people posted by hand. Its reason and its document are kept under their hashes. */
    record JournalPosted(
            String ledger,
            UUID journalId,
            String template,
            LocalDate valueDate,
            List<JournalLine> lines,
            String contentHash,
            @Nullable String documentHash)
            implements LedgerEvent {
        public JournalPosted {
            lines = List.copyOf(lines);
        }
    }

    /** @param units minor units; a debit is positive, a credit negative */
    record JournalLine(String account, @Nullable String agreementId, BigInteger units, String currency) {}
}
