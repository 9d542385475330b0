package io.sluice.routing;

import io.sluice.platform.Rejection;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.RuleDrafted;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.hamcrest.CoreMatchers;
import org.junit.jupiter.api.Test;

/** What a version may leave out or name anew, over all versions of its agreement. */
class AgreementVersionsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 5);
    private static final String FEE = TestRules.portion("fee", "1/1000", "fees.platform");
    private static final String OFFICE_A = """
            {"name":"trustee","kind":"fixed","amount":"500.00","per":"inflow","to":"fees.trustee","payee":"OFFICE-A"}""";
    private static final String TRAP = """
            {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/1","to":"merchant.trapped"}""";
    private static final String RESERVE = """
            {"name":"reserve","kind":"reserve","target":"30.00","topUp":"3/100","to":"cash.reserve"}""";

    @Test
    void aNameThatVersionsLeftOutComesBackWithItsPayeeOrNotAtAll() {
        refused(
                "OFFICE-A, to whom \"trustee\" is owed",
                version(OFFICE_A),
                version(FEE),
                version(FEE, OFFICE_A.replace("OFFICE-A", "OFFICE-B")));
        drafted(version(OFFICE_A), version(FEE), version(FEE, OFFICE_A));
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
                .expectEventsMatching(org.axonframework.test.matchers.Matchers.payloadsMatching(
                        org.axonframework.test.matchers.Matchers.exactSequenceOf(
                                CoreMatchers.instanceOf(RuleDrafted.class),
                                org.axonframework.test.matchers.Matchers.andNoMore())));
    }

    /** The last one, when those before are in force, ten days after each other. */
    private static ResultValidator<Agreement> draft(String[]... versions) {
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
        Object last = given.removeLast();
        return new AggregateTestFixture<>(Agreement.class).givenCommands(given).when(last);
    }
}
