package io.sluice.console;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What others say that we hold, beside what the ledger says.
 *
 * @param coverage per agreement and currency, what holders are owed and what is held for them
 * @param clearing accounts that have to return to zero and are not there, the oldest first
 * @param trouble why the chain could not be read; absent when it could
 */
record Sheet(
        List<Total> bank,
        List<Account> accounts,
        List<Coin> chain,
        List<Covered> coverage,
        List<Open> clearing,
        @Nullable String trouble) {

    /** What holders are owed in one agreement and currency, and what is held for them. */
    record Covered(String agreementId, Amount owed, Amount held) {

        public Amount difference() {
            return held.minus(owed);
        }
    }

    /** A clearing account at other than zero. */
    record Open(String account, @Nullable String agreementId, Amount balance, LocalDate since, boolean overdue) {}

    /**
     * All accounts in one currency that have a statement.
     *
     * @param statement what their newest statements close at
     * @param ledger what the ledger held at the ends of those statements' days
     * @param since what the ledger booked after them
     * @param without accounts that have no statement yet
     */
    record Total(
            String currency,
            @Nullable LocalDate oldest,
            @Nullable LocalDate newest,
            Amount statement,
            Amount ledger,
            Amount since,
            int without) {

        public Amount difference() {
            return statement.minus(ledger);
        }

        public Amount now() {
            return ledger.plus(since);
        }
    }

    /** One account at a bank; {@code statement} is absent before the first statement. */
    record Account(
            String account,
            String kind,
            String name,
            @Nullable LocalDate day,
            @Nullable Amount statement,
            Amount ledger,
            Amount since) {

        public String maskedAccount() {
            return Way.mask(account);
        }

        public @Nullable Amount difference() {
            return statement == null ? null : statement.minus(ledger);
        }
    }

    /** A stablecoin at the payouts contract: what the final block says, and what the ledger says; {@code onChain} is absent when unread. */
    record Coin(String currency, @Nullable Amount onChain, Amount ledger) {

        public @Nullable Amount difference() {
            return onChain == null ? null : onChain.minus(ledger);
        }
    }

    /** How many accounts and coins differ; by account, since two of one currency may differ and their total not. */
    public long differences() {
        return Stream.concat(
                        accounts.stream().map(Account::difference),
                        chain.stream().map(Coin::difference))
                .filter(difference -> difference != null && !difference.zero())
                .count();
    }
}
