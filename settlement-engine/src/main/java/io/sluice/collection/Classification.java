package io.sluice.collection;

import io.sluice.bank.BankEntry;

/** What a credit is, by the evidence on it and the account it is on; nobody is asked. */
final class Classification {

    private Classification() {}

    static InflowKind of(BankEntry credit, AccountKind account) {
        if (OurReferences.isOurs(credit.endToEndId())) {
            return credit.returnReason() != null ? InflowKind.RETURN : InflowKind.OWN_TRANSFER;
        }
        return account == AccountKind.COLLECTION && !credit.reversal() ? InflowKind.SALE : InflowKind.UNKNOWN;
    }
}
