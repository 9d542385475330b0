package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.platform.Hashes;
import io.sluice.platform.TestSerializer;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.RouteInflows;
import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.CapReached;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RoutingEvent.Terms;
import io.sluice.routing.Waterfall.Division;
import io.sluice.routing.Waterfall.Part;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;

/** One event tells of all that one command divides, and each of them as if it had been divided alone. */
class InflowsRoutedTest {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 5);
    private static final String[] USUAL = {
        TestRules.portion("fee", "1/1000", "fees.platform"), TestRules.royalty("1/10")
    };

    @Test
    void anEventIsWhatWasDividedOneByOne() {
        List<Unrouted> inflows = inflows(250);
        List<Object> together = events(USUAL, "", new RouteInflows("A", inflows));
        assertThat(together).hasSize(3).allMatch(InflowsRouted.class::isInstance);
        assertThat(together)
                .extracting(event -> ((InflowsRouted) event).inflows().size())
                .containsExactly(100, 100, 50);
        List<Object> alone = events(
                USUAL,
                "",
                inflows.stream()
                        .map(inflow -> new RouteInflows("A", List.of(inflow)))
                        .toArray(RouteInflows[]::new));
        assertThat(alone).hasSize(250);
        assertThat(oneByOne(together)).hasSize(250).isEqualTo(oneByOne(alone));
    }

    /** Each inflow here is of 1.99 and its tenth of 0.199: floored alone they would come to 19 cents each, never to 39.80 of 200. */
    @Test
    void whatOneInflowLeavesDecidesOfTheNextInTheSameEvent() {
        List<Unrouted> inflows = IntStream.range(0, 200)
                .mapToObj(n -> new Unrouted(Hashes.uuid("cent", "" + n), "S-1", "ACC-1", 199, "EUR", DAY))
                .toList();
        assertThat(oneByOne(events(USUAL, "", new RouteInflows("A", inflows))).stream()
                        .flatMap(routed -> routed.legs().stream())
                        .filter(leg -> leg.path().equals("royalty"))
                        .mapToLong(Leg::units)
                        .sum())
                .isEqualTo(3_980);
    }

    @Test
    void aCapIsToldBehindTheInflowThatReachedItAndBeforeTheNext() {
        List<Object> events =
                events(USUAL, "\"royalty\":{\"cap\":[{\"amount\":\"10.00\"}]},", new RouteInflows("A", inflows(6)));
        List<InflowRouted> routed = oneByOne(events);
        assertThat(routed).hasSize(6);
        int reached = IntStream.range(0, events.size())
                .filter(n -> events.get(n) instanceof CapReached)
                .findFirst()
                .orElseThrow();
        assertThat(events.stream().filter(CapReached.class::isInstance)).hasSize(1);
        assertThat(pool(oneByOne(events.subList(0, reached)))).isEqualTo(1_000);
        assertThat(pool(oneByOne(events.subList(reached, events.size())))).isZero();
        List<InflowRouted> before = oneByOne(events.subList(0, reached));
        assertThat(pool(before.subList(0, before.size() - 1)))
                .as("the last of them reached it")
                .isLessThan(1_000);
    }

    @Test
    void storesOfOneAgreementKeepTheirOrderAndTheirTerms() {
        List<Unrouted> mixed = IntStream.range(0, 9)
                .mapToObj(n -> new Unrouted(
                        Hashes.uuid("mixed", "" + n),
                        n % 2 == 0 ? "S-1" : "S-2",
                        n % 2 == 0 ? "ACC-1" : "ACC-2",
                        1_000 + n,
                        "EUR",
                        DAY))
                .toList();
        List<Object> events = events(USUAL, "", new RouteInflows("A", mixed));
        assertThat(((InflowsRouted) events.getFirst()).terms()).hasSize(2);
        assertThat(oneByOne(events))
                .extracting(InflowRouted::inflowId, InflowRouted::storeId, InflowRouted::account, InflowRouted::units)
                .containsExactlyElementsOf(mixed.stream()
                        .map(inflow -> tuple(inflow.inflowId(), inflow.storeId(), inflow.account(), inflow.units()))
                        .toList());
    }

    @Test
    void whatDoesNotAddUpIsNoDivision() {
        Unrouted inflow = inflows(1).getFirst();
        Part half = new Part("residual", Destination.MERCHANT_RESIDUAL, BigInteger.valueOf(inflow.units() / 2));
        assertThatThrownBy(() -> divided(inflow, half)).hasMessage("Parts of 1499 do not make up the inflow of 2999");
        assertThatThrownBy(() -> divided(inflow, half, half)).hasMessage("Claim residual was given something twice");
    }

    private static void divided(Unrouted inflow, Part... parts) {
        new Routings("A", "EUR")
                .add(
                        inflow,
                        "h",
                        new Division(List.of(parts), BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO),
                        null);
    }

    @Test
    void anEventIsReadAsItWasStored() {
        InflowsRouted event = (InflowsRouted)
                events(USUAL, "", new RouteInflows("A", inflows(3))).getFirst();
        assertThat(TestSerializer.throughTheStore(event)).isEqualTo(event);
    }

    /** What is left out is the inflow's before it, and of nothing else: an inflow that goes back to an earlier day or other terms says so. */
    @Test
    void whateverInflowsHaveInCommonIsReadAsItWasStored() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("InflowsRoutedTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Routed> inflows = IntStream.range(0, 1 + random.nextInt(20))
                    .mapToObj(n -> new Routed(
                            new UUID(random.nextLong(), random.nextLong()),
                            random.nextInt(2),
                            random.nextLong(),
                            DAY.plusDays(random.nextInt(2)),
                            List.of(random.nextLong(), 0L),
                            random.nextInt(2) * 5L,
                            random.nextBoolean() ? null : random.nextLong()))
                    .toList();
            List<Terms> terms =
                    List.of(new Terms("S-1", "ACC-1", "h", List.of()), new Terms("S-2", "ACC-1", "h", List.of()));
            InflowsRouted event = new InflowsRouted("A", "EUR", terms, inflows);
            assertThat(TestSerializer.throughTheStore(event)).isEqualTo(event);
        }
    }

    /** As engines stored it in 2026-11: each inflow with all that is its own. */
    @Test
    void anOlderEventOfManyInflowsStaysReadable() {
        InflowsRouted read = (InflowsRouted) TestSerializer.stored("routing.InflowsRouted", """
                {"agreementId":"A","currency":"EUR","terms":[{"storeId":"S-1","account":"ACC-1","ruleHash":"h",
                 "claims":[{"path":"residual","destination":"merchant.residual"}]}],"inflows":[
                 {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","terms":0,"units":7,"valueDate":"2026-01-05","parts":[7],"arrearsUnits":0},
                 {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002","terms":0,"units":8,"valueDate":"2026-01-06","parts":[8],"arrearsUnits":3,
                  "provisionalBaseUnits":9}]}""");
        assertThat(read.inflows())
                .containsExactly(
                        new Routed(
                                UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001"),
                                0,
                                7,
                                DAY,
                                List.of(7L),
                                0,
                                null),
                        new Routed(
                                UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002"),
                                0,
                                8,
                                DAY.plusDays(1),
                                List.of(8L),
                                3,
                                9L));
    }

    @Test
    void aFirstInflowOfNoDayIsRefused() {
        assertThatThrownBy(() -> TestSerializer.stored("routing.InflowsRouted", """
                {"agreementId":"A","currency":"EUR","terms":[],"inflows":[
                 {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","terms":0,"units":7,"parts":[7]}]}"""))
                .rootCause()
                .hasMessageContaining("element 1: expected terms and valueDate, of its own or of the one before it");
    }

    @Test
    void aStoredInflowHasTheseFieldsInThisOrder() {
        UUID first = UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001");
        UUID second = UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002");
        InflowsRouted event = new InflowsRouted(
                "A",
                "EUR",
                List.of(new Terms("S-1", "ACC-1", "h", List.of())),
                List.of(
                        new Routed(first, 0, 7, DAY, List.of(7L, 0L), 3, 9L),
                        new Routed(second, 0, 8, DAY, List.of(8L), 0, null)));
        assertThat(TestSerializer.text(event))
                .endsWith("\"inflows\":[{\"id\":\"" + first + "\",\"terms\":0,\"units\":7,\"valueDate\":\"2026-01-05\","
                        + "\"parts\":[7,0],\"arrearsUnits\":3,\"provisionalBaseUnits\":9},"
                        + "{\"id\":\"" + second + "\",\"units\":8,\"parts\":[8]}]}");
    }

    @Test
    void whatIsNoInflowOfOursIsRefused() {
        String id = "\"id\":\"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002\"";
        Map<String, String> refused = Map.of(
                "{" + id + ",\"units\":8}", "element 2: expected id, units and parts",
                "{" + id + ",\"units\":8,\"parts\":[8],\"held\":null}",
                        "element 2: found a field held, which it cannot have",
                "{" + id + ",\"units\":8,\"parts\":[\"8\"]}", "element 2: parts: found 8, expected a whole number",
                "{" + id + ",\"units\":8,\"parts\":[null]}", "element 2: parts: found null, expected a whole number",
                "{" + id + ",\"units\":8,\"parts\":8}", "element 2: parts: found 8, expected a list",
                "{" + id + ",\"units\":8,\"parts\":[8],\"terms\":3000000000}",
                        "element 2: terms: found 3000000000, expected a number of 32 bits");
        refused.forEach((element, message) -> assertThatThrownBy(
                        () -> TestSerializer.stored("routing.InflowsRouted", """
                                {"agreementId":"A","currency":"EUR","terms":[],"inflows":[
                                 {"id":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","terms":0,"units":7,"valueDate":"2026-01-05","parts":[7]},
                                 %s]}""".formatted(element)))
                .as(element)
                .rootCause()
                .hasMessageContaining(message));
    }

    /** As engines stored it until 2026-11. */
    @Test
    void anOlderEventOfOneInflowStaysReadable() {
        InflowRouted read = (InflowRouted) TestSerializer.stored("routing.InflowRouted", """
                {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","agreementId":"A","storeId":"S-1","account":"ACC-1","ruleHash":"h",
                 "units":1000,"currency":"EUR","valueDate":"2026-01-05","legs":[{"legId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002",
                 "path":"residual","destination":"merchant.residual","units":1000}],"arrearsUnits":0,"provisionalBaseUnits":null}""");
        assertThat(read.legs())
                .containsExactly(new Leg(
                        UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002"),
                        "residual",
                        Destination.MERCHANT_RESIDUAL,
                        1_000));
    }

    @Test
    void aLegTellsItsInflowAndIsNoOther() {
        Set<UUID> legs = new HashSet<>();
        for (UUID inflow : List.of(new UUID(7, 1), new UUID(7, 2), new UUID(8, 1), Hashes.uuid("inflow", "x"))) {
            for (int place = 0; place < Leg.MOST; place++) {
                UUID leg = Leg.idOf(inflow, place);
                assertThat(legs.add(leg)).isTrue();
                assertThat(Leg.inflowsOf(leg)).contains(inflow).doesNotContain(leg);
            }
        }
        assertThat(Leg.idOf(UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001"), 1))
                .isEqualTo(UUID.fromString("096c3f43-6b43-5d0c-8d5e-5b9c1a1c0001"));
        assertThatThrownBy(() -> Leg.idOf(new UUID(7, 1), Leg.MOST))
                .hasMessageContaining("found 255, expected 0 to 254");
    }

    private static long pool(List<InflowRouted> routed) {
        return routed.stream()
                .flatMap(one -> one.legs().stream())
                .filter(leg -> leg.destination() == Destination.ROYALTY_POOL)
                .mapToLong(Leg::units)
                .sum();
    }

    private static List<Unrouted> inflows(int many) {
        return IntStream.range(0, many)
                .mapToObj(n -> new Unrouted(
                        Hashes.uuid("inflow", "" + n), "S-1", "ACC-1", 2_999 + 7L * n, "EUR", DAY.plusDays(n % 3)))
                .toList();
    }

    private static List<InflowRouted> oneByOne(List<Object> events) {
        return events.stream()
                .flatMap(event -> RoutingEvent.oneByOne((RoutingEvent) event))
                .filter(InflowRouted.class::isInstance)
                .map(InflowRouted.class::cast)
                .toList();
    }

    /**
     * What these commands tell under a rule of these claims. Behind the last the fixture compares the aggregate with one that is made of its
     * events, and fails where they differ.
     */
    private static List<Object> events(String[] claims, String fields, RouteInflows... commands) {
        CanonicalRule rule =
                CanonicalRule.parse(TestRules.text("EUR", fields, claims).getBytes(StandardCharsets.UTF_8));
        RuleChecker.check(rule.rule());
        List<Object> given = new ArrayList<>(List.of(
                new OpenAgreement(
                        "A",
                        "One",
                        "EUR",
                        "T",
                        "TRUST",
                        "FEE",
                        List.of(
                                new StoreTerms("S-1", "M", "Shop", "ACC-1", "P", null, null),
                                new StoreTerms("S-2", "M", "Shop", "ACC-2", "P", null, null))),
                new DraftRule("A", rule.hash(), rule.rule(), "ann"),
                new ApproveRule("A", rule.hash(), "bob", false)));
        given.addAll(Arrays.asList(commands).subList(0, commands.length - 1));
        var fixture = new AggregateTestFixture<>(Agreement.class);
        fixture.givenCommands(given).when(commands[commands.length - 1]).expectSuccessfulHandlerExecution();
        return fixture.getEventStore()
                .readEvents("A")
                .asStream()
                .map(message -> (Object) message.getPayload())
                .filter(event -> event instanceof InflowsRouted || event instanceof CapReached)
                .toList();
    }
}
