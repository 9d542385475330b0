package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.platform.Rejection;
import io.sluice.routing.Restatement.Difference;
import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.AgreementRestated;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.RuleActivated;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RestatingTest {

    private static final LocalDate JANUARY = Books.MONDAY;
    private static final LocalDate FEBRUARY = LocalDate.of(2026, 2, 2);

    private final List<RoutingEvent> past = new ArrayList<>();
    private final Divisions books = new Divisions();
    private long inflows;

    @Test
    void bringsBackWhatAWrongPortionGaveTooMuchOutOfTheNextInflows() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        route(1, JANUARY, 100_000);
        begin(2, FEBRUARY, TestRules.royalty("1/20"));
        route(2, FEBRUARY, 10_000);

        Restating.Outcome outcome = restate(1, 2);

        assertThat(outcome.inflows()).isEqualTo(1);
        assertThat(outcome.differences())
                .containsExactly(
                        difference("residual", Destination.MERCHANT_RESIDUAL, 99_500, 104_500),
                        difference("royalty.pool", Destination.ROYALTY_POOL, 10_500, 5_500));
        assertThat(route(2, FEBRUARY, 60_000)).isEqualTo(Map.of("residual", 60_000L));
        assertThat(route(2, FEBRUARY, 60_000)).isEqualTo(Map.of("royalty", 1_000L, "residual", 59_000L));
    }

    @Test
    void givesWhatAWrongPortionGaveTooLittleOutOfTheNextInflow() {
        begin(1, JANUARY, TestRules.royalty("1/20"));
        route(1, JANUARY, 100_000);
        begin(2, FEBRUARY, TestRules.royalty("1/10"));
        restate(1, 2);
        assertThat(route(2, FEBRUARY, 10_000)).isEqualTo(Map.of("royalty", 6_000L, "residual", 4_000L));
    }

    /** Else a late credit of a restated day would be divided wrongly once more. */
    @Test
    void dividesALateInflowOfARestatedDayByTheLaterTerms() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        begin(2, FEBRUARY, TestRules.royalty("1/20"));
        route(1, JANUARY, 10_000);
        restate(1, 2);
        route(2, JANUARY, 10_000);
        assertThat(route(2, JANUARY, 10_000)).isEqualTo(Map.of("royalty", 500L, "residual", 9_500L));
    }

    /** A sale and its reversal are nothing, whichever side of the restatement the reversal is on. */
    @Test
    void undoesARestatedInflowByTheTermsThatItAccruedBy() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        InflowRouted sale = routed(1, JANUARY, 100_000);
        begin(2, FEBRUARY, TestRules.royalty("1/20"));
        restate(1, 2);
        takeBack(sale);
        reduce(sale, "royalty", Destination.ROYALTY_POOL, 10_000);
        assertThat(route(2, FEBRUARY, 10_000)).isEqualTo(Map.of("royalty", 500L, "residual", 9_500L));
    }

    @Test
    void undoesWhatWasReversedBeforeTheRestatementInBoth() {
        begin(1, JANUARY, TestRules.portion("fee", "1/100", "fees.platform"), TestRules.royalty("1/10"));
        InflowRouted sale = routed(1, JANUARY, 100_000);
        route(1, JANUARY, 50_000);
        takeBack(sale);
        reduce(sale, "fee", Destination.PLATFORM_FEES, 1_000);
        reduce(sale, "residual", Destination.MERCHANT_RESIDUAL, 89_000);
        begin(2, FEBRUARY, TestRules.royalty("1/10"));
        Restating.Outcome outcome = restate(1, 2);
        assertThat(outcome.differences())
                .extracting(Difference::claim, Difference::difference, Difference::nets)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("fee", BigInteger.valueOf(-500), false),
                        org.assertj.core.groups.Tuple.tuple("residual", BigInteger.valueOf(500), true));
    }

    /** What is given back by what accrues later is not given back where nothing does. */
    @Test
    void doesNotNetWhatAClaimThatAccruesNothingMoreWasGivenTooMuch() {
        begin(1, JANUARY, TestRules.portion("fee", "1/100", "fees.platform"));
        route(1, JANUARY, 50_000);
        begin(2, FEBRUARY, TestRules.portion("fee", "0/1", "fees.platform"));
        assertThat(restate(1, 2).differences())
                .extracting(Difference::claim, Difference::difference, Difference::nets)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("fee", BigInteger.valueOf(-500), false),
                        org.assertj.core.groups.Tuple.tuple("residual", BigInteger.valueOf(500), true));
    }

    @Test
    void restatesBandsOfTheWholePeriod() {
        String bands = """
                {"name":"royalty","kind":"royalty","bands":[{"upTo":"1000.00","portion":"1/10"},{"portion":"1/20"}],"to":"royalty.pool"}""";
        begin(1, JANUARY, TestRules.royalty("1/10"));
        route(1, JANUARY, 80_000);
        route(1, JANUARY, 70_000);
        begin(2, FEBRUARY, bands);
        Restating.Outcome outcome = restate(1, 2);
        assertThat(outcome.differences())
                .contains(difference("royalty.pool", Destination.ROYALTY_POOL, 15_000, 12_500));
        // The late one is of January's second band; what was given too much comes off.
        route(2, JANUARY, 100_000);
        assertThat(books.waterfall().given("royalty", Destination.ROYALTY_POOL, "ACC"))
                .isEqualTo(17_500);
    }

    @Test
    void restatesTheSameVersionOnceMoreAsALaterOne() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        route(1, JANUARY, 100_000);
        begin(2, FEBRUARY, TestRules.royalty("1/20"));
        restate(1, 2);
        begin(3, FEBRUARY.plusMonths(1), TestRules.royalty("1/25"));
        Restating.Outcome outcome = restate(1, 3);
        assertThat(outcome.differences()).contains(difference("royalty.pool", Destination.ROYALTY_POOL, 10_000, 4_000));
        assertThat(route(3, FEBRUARY.plusMonths(1), 175_000))
                .isEqualTo(Map.of("royalty", 1_000L, "residual", 174_000L));
    }

    /** What the bank takes back is undone in the period in which it accrued, on whatever day the bank does. */
    @Test
    void aReversalIsOfThePeriodOfItsSale() {
        begin(1, JANUARY, """
                {"name":"royalty","kind":"royalty","bands":[{"upTo":"1000.00","portion":"1/10"},{"portion":"1/20"}],"to":"royalty.pool"}""");
        InflowRouted sale = routed(1, JANUARY, 150_000);
        takeBack(sale, FEBRUARY);
        reduce(sale, "royalty", Destination.ROYALTY_POOL, 12_500);
        assertThat(route(1, FEBRUARY, 100_000)).containsEntry("royalty", 10_000L);
    }

    /** As events tell it that were written before the sale's day was told. */
    @Test
    void aReversalWithoutItsSalesDayIsOfItsOwn() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        InflowRouted sale = routed(1, JANUARY, 150_000);
        assertThat(undone(sale, FEBRUARY, null).undoneOn()).isEqualTo(FEBRUARY);
        assertThat(undone(sale, FEBRUARY, JANUARY).undoneOn()).isEqualTo(JANUARY);
    }

    /** A late inflow that was divided under the second version's name for the first stays the first's when a third takes its place. */
    @Test
    void whatWasDividedInThePlaceOfAVersionStaysThereWhenAnotherTakesIt() {
        String bands = """
                {"name":"royalty","kind":"royalty","bands":[{"upTo":"1000.00","portion":"1/10"},{"portion":"1/%d"}],"to":"royalty.pool"}""";
        begin(1, JANUARY, TestRules.royalty("1/10"));
        route(1, JANUARY, 100_000);
        begin(2, FEBRUARY, bands.formatted(20));
        restate(1, 2);
        InflowRouted late = routed(2, JANUARY, 100_000);
        assertThat(late.legs()).extracting(Leg::units).containsExactly(5_000L, 95_000L);
        begin(3, FEBRUARY.plusMonths(1), bands.formatted(20));
        restate(1, 3);
        takeBack(late, FEBRUARY);
        reduce(late, "royalty", Destination.ROYALTY_POOL, 5_000);
        assertThat(routed(3, JANUARY, 100_000).legs()).extracting(Leg::units).containsExactly(5_000L, 95_000L);
    }

    @Test
    void takesTheReportedBasisOfDepositsToo() {
        String base = "\"expectedDeduction\":\"4/25\",";
        beginOn(1, JANUARY, base, "NET_OF_REFUNDS", TestRules.royalty("1/10"));
        InflowRouted deposit = routed(1, JANUARY, 800_000);
        add(new BasisReported(
                deposit.inflowId(), "A", "S", "ACC", "v1", "EUR", JANUARY, 800_000, 952_380, 950_000, "0"));
        beginOn(2, FEBRUARY, base, "NET_OF_REFUNDS", TestRules.royalty("1/20"));
        Restating.Outcome outcome = restate(1, 2);
        assertThat(outcome.change().accrued())
                .containsExactly(new ClaimsChange.Accrued(
                        "royalty.pool", io.sluice.money.Fraction.whole(BigInteger.valueOf(-47_500))));
        assertThat(route(2, FEBRUARY, 80_000)).containsEntry("residual", 80_000L);
    }

    /** One deposit is let go of before the restatement, by the terms that were in force, and one behind it, by those in their place. */
    @Test
    void restatesWhatWaitedForReportsAndLetsGoOfTheRestByTheLaterTerms() {
        String base = "\"expectedDeduction\":\"0/1\",";
        beginOn(1, JANUARY, base, "NET_OF_REFUNDS", TestRules.royalty("1/10"), waits("1/10"));
        InflowRouted reported = routed(1, JANUARY, 100_000);
        InflowRouted waiting = routed(1, JANUARY, 100_000);
        assertThat(waiting.legs()).extracting(Leg::units).containsExactly(10_000L, 9_000L, 81_000L);
        report(reported, 150_000);
        assertThat(letGo(reported)).isEqualTo(Map.of("waits", -9_000L, "royalty", 5_000L, "residual", 4_000L));
        beginOn(2, FEBRUARY, base, "NET_OF_REFUNDS", TestRules.royalty("1/5"), waits("0/1"));
        Restating.Outcome outcome = restate(1, 2);
        assertThat(outcome.differences())
                .extracting(Difference::claim, Difference::given, Difference::intended)
                .contains(org.assertj.core.groups.Tuple.tuple("waits", BigInteger.valueOf(9_000), BigInteger.ZERO));
        report(waiting, 100_000);
        assertThat(letGo(waiting))
                .as("a fifth of 250 000 less the 25 000 that were given, as far as there is something")
                .isEqualTo(Map.of("waits", -9_000L, "royalty", 9_000L));
        assertThat(books.overdue(LocalDate.MAX)).isEmpty();
    }

    @Test
    void aVersionGoesOnWithWhatWaitsForReports() {
        String base = "\"expectedDeduction\":\"0/1\",";
        beginOn(1, JANUARY, base, "NET_OF_REFUNDS", TestRules.royalty("1/10"), waits("1/10"));
        routed(1, JANUARY, 100_000);
        beginOn(2, FEBRUARY, base, "NET_OF_REFUNDS", TestRules.royalty("1/5"));
        assertThatThrownBy(() -> restate(1, 2)).hasMessageContaining("no claim \"waits\"", "0/1");
    }

    private static String waits(String portion) {
        return "{\"name\":\"waits\",\"kind\":\"until-report\",\"portion\":\"" + portion
                + "\",\"days\":30,\"to\":\"merchant.until-report\"}";
    }

    private void report(InflowRouted deposit, long base) {
        add(new BasisReported(
                deposit.inflowId(),
                "A",
                "S",
                "ACC",
                deposit.ruleHash(),
                "EUR",
                deposit.valueDate(),
                deposit.units(),
                deposit.provisionalBaseUnits(),
                base,
                "0"));
    }

    private Map<String, Long> letGo(InflowRouted deposit) {
        List<Leg> legs = books.giveUp(books.waiting(deposit.inflowId())).parts().stream()
                .filter(part -> part.units().signum() != 0)
                .map(part -> new Leg(
                        new UUID(3, 1), part.path(), part.to(), part.units().longValueExact()))
                .toList();
        assertThat(legs.stream().mapToLong(Leg::units).sum()).isZero();
        add(new HeldReleased(
                new UUID(3, 1),
                "A",
                "S",
                "ACC",
                deposit.ruleHash(),
                "EUR",
                FEBRUARY,
                legs,
                new RoutingEvent.Deposit(deposit.inflowId(), deposit.units(), deposit.valueDate()),
                null,
                null));
        return legs.stream().collect(Collectors.toMap(Leg::path, Leg::units));
    }

    @Test
    void refusesWhatCannotStandInThePlaceOfAnother() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        begin(2, FEBRUARY, TestRules.royalty("1/20"));
        assertThatThrownBy(() -> restate(1, 2)).hasMessageContaining("has divided nothing");
        route(1, JANUARY, 100);
        assertThatThrownBy(() -> restate(2, 1)).hasMessageContaining("expected one that came after version 2");
        assertThatThrownBy(() -> restate(1, 3)).isInstanceOf(Rejection.class).hasMessageContaining("v3");
        restate(1, 2);
        assertThatThrownBy(() -> restate(1, 2)).hasMessageContaining("was restated as version 2 already");
    }

    @Test
    void refusesAVersionOfAnotherBasis() {
        begin(1, JANUARY, TestRules.royalty("1/10"));
        route(1, JANUARY, 100);
        beginOn(2, FEBRUARY, "\"expectedDeduction\":\"4/25\",", "NET_OF_REFUNDS", TestRules.royalty("1/20"));
        assertThatThrownBy(() -> restate(1, 2))
                .hasMessageContaining("found a version of basis NET_OF_REFUNDS, expected CASH_RECEIVED");
    }

    /** What a claim has accrued is owed to its payee, and counted in its kind's way. */
    @Test
    void aNameKeepsItsPayeeAndItsKind() {
        RuleDocument before = TestRules.euro(upstream("label", "A"), due("1000.00"));
        assertThatThrownBy(() -> Agreement.carriesOn(before, TestRules.euro(upstream("label", "B"), due("1000.00"))))
                .hasMessageContaining("waterfall[0].payee: found B, expected A");
        assertThatThrownBy(() -> Agreement.carriesOn(
                        before,
                        TestRules.euro(upstream("label", "A"), TestRules.portion("advance", "1/10", "fees.platform"))))
                .hasMessageContaining("waterfall[1].kind: found portion, expected due");
        Agreement.carriesOn(before, TestRules.euro(upstream("label", "A"), due("2000.00")));
    }

    private static String upstream(String name, String payee) {
        return "{\"name\":\"%s\",\"kind\":\"royalty\",\"portion\":\"1/50\",\"to\":\"royalty.upstream\",\"payee\":\"%s\"}"
                .formatted(name, payee);
    }

    private static String due(String amount) {
        return "{\"name\":\"advance\",\"kind\":\"due\",\"amount\":\"%s\",\"to\":\"fees.platform\"}".formatted(amount);
    }

    /** After a restatement the claims stand as if the later terms had been there from the first day; what was given is still what was paid. */
    @Test
    void leavesTheClaimsAsTheLaterTermsWouldHaveHadThem() {
        long seed = Long.getLong("sluice.seed", 20261123);
        for (int run = 0; run < 200; run++) {
            Random random = new Random(seed + run);
            RestatingTest test = new RestatingTest();
            test.begin(
                    1,
                    JANUARY,
                    TestRules.portion("fee", "1/" + (50 + random.nextInt(50)), "fees.platform"),
                    TestRules.royalty("1/" + (3 + random.nextInt(20))));
            test.someInflows(random, 1, JANUARY, 1 + random.nextInt(20));
            test.begin(
                    2,
                    FEBRUARY,
                    TestRules.portion("fee", "1/" + (50 + random.nextInt(50)), "fees.platform"),
                    TestRules.royalty("1/" + (3 + random.nextInt(20))));
            test.someInflows(random, 2, FEBRUARY, random.nextInt(20));
            Restating.Outcome outcome = test.restate(1, 2);
            assertThat(outcome.differences().stream()
                            .map(Difference::difference)
                            .reduce(BigInteger.ZERO, BigInteger::add))
                    .as("seed %d", seed + run)
                    .isZero();
            test.someInflows(random, 2, FEBRUARY, random.nextInt(20));
            assertThat(Restating.compare(test.past::stream, "v1", "v2").change().isEmpty())
                    .as("nothing is left to be restated, seed %d", seed + run)
                    .isTrue();
        }
    }

    private void someInflows(Random random, int version, LocalDate from, int many) {
        for (int i = 0; i < many; i++) {
            InflowRouted sale = routed(version, from.plusDays(random.nextInt(20)), 1 + random.nextInt(100_000));
            if (random.nextInt(5) == 0) {
                takeBack(sale);
            }
        }
    }

    private void begin(int version, LocalDate from, String... claims) {
        beginOn(version, from, "", "CASH_RECEIVED", claims);
    }

    private void beginOn(int version, LocalDate from, String fields, String basis, String... claims) {
        RuleDocument rule = TestRules.parse(TestRules.text("EUR", fields, claims)
                        .replace("\"CASH_RECEIVED\"", '"' + basis + '"')
                        .replace("\"version\":1", "\"version\":" + version)
                        .replace(
                                "\"previous\":null",
                                version == 1 ? "\"previous\":null" : "\"previous\":\"" + "0".repeat(64) + '"'))
                .asOf(from);
        add(new RuleActivated("A", "v" + version, rule, "maker", "approver", null));
    }

    private Map<String, Long> route(int version, LocalDate day, long units) {
        return routed(version, day, units).legs().stream().collect(Collectors.toMap(Leg::path, Leg::units));
    }

    private InflowRouted routed(int version, LocalDate day, long units) {
        Unrouted inflow = new Unrouted(new UUID(1, ++inflows), "S", "ACC", units, "EUR", day);
        String hash = "v" + version;
        List<Leg> legs = books.divide(hash, inflow).parts().stream()
                .filter(part -> part.units().signum() != 0)
                .map(part -> new Leg(
                        new UUID(2, inflows),
                        part.path(),
                        part.to(),
                        part.units().longValueExact()))
                .toList();
        assertThat(legs.stream().mapToLong(Leg::units).sum()).isEqualTo(units);
        InflowRouted routed = new InflowRouted(
                inflow.inflowId(),
                "A",
                "S",
                "ACC",
                hash,
                units,
                "EUR",
                day,
                legs,
                0,
                books.provisionalBase(hash, inflow));
        add(routed);
        return routed;
    }

    private void takeBack(InflowRouted sale) {
        takeBack(sale, sale.valueDate());
    }

    private void takeBack(InflowRouted sale, LocalDate day) {
        add(undone(sale, day, sale.valueDate()));
    }

    private static RoutedInflowTakenBack undone(
            InflowRouted sale, LocalDate day, @org.jspecify.annotations.Nullable LocalDate accruedOn) {
        return new RoutedInflowTakenBack(
                sale.inflowId(),
                "A",
                "S",
                "ACC",
                sale.ruleHash(),
                sale.units(),
                "EUR",
                day,
                sale.legs(),
                sale.provisionalBaseUnits(),
                accruedOn);
    }

    private void reduce(InflowRouted sale, String path, Destination to, long units) {
        add(new LegsReduced(
                sale.inflowId(),
                "A",
                "S",
                "ACC",
                "EUR",
                sale.valueDate(),
                List.of(new Reduction(new UUID(2, 1), sale.ruleHash(), path, to, units))));
    }

    private Restating.Outcome restate(int replaced, int by) {
        Restating.Outcome outcome = Restating.of(past::stream, "v" + replaced, "v" + by);
        assertThat(outcome.events()).isEqualTo(past.size());
        add(new AgreementRestated(
                "A", "hash", "v" + replaced, "v" + by, outcome.change(), "maker", "trustee", "approver"));
        return outcome;
    }

    private void add(RoutingEvent event) {
        past.add(event);
        books.on(event);
    }

    private static Difference difference(String claim, Destination to, long given, long intended) {
        return new Difference(claim, to, null, null, BigInteger.valueOf(given), BigInteger.valueOf(intended), true);
    }
}
