package io.sluice.bank.increase;

/** How money goes out to another bank, and what the API calls such a transfer. */
public enum Rail {
    ACH("ach_transfers", "ach_transfer"),
    REAL_TIME_PAYMENTS("real_time_payments_transfers", "real_time_payments_transfer"),
    FEDNOW("fednow_transfers", "fednow_transfer"),
    WIRE("wire_transfers", "wire_transfer");

    final String path;
    final String object;

    Rail(String path, String object) {
        this.path = path;
        this.object = object;
    }
}
