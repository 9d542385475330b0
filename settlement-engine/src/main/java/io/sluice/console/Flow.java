package io.sluice.console;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What moved through the engine on one business day, in the order in which money passes.
 *
 * @param currencies every currency of an agreement or of today, in order: each station lists them all, so that numbers stay in place
 * @param statementDay of the newest statement; absent before the first
 */
record Flow(
        LocalDate day,
        List<String> currencies,
        Station received,
        Station residual,
        Station fee,
        Station royalty,
        Station distributed,
        Station byBank,
        Station onChain,
        Station onStatement,
        Station inFinalBlock,
        Matched matched,
        @Nullable LocalDate statementDay) {

    /** Nothing has moved on this day. */
    boolean quiet() {
        return received.count() == 0 && distributed.count() == 0 && byBank.count() == 0 && onChain.count() == 0;
    }

    /** How many, and how much in each currency. */
    record Station(long count, List<Amount> amounts) {

        Station {
            amounts = List.copyOf(amounts);
        }

        public boolean idle() {
            return count == 0 && amounts.stream().allMatch(Amount::zero);
        }
    }

    /** Lines of the newest statements, and how many of them match something we know. */
    record Matched(long lines, long matched) {

        public boolean all() {
            return lines == matched;
        }
    }
}
