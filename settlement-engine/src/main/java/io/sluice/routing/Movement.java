package io.sluice.routing;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one signed event means to the claims on it: a sale brings cash and adds to the base, a refund takes from the base by the version that
 * divided the sale, and what a bank takes back undoes what was divided. Minor units.
 *
 * @param cash what there is to divide; not negative
 * @param base what portions of the basis are of; of either sign
 * @param counted base of the same inflow that has accrued before: what is asked of each inflow, as a fixed fee or a least, is asked of both
 *     together
 * @param amount of the inflow, or of the one that is undone: what conditions look at
 * @param account the collection account; reserves are kept for each
 * @param undone parts of the inflow that is taken back, by path; empty otherwise
 * @param givesUp of a deposit whose waiting for a report is over: what was held of it, to be divided now
 * @param releases whether reserves and traps that are off give up all that they hold on the account, as if their target were nothing
 */
record Movement(
        LocalDate valueDate,
        BigInteger cash,
        BigInteger base,
        BigInteger counted,
        BigInteger amount,
        String account,
        @Nullable String channel,
        @Nullable String country,
        Map<String, BigInteger> undone,
        BigInteger givesUp,
        boolean releases) {

    Movement {
        if (cash.signum() < 0) {
            throw new IllegalArgumentException("cash: found " + cash + ", expected 0 or more");
        }
    }

    static Movement inflow(
            LocalDate valueDate,
            BigInteger units,
            BigInteger base,
            String account,
            @Nullable String channel,
            @Nullable String country) {
        return new Movement(
                valueDate,
                units,
                base,
                BigInteger.ZERO,
                units,
                account,
                channel,
                country,
                Map.of(),
                BigInteger.ZERO,
                false);
    }

    /** Of what was not an inflow's own: a refund or a corrected base; it brings no cash. */
    static Movement ofBase(LocalDate valueDate, BigInteger base, String account) {
        return new Movement(
                valueDate,
                BigInteger.ZERO,
                base,
                BigInteger.ZERO,
                base.abs(),
                account,
                null,
                null,
                Map.of(),
                BigInteger.ZERO,
                false);
    }

    /** Of no inflow: what is held on the account is given up, and goes where an inflow would go. */
    static Movement release(LocalDate day, String account, @Nullable String channel, @Nullable String country) {
        return new Movement(
                day,
                BigInteger.ZERO,
                BigInteger.ZERO,
                BigInteger.ZERO,
                BigInteger.ZERO,
                account,
                channel,
                country,
                Map.of(),
                BigInteger.ZERO,
                true);
    }

    /** The opposite of what {@code this} inflow was divided by, into these parts. */
    Movement takenBack(Map<String, BigInteger> parts) {
        return ofTheSame(base.negate(), parts);
    }

    /** So much more or less base of {@code this} inflow, whose cash was divided before. */
    Movement corrected(BigInteger difference) {
        return ofTheSame(difference, Map.of());
    }

    private Movement ofTheSame(BigInteger more, Map<String, BigInteger> parts) {
        return new Movement(
                valueDate,
                BigInteger.ZERO,
                more,
                base,
                amount,
                account,
                channel,
                country,
                parts,
                BigInteger.ZERO,
                false);
    }

    /** So much of {@code this} inflow was held until now, and is divided as what has accrued since asks. */
    Movement givingUp(BigInteger held) {
        return new Movement(
                valueDate,
                BigInteger.ZERO,
                BigInteger.ZERO,
                BigInteger.ZERO,
                amount,
                account,
                channel,
                country,
                Map.of(),
                held,
                false);
    }

    boolean undoes() {
        return !undone.isEmpty();
    }
}
