package io.sluice.routing.anchoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TestEngine;
import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrderState;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.RoutingRuleRegistry;
import io.sluice.platform.Commands;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.routing.AgreementNumber;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RuleDesk;
import io.sluice.routing.Simulations;
import io.sluice.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** On a real chain, whose time is the business time. */
class RuleAnchorsTest {

    private static final String ID = "AGR-ANCHOR";

    @TempDir
    Path dir;

    @Test
    void aRuleIsAnchoredUnderItsAgreementsNumberAndOneForADayThatHasBegunIsRefused() {
        try (TestEngine engine = TestEngine.start(
                dir, List.of("--sluice.rule.anchoring=required", "--sluice.chain.preflight-attempts=2"))) {
            RuleDesk desk = engine.bean(RuleDesk.class);
            engine.bean(Commands.class).begin(ID, new OpenAgreement(ID, "One", "EUR", "T", "TRUST", "FEE", List.of()));

            byte[] late = document(Sandbox.FIRST_DAY.minusDays(3)); // the sandbox's clock stands in that day's evening
            String refused = approved(engine, desk, late);
            String reason = (String) settled(engine, refused, "REFUSED").get("reason");
            assertThat(reason).contains("REFUSED_IN_TRIAL", "Retroactive(effectiveFrom ");
            assertThat(engine.bean(WorkList.class).openItems())
                    .singleElement()
                    .satisfies(item -> assertThat(item.summary())
                            .contains(
                                    "The chain refused a rule of " + ID,
                                    "Draft it again for a day that has not begun"));
            assertThatThrownBy(() -> desk.draft(ID, late, "ann"))
                    .isInstanceOf(Rejection.class)
                    .hasMessageContaining("The chain has refused this very document");

            String hash = approved(engine, desk, document(Sandbox.FIRST_DAY));
            Map<String, Object> row = settled(engine, hash, "ACTIVE");
            ChainSettings settings = engine.bean(ChainSettings.class);
            assertThat(row.get("anchor_registry")).isEqualTo(settings.ruleRegistry());
            assertThat(row.get("anchor_block")).isNotNull();
            RoutingRuleRegistry.Rule rule = engine.bean(ChainReads.class)
                    .ask(
                            settings.ruleRegistry(),
                            new RoutingRuleRegistry.RuleOf(AgreementNumber.of(ID), "0x" + hash),
                            ChainReads.At.FINALIZED);
            assertThat(rule.version()).isEqualTo(1);
            assertThat(rule.from()).isEqualTo(Sandbox.FIRST_DAY.toEpochDay() * 86_400);
        }
    }

    @Test
    void aRuleThatTheChainHoldsAlreadyIsInForceAlthoughTheBooksHaveLostItsTransaction() {
        try (TestEngine engine = TestEngine.start(dir, List.of("--sluice.rule.anchoring=required"))) {
            RuleDesk desk = engine.bean(RuleDesk.class);
            engine.bean(Commands.class).begin(ID, new OpenAgreement(ID, "One", "EUR", "T", "TRUST", "FEE", List.of()));
            String hash = desk.draft(ID, document(Sandbox.FIRST_DAY), "ann");
            ChainSettings settings = engine.bean(ChainSettings.class);
            ChainOrders chain = engine.bean(ChainOrders.class);
            ChainOrder lost = new ChainOrder(
                    "before the backup",
                    settings.ruleRegistry(),
                    new RoutingRuleRegistry.Anchor(
                                    AgreementNumber.of(ID), 1, "0x" + hash, Sandbox.FIRST_DAY.toEpochDay() * 86_400)
                            .data());
            engine.bean(Transactions.class).run(() -> chain.enqueue(lost));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> chain.find(lost.key()).orElseThrow().state() == ChainOrderState.FINAL);

            engine.bean(Simulations.class).simulate(hash, null, null, "ann");
            engine.bean(WorkList.class).approve("RULE-" + hash, hash, "bob");

            Map<String, Object> row = settled(engine, hash, "ACTIVE");
            assertThat(row.get("anchor_tx")).isNull();
            assertThat(row.get("anchor_block")).isNotNull();
            assertThat(chain.find("rule:" + ID + ":" + hash)).isEmpty();
        }
    }

    private static String approved(TestEngine engine, RuleDesk desk, byte[] document) {
        String hash = desk.draft(ID, document, "ann");
        engine.bean(Simulations.class).simulate(hash, null, null, "ann");
        engine.bean(WorkList.class).approve("RULE-" + hash, hash, "bob");
        return hash;
    }

    private static Map<String, Object> settled(TestEngine engine, String hash, String state) {
        JdbcClient db = engine.bean(JdbcClient.class);
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> db.sql("select * from routing_rule where rule_hash = ?")
                                .param(hash)
                                .query()
                                .listOfRows(),
                        rows -> !rows.isEmpty() && state.equals(rows.getFirst().get("state")))
                .getFirst();
    }

    private static byte[] document(LocalDate from) {
        return ("{\"schema\":\"sluice/rule/1\",\"agreement\":\"" + ID + "\",\"version\":1,\"currency\":\"EUR\","
                        + "\"basis\":\"CASH_RECEIVED\",\"effectiveFrom\":\"" + from + "\",\"previous\":null,"
                        + "\"waterfall\":[{\"name\":\"residual\",\"kind\":\"remainder\",\"to\":\"merchant.residual\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
