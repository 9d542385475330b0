package io.sluice.bank.iso20022;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an amount can be money of its currency. Nothing is ever rounded to fit. */
final class Money {

    private Money() {}

    static void check(
            String place, BigDecimal amount, @Nullable String currency, Finding.Effect effect, List<Finding> findings) {
        if (currency == null) {
            findings.add(new Finding(
                    "invalid-currency", effect, place + ": found an amount without Ccy, expected a currency"));
            return;
        }
        int digits = IsoText.digits(currency);
        if (digits < 0) {
            findings.add(new Finding(
                    "invalid-currency",
                    effect,
                    place + ": found " + IsoText.quoted(currency) + ", expected a currency of ISO 4217"));
        } else if (amount.scale() > digits) {
            findings.add(new Finding(
                    "precision",
                    effect,
                    place + ": found " + amount.toPlainString() + " " + currency + ", which has " + digits
                            + " decimals"));
        }
    }
}
