package io.sluice.bank;

import java.time.LocalDate;

/** What one delivery of a bank says, after it was verified and kept. */
public sealed interface BankNotice {

    /** A movement on an account. */
    record EntryNotice(BankEntry entry) implements BankNotice {}

    /** A statement can be fetched. */
    record StatementAvailable(String statementId, String account, LocalDate day) implements BankNotice {}

    /** A transfer that we ordered came further. A hint only: settled means a booked statement entry. */
    record TransferProgress(TransferStatus status) implements BankNotice {}

    /** Something changed at the bank, and the event does not say what: {@link BankAdapter#fetch} does. */
    record ToFetch(String type, String id) implements BankNotice {}

    /**
     * Something that the engine must not decide, such as a request to give a payment back.
     *
     * @param reference the bank's id of the payment that it is about
     * @param detail in words and the bank's codes
     */
    record ForAPerson(String type, String reference, String detail) implements BankNotice {}

    /** Understood, and of no consequence: kept, counted, not acted on. */
    record NothingToDo(String type) implements BankNotice {}
}
