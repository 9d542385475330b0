package io.sluice.collection;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.bank.BankEntry;
import io.sluice.platform.Rejection;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what a credit is when everything that it names agrees; what it leaves out agrees with anything.
 *
 * @param name under which people know it, 1 to 60 characters
 * @param kind what the credit then is
 * @param payerAccount the payer's account, whole
 * @param payer the payer's name; {@code *} stands for any text, letters in either case
 * @param reference the remittance text or the end-to-end reference, written as {@code payer} is
 * @param transactionCode the bank's code, or the first parts of it: {@code PMNT} covers {@code PMNT/RCDT/ESCT}
 */
public record ClassificationRule(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) InflowKind kind,
        @Nullable String payerAccount,
        @Nullable String payer,
        @Nullable String reference,
        @Nullable String transactionCode) {

    private static final int LONGEST = 140;

    public ClassificationRule {
        if (name == null || name.isBlank() || name.length() > 60) {
            throw new Rejection("classification-invalid", "A rule has a name of 1 to 60 characters");
        }
        if (kind == null || !kind.isForRules()) {
            throw new Rejection(
                    "classification-invalid",
                    "Rule \"" + name
                            + "\" decides one of SALE, REFUND, FUNDING, BANK_FEE, INTEREST, FX_LEG, SUBSCRIPTION,"
                            + " UNKNOWN, was " + kind);
        }
        for (String text : Stream.of(payerAccount, payer, reference, transactionCode)
                .filter(t -> t != null)
                .toList()) {
            if (text.isBlank() || text.length() > LONGEST) {
                throw new Rejection(
                        "classification-invalid",
                        "What rule \"" + name + "\" looks for has 1 to " + LONGEST + " characters");
            }
        }
    }

    /** Whether it agrees with every credit. */
    boolean coversAll() {
        return payerAccount == null && payer == null && reference == null && transactionCode == null;
    }

    /** What undoes an earlier entry is nobody's sale, whatever else it looks like. */
    boolean covers(BankEntry credit) {
        return !(kind == InflowKind.SALE && credit.reversal())
                && (payerAccount == null || payerAccount.equals(credit.counterpartyAccount()))
                && (payer == null || matches(payer, credit.counterpartyName()))
                && (reference == null
                        || matches(reference, credit.remittance())
                        || matches(reference, credit.endToEndId()))
                && (transactionCode == null || begins(transactionCode, credit.transactionCode()));
    }

    private static boolean begins(String code, @Nullable String found) {
        return found != null && (found.equals(code) || found.startsWith(code + "/"));
    }

    /** In time that grows with pattern times text and no faster, whatever either holds. */
    static boolean matches(String pattern, @Nullable String found) {
        if (found == null) {
            return false;
        }
        String wanted = pattern.toLowerCase(Locale.ROOT);
        String text = found.toLowerCase(Locale.ROOT);
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < text.length()) {
            if (at < wanted.length() && wanted.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < wanted.length() && wanted.charAt(at) == text.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < wanted.length() && wanted.charAt(at) == '*') {
            at++;
        }
        return at == wanted.length();
    }
}
