package io.sluice.bank;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** What a bank shows of our accounts. Every call throws {@link BankFailure} when the bank cannot be reached or understood. */
public interface BankStatements {

    /** Of a bank that shows none by its API: its statements come as files, or there are its {@link BankTransactions}. */
    BankStatements NONE = new BankStatements() {
        @Override
        public List<Available> after(String statementId) {
            return List.of();
        }

        @Override
        public byte[] fetch(String statementId) {
            throw new BankFailure("This bank has no statements to fetch");
        }

        @Override
        public List<Balance> balances() {
            return List.of();
        }
    };

    /** Statements made after the one named (all, for an empty id), oldest first, at most 500. */
    List<Available> after(String statementId);

    /**
     * The statement as the bank wrote it: camt.053 bytes.
     *
     * @throws UnreadableMessage when it never can be had, such as one that is too large
     */
    byte[] fetch(String statementId);

    List<Balance> balances();

    record Available(String statementId, String account, LocalDate day) {}

    /** Booked balance in the currency's main unit; negative when overdrawn. */
    record Balance(String account, String currency, BigDecimal booked) {}
}
