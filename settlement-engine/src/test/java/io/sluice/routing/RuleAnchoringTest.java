package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.platform.Rejection;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.ConfirmAnchor;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.FailAnchor;
import io.sluice.routing.RoutingCommand.RouteInflows;
import io.sluice.routing.RoutingCommand.Unroutable;
import io.sluice.routing.RoutingCommand.Unrouted;
import io.sluice.routing.RoutingEvent.AgreementOpened;
import io.sluice.routing.RoutingEvent.Anchor;
import io.sluice.routing.RoutingEvent.RuleActivated;
import io.sluice.routing.RoutingEvent.RuleAnchoringFailed;
import io.sluice.routing.RoutingEvent.RuleApproved;
import io.sluice.routing.RoutingEvent.RuleDrafted;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;

class RuleAnchoringTest {

    private static final String ID = "AGR-1";
    private static final String HASH = "aa".repeat(32);
    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final RuleDocument RULE = rule(DAY);
    private static final Anchor ANCHOR =
            new Anchor("0x" + "0b".repeat(20), AgreementNumber.of(ID), "0x" + "0c".repeat(32), 12);
    private static final RuleDrafted DRAFTED = new RuleDrafted(ID, HASH, RULE, "ann");
    private static final RuleApproved APPROVED = new RuleApproved(ID, HASH, RULE, "ann", "bob");
    private static final Unrouted INFLOW = new Unrouted(new UUID(0, 1), "S-1", "ACC-1", 100, "EUR", DAY);

    private static RuleDocument rule(LocalDate from) {
        return TestRules.residualOnly(ID, "EUR", from);
    }

    private static TestExecutor<Agreement> given(Object... events) {
        return new AggregateTestFixture<>(Agreement.class)
                .given(new AgreementOpened(ID, "One", "EUR", "T", "TRUST", "FEE", List.of()))
                .andGiven(events);
    }

    @Test
    void anApprovedRuleDividesNothingBeforeTheChainHoldsIt() {
        given(DRAFTED).when(new ApproveRule(ID, HASH, "bob", true)).expectEvents(APPROVED);
        given(DRAFTED, APPROVED)
                .when(new RouteInflows(ID, List.of(INFLOW)))
                .expectNoEvents()
                .expectResultMessagePayload(List.of(new Unroutable(INFLOW.inflowId(), "rule-being-anchored")));
    }

    @Test
    void theVersionBeforeDividesNothingOfADayThatAWaitingVersionIsFor() {
        RuleActivated first = new RuleActivated(ID, "bb".repeat(32), rule(DAY.minusDays(9)), "ann", "bob", ANCHOR);
        Unrouted before = new Unrouted(new UUID(0, 2), "S-1", "ACC-1", 100, "EUR", DAY.minusDays(1));
        given(first, DRAFTED, APPROVED)
                .when(new RouteInflows(ID, List.of(INFLOW)))
                .expectNoEvents()
                .expectResultMessagePayload(List.of(new Unroutable(INFLOW.inflowId(), "rule-being-anchored")));
        given(first, DRAFTED, APPROVED)
                .when(new RouteInflows(ID, List.of(before)))
                .expectResultMessagePayload(List.of());
    }

    @Test
    void theChainsWordPutsItInForceOnce() {
        RuleActivated activated = new RuleActivated(ID, HASH, RULE, "ann", "bob", ANCHOR);
        given(DRAFTED, APPROVED).when(new ConfirmAnchor(ID, HASH, ANCHOR)).expectEvents(activated);
        given(DRAFTED, APPROVED, activated)
                .when(new ConfirmAnchor(ID, HASH, ANCHOR))
                .expectNoEvents();
        given(DRAFTED, APPROVED, activated)
                .when(new FailAnchor(ID, HASH, "late"))
                .expectNoEvents();
    }

    @Test
    void theWordOnAnotherRuleChangesNothing() {
        given(DRAFTED, APPROVED)
                .when(new ConfirmAnchor(ID, "bb".repeat(32), ANCHOR))
                .expectNoEvents();
    }

    @Test
    void whatTheChainRefusedIsNeverTheSameDocumentAgainAndItsVersionIsFree() {
        RuleAnchoringFailed failed = new RuleAnchoringFailed(ID, HASH, "Retroactive");
        given(DRAFTED, APPROVED).when(new FailAnchor(ID, HASH, "Retroactive")).expectEvents(failed);
        given(DRAFTED, APPROVED, failed)
                .when(new DraftRule(ID, HASH, RULE, "ann"))
                .expectException(Rejection.class)
                .expectExceptionMessage(
                        "The chain has refused this very document (Retroactive): draft it again for a day that"
                                + " has not begun");
        RuleDocument later = rule(DAY.plusDays(1));
        given(DRAFTED, APPROVED, failed)
                .when(new DraftRule(ID, "bb".repeat(32), later, "ann"))
                .expectEvents(new RuleDrafted(ID, "bb".repeat(32), later, "ann"));
    }

    @Test
    void aSecondVersionWaitsUntilTheFirstIsThere() {
        RuleDrafted other = new RuleDrafted(ID, "bb".repeat(32), rule(DAY.plusDays(1)), "ann");
        given(DRAFTED, other, APPROVED)
                .when(new ApproveRule(ID, other.ruleHash(), "bob", true))
                .expectException(Rejection.class)
                .expectExceptionMessage("Version 1 of AGR-1 is being anchored");
    }

    @Test
    void anAgreementsNumberIsFromItsIdAndNeverAStores() {
        assertThat(AgreementNumber.of(ID)).isEqualTo(AgreementNumber.of(ID)).isBetween(1L << 31, (1L << 32) - 1);
        assertThat(AgreementNumber.of(ID)).isNotEqualTo(AgreementNumber.of("AGR-2"));
    }
}
