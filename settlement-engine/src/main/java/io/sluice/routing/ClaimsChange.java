package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.money.Fraction;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restatement adds to what an agreement's claims have accrued. What they were given stays: money that was paid is paid, and the
 * difference comes out of the next inflows. Grows with claims and periods, never with inflows. Minor units.
 *
 * @param capMet the cap that counts as met for good afterwards; null: none
 */
public record ClaimsChange(
        List<Accrued> accrued,
        List<RoyaltyOf> royaltyOf,
        List<Base> bases,
        List<Charged> charged,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable BigInteger capMet) {

    public ClaimsChange {
        accrued = List.copyOf(accrued);
        royaltyOf = List.copyOf(royaltyOf);
        bases = List.copyOf(bases);
        charged = List.copyOf(charged);
    }

    /** So much more, exactly, or less. */
    public record Accrued(String claim, Fraction by) {}

    /** So much more royalty of the pool in a period. */
    public record RoyaltyOf(LocalDate period, Fraction by) {}

    /** So much more of a banded royalty's base in a period. */
    public record Base(String ruleHash, String path, LocalDate period, BigInteger by) {}

    /** Until when a periodical amount counts as charged. */
    public record Charged(String claim, LocalDate until) {}

    boolean isEmpty() {
        return accrued.isEmpty() && royaltyOf.isEmpty() && bases.isEmpty();
    }
}
