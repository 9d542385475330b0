package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.EntryStatus;
import io.sluice.money.Money;
import io.sluice.platform.Hashes;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One credit, as one source told of it.
 *
 * @param line its place in the source, from 0
 * @param statementDay the day of the statement that it stands on; null for a webhook
 */
record Sighting(
        BankEntry entry,
        long units,
        int line,
        String source,
        String evidenceSha256,
        @Nullable LocalDate statementDay) {

    /** @throws IllegalArgumentException when the amount has more decimals than its currency, or there is no such currency */
    static Sighting of(
            BankEntry entry, int line, String source, String evidenceSha256, @Nullable LocalDate statementDay) {
        return new Sighting(
                entry, Money.unitsOf(entry.amount(), entry.currency()), line, source, evidenceSha256, statementDay);
    }

    boolean isMoney() {
        return entry.status() == EntryStatus.BOOKED && units > 0;
    }

    /** The value date that binds: the bank's, else the booking date, else the statement's day. */
    LocalDate valueDate(LocalDate otherwise) {
        if (entry.valueDate() != null) {
            return entry.valueDate();
        }
        if (entry.bookingDate() != null) {
            return entry.bookingDate();
        }
        return statementDay != null ? statementDay : otherwise;
    }

    String valueDateSource() {
        return entry.valueDate() != null ? "VALUE" : entry.bookingDate() != null ? "BOOKING" : "STATEMENT";
    }

    /** The bank's own id of the movement: decides alone where it is there. */
    @Nullable
    String movementKey() {
        return entry.bankTransactionId() == null ? null : scoped(entry.bankTransactionId());
    }

    /**
     * The reference that weaker sources share, with everything that must agree; one value may cover several credits, so it is counted:
     * the n-th equal key is the n-th inflow.
     */
    String referenceKey() {
        if (entry.accountServicerReference() != null) {
            return scoped("A:" + entry.accountServicerReference());
        }
        if (entry.endToEndId() != null) {
            return scoped("E:" + entry.endToEndId() + "|" + entry.counterpartyAccount());
        }
        return scoped("S:" + entry.valueDate() + "|" + entry.bookingDate() + "|" + entry.counterpartyAccount() + "|"
                + entry.remittance());
    }

    private String scoped(String reference) {
        return Hashes.sha256(entry.direction() + "|" + units + "|" + entry.currency() + "|" + reference);
    }
}
