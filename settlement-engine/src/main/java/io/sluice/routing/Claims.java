package io.sluice.routing;

import io.sluice.money.Fraction;
import io.sluice.routing.ClaimsChange.Accrued;
import io.sluice.routing.ClaimsChange.Base;
import io.sluice.routing.ClaimsChange.Charged;
import io.sluice.routing.ClaimsChange.RoyaltyOf;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an agreement's claims: what each has accrued, exactly, and been given. Nothing in here grows with the number of
 * inflows; it grows with versions and periods.
 */
final class Claims {

    /** A banded royalty's base in one period. */
    record PeriodBase(String ruleHash, String path, LocalDate period) implements Comparable<PeriodBase> {
        private static final Comparator<PeriodBase> ORDER = Comparator.comparing(PeriodBase::ruleHash)
                .thenComparing(PeriodBase::path)
                .thenComparing(PeriodBase::period);

        @Override
        public int compareTo(PeriodBase other) {
            return ORDER.compare(this, other);
        }
    }

    /** A deposit that a platform has reported, and the basis that it came from. */
    record Reported(BigInteger deposit, BigInteger base) {}

    /** Of so many deposits the deduction of the next is estimated. */
    private static final int TRAILING = 12;

    private final Map<String, Fraction> accrued;
    private final Map<String, BigInteger> given;

    /** The pool's royalty by period, for minimum and returns. */
    private final SortedMap<LocalDate, Fraction> royaltyOf;

    private final Map<PeriodBase, BigInteger> bases;
    private final Map<LocalDate, BigInteger> royaltyGivenIn;
    /** By collection account, and by period. */
    private final Map<String, SortedMap<LocalDate, BigInteger>> putAside;

    private final Map<String, LocalDate> chargedUntil;
    private final Set<String> triggersOn;
    private final Map<String, Deque<Reported>> reported;
    private BigInteger everGiven;
    private @Nullable LocalDate latestPeriod;
    private @Nullable LocalDate latestDay;
    private @Nullable BigInteger capMet;

    Claims() {
        accrued = new HashMap<>();
        given = new HashMap<>();
        royaltyOf = new TreeMap<>();
        bases = new HashMap<>();
        royaltyGivenIn = new HashMap<>();
        putAside = new HashMap<>();
        chargedUntil = new HashMap<>();
        triggersOn = new HashSet<>();
        reported = new HashMap<>();
        everGiven = BigInteger.ZERO;
    }

    Claims(Claims other) {
        accrued = new HashMap<>(other.accrued);
        given = new HashMap<>(other.given);
        royaltyOf = new TreeMap<>(other.royaltyOf);
        bases = new HashMap<>(other.bases);
        royaltyGivenIn = new HashMap<>(other.royaltyGivenIn);
        putAside = new HashMap<>();
        other.putAside.forEach((account, aside) -> putAside.put(account, new TreeMap<>(aside)));
        chargedUntil = new HashMap<>(other.chargedUntil);
        triggersOn = new HashSet<>(other.triggersOn);
        reported = other.reported; // a movement never changes it
        everGiven = other.everGiven;
        latestPeriod = other.latestPeriod;
        latestDay = other.latestDay;
        capMet = other.capMet;
    }

    /** Answers all that the claim has accrued, this included. */
    Fraction accrue(String claim, Fraction exact) {
        return accrued.merge(claim, exact, Fraction::plus);
    }

    Fraction accrued(String claim) {
        return accrued.getOrDefault(claim, Fraction.ZERO);
    }

    void give(String claim, BigInteger units) {
        given.merge(claim, units, BigInteger::add);
    }

    BigInteger given(String claim) {
        return given.getOrDefault(claim, BigInteger.ZERO);
    }

    /** Answers the base after {@code units} were added to it. */
    BigInteger addBase(PeriodBase of, BigInteger units) {
        return bases.merge(of, units, BigInteger::add);
    }

    void accrueRoyaltyOf(LocalDate period, Fraction exact) {
        royaltyOf.merge(period, exact, Fraction::plus);
    }

    Fraction royaltyOf(LocalDate period) {
        return royaltyOf.getOrDefault(period, Fraction.ZERO);
    }

    /** @param period the latest when it was given: what is late is given in the order of recording */
    void giveRoyaltyIn(LocalDate period, BigInteger units) {
        royaltyGivenIn.merge(period, units, BigInteger::add);
        everGiven = everGiven.add(units);
    }

    BigInteger royaltyGivenIn(LocalDate period) {
        return royaltyGivenIn.getOrDefault(period, BigInteger.ZERO);
    }

    /** All royalty ever given, without what went back. */
    BigInteger everGiven() {
        return everGiven;
    }

    void putAside(String account, LocalDate period, BigInteger units) {
        putAside.computeIfAbsent(account, a -> new TreeMap<>()).merge(period, units, BigInteger::add);
    }

    BigInteger putAside(String account) {
        return sum(asideOf(account));
    }

    /** What was put aside before that period. */
    BigInteger asideBefore(String account, LocalDate period) {
        return sum(asideOf(account).headMap(period));
    }

    /** Takes from what was put aside, the oldest first, at most all there is. */
    void takeAside(String account, BigInteger units) {
        SortedMap<LocalDate, BigInteger> aside = asideOf(account);
        BigInteger open = units;
        while (open.signum() > 0 && !aside.isEmpty()) {
            LocalDate oldest = aside.firstKey();
            BigInteger held = Objects.requireNonNull(aside.remove(oldest));
            BigInteger taken = held.min(open);
            open = open.subtract(taken);
            if (taken.compareTo(held) < 0) {
                aside.put(oldest, held.subtract(taken));
            }
        }
    }

    private SortedMap<LocalDate, BigInteger> asideOf(String account) {
        SortedMap<LocalDate, BigInteger> aside = putAside.get(account);
        return aside == null ? Collections.emptySortedMap() : aside;
    }

    private static BigInteger sum(SortedMap<LocalDate, BigInteger> aside) {
        return aside.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** The latest period in which something happened. */
    @Nullable
    LocalDate latestPeriod() {
        return latestPeriod;
    }

    /** The latest value date of anything. */
    @Nullable
    LocalDate latestDay() {
        return latestDay;
    }

    void reach(LocalDate period, LocalDate day) {
        if (latestDay == null || day.isAfter(latestDay)) {
            latestDay = day;
        }
        if (latestPeriod == null || period.isAfter(latestPeriod)) {
            latestPeriod = period;
        }
    }

    @Nullable
    LocalDate chargedUntil(String claim) {
        return chargedUntil.get(claim);
    }

    void chargedUntil(String claim, LocalDate period) {
        chargedUntil.put(claim, period);
    }

    /** The tier that was met and has been the cap since; null while none was. */
    @Nullable
    BigInteger capMet() {
        return capMet;
    }

    void meetCap(BigInteger cap) {
        if (capMet == null) {
            capMet = cap;
        }
    }

    void report(String account, Reported deposit) {
        Deque<Reported> trailing = reported.computeIfAbsent(account, a -> new ArrayDeque<>());
        trailing.addLast(deposit);
        if (trailing.size() > TRAILING) {
            trailing.removeFirst();
        }
    }

    /** The latest reported deposits of an account, together; null while there is none. */
    @Nullable
    Reported reported(String account) {
        Deque<Reported> trailing = reported.get(account);
        return trailing == null
                ? null
                : trailing.stream()
                        .reduce((a, b) -> new Reported(
                                a.deposit().add(b.deposit()), a.base().add(b.base())))
                        .orElse(null);
    }

    Map<String, BigInteger> given() {
        return Collections.unmodifiableMap(given);
    }

    /** What makes of {@code before} what {@code this} has accrued. */
    ClaimsChange since(Claims before) {
        List<Accrued> more = new ArrayList<>();
        for (String claim : union(accrued.keySet(), before.accrued.keySet())) {
            Fraction by = accrued(claim).plus(before.accrued(claim).negate());
            if (!by.equals(Fraction.ZERO)) {
                more.add(new Accrued(claim, by));
            }
        }
        List<RoyaltyOf> royalty = new ArrayList<>();
        for (LocalDate period : union(royaltyOf.keySet(), before.royaltyOf.keySet())) {
            Fraction by = royaltyOf(period).plus(before.royaltyOf(period).negate());
            if (!by.equals(Fraction.ZERO)) {
                royalty.add(new RoyaltyOf(period, by));
            }
        }
        List<Base> base = new ArrayList<>();
        for (PeriodBase of : union(bases.keySet(), before.bases.keySet())) {
            BigInteger by =
                    bases.getOrDefault(of, BigInteger.ZERO).subtract(before.bases.getOrDefault(of, BigInteger.ZERO));
            if (by.signum() != 0) {
                base.add(new Base(of.ruleHash(), of.path(), of.period(), by));
            }
        }
        List<Charged> charged = new TreeMap<>(chargedUntil)
                .entrySet().stream()
                        .filter(e -> !e.getValue().equals(before.chargedUntil(e.getKey())))
                        .map(e -> new Charged(e.getKey(), e.getValue()))
                        .toList();
        return new ClaimsChange(more, royalty, base, charged, capMet);
    }

    void change(ClaimsChange change) {
        change.accrued().forEach(more -> accrue(more.claim(), more.by()));
        change.royaltyOf().forEach(more -> accrueRoyaltyOf(more.period(), more.by()));
        change.bases().forEach(more -> addBase(new PeriodBase(more.ruleHash(), more.path(), more.period()), more.by()));
        change.charged().forEach(more -> chargedUntil(more.claim(), more.until()));
        capMet = change.capMet();
    }

    private static <K extends Comparable<? super K>> SortedSet<K> union(Set<K> one, Set<K> other) {
        SortedSet<K> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    boolean isOn(String trigger) {
        return triggersOn.contains(trigger);
    }

    void set(String trigger, boolean on) {
        if (on) {
            triggersOn.add(trigger);
        } else {
            triggersOn.remove(trigger);
        }
    }
}
