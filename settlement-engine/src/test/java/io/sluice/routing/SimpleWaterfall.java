package io.sluice.routing;

import io.sluice.routing.Tranche.Band;
import io.sluice.routing.Tranche.Claim;
import io.sluice.routing.Tranche.Of;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@link Waterfall} must give, told a second time and as plainly as can be: it remembers every movement, and adds all of them up again for
 * every figure. Whole numbers in units of a thousandth, so portions are multiples of 1/1000.
 */
final class SimpleWaterfall {

    private static final BigInteger THOUSAND = BigInteger.valueOf(1_000);

    /** A movement that was divided, and what its claims accrued, in thousandths. */
    private record Entry(
            String hash,
            RuleDocument rule,
            Movement movement,
            Map<String, BigInteger> parts,
            Map<String, BigInteger> accrued,
            Map<String, BigInteger> bases,
            LocalDate recordedIn) {}

    private record Lot(String account, LocalDate period, BigInteger units) {}

    private final TreeMap<LocalDate, RuleDocument> versions = new TreeMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, BigInteger> reduced = new HashMap<>();
    private final Set<String> on = new HashSet<>();
    private List<Lot> lots = new ArrayList<>();
    private BigInteger met;

    void begin(RuleDocument rule) {
        versions.put(rule.effectiveFrom(), rule);
    }

    void set(String trigger, boolean isOn) {
        if (isOn) {
            on.add(trigger);
        } else {
            on.remove(trigger);
        }
    }

    void reduce(String key, BigInteger units) {
        reduced.merge(key, units, BigInteger::add);
    }

    void reduceAside(String account, BigInteger units) {
        takeLots(account, units, null);
    }

    Map<String, BigInteger> divide(String hash, RuleDocument rule, Movement movement) {
        LocalDate recordedIn = rule.periods().of(movement.valueDate());
        for (Entry before : entries) {
            recordedIn = before.recordedIn().isAfter(recordedIn) ? before.recordedIn() : recordedIn;
        }
        Entry entry =
                new Entry(hash, rule, movement, new LinkedHashMap<>(), new HashMap<>(), new HashMap<>(), recordedIn);
        entries.add(entry);
        if (movement.givesUp().signum() > 0) {
            entry.parts().put(waiting(rule).name(), movement.givesUp().negate());
        }
        for (Tranche tranche : rule.waterfall()) {
            if (tranche instanceof Tranche.Parallel block) {
                rank(entry, block);
            } else if (tranche instanceof Tranche.UntilReport
                    && movement.givesUp().signum() > 0) {
                continue;
            } else if (tranche instanceof Claim claim && lets(claim, movement)) {
                give(entry, claim, due(entry, claim).min(left(entry)));
            }
        }
        return entry.parts();
    }

    private static Tranche.UntilReport waiting(RuleDocument rule) {
        return rule.claims().stream()
                .map(RuleDocument.Placed::claim)
                .filter(Tranche.UntilReport.class::isInstance)
                .map(Tranche.UntilReport.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** What stands before the claim that gives up has had its part of what was left of the deposit. */
    private static boolean hadItsPart(Entry entry, Claim claim) {
        if (entry.movement().givesUp().signum() == 0) {
            return false;
        }
        List<String> names = new ArrayList<>(entry.rule().destinations().keySet());
        return names.indexOf(claim.name()) < names.indexOf(waiting(entry.rule()).name());
    }

    private boolean lets(Claim claim, Movement movement) {
        Condition when = claim.when();
        if (when == null) {
            return true;
        }
        if (when.trigger() != null && movement.undoes()) {
            return movement.undone().containsKey(claim.name());
        }
        return (when.country() == null
                        || (movement.country() != null && when.country().contains(movement.country())))
                && (when.amountFrom() == null
                        || movement.amount().compareTo(when.amountFrom().units()) >= 0)
                && (when.trigger() == null || on.contains(when.trigger()));
    }

    private static BigInteger left(Entry entry) {
        return entry.movement().cash().subtract(sum(entry.parts().values()));
    }

    private static BigInteger sum(Iterable<BigInteger> units) {
        BigInteger sum = BigInteger.ZERO;
        for (BigInteger one : units) {
            sum = sum.add(one);
        }
        return sum;
    }

    /** Everything that went to it, whatever the version. */
    private BigInteger given(String key) {
        BigInteger sum = reduced.getOrDefault(key, BigInteger.ZERO).negate();
        for (Entry entry : entries) {
            for (var part : entry.parts().entrySet()) {
                if (keyOf(entry, part.getKey()).equals(key)) {
                    sum = sum.add(part.getValue());
                }
            }
        }
        return sum;
    }

    static String keyOf(RuleDocument rule, Movement movement, String path) {
        return switch (rule.claimOf(path).to()) {
            case ROYALTY_POOL -> "pool";
            case CASH_RESERVE, MERCHANT_TRAPPED, MERCHANT_UNTIL_REPORT -> path + " on " + movement.account();
            default -> path;
        };
    }

    private static String keyOf(Entry entry, String path) {
        return keyOf(entry.rule(), entry.movement(), path);
    }

    private BigInteger accrued(String key) {
        BigInteger sum = BigInteger.ZERO;
        for (Entry entry : entries) {
            sum = sum.add(entry.accrued().getOrDefault(key, BigInteger.ZERO));
        }
        return sum;
    }

    private static BigInteger floor(BigInteger thousandths) {
        BigInteger[] parts = thousandths.divideAndRemainder(THOUSAND);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static BigInteger thousandths(io.sluice.money.Portion portion, BigInteger of) {
        return of.multiply(portion.numerator().multiply(THOUSAND.divide(portion.denominator())));
    }

    private BigInteger due(Entry entry, Claim claim) {
        Movement movement = entry.movement();
        String name = claim.name();
        return switch (claim) {
            case Tranche.Share share -> {
                entry.accrued().put(name, share(entry, share));
                yield floor(accrued(name)).subtract(given(name)).max(BigInteger.ZERO);
            }
            case Tranche.Fixed fixed -> {
                entry.accrued()
                        .put(
                                name,
                                fixed.amount()
                                        .units()
                                        .multiply(times(entry, fixed))
                                        .multiply(THOUSAND));
                yield floor(accrued(name)).subtract(given(name)).max(BigInteger.ZERO);
            }
            case Tranche.DueUpTo due ->
                due.amount().units().subtract(given(name)).max(BigInteger.ZERO);
            case Tranche.Royalty royalty -> royalty(entry, royalty);
            case Tranche.Reserve reserve ->
                movement.cash().signum() == 0
                        ? BigInteger.ZERO
                        : reserve.target()
                                .units()
                                .subtract(given(name + " on " + movement.account()))
                                .min(floor(thousandths(reserve.topUp(), movement.cash())));
            case Tranche.Trap trap -> {
                if (movement.cash().signum() == 0 && movement.givesUp().signum() == 0) {
                    yield BigInteger.ZERO;
                }
                yield on.contains(trap.trigger())
                        ? floor(thousandths(trap.portion(), left(entry)))
                        : given(name + " on " + movement.account()).negate();
            }
            case Tranche.UntilReport waits ->
                movement.cash().signum() == 0 ? BigInteger.ZERO : floor(thousandths(waits.portion(), left(entry)));
            case Tranche.Remainder rest -> left(entry);
        };
    }

    private static BigInteger share(Entry entry, Tranche.Share share) {
        Movement movement = entry.movement();
        if (share.of() == Of.LEFT) {
            if (hadItsPart(entry, share)) {
                return BigInteger.ZERO;
            }
            return movement.undoes()
                    ? movement.undone()
                            .getOrDefault(share.name(), BigInteger.ZERO)
                            .multiply(THOUSAND)
                            .negate()
                    : thousandths(share.portion(), left(entry));
        }
        return ofOneInflow(share, movement.counted().add(movement.base()))
                .subtract(ofOneInflow(share, movement.counted()));
    }

    private static BigInteger ofOneInflow(Tranche.Share share, BigInteger base) {
        BigInteger size = thousandths(share.portion(), base.abs());
        if (share.atLeast() != null && base.signum() != 0) {
            size = size.max(share.atLeast().units().multiply(THOUSAND));
        }
        if (share.atMost() != null) {
            size = size.min(share.atMost().units().multiply(THOUSAND));
        }
        return base.signum() < 0 ? size.negate() : size;
    }

    private BigInteger times(Entry entry, Tranche.Fixed fixed) {
        if (fixed.per() == Tranche.Per.INFLOW) {
            Movement movement = entry.movement();
            return BigInteger.valueOf(movement.counted().add(movement.base()).signum()
                    - movement.counted().signum());
        }
        Period periods = entry.rule().periods();
        LocalDate from = null;
        LocalDate charged = null;
        for (Entry other : entries) {
            boolean has = other.rule().claims().stream()
                    .anyMatch(placed -> placed.claim() instanceof Tranche.Fixed same
                            && same.per() == Tranche.Per.PERIOD
                            && same.name().equals(fixed.name())
                            && lets(placed.claim(), other.movement()));
            if (has) {
                from = from == null ? periods.of(other.rule().effectiveFrom()) : from;
                LocalDate period = periods.of(other.movement().valueDate());
                if (other != entry && (charged == null || period.isAfter(charged))) {
                    charged = period;
                }
            }
        }
        int times = 0;
        for (LocalDate p = charged == null ? from : periods.plus(charged, 1);
                !p.isAfter(periods.of(entry.movement().valueDate()));
                p = periods.plus(p, 1)) {
            times++;
        }
        return BigInteger.valueOf(times);
    }

    private BigInteger royalty(Entry entry, Tranche.Royalty royalty) {
        boolean pooled = royalty.to() == Destination.ROYALTY_POOL;
        String key = pooled ? "pool" : royalty.name();
        Movement movement = entry.movement();
        BigInteger base = royalty.of() == Of.BASIS_LESS_ROYALTY
                ? movement.base().subtract(entry.bases().getOrDefault("posted", BigInteger.ZERO))
                : movement.base();
        BigInteger before = pooled ? poolDue(entry) : floor(accrued(key));
        BigInteger exact;
        if (royalty.portion() != null) {
            exact = thousandths(royalty.portion(), base);
        } else {
            entry.bases().put(royalty.name(), base);
            LocalDate period = entry.rule().periods().of(movement.valueDate());
            BigInteger after = BigInteger.ZERO;
            for (Entry other : entries) {
                if (other.hash().equals(entry.hash())
                        && other.rule()
                                .periods()
                                .of(other.movement().valueDate())
                                .equals(period)) {
                    after = after.add(other.bases().getOrDefault(royalty.name(), BigInteger.ZERO));
                }
            }
            exact = banded(royalty.bands(), after).subtract(banded(royalty.bands(), after.subtract(base)));
        }
        entry.accrued().merge(key, exact, BigInteger::add);
        BigInteger posted = (pooled ? poolDue(entry) : floor(accrued(key))).subtract(before);
        entry.bases().merge("posted", posted, BigInteger::add);
        if (!pooled) {
            return floor(accrued(key)).subtract(given(key)).max(BigInteger.ZERO);
        }
        BigInteger open = poolDue(entry).subtract(given("pool"));
        if (open.signum() < 0) {
            BigInteger used = open.negate().min(aside(movement.account()));
            if (used.signum() > 0) {
                takeLots(movement.account(), used, null);
                entry.parts().put(Waterfall.usedOf(royalty.name()), used.negate());
            }
            return BigInteger.ZERO;
        }
        var ceiling = limits(entry).ceiling();
        if (ceiling != null) {
            BigInteger inPeriod = BigInteger.ZERO;
            for (Entry other : entries) {
                if (other != entry && other.recordedIn().equals(entry.recordedIn())) {
                    for (var part : other.parts().entrySet()) {
                        if (keyOf(other, part.getKey()).equals("pool")
                                && !part.getKey().endsWith("-used")) {
                            inPeriod = inPeriod.add(part.getValue());
                        }
                    }
                }
            }
            open = open.min(ceiling.units().subtract(inPeriod).max(BigInteger.ZERO));
        }
        return open;
    }

    private static BigInteger banded(List<Band> bands, BigInteger base) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger start = BigInteger.ZERO;
        BigInteger open = base;
        for (Band band : bands) {
            BigInteger width = band.upTo() == null ? open : band.upTo().units().subtract(start);
            BigInteger part = open.min(width);
            sum = sum.add(thousandths(band.portion(), part));
            open = open.subtract(part);
            start = band.upTo() == null ? start : band.upTo().units();
        }
        return sum;
    }

    /** All that the pool is due after every movement so far, the one at hand as far as it has come. */
    private BigInteger poolDue(Entry at) {
        LocalDate latest = entries.stream()
                .map(entry -> entry.rule().periods().of(entry.movement().valueDate()))
                .max(LocalDate::compareTo)
                .orElseThrow();
        BigInteger sum = accrued("pool");
        Period periods = at.rule().periods();
        for (LocalDate p = periods.of(versions.firstKey()); p.isBefore(latest); p = periods.plus(p, 1)) {
            var inForce = versions.floorEntry(p);
            if (inForce != null && inForce.getValue().limits().minimum() != null) {
                BigInteger inPeriod = BigInteger.ZERO;
                for (Entry entry : entries) {
                    if (periods.of(entry.movement().valueDate()).equals(p)) {
                        inPeriod = inPeriod.add(entry.accrued().getOrDefault("pool", BigInteger.ZERO));
                    }
                }
                sum = sum.add(inForce.getValue()
                        .limits()
                        .minimum()
                        .units()
                        .multiply(THOUSAND)
                        .subtract(inPeriod)
                        .max(BigInteger.ZERO));
            }
        }
        BigInteger cap = cap(at);
        return cap == null ? floor(sum) : floor(sum).min(cap);
    }

    private LocalDate latest(Entry at) {
        LocalDate latest = at.movement().valueDate();
        for (Entry entry : entries) {
            LocalDate day = entry.movement().valueDate();
            latest = day.isAfter(latest) ? day : latest;
        }
        return latest;
    }

    /** What bounds the agreement now bounds a late movement, too. */
    private RoyaltyLimits limits(Entry at) {
        var inForce = versions.floorEntry(latest(at));
        return (inForce == null ? at.rule() : inForce.getValue()).limits();
    }

    private BigInteger cap(Entry at) {
        LocalDate latest = latest(at);
        var tiers = limits(at).cap();
        if (met != null || tiers == null) {
            return met;
        }
        for (var tier : tiers) {
            if (tier.until() == null || !latest.isAfter(tier.until())) {
                return tier.amount().units();
            }
        }
        return null;
    }

    private BigInteger aside(String account) {
        BigInteger sum = BigInteger.ZERO;
        for (Lot lot : lots) {
            sum = lot.account().equals(account) ? sum.add(lot.units()) : sum;
        }
        return sum;
    }

    /** Takes so much, or all that is older than a period, from the oldest lots; answers what was taken. */
    private BigInteger takeLots(String account, BigInteger units, LocalDate before) {
        List<Lot> rest = new ArrayList<>();
        BigInteger taken = BigInteger.ZERO;
        lots.sort(java.util.Comparator.comparing(Lot::period));
        for (Lot lot : lots) {
            boolean its = lot.account().equals(account)
                    && (before == null || lot.period().isBefore(before));
            BigInteger now =
                    its ? (units == null ? lot.units() : lot.units().min(units.subtract(taken))) : BigInteger.ZERO;
            taken = taken.add(now);
            if (now.compareTo(lot.units()) < 0) {
                rest.add(new Lot(lot.account(), lot.period(), lot.units().subtract(now)));
            }
        }
        lots = rest;
        return taken;
    }

    private void rank(Entry entry, Tranche.Parallel block) {
        TreeMap<String, BigInteger> due = new TreeMap<>();
        List<Claim> claims = new ArrayList<>();
        for (Tranche tranche : block.tranches()) {
            if (tranche instanceof Claim claim && lets(claim, entry.movement())) {
                claims.add(claim);
                due.put(claim.name(), due(entry, claim));
            }
        }
        BigInteger all = sum(due.values());
        BigInteger left = left(entry);
        Map<String, BigInteger> met = new HashMap<>(due);
        if (all.compareTo(left) > 0) {
            TreeMap<BigInteger, List<String>> remainders = new TreeMap<>(java.util.Comparator.reverseOrder());
            BigInteger rest = left;
            for (var one : due.entrySet()) {
                BigInteger[] share = left.multiply(one.getValue()).divideAndRemainder(all);
                met.put(one.getKey(), share[0]);
                rest = rest.subtract(share[0]);
                remainders.computeIfAbsent(share[1], r -> new ArrayList<>()).add(one.getKey());
            }
            for (List<String> names : remainders.values()) {
                for (String name : names) {
                    if (rest.signum() > 0) {
                        met.merge(name, BigInteger.ONE, BigInteger::add);
                        rest = rest.subtract(BigInteger.ONE);
                    }
                }
            }
        }
        claims.forEach(claim -> give(entry, claim, met.get(claim.name())));
    }

    private void give(Entry entry, Claim claim, BigInteger units) {
        if (claim.to() != Destination.ROYALTY_POOL) {
            entry.parts().merge(claim.name(), units, BigInteger::add);
            return;
        }
        String account = entry.movement().account();
        LocalDate period = entry.rule().periods().of(entry.movement().valueDate());
        var reserve = entry.rule().limits().returnsReserve();
        BigInteger released = BigInteger.ZERO;
        if (entry.movement().cash().signum() > 0) {
            var now = limits(entry).returnsReserve();
            released = takeLots(
                    account, null, now == null ? null : entry.rule().periods().plus(period, 1 - now.periods()));
        }
        BigInteger aside = BigInteger.ZERO;
        if (reserve != null) {
            BigInteger ever = BigInteger.ZERO;
            for (Entry other : entries) {
                for (var part : other.parts().entrySet()) {
                    if (other != entry
                            && keyOf(other, part.getKey()).equals("pool")
                            && !part.getKey().endsWith("-used")) {
                        ever = ever.add(part.getValue());
                    }
                }
            }
            aside = floor(thousandths(reserve.portion(), ever.add(units)))
                    .subtract(floor(thousandths(reserve.portion(), ever)));
        }
        if (released.signum() > 0) {
            entry.parts().put(Waterfall.releasedOf(claim.name()), released.negate());
        }
        entry.parts().merge(claim.name(), units.subtract(aside).add(released), BigInteger::add);
        if (aside.signum() > 0) {
            entry.parts().put(Waterfall.asideOf(claim.name()), aside);
            lots.add(new Lot(account, period, aside));
        }
        BigInteger cap = cap(entry);
        if (met == null && cap != null && units.signum() > 0 && given("pool").compareTo(cap) >= 0) {
            met = cap;
        }
    }
}
