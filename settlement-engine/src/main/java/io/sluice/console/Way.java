package io.sluice.console;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inflow and how far it has come.
 *
 * @param merchant absent when no store owns the account
 * @param trouble why it cannot be routed; absent when nothing is in its way
 * @param sharedAt record point of the distribution that its royalty went into
 * @param shared how far the royalty is: its distribution is declared
 * @param holdersPaid how much of its distribution the holders have, per cent, once all else is settled and not all of that is
 * @param paidOn business day on which its payouts were ordered
 */
record Way(
        String inflowId,
        String kind,
        @Nullable String merchant,
        String account,
        Amount amount,
        Instant receivedAt,
        List<Leg> legs,
        @Nullable String trouble,
        Step routed,
        Step shared,
        @Nullable Instant sharedAt,
        Step paid,
        @Nullable Integer holdersPaid,
        @Nullable LocalDate paidOn) {

    /** How far one step is. */
    enum Step {
        DONE,
        MOVING,
        WAITING,
        TROUBLE,
        NONE
    }

    /** One destination's part, and the state of the instruction that pays it; absent before there is one. */
    record Leg(
            String destination,
            Amount amount,
            @Nullable String state,
            @Nullable LocalDate orderedOn) {

        public boolean settled() {
            return "ACSC".equals(state);
        }

        public boolean failed() {
            return "RJCT".equals(state) || "RETURNED".equals(state) || "CANC".equals(state);
        }
    }

    /** The account as it may be shown: its first four and last four characters. */
    public String maskedAccount() {
        return mask(account);
    }

    static String mask(String account) {
        return account.length() <= 8
                ? "\u2022\u2022\u2022\u2022 " + account.substring(Math.max(0, account.length() - 4))
                : account.substring(0, 4) + " \u2022\u2022\u2022\u2022 " + account.substring(account.length() - 4);
    }
}
