package io.sluice.console;

import io.sluice.money.Money;
import java.math.BigInteger;

/** So many minor units of a currency, as the console shows them. */
record Amount(String currency, BigInteger units) {

    static Amount of(String currency, long units) {
        return new Amount(currency, BigInteger.valueOf(units));
    }

    /** The decimal with exactly the currency's decimals, thousands apart: {@code 1,234,567.80}. */
    public String text() {
        String plain = Money.of(units, currency).amount();
        int point = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
        StringBuilder text = new StringBuilder(plain);
        int first = plain.startsWith("-") ? 1 : 0;
        for (int at = point - 3; at > first; at -= 3) {
            text.insert(at, ',');
        }
        return first == 0 ? text.toString() : text.replace(0, 1, "\u2212").toString();
    }

    public boolean zero() {
        return units.signum() == 0;
    }

    public Amount plus(Amount other) {
        return new Amount(currency, units.add(other.units));
    }

    public Amount minus(Amount other) {
        return new Amount(currency, units.subtract(other.units));
    }
}
