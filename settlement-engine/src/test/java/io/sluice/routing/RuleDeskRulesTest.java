package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.platform.Rejection;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RuleDeskRulesTest {

    private static final String GOOD = """
            {"schema":"sluice/rule/1","agreement":"A","version":1,"currency":"EUR","basis":"CASH_RECEIVED","effectiveFrom":"2026-11-23","previous":null,
             "waterfall":[{"name":"fee","kind":"portion","portion":"1/1000","to":"fees.platform"},
                          {"name":"royalty","kind":"royalty","portion":"1/10","to":"royalty.pool"},
                          {"name":"residual","kind":"remainder","to":"merchant.residual"}]}
            """;

    private static CanonicalRule parse(String json) {
        return CanonicalRule.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(String json, String words) {
        assertThatThrownBy(() -> RuleChecker.check(parse(json).rule()))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining(words);
    }

    @Test
    void theSameRuleHasTheSameHashHoweverItIsWritten() {
        String reordered = GOOD.replace(
                "{\"schema\":\"sluice/rule/1\",\"agreement\":\"A\",",
                "{ \"agreement\" : \"A\", \"schema\":\"sluice/rule/1\",");
        assertThat(parse(reordered).hash()).isEqualTo(parse(GOOD).hash());
        assertThat(parse(GOOD.replace("1/10\"", "1/5\"")).hash())
                .isNotEqualTo(parse(GOOD).hash());
        RuleChecker.check(parse(GOOD).rule());
    }

    @Test
    void refusesDuplicateAndUnknownFields() {
        refused(
                GOOD.replace("\"version\":1", "\"version\":1,\"version\":2"),
                "found \"version\" twice, expected it once");
        refused(GOOD.replace("\"version\":1", "\"version\":1,\"verson\":2"), "verson");
        refused(GOOD.replace("\"agreement\":\"A\",", ""), "agreement");
    }

    /** Two writings of one meaning would be two hashes. */
    @Test
    void refusesASecondWritingOfTheSameMeaning() {
        refused(GOOD.replace("\"version\":1", "\"version\":\"1\""), "version");
        refused(GOOD.replace("\"version\":1", "\"version\":1.0"), "version");
        refused(GOOD.replace("\"1/10\"", "\"2/20\""), "expected it written as \"1/10\"");
        refused(GOOD.replace("\"1/1000\"", "\"0/1\""), "more than nothing");
    }

    @Test
    void refusesTextThatIsNotInNormalForm() {
        refused(GOOD.replace("\"name\":\"fee\"", "\"name\":\"fe\u0301e\""), "normal form");
    }

    @Test
    void refusesRulesThatAreAlmostRight() {
        refused(GOOD.replace("\"portion\":\"1/1000\"", "\"portion\":\"19/20\""), "portions that sum to");
        refused(
                GOOD.replace(
                        "{\"name\":\"residual\",\"kind\":\"remainder\",\"to\":\"merchant.residual\"}",
                        "{\"name\":\"residual\",\"kind\":\"portion\",\"portion\":\"9/10\",\"to\":\"merchant.residual\"}"),
                "remainder");
        refused(GOOD.replace("\"name\":\"royalty\"", "\"name\":\"fee\""), "a name of its own");
        refused(
                GOOD.replace("\"to\":\"fees.platform\"", "\"to\":\"royalty.pool\""),
                "waterfall[0].to: found royalty.pool, expected fees.platform");
        refused(
                GOOD.replace("\"to\":\"merchant.residual\"", "\"to\":\"fees.platform\""),
                "waterfall[2].to: found fees.platform, expected merchant.residual");
        refused(GOOD.replace("\"version\":1", "\"version\":2"), "previous");
        refused(GOOD.replace("\"currency\":\"EUR\"", "\"currency\":\"EURO\""), "no currency");
        refused(GOOD.replace("1/1000", "0.001"), "written as \"1/10\"");
    }
}
