package io.sluice.routing;

import io.sluice.money.Apportionment;
import io.sluice.money.Fraction;
import io.sluice.money.Portion;
import io.sluice.routing.RoyaltyLimits.CapTier;
import io.sluice.routing.RoyaltyLimits.ReturnsReserve;
import io.sluice.routing.Tranche.Band;
import io.sluice.routing.Tranche.Claim;
import io.sluice.routing.Tranche.Of;
import io.sluice.routing.Tranche.Per;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Divides movements by the rule versions of one agreement. Each portion accrues exactly and is given by one floor over its whole life, across
 * versions: 1 000 sales of 9 cents at 10 % give 900 cents, where flooring each would give nothing. A later version never reaches back, and a
 * refund is undone by the version that divided its sale.
 *
 * <p>Invariants: the parts of a movement sum to its cash; a part is below zero only where a reserve, a trap or what waited for a report gives
 * up what it holds, and never by more; the pool's royalty is {@code accrued = min(cap, floor(sum over versions and periods))} whatever the order and batching
 * of movements, and what it has been given is that, less what no cash could cover (arrears, which the next inflows cover first) and what
 * the period's ceiling defers; what it was given of a sale that was undone since is ahead of what has accrued, and comes out of the
 * returns reserve, then out of the next inflows.
 */
final class Waterfall {

    /** The pool's royalty is one claim, whatever its tranches are called. */
    private static final String ROYALTY = Destination.ROYALTY_POOL.text();

    /** A claim's part of one movement; may be zero. */
    record Part(String path, Destination to, BigInteger units) {}

    /**
     * How a movement falls apart.
     *
     * @param arrears royalty of the pool that is due and not covered by anything that has come in, after this movement
     * @param ahead what the pool was given ahead of what has accrued since a refund, and comes off the next inflows
     * @param deferred royalty of the pool that is due and waits for a later period's ceiling
     */
    record Division(List<Part> parts, BigInteger arrears, BigInteger ahead, BigInteger deferred) {}

    private final NavigableMap<LocalDate, RuleDocument> versions = new TreeMap<>();
    private final Claims claims = new Claims();

    static boolean isPooled(Claim claim) {
        return claim.to() == Destination.ROYALTY_POOL;
    }

    /** The path of what of a royalty is put aside for refunds. */
    static String asideOf(String path) {
        return path + "/returns";
    }

    /** The path of what was put aside long enough and joins the pool; below zero. */
    static String releasedOf(String path) {
        return path + "/returns-released";
    }

    /** The path of what was put aside and a refund has used; below zero. */
    static String usedOf(String path) {
        return path + "/returns-used";
    }

    /** From its {@code effectiveFrom} on, this version is in force. */
    void begin(RuleDocument rule) {
        versions.put(rule.effectiveFrom(), rule);
    }

    /** In place of the version that began on the same day, whose movements have accrued by this one once the change is made. */
    void restate(RuleDocument inItsPlace, ClaimsChange change) {
        begin(inItsPlace);
        claims.change(change);
    }

    /** What makes of {@code before}'s claims what these have accrued. */
    ClaimsChange since(Waterfall before) {
        return claims.since(before.claims);
    }

    /** What each claim has been given, by {@link #claimOf}. */
    Map<String, BigInteger> given() {
        return claims.given();
    }

    /**
     * What the claim is due and no inflow has covered. Of the pool's royalty, of which there is one claim, that is of all of it, and what a
     * ceiling defers is due as well.
     */
    BigInteger owed(RuleDocument rule, Claim claim) {
        if (isPooled(claim)) {
            Division now = ofNothing(rule);
            return now.arrears().add(now.deferred());
        }
        BigInteger due = claim instanceof Tranche.DueUpTo upTo
                ? upTo.amount().units()
                : claims.accrued(claim.name()).floor();
        return due.subtract(claims.given(claim.name())).max(BigInteger.ZERO);
    }

    /** All that the claim is due by now, given or not; of the pool's royalty within its cap and with what its minimum adds. */
    BigInteger due(RuleDocument rule, Claim claim, String account) {
        if (isPooled(claim)) {
            Division now = ofNothing(rule);
            return claims.given(ROYALTY).add(now.arrears()).add(now.deferred()).subtract(now.ahead());
        }
        return accrued(claim, account).floor();
    }

    /** What of that waits for a later period's ceiling. */
    BigInteger deferred(RuleDocument rule, Claim claim) {
        return isPooled(claim) ? ofNothing(rule).deferred() : BigInteger.ZERO;
    }

    private Division ofNothing(RuleDocument rule) {
        LocalDate day = Optional.ofNullable(claims.latestDay()).orElse(rule.effectiveFrom());
        return divide("", rule, Movement.ofBase(day, BigInteger.ZERO, ""));
    }

    /** What a path's claim has been given so far. */
    BigInteger given(String path, Destination to, String account) {
        return claims.given(claimOf(path, to, account));
    }

    void set(String trigger, boolean on) {
        claims.set(trigger, on);
    }

    /**
     * What the portions of an inflow are of. While its platform has not reported, that is estimated from what was kept of the latest reported
     * deposits of the account: deposit / (1 - kept), rounded down.
     */
    BigInteger base(RuleDocument rule, String account, BigInteger units) {
        Portion deduction = rule.expectedDeduction();
        if (deduction == null) {
            return units;
        }
        Claims.Reported trailing = claims.reported(account);
        return trailing == null || trailing.deposit().signum() <= 0
                ? units.multiply(deduction.denominator())
                        .divide(deduction.denominator().subtract(deduction.numerator()))
                : units.multiply(trailing.base()).divide(trailing.deposit());
    }

    /** A platform has reported what a deposit came from. */
    void report(String account, BigInteger deposit, BigInteger base) {
        claims.report(account, new Claims.Reported(deposit, base));
    }

    /** Whether the pool has been given all that its cap lets it have; a refund makes room again. */
    boolean isCapReached() {
        BigInteger cap = claims.capMet();
        return cap != null && claims.given(ROYALTY).compareTo(cap) >= 0;
    }

    boolean isOn(String trigger) {
        return claims.isOn(trigger);
    }

    /** What the movement would be divided into now; remembers nothing. */
    Division divide(String ruleHash, RuleDocument rule, Movement movement) {
        return new Run(ruleHash, rule, movement, new Claims(claims), null).division();
    }

    /** Divides the movement and remembers it, in one pass. */
    Division take(String ruleHash, RuleDocument rule, Movement movement) {
        return new Run(ruleHash, rule, movement, claims, null).division();
    }

    /** Advances the claims by a movement that was divided into these parts, by path. */
    void remember(String ruleHash, RuleDocument rule, Movement movement, Map<String, BigInteger> parts) {
        new Run(ruleHash, rule, movement, claims, parts).division();
    }

    /** Of what was given to this path, so much was given up again. */
    void reduce(String path, Destination to, String account, BigInteger units) {
        claims.give(claimOf(path, to, account), units.negate());
        if (to == Destination.RETURNS_RESERVE) {
            claims.takeAside(account, units);
        }
    }

    /** What the claim has been given so far; of one that holds, what it holds on that account. */
    BigInteger given(Claim claim, String account) {
        return claims.given(claimOf(claim.name(), claim.to(), account));
    }

    /** What the claim has accrued so far, before any cap or minimum. */
    Fraction accrued(Claim claim, String account) {
        return claims.accrued(claimOf(claim.name(), claim.to(), account));
    }

    /** What a part of this path counts for. Reserves and traps are each account's own, since their cash stays there. */
    private static String claimOf(String path, Destination to, String account) {
        return switch (to) {
            case ROYALTY_POOL, RETURNS_RESERVE -> ROYALTY;
            case CASH_RESERVE, MERCHANT_TRAPPED, MERCHANT_UNTIL_REPORT -> path + "@" + account;
            default -> path;
        };
    }

    /** One pass through a rule's claims, over claims that it changes. */
    private final class Run {

        private final String ruleHash;
        private final RuleDocument rule;
        private final Movement movement;
        private final LocalDate period;
        private final Claims claims;
        private final @Nullable Map<String, BigInteger> known;
        private final List<Part> parts = new ArrayList<>();
        private BigInteger left;
        private BigInteger royaltyBefore = BigInteger.ZERO;
        private BigInteger deferred = BigInteger.ZERO;

        /** While something is given up, before the claim that held it: those had their part of what was left of the deposit. */
        private boolean hadItsPart;

        /** Null while they are to be added up. */
        private @Nullable Fraction minimums;

        Run(
                String ruleHash,
                RuleDocument rule,
                Movement movement,
                Claims claims,
                @Nullable Map<String, BigInteger> known) {
            this.ruleHash = ruleHash;
            this.rule = rule;
            this.movement = movement;
            this.period = rule.periods().of(movement.valueDate());
            this.claims = claims;
            this.known = known;
            this.left = movement.cash();
        }

        Division division() {
            claims.reach(period, movement.valueDate());
            boolean givesUp = movement.givesUp().signum() > 0;
            if (givesUp) {
                giveUp();
            }
            for (Tranche tranche : rule.waterfall()) {
                if (tranche instanceof Tranche.Parallel block) {
                    meetTogether(block);
                } else if (tranche instanceof Tranche.UntilReport && givesUp) {
                    hadItsPart = false;
                } else if (tranche instanceof Claim claim && lets(claim)) {
                    BigInteger due = due(claim);
                    give(claim, due.min(left));
                }
            }
            return new Division(List.copyOf(parts), arrears(), ahead(), deferred);
        }

        /** What waited comes first, so that every claim is met of it that the report has made due. */
        private void giveUp() {
            for (RuleDocument.Placed placed : rule.claims()) {
                if (placed.claim() instanceof Tranche.UntilReport waiting) {
                    hadItsPart = true;
                    give(waiting, movement.givesUp().negate());
                }
            }
        }

        private boolean lets(Claim claim) {
            Condition when = claim.when();
            if (when == null || (movement.releases() && holds(claim))) {
                return true;
            }
            // What a trigger let through is undone whatever the trigger is now.
            return movement.undoes() && when.trigger() != null
                    ? movement.undone().containsKey(claim.name())
                    : when.holds(movement, claims);
        }

        private static boolean holds(Claim claim) {
            return claim instanceof Tranche.Reserve
                    || claim instanceof Tranche.Trap
                    || claim instanceof Tranche.UntilReport
                    || isPooled(claim);
        }

        private void meetTogether(Tranche.Parallel block) {
            SortedMap<String, BigInteger> due = new TreeMap<>();
            Map<String, Claim> byName = new LinkedHashMap<>();
            for (Tranche tranche : block.tranches()) {
                if (tranche instanceof Claim claim && lets(claim)) {
                    byName.put(claim.name(), claim);
                    due.put(claim.name(), due(claim));
                }
            }
            BigInteger sum = due.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
            Map<String, BigInteger> met = sum.compareTo(left) <= 0 ? due : Apportionment.byLargestRemainder(left, due);
            byName.forEach((name, claim) -> give(claim, Objects.requireNonNull(met.get(name))));
        }

        /** What the claim may take of what is left, having accrued; below zero only where it gives up what it holds. */
        private BigInteger due(Claim claim) {
            return switch (claim) {
                case Tranche.Share share -> open(share.name(), claims.accrue(share.name(), exact(share)));
                case Tranche.Fixed fixed -> open(fixed.name(), claims.accrue(fixed.name(), exact(fixed)));
                case Tranche.DueUpTo due ->
                    due.amount().units().subtract(claims.given(due.name())).max(BigInteger.ZERO);
                case Tranche.Royalty royalty -> isPooled(royalty) ? pooled(royalty) : stacked(royalty);
                case Tranche.Reserve reserve -> toTarget(reserve);
                case Tranche.Trap trap -> trapped(trap);
                case Tranche.UntilReport waiting -> untilReport(waiting);
                case Tranche.Remainder rest -> left;
            };
        }

        private BigInteger open(String claim, Fraction accrued) {
            return accrued.floor().subtract(claims.given(claim)).max(BigInteger.ZERO);
        }

        private Fraction exact(Tranche.Share share) {
            if (share.of() == Of.LEFT) {
                if (hadItsPart) {
                    return Fraction.ZERO;
                }
                return movement.undoes()
                        ? Fraction.whole(movement.undone()
                                .getOrDefault(share.name(), BigInteger.ZERO)
                                .negate())
                        : share.portion().of(left);
            }
            BigInteger counted = movement.counted();
            return within(share, counted.add(movement.base()))
                    .plus(within(share, counted).negate());
        }

        /** A portion of one inflow's whole basis, not less and not more than it may be. */
        private static Fraction within(Tranche.Share share, BigInteger basis) {
            Fraction exact = share.portion().of(basis.abs());
            if (share.atLeast() != null && basis.signum() != 0) {
                exact = exact.max(Fraction.whole(share.atLeast().units()));
            }
            if (share.atMost() != null) {
                exact = exact.min(Fraction.whole(share.atMost().units()));
            }
            return basis.signum() < 0 ? exact.negate() : exact;
        }

        private BigInteger basis(@Nullable Of of) {
            return of == Of.BASIS_LESS_ROYALTY ? movement.base().subtract(royaltyBefore) : movement.base();
        }

        private Fraction exact(Tranche.Fixed fixed) {
            BigInteger units = fixed.amount().units();
            if (fixed.per() == Per.INFLOW) {
                int inflows = movement.counted().add(movement.base()).signum()
                        - movement.counted().signum();
                return Fraction.whole(units.multiply(BigInteger.valueOf(inflows)));
            }
            LocalDate next = claims.chargedUntil(fixed.name());
            LocalDate from = next == null ? rule.periods().of(rule.effectiveFrom()) : next;
            BigInteger sum = BigInteger.ZERO;
            for (LocalDate p = from; !p.isAfter(period); p = rule.periods().plus(p, 1)) {
                sum = sum.add(units);
                claims.chargedUntil(fixed.name(), rule.periods().plus(p, 1));
            }
            return Fraction.whole(sum);
        }

        /** What this movement accrues by a royalty: the whole base of its period by bands, less what that was before. */
        private Fraction exact(Tranche.Royalty royalty) {
            BigInteger base = basis(royalty.of());
            Portion flat = royalty.portion();
            if (flat != null) {
                return flat.of(base);
            }
            List<Band> bands = Objects.requireNonNull(royalty.bands());
            BigInteger after = claims.addBase(new Claims.PeriodBase(ruleHash, royalty.name(), period), base);
            return banded(bands, after).plus(banded(bands, after.subtract(base)).negate());
        }

        /** A royalty of somebody else's. */
        private BigInteger stacked(Tranche.Royalty royalty) {
            BigInteger before = claims.accrued(royalty.name()).floor();
            Fraction accrued = claims.accrue(royalty.name(), exact(royalty));
            royaltyBefore = royaltyBefore.add(accrued.floor().subtract(before));
            return open(royalty.name(), accrued);
        }

        private BigInteger pooled(Tranche.Royalty royalty) {
            BigInteger before = royaltyDue();
            Fraction exact = exact(royalty);
            claims.accrueRoyaltyOf(period, exact);
            claims.accrue(ROYALTY, exact);
            if (!period.equals(claims.latestPeriod())) {
                minimums = null; // a closed period's
            }
            royaltyBefore = royaltyBefore.add(royaltyDue().subtract(before));
            BigInteger open = royaltyDue().subtract(claims.given(ROYALTY));
            if (open.signum() < 0) {
                useAside(royalty.name(), open.negate());
                return BigInteger.ZERO;
            }
            BigInteger room = room();
            BigInteger now = room == null ? open : open.min(room);
            deferred = open.subtract(now);
            return now;
        }

        /** All that the pool has been due, given or not. */
        private BigInteger royaltyDue() {
            BigInteger accrued = claims.accrued(ROYALTY).plus(minimums()).floor();
            BigInteger cap = cap();
            return cap == null ? accrued : accrued.min(cap);
        }

        private BigInteger arrears() {
            return royaltyDue()
                    .subtract(claims.given(ROYALTY))
                    .subtract(deferred)
                    .max(BigInteger.ZERO);
        }

        private BigInteger ahead() {
            return claims.given(ROYALTY).subtract(royaltyDue()).max(BigInteger.ZERO);
        }

        /** What closed periods fall short of their minimum, each by the version in force on its first day. */
        private Fraction minimums() {
            Fraction known = minimums == null ? addedUpMinimums() : minimums;
            minimums = known;
            return known;
        }

        private Fraction addedUpMinimums() {
            Fraction sum = Fraction.ZERO;
            LocalDate latest = Objects.requireNonNull(claims.latestPeriod());
            if (versions.values().stream().allMatch(version -> version.limits().minimum() == null)) {
                return sum;
            }
            Period periods = rule.periods();
            for (LocalDate p = periods.of(versions.firstKey()); p.isBefore(latest); p = periods.plus(p, 1)) {
                var inForce = versions.floorEntry(p);
                var minimum =
                        inForce == null ? null : inForce.getValue().limits().minimum();
                if (minimum != null) {
                    Fraction less = Fraction.whole(minimum.units())
                            .plus(claims.royaltyOf(p).negate());
                    sum = sum.plus(less.max(Fraction.ZERO));
                }
            }
            return sum;
        }

        /**
         * Those of the version in force on the latest day that anything was of. A late inflow, or a refund, of a day before accrues by its own
         * version, and is bounded by what bounds the agreement now, not by a version that has passed: neither does it give what a later
         * version's ceiling defers, nor release what a later version puts aside.
         */
        private RoyaltyLimits limits() {
            var inForce = versions.floorEntry(Objects.requireNonNull(claims.latestDay()));
            return (inForce == null ? rule : inForce.getValue()).limits();
        }

        /** What all that was ever given is held against: the tier of the latest day that anything was of. */
        private @Nullable BigInteger cap() {
            if (claims.capMet() != null) {
                return claims.capMet();
            }
            LocalDate latest = Objects.requireNonNull(claims.latestDay());
            List<CapTier> tiers = limits().cap();
            if (tiers == null) {
                return null;
            }
            return tiers.stream()
                    .filter(tier -> tier.until() == null || !latest.isAfter(tier.until()))
                    .findFirst()
                    .map(tier -> tier.amount().units())
                    .orElse(null);
        }

        /** What the latest period's ceiling still lets through, whatever period this movement is of; null: anything. */
        private @Nullable BigInteger room() {
            var ceiling = limits().ceiling();
            return ceiling == null
                    ? null
                    : ceiling.units()
                            .subtract(claims.royaltyGivenIn(Objects.requireNonNull(claims.latestPeriod())))
                            .max(BigInteger.ZERO);
        }

        /** What the pool was given too much comes out of what was put aside, and is there for the claims that follow. */
        private void useAside(String path, BigInteger tooMuch) {
            BigInteger used = known == null
                    ? tooMuch.min(claims.putAside(movement.account()))
                    : ofKnown(usedOf(path)).negate();
            if (used.signum() > 0) {
                claims.takeAside(movement.account(), used);
                claims.give(ROYALTY, used.negate());
                part(usedOf(path), Destination.RETURNS_RESERVE, used.negate());
            }
        }

        private BigInteger toTarget(Tranche.Reserve reserve) {
            if (movement.releases()) {
                return held(reserve).negate();
            }
            if (movement.cash().signum() == 0) {
                return BigInteger.ZERO;
            }
            BigInteger missing = reserve.target().units().subtract(held(reserve));
            return missing.min(reserve.topUp().of(movement.cash()).floor());
        }

        private BigInteger held(Claim claim) {
            return claims.given(claimOf(claim.name(), claim.to(), movement.account()));
        }

        private BigInteger untilReport(Tranche.UntilReport waiting) {
            if (movement.releases()) {
                return held(waiting).negate();
            }
            return movement.cash().signum() == 0
                    ? BigInteger.ZERO
                    : waiting.portion().of(left).floor();
        }

        private BigInteger trapped(Tranche.Trap trap) {
            if (movement.cash().signum() == 0
                    && !movement.releases()
                    && movement.givesUp().signum() == 0) {
                return BigInteger.ZERO;
            }
            return claims.isOn(trap.trigger())
                    ? trap.portion().of(left).floor()
                    : held(trap).negate();
        }

        private void give(Claim claim, BigInteger offered) {
            if (claim instanceof Tranche.Royalty && isPooled(claim)) {
                giveRoyalty(claim.name(), offered);
            } else {
                BigInteger units = known == null ? offered : ofKnown(claim.name());
                claims.give(claimOf(claim.name(), claim.to(), movement.account()), units);
                part(claim.name(), claim.to(), units);
            }
        }

        private void giveRoyalty(String path, BigInteger offered) {
            BigInteger aside = known == null ? aside(offered) : ofKnown(asideOf(path));
            BigInteger released =
                    known == null ? releasable() : ofKnown(releasedOf(path)).negate();
            BigInteger toPool = known == null ? offered.subtract(aside).add(released) : ofKnown(path);
            BigInteger given = toPool.subtract(released).add(aside);
            claims.give(ROYALTY, given);
            claims.giveRoyaltyIn(Objects.requireNonNull(claims.latestPeriod()), given);
            if (released.signum() > 0) {
                claims.takeAside(movement.account(), released);
                part(releasedOf(path), Destination.RETURNS_RESERVE, released.negate());
            }
            part(path, Destination.ROYALTY_POOL, toPool);
            if (aside.signum() > 0) {
                claims.putAside(movement.account(), period, aside);
                part(asideOf(path), Destination.RETURNS_RESERVE, aside);
            }
            BigInteger cap = cap();
            if (cap != null && given.signum() > 0 && claims.given(ROYALTY).compareTo(cap) >= 0) {
                claims.meetCap(cap);
            }
        }

        /** What of so much royalty stays back for refunds. */
        private BigInteger aside(BigInteger units) {
            ReturnsReserve reserve = rule.limits().returnsReserve();
            if (reserve == null) {
                return BigInteger.ZERO;
            }
            BigInteger before = claims.everGiven();
            return reserve.portion()
                    .of(before.add(units))
                    .floor()
                    .subtract(reserve.portion().of(before).floor());
        }

        /** What was put aside long enough before this movement's period; all of it where nothing is put aside any more. */
        private BigInteger releasable() {
            ReturnsReserve reserve = limits().returnsReserve();
            if (movement.releases()) {
                return claims.putAside(movement.account());
            }
            if (movement.cash().signum() == 0) {
                return BigInteger.ZERO;
            }
            return reserve == null
                    ? claims.putAside(movement.account())
                    : claims.asideBefore(movement.account(), rule.periods().plus(period, 1 - reserve.periods()));
        }

        private BigInteger ofKnown(String path) {
            return Objects.requireNonNull(known).getOrDefault(path, BigInteger.ZERO);
        }

        private void part(String path, Destination to, BigInteger units) {
            parts.add(new Part(path, to, units));
            left = left.subtract(units);
        }
    }

    /** What bands ask of a period's base. Exact. A base below zero is of the first band, so that a refund undoes its sale. */
    private static Fraction banded(List<Band> bands, BigInteger base) {
        Fraction sum = Fraction.ZERO;
        BigInteger from = BigInteger.ZERO;
        for (Band band : bands) {
            BigInteger end = band.upTo() == null ? null : band.upTo().units();
            BigInteger part = (end == null ? base : base.min(end)).subtract(from);
            sum = sum.plus(band.portion().of(part));
            if (end == null || base.compareTo(end) <= 0) {
                break;
            }
            from = end;
        }
        return sum;
    }
}
