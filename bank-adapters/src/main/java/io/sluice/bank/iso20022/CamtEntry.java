package io.sluice.bank.iso20022;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.UnreadableMessage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One Ntry as the bank wrote it. What could not be read is null and has a finding; such an entry does not become a {@link BankEntry}.
 *
 * @param number position in its report, from 1
 * @param line of the file where it begins
 * @param amount unsigned, in {@code currency}
 * @param statusCode BOOK, PDNG, FUTR, INFO or the bank's own; empty where there is none
 * @param declaredTransactions Btch/NbOfTxs as written
 */
public record CamtEntry(
        int number,
        int line,
        @Nullable BigDecimal amount,
        @Nullable String currency,
        @Nullable Direction direction,
        String statusCode,
        boolean reversal,
        @Nullable LocalDate bookingDate,
        @Nullable LocalDate valueDate,
        @Nullable String entryReference,
        @Nullable String accountServicerReference,
        @Nullable String transactionCode,
        @Nullable String additionalInformation,
        @Nullable String declaredTransactions,
        List<CamtTransaction> transactions,
        List<Finding> findings) {

    public CamtEntry {
        transactions = List.copyOf(transactions);
        findings = List.copyOf(findings);
    }

    /** The status as the engine knows it; a missing one is the dialect's to supply. */
    public EntryStatus status(CamtMessage.Kind kind, CamtDialect dialect) {
        return switch (statusCode) {
            case "BOOK" -> EntryStatus.BOOKED;
            case "PDNG" -> EntryStatus.PENDING;
            case "FUTR" -> EntryStatus.FUTURE;
            case "INFO" -> EntryStatus.INFORMATION;
            case "" ->
                kind == CamtMessage.Kind.STATEMENT && dialect.statementEntriesAreBooked()
                        ? EntryStatus.BOOKED
                        : EntryStatus.UNKNOWN;
            default -> EntryStatus.UNKNOWN;
        };
    }

    /** The amount with its sign: what the entry adds to the account. Null when amount or direction could not be read. */
    public @Nullable BigDecimal signedAmount() {
        return amount == null || direction == null ? null : signed(amount, direction);
    }

    /**
     * The entry as it crosses the port. With one transaction its references and parties are the entry's; with several the entry stands
     * for the batch and has none.
     *
     * @throws UnreadableMessage with the finding's code, when a finding holds the entry or the account is not known
     */
    public BankEntry toBankEntry(CamtHeader header, CamtDialect dialect) {
        refuseWhatIsHeld();
        return entry(
                header,
                dialect,
                transactions.size() == 1 ? transactions.getFirst() : null,
                Objects.requireNonNull(amount),
                Objects.requireNonNull(direction));
    }

    /**
     * The transactions as entries of their own, each with its own amount and direction, when every one has an amount and they sum to the
     * entry; else empty. An entry without transactions, or with one, is not split.
     *
     * @throws UnreadableMessage as {@link #toBankEntry}
     */
    public List<BankEntry> split(CamtHeader header, CamtDialect dialect) {
        refuseWhatIsHeld();
        if (transactions.size() < 2 || !sumsToEntry()) {
            return List.of();
        }
        List<BankEntry> parts = new ArrayList<>(transactions.size());
        for (CamtTransaction transaction : transactions) {
            Direction side = transaction.direction() == null ? direction : transaction.direction();
            parts.add(entry(
                    header,
                    dialect,
                    transaction,
                    Objects.requireNonNull(transaction.amount()),
                    Objects.requireNonNull(side)));
        }
        return List.copyOf(parts);
    }

    /** Whether all transactions have amounts in the entry's currency that sum, with their signs, to the entry's. */
    boolean sumsToEntry() {
        BigDecimal expected = signedAmount();
        if (expected == null || !amountsComparable()) {
            return false;
        }
        return transactionSum().compareTo(expected) == 0;
    }

    /** Whether every transaction has an amount in the entry's currency, so that a sum means something. */
    boolean amountsComparable() {
        return !transactions.isEmpty()
                && direction != null
                && transactions.stream()
                        .allMatch(transaction -> transaction.amount() != null
                                && transaction.currency() != null
                                && transaction.currency().equals(currency));
    }

    BigDecimal transactionSum() {
        BigDecimal sum = BigDecimal.ZERO;
        for (CamtTransaction transaction : transactions) {
            Direction side = transaction.direction() == null ? direction : transaction.direction();
            sum = sum.add(signed(Objects.requireNonNull(transaction.amount()), Objects.requireNonNull(side)));
        }
        return sum;
    }

    private void refuseWhatIsHeld() {
        for (Finding finding : findings) {
            if (finding.effect() != Finding.Effect.NOTED) {
                throw new UnreadableMessage(finding.code(), finding.sentence());
            }
        }
    }

    private BankEntry entry(
            CamtHeader header,
            CamtDialect dialect,
            @Nullable CamtTransaction details,
            BigDecimal part,
            Direction side) {
        String account = header.account();
        if (account == null) {
            throw new UnreadableMessage("no-account", "Report " + header.id() + " names no account");
        }
        // The parties of a reversal or return stand as in the payment that it undoes.
        boolean undoes = reversal || (details != null && details.returnReason() != null);
        boolean payerIsOther = (side == Direction.CREDIT) != undoes;
        return new BankEntry(
                account,
                Objects.requireNonNull(currency),
                part,
                side,
                status(header.message().kind(), dialect),
                reversal,
                bookingDate == null ? suppliedBookingDate(header, dialect) : bookingDate,
                valueDate,
                details == null ? null : details.transactionId(),
                accountServicerReference != null || details == null
                        ? accountServicerReference
                        : details.accountServicerReference(),
                entryReference,
                details == null ? null : details.endToEndId(),
                details == null ? null : payerIsOther ? details.debtorName() : details.creditorName(),
                details == null ? null : payerIsOther ? details.debtorAccount() : details.creditorAccount(),
                remittance(details),
                details == null ? null : details.returnReason(),
                details == null || details.transactionCode() == null ? transactionCode : details.transactionCode());
    }

    private @Nullable LocalDate suppliedBookingDate(CamtHeader header, CamtDialect dialect) {
        return header.message().kind() == CamtMessage.Kind.STATEMENT && dialect.closingDayIsBookingDay()
                ? header.closingDay().orElse(null)
                : null;
    }

    private @Nullable String remittance(@Nullable CamtTransaction details) {
        if (details == null) {
            return additionalInformation;
        }
        if (details.remittance() != null) {
            return details.remittance();
        }
        return details.structuredReference() == null ? additionalInformation : details.structuredReference();
    }

    private static BigDecimal signed(BigDecimal amount, Direction direction) {
        return direction == Direction.CREDIT ? amount : amount.negate();
    }
}
