package io.sluice.bank;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One movement on one account, as a bank told it: an Ntry of a camt message or a transaction of a webhook.
 *
 * @param account IBAN, or the bank's own account identification
 * @param currency ISO 4217 code of {@code amount}
 * @param amount unsigned, in the currency's main unit, exactly as many decimals as the bank wrote
 * @param reversal whether the bank says that this undoes an earlier entry (RvslInd)
 * @param bankTransactionId the bank's id of the movement, equal in every message that tells of it, where the bank has such a thing;
 *     for a reversal without an id of its own that of the movement which it undoes, told apart by {@code direction}
 * @param accountServicerReference AcctSvcrRef; in real files one value can cover different credits
 * @param entryReference NtryRef; unique only where the bank's profile says so
 * @param endToEndId the payer's reference, for a debit ours; "NOTPROVIDED" is read as none
 * @param returnReason ISO external return reason code when this entry brings back a payment that could not be delivered
 * @param transactionCode domain/family/sub-family or the bank's own code, for classification
 */
public record BankEntry(
        String account,
        String currency,
        BigDecimal amount,
        Direction direction,
        EntryStatus status,
        boolean reversal,
        @Nullable LocalDate bookingDate,
        @Nullable LocalDate valueDate,
        @Nullable String bankTransactionId,
        @Nullable String accountServicerReference,
        @Nullable String entryReference,
        @Nullable String endToEndId,
        @Nullable String counterpartyName,
        @Nullable String counterpartyAccount,
        @Nullable String remittance,
        @Nullable String returnReason,
        @Nullable String transactionCode) {}
