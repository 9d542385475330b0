package io.sluice.bank.iso20022;

import io.sluice.bank.Direction;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One TxDtls: a payment inside an entry.
 *
 * @param amount unsigned, in {@code currency}; null where the bank gives none, or none that can be read
 * @param direction CdtDbtInd of its own; where it has none, the entry's holds
 * @param endToEndId null for NOTPROVIDED
 * @param transactionId Refs/TxId
 * @param remittance the unstructured lines, joined by a space
 * @param structuredReference creditor reference (RF…, QRR) of the structured remittance
 * @param returnReason ISO or own code of RtrInf; NARR where there is a RtrInf without a code
 */
public record CamtTransaction(
        @Nullable BigDecimal amount,
        @Nullable String currency,
        @Nullable Direction direction,
        @Nullable String messageId,
        @Nullable String paymentInformationId,
        @Nullable String instructionId,
        @Nullable String endToEndId,
        @Nullable String transactionId,
        @Nullable String uetr,
        @Nullable String accountServicerReference,
        @Nullable String debtorName,
        @Nullable String debtorAccount,
        @Nullable String creditorName,
        @Nullable String creditorAccount,
        @Nullable String remittance,
        @Nullable String structuredReference,
        @Nullable String returnReason,
        @Nullable String transactionCode) {}
