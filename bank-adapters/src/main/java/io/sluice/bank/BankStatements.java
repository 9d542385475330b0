package io.sluice.bank;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** What a bank shows of our accounts. Every call throws {@link BankFailure} when the bank cannot be reached or understood. */
public interface BankStatements {

    /** Statements made after the one named (all, for an empty id), oldest first, at most 500. */
    List<Available> after(String statementId);

    /** The statement as the bank wrote it: camt.053 bytes. */
    byte[] fetch(String statementId);

    List<Balance> balances();

    record Available(String statementId, String account, LocalDate day) {}

    /** Booked balance in the currency's main unit; negative when overdrawn. */
    record Balance(String account, String currency, BigDecimal booked) {}
}
