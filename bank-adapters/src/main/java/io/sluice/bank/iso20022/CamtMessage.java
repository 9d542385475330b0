package io.sluice.bank.iso20022;

import org.jspecify.annotations.Nullable;

/**
 * Which message a file holds.
 *
 * @param name as in its namespace: {@code camt.053.001.08}
 * @param messageId GrpHdr/MsgId: the bank's own name for it, repeated when it sends the message again
 * @param created GrpHdr/CreDtTm as the bank wrote it, for people; banks write it in many ways
 * @param headerDefinition MsgDefIdr of the business application header, where there is one
 */
public record CamtMessage(
        String name,
        Kind kind,
        @Nullable String messageId,
        @Nullable String created,
        @Nullable String headerDefinition) {

    /** What the bank tells with it. */
    public enum Kind {
        /** camt.052: the account during the day. */
        REPORT("052", "BkToCstmrAcctRpt", "Rpt"),
        /** camt.053: the booked entries of a period. */
        STATEMENT("053", "BkToCstmrStmt", "Stmt"),
        /** camt.054: single credits and debits. */
        NOTIFICATION("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn");

        final String number;
        final String body;
        final String report;

        Kind(String number, String body, String report) {
            this.number = number;
            this.body = body;
            this.report = report;
        }
    }
}
