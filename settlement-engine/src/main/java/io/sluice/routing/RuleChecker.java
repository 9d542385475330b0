package io.sluice.routing;

import io.sluice.money.Currencies;
import io.sluice.money.Decimal;
import io.sluice.money.Fraction;
import io.sluice.money.Money;
import io.sluice.money.Portion;
import io.sluice.platform.Rejection;
import io.sluice.routing.RoyaltyLimits.CapTier;
import io.sluice.routing.RuleDocument.Basis;
import io.sluice.routing.RuleDocument.Placed;
import io.sluice.routing.Tranche.Band;
import io.sluice.routing.Tranche.Claim;
import io.sluice.routing.Tranche.Of;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every static check of a rule document. Each finding names the path, what was found and what was expected. */
final class RuleChecker {

    /** So that dividing an inflow costs little, whoever writes the rule. */
    private static final int MOST_CLAIMS = 32;

    /** No inflow is larger, and sums over all of an agreement's periods stay countable. */
    private static final BigInteger LARGEST = BigInteger.valueOf(Money.LARGEST);

    private static final int MOST_BANDS = 16;
    private static final int MOST_PERIODS = 60;
    private static final int MOST_DAYS_TO_REPORT = 400;

    /** Between these, every period since a version began can be looked at for each inflow. */
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);

    private static final LocalDate LAST_DAY = LocalDate.of(2199, 12, 31);

    /** What a day is that rules and inflows are looked at of. */
    static final String DAYS = "a day from " + FIRST_DAY + " to " + LAST_DAY;

    /** Slashes and at signs make paths out of names. Names that look the same are the same: nothing in them is invisible, nor at their ends. */
    private static final Pattern NAME = Pattern.compile(
            "(?!\\s)[^/@\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]{1,64}(?<!\\s)", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern WORD = Pattern.compile("\\P{Cntrl}{1,64}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

    private final RuleDocument rule;
    private final List<Placed> claims;
    private final List<String> findings = new ArrayList<>();

    private RuleChecker(RuleDocument rule) {
        this.rule = rule;
        this.claims = rule.claims();
    }

    /** Throws {@link Rejection} with all findings, if there are any. */
    static void check(RuleDocument rule) {
        List<String> findings = findings(rule);
        if (!findings.isEmpty()) {
            throw new Rejection("rule-invalid", String.join("; ", findings));
        }
    }

    /** All that is wrong, in the order of the document; empty when nothing is. Examples are tried once nothing else is wrong. */
    static List<String> findings(RuleDocument rule) {
        RuleChecker checker = new RuleChecker(rule);
        checker.look();
        if (checker.findings.isEmpty()) {
            checker.findings.addAll(RuleExamples.findings(rule));
        }
        return List.copyOf(checker.findings);
    }

    private void look() {
        header();
        if (claims.size() > MOST_CLAIMS) { // nothing else is looked at: the cost of it grows with their number
            expect(false, "waterfall", claims.size() + " claims", "at most " + MOST_CLAIMS);
            return;
        }
        shape();
        for (Placed placed : claims) {
            claim(placed.path(), placed.claim());
        }
        sum();
        overlaps();
        limits();
    }

    private void header() {
        expect(rule.schema().equals(RuleDocument.SCHEMA), "schema", rule.schema(), RuleDocument.SCHEMA);
        Portion deduction = rule.expectedDeduction();
        expect(
                (deduction == null) == (rule.basis() == Basis.CASH_RECEIVED),
                "expectedDeduction",
                deduction,
                rule.basis() == Basis.CASH_RECEIVED
                        ? "none, where the basis is the inflow"
                        : "what platforms keep before they deposit");
        expect(
                deduction == null || deduction.numerator().compareTo(deduction.denominator()) < 0,
                "expectedDeduction",
                deduction,
                "less than all");
        expect(rule.version() >= 1, "version", rule.version(), "1 or more");
        expect( // before the first there is none to name
                rule.version() < 1 || (rule.previous() == null) == (rule.version() == 1),
                "previous",
                rule.previous(),
                "the hash of version " + (rule.version() - 1) + ", and null for version 1");
        expect(
                rule.previous() == null
                        || rule.version() <= 1
                        || HASH.matcher(rule.previous()).matches(),
                "previous",
                rule.previous(),
                "a SHA-256 in lower-case hex");
        expect(
                WORD.matcher(rule.agreement()).matches(),
                "agreement",
                "\"" + rule.agreement() + "\"",
                "1 to 64 characters, none of them a control character");
        within("effectiveFrom", rule.effectiveFrom());
        List<RuleDocument.Example> examples = rule.goldenExamples();
        for (int i = 0; i < examples.size(); i++) {
            List<RuleDocument.Given> inflows = examples.get(i).inflows();
            for (int j = 0; j < inflows.size(); j++) {
                within(
                        "examples[" + i + "].inflows[" + j + "].valueDate",
                        inflows.get(j).valueDate());
            }
        }
        try {
            Currencies.digits(rule.currency());
        } catch (IllegalArgumentException e) {
            findings.add("currency: " + e.getMessage());
        }
    }

    private void within(String path, LocalDate day) {
        expect(isDay(day), path, day, DAYS);
    }

    /** Whether rules and inflows of this day are ever looked at. */
    static boolean isDay(LocalDate day) {
        return !day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY);
    }

    /** Where which kind of tranche may stand, and that each has a name of its own. */
    private void shape() {
        List<Tranche> waterfall = rule.waterfall();
        expect(
                !waterfall.isEmpty() && waterfall.getLast() instanceof Tranche.Remainder,
                "waterfall",
                "a last tranche that is not a remainder",
                "the remainder last");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < waterfall.size(); i++) {
            String path = "waterfall[" + i + "]";
            Tranche tranche = waterfall.get(i);
            name(path, tranche, names);
            expect(
                    !(tranche instanceof Tranche.Remainder) || i == waterfall.size() - 1,
                    path + ".kind",
                    "remainder",
                    "another kind: what follows a remainder gets nothing");
            if (tranche instanceof Tranche.Parallel block) {
                block(path, block, names);
            }
        }
    }

    private void block(String path, Tranche.Parallel block, Set<String> names) {
        expect(
                block.tranches().size() >= 2,
                path + ".tranches",
                block.tranches().size() + " tranches",
                "two or more");
        for (int i = 0; i < block.tranches().size(); i++) {
            Tranche tranche = block.tranches().get(i);
            String place = path + ".tranches[" + i + "]";
            name(place, tranche, names);
            expect(
                    switch (tranche) {
                        case Tranche.Share s -> true;
                        case Tranche.Fixed f -> true;
                        case Tranche.DueUpTo d -> true;
                        case Tranche.Royalty r -> true;
                        default -> false;
                    },
                    place + ".kind",
                    "a " + tranche.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    "portion, fixed, due or royalty: claims that can be of one rank");
        }
    }

    private void name(String path, Tranche tranche, Set<String> names) {
        expect(names.add(tranche.name()), path + ".name", tranche.name(), "a name of its own");
        named(path + ".name", tranche.name());
    }

    private void named(String path, String name) {
        expect(
                NAME.matcher(name).matches(),
                path,
                "\"" + name + "\"",
                "1 to 64 characters without / and @, none of them invisible, and no space at either end");
    }

    private void claim(String path, Claim claim) {
        destination(path, claim);
        condition(path + ".when", claim.when());
        switch (claim) {
            case Tranche.Share share -> share(path, share);
            case Tranche.Fixed fixed -> dueAmount(path + ".amount", fixed.amount());
            case Tranche.DueUpTo due -> dueAmount(path + ".amount", due.amount());
            case Tranche.Royalty royalty -> royalty(path, royalty);
            case Tranche.Reserve reserve -> {
                decimals(path + ".target", reserve.target());
                expect( // nothing: it gives up what it holds
                        reserve.target().units().signum() >= 0, path + ".target", reserve.target(), "nothing or more");
                some(path + ".topUp", reserve.topUp());
            }
            case Tranche.Trap trap -> // a portion of nothing: it gives up what it holds
                named(path + ".trigger", trap.trigger());
            case Tranche.UntilReport waiting -> untilReport(path, waiting);
            case Tranche.Remainder rest -> {} // whatever is left
        }
        boolean undoable = claim.when() == null
                || claim.when().trigger() == null
                || (claim instanceof Tranche.Share share && share.of() == Of.LEFT);
        expect(
                undoable,
                path + ".when.trigger",
                claim.when() == null ? null : claim.when().trigger(),
                "none, but for a portion of what is left: a refund could not be priced as its sale was");
    }

    private void destination(String path, Claim claim) {
        Set<Destination> allowed = switch (claim) {
            case Tranche.Share s ->
                EnumSet.of(
                        Destination.PLATFORM_FEES,
                        Destination.TRUSTEE_FEES,
                        Destination.TAX_WITHHELD,
                        Destination.UPSTREAM_ROYALTY);
            case Tranche.Fixed f -> EnumSet.of(Destination.PLATFORM_FEES, Destination.TRUSTEE_FEES);
            case Tranche.DueUpTo d ->
                EnumSet.of(Destination.PLATFORM_FEES, Destination.TRUSTEE_FEES, Destination.UPSTREAM_ROYALTY);
            case Tranche.Royalty r -> EnumSet.of(Destination.ROYALTY_POOL, Destination.UPSTREAM_ROYALTY);
            case Tranche.Reserve r -> EnumSet.of(Destination.CASH_RESERVE);
            case Tranche.Trap t -> EnumSet.of(Destination.MERCHANT_TRAPPED);
            case Tranche.UntilReport u -> EnumSet.of(Destination.MERCHANT_UNTIL_REPORT);
            case Tranche.Remainder r -> EnumSet.of(Destination.MERCHANT_RESIDUAL);
        };
        expect(
                allowed.contains(claim.to()),
                path + ".to",
                claim.to().text(),
                String.join(" or ", allowed.stream().map(Destination::text).toList())
                        + ", as this kind of tranche goes");
        expect(
                (claim.payee() != null) == claim.to().needsPayee(),
                path + ".payee",
                claim.payee(),
                claim.to().needsPayee() ? "who is paid" : "none: " + claim.to().text() + " says who is paid");
    }

    private void untilReport(String path, Tranche.UntilReport waiting) {
        expect(
                rule.basis() != Basis.CASH_RECEIVED,
                path + ".kind",
                "until-report",
                "another kind: where the basis is the inflow, no report comes");
        expect(
                waiting.days() >= 1 && waiting.days() <= MOST_DAYS_TO_REPORT,
                path + ".days",
                waiting.days(),
                "1 to " + MOST_DAYS_TO_REPORT);
        expect(
                before(waiting).stream()
                        .noneMatch(other -> other instanceof Tranche.UntilReport || other instanceof Tranche.Trap),
                path + ".kind",
                "until-report behind a trap, or a second one",
                "one, and traps after it: they hold of what it gives up");
    }

    private void share(String path, Tranche.Share share) {
        accruing(path + ".portion", share.portion());
        expect(
                share.of() != Of.BASIS_LESS_ROYALTY,
                path + ".of",
                "basis-less-royalty",
                "basis or left: stacked claims are royalties");
        Decimal least = share.atLeast();
        Decimal most = share.atMost();
        expect(
                share.of() != Of.LEFT || (least == null && most == null),
                path + ".of",
                "left, with a least or most",
                "basis, where each inflow has a least or most");
        amount(path + ".atLeast", least);
        amount(path + ".atMost", most);
        expect(
                least == null || most == null || least.units().compareTo(most.units()) <= 0,
                path + ".atMost",
                most,
                "at least " + least + ", the least");
        expect(
                share.of() != Of.LEFT
                        || share.when() != null
                        || share.portion().numerator().compareTo(share.portion().denominator()) < 0,
                path + ".portion",
                share.portion(),
                "less than all that is left, or a condition: what follows would never get anything");
    }

    private void royalty(String path, Tranche.Royalty royalty) {
        Portion flat = royalty.portion();
        List<Band> bands = royalty.bands();
        expect(
                (flat == null) != (bands == null),
                path + ".portion",
                flat == null ? null : "both a portion and bands",
                "an exact fraction such as 1/10, or bands");
        if (flat != null) {
            accruing(path + ".portion", flat);
        }
        if (bands != null) {
            bands(path + ".bands", bands);
        }
        boolean stacked = royalty.of() == Of.BASIS_LESS_ROYALTY;
        expect(royalty.of() != Of.LEFT, path + ".of", "left", "basis or basis-less-royalty");
        expect(
                !stacked || before(royalty).stream().anyMatch(Tranche.Royalty.class::isInstance),
                path + ".of",
                "basis-less-royalty",
                "basis: no royalty stands before it");
    }

    private void bands(String path, List<Band> bands) {
        expect(!bands.isEmpty() && bands.size() <= MOST_BANDS, path, bands.size() + " bands", "1 to " + MOST_BANDS);
        BigInteger before = BigInteger.ZERO;
        for (int i = 0; i < bands.size(); i++) {
            Decimal end = bands.get(i).upTo();
            boolean last = i == bands.size() - 1;
            amount(path + "[" + i + "].upTo", end);
            expect(
                    (end == null) == last && (end == null || end.units().compareTo(before) > 0),
                    path + "[" + i + "].upTo",
                    end,
                    last ? "none in the last band" : "more than the band before");
            before = end == null ? before : end.units();
        }
        expect(
                bands.isEmpty()
                        || bands.stream()
                                .anyMatch(band -> band.portion().numerator().signum() > 0),
                path,
                "nothing in every band",
                "a portion above 0/1 in one of them");
    }

    private List<Claim> before(Claim claim) {
        return claims.stream()
                .map(Placed::claim)
                .takeWhile(other -> other != claim)
                .toList();
    }

    private void condition(String path, @Nullable Condition when) {
        if (when == null) {
            return;
        }
        values(path + ".channel", when.channel());
        values(path + ".country", when.country());
        if (when.country() != null) {
            for (String country : when.country()) {
                expect(
                        COUNTRY.matcher(country).matches(),
                        path + ".country",
                        country,
                        "two letters, as ISO 3166 has them");
            }
        }
        if (when.trigger() != null) {
            named(path + ".trigger", when.trigger());
        }
        decimals(path + ".amountFrom", when.amountFrom());
        amount(path + ".amountBelow", when.amountBelow());
        expect(
                when.amountFrom() == null
                        || when.amountBelow() == null
                        || when.amountFrom()
                                        .units()
                                        .compareTo(when.amountBelow().units())
                                < 0,
                path + ".amountBelow",
                when.amountBelow(),
                "more than " + when.amountFrom() + ": no inflow is both");
        expect(
                when.channel() != null
                        || when.country() != null
                        || when.amountFrom() != null
                        || when.amountBelow() != null
                        || when.trigger() != null,
                path,
                "nothing",
                "a condition, or no \"when\"");
    }

    private void values(String path, @Nullable List<String> values) {
        expect(
                values == null || (!values.isEmpty() && new HashSet<>(values).size() == values.size()),
                path,
                values,
                "one or more values, each once");
    }

    /** No inflow is asked for more than all of it. */
    private void sum() {
        Fraction most = mostAtOnce(claims.stream().map(Placed::claim).toList());
        expect(
                most.compareTo(Fraction.whole(BigInteger.ONE)) <= 0,
                "waterfall",
                "portions that sum to " + most,
                "1 or less");
    }

    /** The greatest sum of portions of claims that one inflow can meet together; of 64 claims at most. */
    static Fraction mostAtOnce(List<Claim> claims) {
        long[] excluded = new long[claims.size()];
        for (int one = 0; one < claims.size(); one++) {
            for (int other = 0; other < claims.size(); other++) {
                if (excludes(claims.get(one), claims.get(other))) {
                    excluded[one] |= 1L << other;
                }
            }
        }
        return mostAtOnce(
                claims.stream().map(RuleChecker::portion).toList(),
                excluded,
                claims.isEmpty() ? 0 : -1L >>> -claims.size(),
                new HashMap<>());
    }

    /**
     * What excludes nothing that is left is met; of the others, with and without the one that excludes most. Pairs and the like, of which each
     * is independent of the next, come to the same rest again and again, which is worked out once.
     */
    private static Fraction mostAtOnce(List<Fraction> portions, long[] excluded, long open, Map<Long, Fraction> known) {
        Fraction met = Fraction.ZERO;
        long rest = open;
        int most = -1;
        int excludes = 0;
        for (long left = open; left != 0; left &= left - 1) {
            int claim = Long.numberOfTrailingZeros(left);
            int its = Long.bitCount(excluded[claim] & open);
            if (its == 0) {
                met = met.plus(portions.get(claim));
                rest &= ~(1L << claim);
            } else if (its > excludes) {
                excludes = its;
                most = claim;
            }
        }
        if (most < 0) {
            return met;
        }
        Fraction ofRest = known.get(rest);
        if (ofRest == null) {
            long others = rest & ~(1L << most);
            ofRest = portions.get(most)
                    .plus(mostAtOnce(portions, excluded, others & ~excluded[most], known))
                    .max(mostAtOnce(portions, excluded, others, known));
            known.put(rest, ofRest);
        }
        return met.plus(ofRest);
    }

    private static boolean excludes(Claim one, Claim other) {
        Condition first = one.when();
        Condition second = other.when();
        return first != null && second != null && first.excludes(second);
    }

    /** What the claim asks of a basis of one, at most. */
    private static Fraction portion(Claim claim) {
        return switch (claim) {
            case Tranche.Share share when share.of() != Of.LEFT -> of(share.portion());
            case Tranche.Royalty royalty when royalty.portion() != null -> of(royalty.portion());
            case Tranche.Royalty royalty
            when royalty.bands() != null ->
                royalty.bands().stream().map(band -> of(band.portion())).reduce(Fraction.ZERO, Fraction::max);
            default -> Fraction.ZERO;
        };
    }

    private static Fraction of(Portion portion) {
        return portion.of(BigInteger.ONE);
    }

    private void overlaps() {
        List<Placed> pooled = claims.stream()
                .filter(placed -> placed.claim() instanceof Tranche.Royalty && Waterfall.isPooled(placed.claim()))
                .toList();
        for (int i = 0; i < pooled.size(); i++) {
            for (Placed other : pooled.subList(i + 1, pooled.size())) {
                Placed one = pooled.get(i);
                expect(
                        excludes(one.claim(), other.claim()),
                        other.path() + ".when",
                        "inflows that " + one.path() + " is for too",
                        "others: the pool's royalty is taken once of an inflow");
            }
        }
        expect(
                rule.royalty() == null || !pooled.isEmpty(),
                "royalty",
                "bounds of a royalty",
                "none, where no royalty goes to royalty.pool");
    }

    private void limits() {
        RoyaltyLimits limits = rule.limits();
        amount("royalty.minimum", limits.minimum());
        amount("royalty.ceiling", limits.ceiling());
        notAbove("royalty.minimum", limits.minimum(), "the ceiling", limits.ceiling());
        if (limits.cap() != null) {
            cap(limits.cap(), limits.minimum());
        }
        if (limits.returnsReserve() != null) {
            Portion portion = limits.returnsReserve().portion();
            int periods = limits.returnsReserve().periods();
            expect(
                    portion.numerator().signum() > 0 && portion.numerator().compareTo(portion.denominator()) < 0,
                    "royalty.returnsReserve.portion",
                    portion,
                    "more than nothing and less than all");
            expect(
                    periods >= 1 && periods <= MOST_PERIODS,
                    "royalty.returnsReserve.periods",
                    periods,
                    "1 to " + MOST_PERIODS);
        }
        if (limits.conversion() != null) {
            Portion depeg = limits.conversion().depeg();
            Portion slippage = limits.conversion().slippage();
            expect(
                    depeg.numerator().signum() > 0 && depeg.numerator().compareTo(depeg.denominator()) < 0,
                    "royalty.conversion.depeg",
                    depeg,
                    "more than nothing and less than all");
            expect(
                    slippage.numerator().compareTo(slippage.denominator()) < 0,
                    "royalty.conversion.slippage",
                    slippage,
                    "less than all");
        }
    }

    private void cap(List<CapTier> tiers, @Nullable Decimal minimum) {
        expect(
                !tiers.isEmpty() && tiers.size() <= MOST_BANDS,
                "royalty.cap",
                tiers.size() + " tiers",
                "1 to " + MOST_BANDS);
        for (int i = 0; i < tiers.size(); i++) {
            CapTier tier = tiers.get(i);
            String path = "royalty.cap[" + i + "]";
            boolean last = i == tiers.size() - 1;
            amount(path + ".amount", tier.amount());
            expect(
                    (tier.until() == null) == last,
                    path + ".until",
                    tier.until(),
                    last ? "none in the last tier" : "a day");
            if (i > 0) {
                CapTier before = tiers.get(i - 1);
                expect(
                        tier.until() == null
                                || before.until() == null
                                || tier.until().isAfter(before.until()),
                        path + ".until",
                        tier.until(),
                        "a day after " + before.until());
                expect(
                        tier.amount().units().compareTo(before.amount().units()) > 0,
                        path + ".amount",
                        tier.amount(),
                        "more than " + before.amount() + ", the tier before");
            }
            if (tier.until() != null) {
                expect(
                        !tier.until().isBefore(rule.effectiveFrom()),
                        path + ".until",
                        tier.until(),
                        "a day on or after " + rule.effectiveFrom());
            }
        }
        notAbove(
                "royalty.minimum",
                minimum,
                "the cap",
                tiers.isEmpty() ? null : tiers.getFirst().amount());
    }

    private void notAbove(String path, @Nullable Decimal least, String what, @Nullable Decimal most) {
        expect(
                least == null || most == null || least.units().compareTo(most.units()) <= 0,
                path,
                least,
                "at most " + most + ", " + what);
    }

    /** Of nothing in a later version: what the claim has accrued in those before is owed to it, and nothing more. */
    private void accruing(String path, Portion portion) {
        if (rule.version() == 1) {
            some(path, portion);
        }
    }

    /** Likewise. */
    private void dueAmount(String path, Decimal amount) {
        if (rule.version() == 1) {
            amount(path, amount);
        } else {
            decimals(path, amount);
            expect(amount.units().signum() >= 0, path, amount, "nothing or more");
        }
    }

    private void some(String path, Portion portion) {
        expect(portion.numerator().signum() > 0, path, portion, "more than nothing");
    }

    private void amount(String path, @Nullable Decimal amount) {
        if (amount != null) {
            decimals(path, amount);
            expect(amount.units().signum() > 0, path, amount, "more than nothing");
        }
    }

    private void decimals(String path, @Nullable Decimal amount) {
        if (amount != null) {
            expect(
                    amount.units().compareTo(LARGEST) <= 0,
                    path,
                    amount,
                    "at most " + new BigDecimal(LARGEST, amount.decimals()) + ", as no inflow is larger");
            findings.addAll(wrongDecimals(path, amount, rule.currency()));
        }
    }

    /** A finding when the amount has not just the currency's decimals; a currency that there is not is another finding. */
    static Collection<String> wrongDecimals(String path, Decimal amount, String currency) {
        int digits;
        try {
            digits = Currencies.digits(currency);
        } catch (IllegalArgumentException unknown) {
            return List.of();
        }
        return amount.decimals() == digits
                ? List.of()
                : List.of(path + ": found " + amount + ", expected " + digits + " decimals, as " + currency + " has");
    }

    private void expect(boolean holds, String path, @Nullable Object found, String expected) {
        if (!holds) {
            findings.add(path + ": found " + found + ", expected " + expected);
        }
    }
}
