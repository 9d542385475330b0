package io.sluice.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.ledger.LedgerEvent.JournalLine;
import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A journal that a person puts forward.
 *
 * @param reference the maker's own name for it, for ever unique
 * @param reason why, in words that another person can judge
 * @param documentHash SHA-256 of what proves it; null where nothing does
 */
public record ManualJournal(
        @JsonProperty(required = true) String reference,
        @JsonProperty(required = true) String template,
        @JsonProperty(required = true) LocalDate valueDate,
        @JsonProperty(required = true) String reason,
        @Nullable String documentHash,
        @JsonProperty(required = true) List<Line> lines) {

    /** Of an account. */
    public enum Side {
        DEBIT,
        CREDIT
    }

    /** @param agreementId null for an account that is not an agreement's */
    public record Line(
            @JsonProperty(required = true) String account,
            @JsonProperty(required = true) Side side,
            @Nullable String agreementId,
            @JsonProperty(required = true) Money amount) {

        JournalLine signed() {
            BigInteger units = amount.units();
            return new JournalLine(
                    account, agreementId, side == Side.DEBIT ? units : units.negate(), amount.currency());
        }
    }

    private static final int MOST_LINES = 100;
    private static final int LONGEST_REASON = 2_000;
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** @throws Rejection when it is no journal: unbalanced, in two currencies, with a zero, without a reason */
    public ManualJournal {
        lines = List.copyOf(lines);
        reason = reason.strip();
        expect(REFERENCE.matcher(reference).matches(), "reference", reference, "up to 64 letters, digits, . _ and -");
        expect(!reason.isEmpty(), "reason", "nothing", "the reason for it");
        expect(reason.length() <= LONGEST_REASON, "reason", reason.length() + " characters", "up to " + LONGEST_REASON);
        expect(
                lines.size() >= 2 && lines.size() <= MOST_LINES,
                "lines",
                String.valueOf(lines.size()),
                "2 to " + MOST_LINES);
        Set<String> currencies = new HashSet<>();
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < lines.size(); i++) {
            Money amount = lines.get(i).amount();
            expect(
                    amount.units().signum() > 0,
                    "lines[" + i + "].amount",
                    amount.toString(),
                    "more than zero: the side says which way");
            currencies.add(amount.currency());
            sum = sum.add(lines.get(i).signed().units());
        }
        if (currencies.size() > 1) {
            throw new Rejection("journal-currency", "lines: found " + currencies + ", expected one currency");
        }
        if (sum.signum() != 0) {
            throw new Rejection(
                    "journal-unbalanced",
                    "lines: found debits less credits of " + Money.of(sum, currencyOf(lines)) + ", expected zero");
        }
    }

    private static void expect(boolean holds, String field, String found, String expected) {
        if (!holds) {
            throw new Rejection("journal-invalid", field + ": found " + found + ", expected " + expected);
        }
    }

    private static String currencyOf(List<Line> lines) {
        return lines.getFirst().amount().currency();
    }

    String currency() {
        return currencyOf(lines);
    }

    /** All debits. */
    Money total() {
        return Money.of(
                lines.stream()
                        .filter(line -> line.side() == Side.DEBIT)
                        .map(line -> line.amount().units())
                        .reduce(BigInteger.ZERO, BigInteger::add),
                currency());
    }

    /** One line of text for the work list. */
    String summary() {
        return "Journal " + reference + " (" + template + ") of " + total() + ", value " + valueDate + ": "
                + sides(Side.DEBIT) + "; " + sides(Side.CREDIT);
    }

    private String sides(Side side) {
        List<String> accounts = lines.stream()
                .filter(line -> line.side() == side)
                .map(line -> line.account() + (line.agreementId() == null ? "" : " of " + line.agreementId()))
                .distinct()
                .toList();
        return side.name().toLowerCase(Locale.ROOT) + " " + accounts.getFirst()
                + (accounts.size() > 1 ? " and " + (accounts.size() - 1) + " more" : "");
    }
}
