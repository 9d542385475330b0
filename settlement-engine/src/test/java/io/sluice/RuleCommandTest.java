package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code rule check} and {@code simulate} say to those who write rules. */
class RuleCommandTest {

    private static final String RULE = """
            {"schema":"sluice/rule/1","agreement":"A","version":1,"currency":"EUR","basis":"CASH_RECEIVED","effectiveFrom":"2026-11-23","previous":null,
             "waterfall":[{"name":"fee","kind":"portion","portion":"1/1000","to":"fees.platform"},
                          {"name":"royalty","kind":"royalty","portion":"1/10","to":"royalty.pool"},
                          {"name":"residual","kind":"remainder","to":"merchant.residual"}]}
            """;

    @TempDir
    Path dir;

    @Test
    void aValidRuleIsKnownByItsHashHoweverItIsWritten() throws IOException {
        Answer one = run("rule", "check", file("one.json", RULE));
        assertThat(one.exit()).isZero();
        assertThat(one.out()).contains("is valid: ");
        JsonNode two = json(run("rule", "check", "--json", file("two.json", RULE.replace(",", " , "))));
        assertThat(two.path("valid").asBoolean()).isTrue();
        assertThat(one.out().strip()).endsWith(two.path("hash").asString());
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws IOException {
        String wrong = RULE.replace("1/10\"", "999/1000\"")
                .replace("1/1000\"", "1/500\"")
                .replace("EUR", "EURO");
        Answer answer = run("rule", "check", file("wrong.json", wrong));
        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out().lines()).hasSize(2);
        JsonNode told = json(run("rule", "check", "--json", file("wrong.json", wrong)));
        assertThat(told.path("valid").asBoolean()).isFalse();
        assertThat(told.path("findings").values().stream().map(JsonNode::asString))
                .hasSize(2)
                .anySatisfy(
                        finding -> assertThat(finding).contains("portions that sum to 1001/1000, expected 1 or less"));
    }

    @Test
    void aFileThatCannotBeReadIsSaidToBeOne() {
        Answer answer = run("rule", "check", dir.resolve("none.json").toString());
        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.err()).contains("none.json cannot be read");
    }

    /** Flooring each sale alone would give the pool nothing. */
    @Test
    void simulationDividesByOneFloorOverAllInflows() throws IOException {
        String inflows = "valueDate,amount,currency\n" + "2026-11-23,0.09,EUR\n".repeat(1_000);
        JsonNode told =
                json(run("simulate", "--json", "--rule", file("r.json", RULE), "--inflows", file("i.csv", inflows)));
        assertThat(told.path("inflows").asLong()).isEqualTo(1_000);
        assertThat(amount(told.path("sum"))).isEqualTo("90.00");
        assertThat(amount(told.path("divided").path("royalty.pool"))).isEqualTo("9.00");
        assertThat(amount(told.path("divided").path("fees.platform"))).isEqualTo("0.09");
        assertThat(amount(told.path("divided").path("merchant.residual"))).isEqualTo("80.91");
    }

    @Test
    void comparedRulesAreToldWithTheirDifference() throws IOException {
        String inflows = "2026-11-23,100.00,EUR\n2026-11-22,1.00,EUR\n2026-11-24,50,USD\n";
        String[] command = {
            "simulate",
            "--rule",
            file("r.json", RULE),
            "--inflows",
            file("i.csv", inflows),
            "--compare",
            file("c.json", RULE.replace("1/10\"", "1/5\""))
        };
        JsonNode told =
                json(run(Stream.concat(Stream.of(command), Stream.of("--json")).toArray(String[]::new)));
        assertThat(amount(told.path("difference").path("royalty.pool"))).isEqualTo("10.00");
        assertThat(amount(told.path("difference").path("merchant.residual"))).isEqualTo("-10.00");
        assertThat(told.path("undivided")
                        .path("no-rule-in-force")
                        .path("inflows")
                        .asLong())
                .isEqualTo(1);
        assertThat(told.path("undivided")
                        .path("currency-differs")
                        .path("inflows")
                        .asLong())
                .isEqualTo(1);
        assertThat(run(command).out())
                .contains(
                        "1 inflows of 100.00 EUR",
                        "10.00 EUR",
                        "20.00 EUR",
                        "not divided by version 1: 1 inflows (no-rule-in-force)");
    }

    @Test
    void aLineThatIsNoInflowIsNamed() throws IOException {
        String rule = file("r.json", RULE);
        assertThat(refused(rule, "2026-11-23,1.00,EUR\n2026-11-23,1.001,EUR\n"))
                .contains("i.csv, line 2: An amount in EUR has at most 2 decimals, was 1.001");
        assertThat(refused(rule, "2026-11-23,0.00,EUR\n")).contains("line 1: amount: found 0, expected an inflow");
        assertThat(refused(rule, "2026-11-23,1.00\n"))
                .contains("line 1: found 2 fields, expected valueDate,amount,currency");
        assertThat(refused(rule, "23.11.2026,1.00,EUR\n")).contains("line 1: ");
        assertThat(refused(file("w.json", RULE.replace("1/10\"", "0.1\"")), "")).contains("written as \"1/10\"");
    }

    private String refused(String rule, String inflows) throws IOException {
        Answer answer = run("simulate", "--rule", rule, "--inflows", file("i.csv", inflows));
        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        return answer.err();
    }

    private static String amount(JsonNode money) {
        assertThat(money.path("currency").asString()).isEqualTo("EUR");
        return money.path("amount").asString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text).toString();
    }

    private static JsonNode json(Answer answer) {
        return new JsonMapper().readTree(answer.out());
    }

    private record Answer(int exit, String out, String err) {}

    private static Answer run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(Sluice.class)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Answer(exit, out.toString(), err.toString());
    }
}
