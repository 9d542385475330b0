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

    /** Understood, and of no consequence: kept, counted, not acted on. */
    record NothingToDo(String type) implements BankNotice {}
}
