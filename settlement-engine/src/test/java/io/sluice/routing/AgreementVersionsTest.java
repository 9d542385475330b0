package io.sluice.routing;

import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.RouteInflows;
import io.sluice.routing.RoutingCommand.SetTrigger;
import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.RuleDrafted;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RoutingEvent.TriggerSet;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.matchers.Matchers;
import org.hamcrest.CoreMatchers;
import org.junit.jupiter.api.Test;

/** What a version may leave out or name anew, over all versions of its agreement. */
class AgreementVersionsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 5);
    private static final String FEE = TestRules.portion("fee", "1/1000", "fees.platform");
    private static final String OFFICE_A = """
            {"name":"trustee","kind":"fixed","amount":"500.00","per":"inflow","to":"fees.trustee","payee":"OFFICE-A"}""";
    private static final String ADVANCE = """
            {"name":"advance","kind":"due","amount":"40.00","to":"fees.platform"}""";
    private static final String TRAP = """
            {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/1","to":"merchant.trapped"}""";
    private static final String RESERVE = """
            {"name":"reserve","kind":"reserve","target":"30.00","topUp":"3/100","to":"cash.reserve"}""";

    private static final String NOTHING_FOR_A = OFFICE_A.replace("500.00", "0.00");

    @Test
    void aNameKeepsItsPayeeThoughItAccruesNothingMeanwhile() {
        refused(
                "OFFICE-A, to whom \"trustee\" is owed",
                version(OFFICE_A),
                version(FEE, NOTHING_FOR_A),
                version(FEE, OFFICE_A.replace("OFFICE-A", "OFFICE-B")));
        drafted(version(OFFICE_A), version(FEE, NOTHING_FOR_A), version(FEE, OFFICE_A));
    }

    @Test
    void aNameThatVersionsLeftOutComesBackToItsDestinationOrNotAtAll() {
        String holders = TestRules.royalty("1/10").replace("\"royalty\",\"kind", "\"holders\",\"kind");
        refused(
                "royalty.pool, as \"royalty\" goes in version 1",
                version(TestRules.royalty("1/10")),
                version(holders),
                version(holders, TestRules.portion("royalty", "1/100", "fees.platform")));
        drafted(version(TestRules.royalty("1/10")), version(holders), version(TestRules.royalty("1/20")));
    }

    @Test
    void whatCanBeOwedSomethingGoesOnThoughNothingIsOwedYet() {
        refused("no claim \"fee\", expected it to go on: with the portion 0/1", version(FEE), version(TRAP));
        drafted(version(FEE), version(FEE.replace("1/1000", "0/1")));
        refused("no claim \"trustee\", expected it to go on: with the amount 0", version(OFFICE_A), version(FEE));
        drafted(version(OFFICE_A), version(NOTHING_FOR_A));
        refused("no claim \"royalty\"", version(FEE, TestRules.royalty("1/10")), version(FEE));
        drafted(version(FEE, TestRules.royalty("1/10")), version(FEE, TestRules.royalty("0/1")));
        refused("being owed 40.00 EUR: with the amount 0 it is given nothing more", version(ADVANCE), version(TRAP));
        drafted(version(ADVANCE), version(FEE, ADVANCE.replace("40.00", "0.00")));
    }

    @Test
    void saysWhatIsOwedToAClaimThatAVersionLeavesOut() {
        String royalty = TestRules.royalty("1/10");
        afterASale(upTo(version(OFFICE_A, royalty), version(FEE, royalty)))
                .expectExceptionMessage(
                        "waterfall: found no claim \"trustee\", expected it to go on, being owed 50.00 EUR:"
                                + " with the amount 0 it accrues nothing more, and is given what it is owed");
        afterASale(upTo(version(OFFICE_A, royalty), version(OFFICE_A)))
                .expectExceptionMessage(
                        "waterfall: found no claim \"royalty\", expected it to go on, being owed 45.00 EUR:"
                                + " with the portion 0/1 it accrues nothing more, and is given what it is owed");
    }

    /** The last of these commands. */
    private static ResultValidator<Agreement> afterASale(List<Object> commands) {
        Object last = commands.removeLast();
        commands.add(sale(DAY));
        return new AggregateTestFixture<>(Agreement.class)
                .givenCommands(commands)
                .when(last);
    }

    private static RouteInflows sale(LocalDate day) {
        return new RouteInflows(
                "A", List.of(new Unrouted(Hashes.uuid(day.toString()), "S-1", "ACC-1", 45_000, "EUR", day)));
    }

    /** An arrear may arise until the next version begins, or later by a late inflow: it is given by the later version all the same. */
    @Test
    void givesUnderALaterVersionWhatAClaimIsStillOwed() {
        List<Object> given = upTo(version(OFFICE_A), version(NOTHING_FOR_A));
        given.add(new ApproveRule("A", ((DraftRule) given.getLast()).ruleHash(), "bob", false));
        given.add(sale(DAY)); // late: of the first version, after the second is in force
        new AggregateTestFixture<>(Agreement.class)
                .givenCommands(given)
                .when(sale(DAY.plusDays(10)))
                .expectEventsMatching(Matchers.payloadsMatching(Matchers.exactSequenceOf(
                        Matchers.<Object>predicate(
                                event -> parts(event).equals(List.of("trustee 5000", "residual 40000"))),
                        Matchers.andNoMore())));
    }

    private static List<String> parts(Object event) {
        return ((InflowsRouted) event)
                .each()
                .flatMap(routed -> routed.legs().stream())
                .map(leg -> leg.path() + " " + leg.units())
                .toList();
    }

    @Test
    void aTriggerThatNoVersionNamesCannotBeSet() {
        List<Object> given = upTo(version(TRAP));
        new AggregateTestFixture<>(Agreement.class)
                .givenCommands(given)
                .when(new SetTrigger("A", "convenant", true, "ann", "sales fell"))
                .expectException(Rejection.class)
                .expectExceptionMessage(
                        "trigger: found convenant, expected one that a rule version of A names, of [covenant]");
        new AggregateTestFixture<>(Agreement.class)
                .givenCommands(given)
                .when(new SetTrigger("A", "covenant", true, "ann", "sales fell"))
                .expectEvents(new TriggerSet("A", "covenant", true, "ann", "sales fell"));
    }

    @Test
    void whatCanHoldMoneyGoesOnThoughItIsEmptyYet() {
        refused("with a portion of 0/1 it holds nothing more", version(TRAP), version(FEE));
        drafted(version(TRAP), version(FEE, TRAP.replace("1/1", "0/1")));
        refused("with the target 0 it holds nothing more", version(RESERVE), version(FEE));
        drafted(version(RESERVE), version(FEE, RESERVE.replace("30.00", "0.00")));
    }

    private static String[] version(String... claims) {
        return claims;
    }

    private static void refused(String words, String[]... versions) {
        draft(versions).expectException(Rejection.class).expectExceptionMessage(CoreMatchers.containsString(words));
    }

    private static void drafted(String[]... versions) {
        draft(versions)
                .expectSuccessfulHandlerExecution()
                .expectEventsMatching(Matchers.payloadsMatching(
                        Matchers.exactSequenceOf(CoreMatchers.instanceOf(RuleDrafted.class), Matchers.andNoMore())));
    }

    /** The last one, when those before are in force, ten days after each other. */
    private static ResultValidator<Agreement> draft(String[]... versions) {
        List<Object> given = upTo(versions);
        Object last = given.removeLast();
        return new AggregateTestFixture<>(Agreement.class).givenCommands(given).when(last);
    }

    /** The last command drafts the last version. */
    private static List<Object> upTo(String[]... versions) {
        List<Object> given = new ArrayList<>(List.of(new OpenAgreement(
                "A",
                "One",
                "EUR",
                "T",
                "TRUST",
                "FEE",
                List.of(new StoreTerms("S-1", "M", "Shop", "ACC-1", "P", null, null)))));
        String previous = null;
        for (int i = 0; i < versions.length; i++) {
            CanonicalRule rule = CanonicalRule.parse("""
                    {"schema":"sluice/rule/1","agreement":"A","version":%d,"currency":"EUR","basis":"CASH_RECEIVED",
                     "effectiveFrom":"%s","previous":%s,"waterfall":[%s,%s]}""".formatted(
                            i + 1,
                            DAY.plusDays(10L * i),
                            previous == null ? "null" : '"' + previous + '"',
                            String.join(",", versions[i]),
                            TestRules.RESIDUAL)
                    .getBytes(StandardCharsets.UTF_8));
            RuleChecker.check(rule.rule());
            previous = rule.hash();
            given.add(new DraftRule("A", rule.hash(), rule.rule(), "ann"));
            given.add(new ApproveRule("A", rule.hash(), "bob", false));
        }
        given.removeLast();
        return given;
    }
}
