package io.sluice.collection;

import io.sluice.bank.BankEntry;
import java.util.List;

/**
 * What a credit is, and what decided it: first the evidence that it is money of ours, then the account's own rules in their order, then
 * the default of the account's kind. Pure; nobody is asked.
 *
 * @param decidedBy {@code evidence/…}, the version and place and name of a rule of the account's, or {@code default/…}
 */
record Classification(InflowKind kind, String decidedBy) {

    /**
     * @param version of the account's own rules, 0 for none
     * @param cameBack whether the credit, or what the bank said of the transfer that it names, says that it is a payout come back
     */
    static Classification of(
            BankEntry credit, AccountKind account, boolean cameBack, int version, List<ClassificationRule> rules) {
        if (OurReferences.isOurs(credit.endToEndId())) {
            return ours(cameBack);
        }
        for (int place = 0; place < rules.size(); place++) {
            ClassificationRule rule = rules.get(place);
            if (rule.covers(credit)) {
                return new Classification(
                        rule.kind(), "version " + version + ", rule " + (place + 1) + ": " + rule.name());
            }
        }
        for (ClassificationRule rule : defaults(account)) {
            if (rule.covers(credit)) {
                return new Classification(rule.kind(), "default/" + account + ": " + rule.name());
            }
        }
        return new Classification(InflowKind.UNKNOWN, "default/" + account);
    }

    /** Of a credit with a reference of ours. */
    static Classification ours(boolean cameBack) {
        return cameBack
                ? new Classification(InflowKind.RETURN, "evidence/returned-payout")
                : new Classification(InflowKind.OWN_TRANSFER, "evidence/our-reference");
    }

    /** What holds behind an account's own rules: proceeds are expected on collection accounts, and nothing anywhere else. */
    static List<ClassificationRule> defaults(AccountKind account) {
        return switch (account) {
            case COLLECTION -> List.of(rule("proceeds are expected here", InflowKind.SALE));
            case TRUST, FEE -> List.of(rule("nobody's payments are expected here", InflowKind.UNKNOWN));
        };
    }

    private static ClassificationRule rule(String name, InflowKind kind) {
        return new ClassificationRule(name, kind, null, null, null, null);
    }
}
