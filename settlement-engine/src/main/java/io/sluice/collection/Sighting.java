package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.collection.InflowIdentity.Kind;
import io.sluice.money.Money;
import io.sluice.platform.Hashes;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One credit, as one source told of it.
 *
 * @param line its place in the source, from 0
 * @param reportDay the last day of the report that it stands on; null for a webhook
 * @param daily whether that report is a daily statement, which lists each of its day's credits once
 * @param listed whether it stands in the bank's own list of movements, for which it was asked
 */
record Sighting(
        BankEntry entry,
        long units,
        int line,
        String source,
        String evidenceSha256,
        @Nullable LocalDate reportDay,
        boolean daily,
        boolean listed) {

    /**
     * @throws IllegalArgumentException when the amount has more decimals than its currency, is larger than can be true, or there is no
     *     such currency
     */
    static Sighting of(
            BankEntry entry,
            int line,
            String source,
            String evidenceSha256,
            @Nullable LocalDate reportDay,
            boolean daily) {
        long units = Money.unitsOf(entry.amount(), entry.currency());
        if (units > Money.LARGEST) {
            throw new IllegalArgumentException("An amount is at most " + Money.of(Money.LARGEST, entry.currency())
                    + ", was " + Money.of(units, entry.currency()));
        }
        return new Sighting(entry, units, line, source, evidenceSha256, reportDay, daily, false);
    }

    /** The same, from the bank's own list of movements. */
    Sighting asListed() {
        return new Sighting(entry, units, line, source, evidenceSha256, reportDay, daily, true);
    }

    /** The day of the daily statement that lists it as booked; null for every other source. */
    @Nullable
    LocalDate statementDay() {
        return daily && entry.status() == EntryStatus.BOOKED ? reportDay : null;
    }

    /** The value date that an inflow is known by from now on; none of what is pending, which may be booked on another day. */
    @Nullable
    LocalDate knownValueDate() {
        return entry.status() == EntryStatus.BOOKED ? entry.valueDate() : null;
    }

    /** Whether it is a credit that is, or is expected to be, money. */
    boolean isCredit() {
        return entry.direction() == Direction.CREDIT
                && units > 0
                && (isMoney() || (entry.status() == EntryStatus.PENDING && !entry.reversal()));
    }

    boolean isMoney() {
        return entry.status() == EntryStatus.BOOKED && units > 0;
    }

    /** The value date that binds: the bank's, else the booking date, else the report's day. */
    LocalDate valueDate(LocalDate otherwise) {
        if (entry.valueDate() != null) {
            return entry.valueDate();
        }
        if (entry.bookingDate() != null) {
            return entry.bookingDate();
        }
        return reportDay != null ? reportDay : otherwise;
    }

    String valueDateSource() {
        return entry.valueDate() != null ? "VALUE" : entry.bookingDate() != null ? "BOOKING" : "STATEMENT";
    }

    /** A reference, hashed with everything that must agree with it; null where the source gives none of the kind. */
    @Nullable
    String key(Kind kind) {
        return switch (kind) {
            case MOVEMENT -> movement(entry.direction());
            case SERVICER -> scoped(entry.accountServicerReference());
            case END_TO_END -> scoped(entry.endToEndId());
            case LOOKS ->
                scoped((entry.valueDate() != null ? entry.valueDate() : entry.bookingDate()) + "|"
                        + entry.counterpartyAccount() + "|" + entry.remittance());
        };
    }

    /** The same of a credit which this, a debit, takes back. */
    @Nullable
    String keyOfCredit(Kind kind) {
        return switch (kind) {
            case MOVEMENT -> movement(Direction.CREDIT);
            case SERVICER -> scoped(Direction.CREDIT, entry.accountServicerReference());
            case END_TO_END, LOOKS -> null; // too weak to take money back by
        };
    }

    /** The movement id as books from before hold it: with the amount inside of the hash. */
    @Nullable
    String earlyMovement() {
        return scoped(Direction.CREDIT, entry.bankTransactionId());
    }

    /** The amount stands behind the hash, so that one movement under another amount is found. */
    private @Nullable String movement(Direction direction) {
        String id = entry.bankTransactionId();
        return id == null
                ? null
                : Hashes.sha256(direction + "|" + entry.currency() + "|" + id) + InflowIdentity.AMOUNT + units;
    }

    /** How many references it gives. */
    int keys() {
        return (entry.bankTransactionId() != null ? 1 : 0)
                + (entry.accountServicerReference() != null ? 1 : 0)
                + (entry.endToEndId() != null ? 1 : 0);
    }

    private @Nullable String scoped(@Nullable String reference) {
        return scoped(entry.direction(), reference);
    }

    private @Nullable String scoped(Direction direction, @Nullable String reference) {
        return reference == null
                ? null
                : Hashes.sha256(direction + "|" + units + "|" + entry.currency() + "|" + reference);
    }
}
