package io.sluice.ledger;

import io.sluice.money.Currencies;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of one entry. */
final class Lines {

    static final String NO_AGREEMENT = "-";

    private final List<Posting> postings = new ArrayList<>();

    /** From credit to debit: what {@code debit} gets, {@code credit} gives. Zero leaves no line; a negative amount swaps the sides. */
    Lines move(String debit, String credit, String agreement, BigInteger units, String currency) {
        return debit(debit, agreement, units, currency).debit(credit, agreement, units.negate(), currency);
    }

    Lines move(String debit, String credit, String agreement, long units, String currency) {
        return move(debit, credit, agreement, BigInteger.valueOf(units), currency);
    }

    Lines debit(String account, String agreement, BigInteger units, String currency) {
        Currencies.digits(currency);
        if (units.signum() != 0) {
            postings.add(new Posting(account, agreement, units, currency));
        }
        return this;
    }

    List<Posting> list() {
        return postings;
    }
}
