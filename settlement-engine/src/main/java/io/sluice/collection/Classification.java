package io.sluice.collection;

import io.sluice.bank.BankEntry;

/** What a credit is, by the evidence on it and the account it is on; nobody is asked. */
final class Classification {

    private Classification() {}

    /** @param cameBack whether the credit, or what the bank said of the transfer that it names, says that it is a payout come back */
    static InflowKind of(BankEntry credit, AccountKind account, boolean cameBack) {
        if (OurReferences.isOurs(credit.endToEndId())) {
            return cameBack ? InflowKind.RETURN : InflowKind.OWN_TRANSFER;
        }
        return account == AccountKind.COLLECTION && !credit.reversal() ? InflowKind.SALE : InflowKind.UNKNOWN;
    }
}
