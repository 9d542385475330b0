package io.sluice.bank;

import org.jspecify.annotations.Nullable;

/**
 * How far the bank is with one transfer.
 *
 * @param code an ISO 20022 status: RCVD, ACTC, ACCP, PDNG, ACSP, ACSC, RJCT, CANC; RTRN, which is ours, for money that came
 *     back after it was booked; a code unknown to us is kept as it came
 * @param reason ISO reason code such as AC04 or AM04, where there is one
 */
public record TransferStatus(
        String endToEndId,
        String transferId,
        String code,
        @Nullable String reason) {

    public boolean rejected() {
        return code.equals("RJCT");
    }
}
