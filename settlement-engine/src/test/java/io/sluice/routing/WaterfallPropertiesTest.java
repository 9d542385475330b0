package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.routing.RuleDocument.Placed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random rules, versions and signed events against a second, simple implementation. 200 sequences; {@code -Dsluice.sequences=10000} for more,
 * {@code -Dsluice.seed=N} to run those of a printed seed again.
 */
class WaterfallPropertiesTest {

    private static final int SEQUENCES = Integer.getInteger("sluice.sequences", 200);
    private static final long SEED = Long.getLong("sluice.seed", 20_261_123L);
    private static final LocalDate START = LocalDate.of(2026, 1, 5);
    private static final int[] DIGITS = {0, 2, 3, 18};
    private static final String[] COUNTRIES = {"DE", "FR", "US"};

    /** What was divided, and by which version. */
    private record Divided(String hash, RuleDocument rule, Movement movement, Map<String, BigInteger> parts) {}

    @Test
    void agreesWithTheSimpleOneAndKeepsItsInvariants() {
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = SEED + i;
            Random random = new Random(seed);
            Rules rules = new Rules(random, true);
            try {
                run(random, rules);
            } catch (AssertionError | RuntimeException e) {
                throw failed(seed, rules, e);
            }
        }
        System.out.println("Waterfall: " + SEQUENCES + " sequences, first seed " + SEED);
    }

    /** Rules without reserves, traps, ceilings, caps and portions of what is left: nothing depends on the way to where one is. */
    @Test
    void accruesAndGivesTheSameInAnyOrder() {
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = SEED + i;
            Random random = new Random(seed);
            Rules rules = new Rules(random, false);
            try {
                shuffled(random, rules);
            } catch (AssertionError | RuntimeException e) {
                throw failed(seed, rules, e);
            }
        }
    }

    private static AssertionError failed(long seed, Rules rules, Throwable cause) {
        return new AssertionError(
                "-Dsluice.seed=" + seed + " -Dsluice.sequences=1: " + cause.getMessage() + " by " + rules.texts, cause);
    }

    private static void run(Random random, Rules rules) {
        Waterfall waterfall = new Waterfall();
        SimpleWaterfall simple = new SimpleWaterfall();
        List<Divided> past = new ArrayList<>();
        Set<Divided> corrected = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Divided> letGo = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<String, BigInteger> held = new TreeMap<>();
        RuleDocument rule = rules.next(START);
        waterfall.begin(rule);
        simple.begin(rule);
        LocalDate day = START;
        int steps = 1 + random.nextInt(40);
        for (int step = 0; step < steps; step++) {
            day = day.plusDays(random.nextInt(12));
            if (random.nextInt(12) == 0 && day.isAfter(rule.effectiveFrom())) {
                rule = rules.next(day);
                waterfall.begin(rule);
                simple.begin(rule);
            }
            if (random.nextInt(6) == 0) {
                boolean on = random.nextBoolean();
                waterfall.set("covenant", on);
                simple.set("covenant", on);
            }
            Divided next = next(random, past, corrected, letGo, rule, day, rules.scale);
            Waterfall.Division division = waterfall.divide(next.hash(), next.rule(), next.movement());
            assertThat(waterfall.divide(next.hash(), next.rule(), next.movement()))
                    .isEqualTo(division);
            Map<String, BigInteger> parts = byPath(division.parts());
            assertThat(nonZero(simple.divide(next.hash(), next.rule(), next.movement())))
                    .isEqualTo(nonZero(parts));
            assertThat(sum(parts)).isEqualTo(next.movement().cash());
            assertThat(division.arrears()).isNotNegative();
            assertThat(division.deferred()).isNotNegative();
            notBelowWhatIsHeld(next, division, held);
            waterfall.remember(next.hash(), next.rule(), next.movement(), nonZero(parts));
            past.add(new Divided(next.hash(), next.rule(), next.movement(), nonZero(parts)));
        }
    }

    private static void notBelowWhatIsHeld(Divided next, Waterfall.Division division, Map<String, BigInteger> held) {
        for (Waterfall.Part part : division.parts()) {
            if (part.to().isHeld() || part.to() == Destination.RETURNS_RESERVE) {
                String key = part.to() == Destination.RETURNS_RESERVE ? "aside" : part.path();
                BigInteger left = held.merge(key + "@" + next.movement().account(), part.units(), BigInteger::add);
                assertThat(left).as(key).isNotNegative();
            } else {
                assertThat(part.units()).as(part.path()).isNotNegative();
            }
        }
    }

    private static Divided next(
            Random random,
            List<Divided> past,
            Set<Divided> corrected,
            Set<Divided> letGo,
            RuleDocument rule,
            LocalDate day,
            BigInteger scale) {
        String account = random.nextInt(3) == 0 ? "B" : "A";
        String country = COUNTRIES[random.nextInt(COUNTRIES.length)];
        BigInteger units = units(random, scale);
        int what = random.nextInt(10);
        if (what == 0 && !past.isEmpty()) { // a refund by the version that divided its sale
            Divided sale = past.get(random.nextInt(past.size()));
            Movement of = sale.movement();
            Movement refund = new Movement(
                    of.valueDate(),
                    BigInteger.ZERO,
                    of.base().abs().min(units).negate(),
                    BigInteger.ZERO,
                    of.amount(),
                    of.account(),
                    null,
                    of.country(),
                    Map.of(),
                    BigInteger.ZERO,
                    false);
            return new Divided(sale.hash(), sale.rule(), refund, Map.of());
        }
        if (what == 9) { // the report of a sale
            List<Divided> sales = past.stream()
                    .filter(sale -> sale.movement().cash().signum() > 0 && !corrected.contains(sale))
                    .toList();
            if (!sales.isEmpty()) {
                Divided sale = sales.get(random.nextInt(sales.size()));
                corrected.add(sale);
                BigInteger reported = random.nextInt(5) == 0 ? BigInteger.ZERO : units(random, scale);
                Movement more = sale.movement()
                        .corrected(reported.subtract(sale.movement().base()));
                return new Divided(sale.hash(), sale.rule(), more, Map.of());
            }
        }
        if (what == 8) { // of a sale, what waited for its report
            List<Divided> sales = past.stream()
                    .filter(sale ->
                            sale.parts().getOrDefault("waits", BigInteger.ZERO).signum() > 0 && !letGo.contains(sale))
                    .toList();
            if (!sales.isEmpty()) {
                Divided sale = sales.get(random.nextInt(sales.size()));
                letGo.add(sale);
                Movement release = sale.movement()
                        .givingUp(Objects.requireNonNull(sale.parts().get("waits")));
                return new Divided(sale.hash(), sale.rule(), release, Map.of());
            }
        }
        BigInteger base = what == 1 ? units.add(units(random, scale)) : what == 2 ? BigInteger.ZERO : units;
        Movement sale = Movement.inflow(day, units, base, account, null, country);
        return new Divided("v" + rule.version(), rule, sale, Map.of());
    }

    private static BigInteger units(Random random, BigInteger scale) {
        BigInteger units = BigInteger.valueOf(1 + random.nextInt(random.nextInt(4) == 0 ? 2_000_000 : 2_000));
        return units.multiply(scale).add(scale.signum() > 1 ? new BigInteger(59, random) : BigInteger.ZERO);
    }

    private static void shuffled(Random random, Rules rules) {
        RuleDocument rule = rules.next(START);
        List<Movement> movements = new ArrayList<>();
        LocalDate day = START;
        for (int i = 0; i < 1 + random.nextInt(40); i++) {
            day = day.plusDays(random.nextInt(9));
            BigInteger units = units(random, rules.scale);
            Movement sale = Movement.inflow(day, units, units, "A", null, COUNTRIES[random.nextInt(COUNTRIES.length)]);
            movements.add(sale);
        }
        Taken inOrder = taken(rule, movements);
        Collections.shuffle(movements, random);
        Taken shuffled = taken(rule, movements);
        assertThat(shuffled.accrued()).isEqualTo(inOrder.accrued());
        if (!inOrder.everShort() && !shuffled.everShort()) {
            assertThat(shuffled.given()).isEqualTo(inOrder.given());
        }
    }

    /** @param everShort whether some claim was not covered after some inflow: who waits then depends on the order */
    private record Taken(Map<String, BigInteger> accrued, Map<String, BigInteger> given, boolean everShort) {}

    private static Taken taken(RuleDocument rule, List<Movement> movements) {
        Waterfall waterfall = new Waterfall();
        waterfall.begin(rule);
        Map<String, BigInteger> given = new TreeMap<>();
        Map<String, BigInteger> accrued = new TreeMap<>();
        boolean everShort = false;
        for (Movement movement : movements) {
            for (Waterfall.Part part : waterfall.take("v1", rule, movement).parts()) {
                given.merge(part.path(), part.units(), BigInteger::add);
            }
            for (Placed placed : rule.claims()) {
                if (!(placed.claim() instanceof Tranche.Remainder)) {
                    BigInteger due = waterfall.accrued(placed.claim(), "A").floor();
                    accrued.put(placed.claim().name(), due);
                    everShort |= due.compareTo(waterfall.given(placed.claim(), "A")) > 0;
                }
            }
        }
        return new Taken(accrued, royaltyAsOne(given), everShort);
    }

    /** The pool's royalty is one claim: which of its tranches carries an odd unit depends on the order. */
    private static Map<String, BigInteger> royaltyAsOne(Map<String, BigInteger> given) {
        BigInteger abroad = given.remove("abroad");
        if (abroad != null) {
            given.merge("royalty", abroad, BigInteger::add);
        }
        return given;
    }

    /** A sale that is taken back whole, with its legs given up, leaves every claim as it was. */
    @Test
    void aSaleAndItsReversalAccrueNothing() {
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = SEED + i;
            Random random = new Random(seed);
            Rules rules = new Rules(random, false);
            try {
                RuleDocument rule = rules.next(START);
                Waterfall waterfall = new Waterfall();
                waterfall.begin(rule);
                Movement before =
                        Movement.inflow(START, units(random, rules.scale), units(random, rules.scale), "A", null, "DE");
                waterfall.take("v1", rule, before);
                Map<String, String> claims = state(waterfall, rule);
                BigInteger units = units(random, rules.scale);
                Movement sale = Movement.inflow(START, units, units, "A", null, "DE");
                Waterfall.Division division = waterfall.take("v1", rule, sale);
                waterfall.take("v1", rule, sale.takenBack(nonZero(byPath(division.parts()))));
                division.parts().forEach(part -> waterfall.reduce(part.path(), part.to(), "A", part.units()));
                assertThat(state(waterfall, rule)).isEqualTo(claims);
            } catch (AssertionError | RuntimeException e) {
                throw failed(seed, rules, e);
            }
        }
    }

    private static Map<String, String> state(Waterfall waterfall, RuleDocument rule) {
        Map<String, String> state = new TreeMap<>();
        for (Placed placed : rule.claims()) {
            if (!(placed.claim() instanceof Tranche.Remainder)) {
                state.put(
                        placed.claim().name(),
                        waterfall.accrued(placed.claim(), "A") + ", " + waterfall.given(placed.claim(), "A"));
            }
        }
        return state;
    }

    private static Map<String, BigInteger> byPath(List<Waterfall.Part> parts) {
        Map<String, BigInteger> byPath = new LinkedHashMap<>();
        parts.forEach(part -> byPath.merge(part.path(), part.units(), BigInteger::add));
        return byPath;
    }

    private static Map<String, BigInteger> nonZero(Map<String, BigInteger> parts) {
        return parts.entrySet().stream()
                .filter(part -> part.getValue().signum() != 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static BigInteger sum(Map<String, BigInteger> parts) {
        return parts.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** Rule documents with claims of the same names, so that versions go on with what those before accrued. */
    private static final class Rules {

        private final Random random;
        private final boolean pathDependent;
        private final int digits;
        private final BigInteger scale;
        private final String period;
        private final List<String> texts = new ArrayList<>();
        private int version;

        Rules(Random random, boolean pathDependent) {
            this.random = random;
            this.pathDependent = pathDependent;
            this.digits = DIGITS[random.nextInt(DIGITS.length)];
            this.scale = digits == 18 ? BigInteger.TEN.pow(16) : BigInteger.ONE;
            this.period = new String[] {"WEEK", "MONTH", "QUARTER"}[random.nextInt(3)];
        }

        RuleDocument next(LocalDate from) {
            version++;
            List<String> claims = new ArrayList<>();
            maybe(claims, 2, share("fee", "fees.platform", 50, limits()));
            String trustee = fixed("trustee", "fees.trustee", ",\"payee\":\"T\"");
            if (random.nextInt(3) == 0) {
                claims.add("{\"name\":\"rank\",\"kind\":\"parallel\",\"tranches\":[" + trustee + ","
                        + share("service", "fees.platform", 80, "") + "]}");
            } else {
                maybe(claims, 2, trustee);
            }
            maybe(
                    claims,
                    pathDependent ? 4 : 0,
                    "{\"name\":\"advance\",\"kind\":\"due\",\"amount\":\"" + amount(9_000)
                            + "\",\"to\":\"fees.platform\"}");
            royalties(claims);
            maybe(
                    claims,
                    pathDependent ? 3 : 0,
                    "{\"name\":\"reserve\",\"kind\":\"reserve\",\"target\":\"" + amount(5_000) + "\",\"topUp\":\""
                            + portion(200) + "\",\"to\":\"cash.reserve\"}");
            String waits = "{\"name\":\"waits\",\"kind\":\"until-report\",\"portion\":\"" + portion(1_000)
                    + "\",\"days\":30,\"to\":\"merchant.until-report\"}";
            int waitsAt = pathDependent ? random.nextInt(6) : 6;
            maybe(claims, waitsAt == 0 ? 1 : 0, waits);
            maybe(
                    claims,
                    pathDependent ? 3 : 0,
                    share(
                            "tax",
                            "tax.withheld",
                            100,
                            ",\"of\":\"left\",\"payee\":\"TAX\""
                                    + (random.nextInt(3) == 0 ? ",\"when\":{\"trigger\":\"covenant\"}" : "")));
            maybe(claims, waitsAt == 1 ? 1 : 0, waits);
            maybe(
                    claims,
                    pathDependent ? 3 : 0,
                    "{\"name\":\"trap\",\"kind\":\"trap\",\"trigger\":\"covenant\",\"portion\":\"" + portion(1_000)
                            + "\",\"to\":\"merchant.trapped\"}");
            claims.add(TestRules.RESIDUAL);
            String text = "{\"schema\":\"sluice/rule/1\",\"agreement\":\"A\",\"version\":" + version
                    + ",\"currency\":\"EUR\",\"basis\":\"CASH_RECEIVED\",\"effectiveFrom\":\"" + from
                    + "\",\"previous\":"
                    + (version == 1 ? "null" : "\"x\"") + ",\"period\":\"" + period + "\"," + bounds()
                    + "\"waterfall\":[" + String.join(",", claims) + "]}";
            texts.add(text);
            return CanonicalRule.parse(text.getBytes(StandardCharsets.UTF_8)).rule();
        }

        private void royalties(List<String> claims) {
            String terms = random.nextInt(3) == 0 && pathDependent
                    ? "\"bands\":[{\"upTo\":\"" + amount(4_000) + "\",\"portion\":\"" + portion(150)
                            + "\"},{\"portion\":\"" + portion(100) + "\"}]"
                    : "\"portion\":\"" + portion(200) + "\"";
            if (random.nextInt(3) == 0) {
                claims.add(royalty("royalty", terms, "royalty.pool", ",\"when\":{\"country\":[\"DE\"]}"));
                claims.add(royalty(
                        "abroad",
                        "\"portion\":\"" + portion(150) + "\"",
                        "royalty.pool",
                        ",\"when\":{\"country\":[\"FR\",\"US\"]}"));
            } else {
                claims.add(royalty("royalty", terms, "royalty.pool", ""));
            }
            maybe(
                    claims,
                    pathDependent ? 3 : 0,
                    royalty(
                            "label",
                            "\"portion\":\"" + portion(100) + "\",\"of\":\""
                                    + (random.nextBoolean() ? "basis" : "basis-less-royalty") + "\"",
                            "royalty.upstream",
                            ",\"payee\":\"L\""));
        }

        private String bounds() {
            List<String> bounds = new ArrayList<>();
            if (pathDependent) {
                maybe(
                        bounds,
                        4,
                        "\"cap\":[{\"until\":\"2026-04-30\",\"amount\":\"" + amount(60_000) + "\"},{\"amount\":\""
                                + amount(200_000) + "\"}]");
                maybe(bounds, 4, "\"minimum\":\"" + amount(400) + "\"");
                maybe(bounds, 4, "\"ceiling\":\"" + amount(3_000) + "\"");
                maybe(
                        bounds,
                        3,
                        "\"returnsReserve\":{\"portion\":\"" + portion(400) + "\",\"periods\":"
                                + (1 + random.nextInt(3)) + "}");
            }
            return bounds.isEmpty() ? "" : "\"royalty\":{" + String.join(",", bounds) + "},";
        }

        private String limits() {
            return (random.nextInt(4) == 0 ? ",\"atLeast\":\"" + amount(20) + "\"" : "")
                    + (random.nextInt(4) == 0 ? ",\"atMost\":\"" + amount(400) + "\"" : "");
        }

        private static String royalty(String name, String terms, String to, String more) {
            return "{\"name\":\"" + name + "\",\"kind\":\"royalty\"," + terms + ",\"to\":\"" + to + "\"" + more + "}";
        }

        private String share(String name, String to, int most, String more) {
            return "{\"name\":\"" + name + "\",\"kind\":\"portion\",\"portion\":\"" + portion(most) + "\",\"to\":\""
                    + to + "\"" + more + "}";
        }

        private String fixed(String name, String to, String more) {
            return "{\"name\":\"" + name + "\",\"kind\":\"fixed\",\"amount\":\"" + amount(30) + "\",\"per\":\""
                    + (random.nextBoolean() || !pathDependent ? "inflow" : "period") + "\",\"to\":\"" + to + "\"" + more
                    + "}";
        }

        /** One time in so many, or never for 0. */
        private void maybe(List<String> into, int oneIn, String text) {
            if (oneIn > 0 && random.nextInt(oneIn) == 0) {
                into.add(text);
            }
        }

        private String portion(int mostThousandths) {
            return new io.sluice.money.Portion(
                            BigInteger.valueOf(1 + random.nextInt(mostThousandths)), BigInteger.valueOf(1_000))
                    .toString();
        }

        private String amount(int mostUnits) {
            BigInteger units = BigInteger.valueOf(1 + random.nextInt(mostUnits)).multiply(scale);
            return new BigDecimal(units, digits).toPlainString();
        }
    }
}
