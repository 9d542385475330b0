package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    void eachRefusalNamesPathFoundAndExpectedInOurWords() throws IOException {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put(
                "\"portion\":\"1/1000\"|\"portion\":0.1",
                "waterfall[0].portion: found a number, expected text such as \"1/10\"");
        refused.put("\"2026-11-23\"|\"2026-02-30\"", "effectiveFrom: found \"2026-02-30\", expected a day such as");
        refused.put(
                "\"version\":1|\"version\":\"1\"",
                "version: found \"1\", expected a whole number written plainly, such as 1");
        for (String number : List.of("1.0", "1e0", "1e400")) {
            refused.put(
                    "\"version\":1|\"version\":" + number,
                    "version: found a number with a point or an exponent, expected a whole number written plainly");
        }
        refused.put("\"version\":1|\"version\":null", "version: found null, expected a whole number");
        refused.put(
                "\"version\":1|\"version\":1" + "0".repeat(30),
                "version: found 1000000000000000000000000000000, expected a whole number of at most 2147483647");
        refused.put(
                "\"version\":1|\"version\":1" + "0".repeat(1_000),
                "The document: found a number of 1001 digits, expected at most 1000");
        refused.put(
                "\"kind\":\"portion\"|\"kind\":\"slice\"",
                "waterfall[0].kind: found \"slice\", expected one of portion, fixed, due, royalty, reserve, trap, until-report,");
        refused.put("\"kind\":\"portion\",|", "waterfall[0].kind: found nothing, expected one of portion,");
        refused.put("\"version\":1|\"version\":1,\"foo\":2", "foo: there is no such field here");
        refused.put("\"agreement\":\"A\",|", "agreement: found nothing, expected a value");
        refused.put("\"agreement\":\"A\"|\"agreement\":\"\"", "agreement: found \"\", expected 1 to 64 characters");
        refused.put("\"agreement\":\"A\"|\"agreement\":\"A\\nB\"", "none of them a control character");
        refused.put("\"agreement\":\"A\"|\"agreement\":\"A\\ud800\"", "agreement: found half of a surrogate pair");
        refused.put("\"version\":1,|\"version\":2,,", "is not JSON: line 1, column");
        refused.put(
                "\"version\":1,\"currency\":\"EUR\",\"basis\":\"CASH_RECEIVED\",\"effectiveFrom\":\"2026-11-23\",\"previous\":null|\"version\":2,\"currency\":\"EUR\",\"basis\":\"CASH_RECEIVED\",\"effectiveFrom\":\"2026-11-23\",\"previous\":\"xyz\"",
                "previous: found xyz, expected a SHA-256");
        for (Map.Entry<String, String> one : refused.entrySet()) {
            String[] change = one.getKey().split("\\|", -1);
            Answer answer = run("rule", "check", file("refused.json", RULE.replace(change[0], change[1])));
            assertThat(answer.exit()).as(one.getKey()).isEqualTo(1);
            assertThat(answer.out()).contains(one.getValue()).doesNotContain("io.sluice", "java.", "creator");
        }
    }

    /** Each would be read as the rule above, and known by another hash. */
    @Test
    void aSecondWritingOfTheSameMeaningIsRefused() throws IOException {
        Map<String, String> refused = Map.of(
                "\"1/10\"|\"2/20\"", "waterfall[1].portion: found \"2/20\", expected it written as \"1/10\"",
                "\"CASH_RECEIVED\"|0", "basis: found 0, expected it written as \"CASH_RECEIVED\"",
                "\"2026-11-23\"|\"2026-11-23T00:00:00\"",
                        "effectiveFrom: found \"2026-11-23T00:00:00\", expected it written as \"2026-11-23\"",
                "\"2026-11-23\"|[2026,11,23]",
                        "effectiveFrom: found [2026,11,23], expected it written as \"2026-11-23\"",
                "\"agreement\":\"A\"|\"agreement\":5", "agreement: found 5, expected it written as \"5\"");
        for (Map.Entry<String, String> one : refused.entrySet()) {
            String[] change = one.getKey().split("\\|", -1);
            Answer answer = run("rule", "check", file("refused.json", RULE.replace(change[0], change[1])));
            assertThat(answer.exit()).as(one.getKey()).isEqualTo(1);
            assertThat(answer.out()).contains(one.getValue());
        }
    }

    @Test
    void aRuleThatIsNestedTooDeeplyIsRefusedForThat() throws IOException {
        String deep = "{\"name\":\"p\",\"kind\":\"parallel\",\"tranches\":[".repeat(3_000) + "]}".repeat(3_000) + ",";
        Answer answer =
                run("rule", "check", file("deep.json", RULE.replace("\"waterfall\":[", "\"waterfall\":[" + deep)));
        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out().strip())
                .isEqualTo("The document: found lists and objects nested 501 deep, expected at most 500");
    }

    @Test
    void aVersionThatThereIsNotIsRefusedForItselfAlone() throws IOException {
        Answer answer = run("rule", "check", file("zero.json", RULE.replace("\"version\":1", "\"version\":0")));
        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out().strip()).isEqualTo("version: found 0, expected 1 or more");
    }

    /** Its example's figures are amounts, whatever the claim is called. */
    @Test
    void aClaimMayBeNamedLikeAField() throws IOException {
        String named = RULE.replace("\"name\":\"fee\"", "\"name\":\"portion\"").replace("\"waterfall\"", """
                        "examples":[{"name":"a sale","inflows":[{"valueDate":"2026-11-23","amount":"100.00"}],
                                     "expect":{"portion":"0.10","royalty":"10.00","residual":"89.90"}}],"waterfall\"""");
        assertThat(run("rule", "check", file("named.json", named)).out()).contains("is valid: ");
        assertThat(run("rule", "check", file("none.json", named.replace("\"100.00\"", "\"0.00\"")))
                        .out())
                .contains("examples[0].inflows[0].amount: found 0, expected an inflow, or a refund below zero");
    }

    /** Each would be read as the same mark, and known by the same hash. */
    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        byte[] document = RULE.replace("\"A\"", "\"A?\"").getBytes(StandardCharsets.UTF_8);
        document[RULE.indexOf("\"A\"") + 2] = (byte) 0xff;
        Path file = Files.write(dir.resolve("bytes.json"), document);
        assertThat(run("rule", "check", file.toString()).out()).contains("found bytes that are not UTF-8");
    }

    @Test
    void aRuleOfVeryManyClaimsIsRefusedForTheirNumberAlone() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            many.append("{\"name\":\"fee")
                    .append(i)
                    .append("\",\"kind\":\"portion\",\"portion\":\"1/100000\",\"to\":\"fees.platform\"},");
        }
        Answer answer =
                run("rule", "check", file("many.json", RULE.replace("\"waterfall\":[", "\"waterfall\":[" + many)));
        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out().strip()).endsWith("waterfall: found 5003 claims, expected at most 32");
    }

    @Test
    void aSimulationTellsOfRefundsAndOfRoyaltyGivenAhead() throws IOException {
        String inflows = "\ufeffvalueDate,amount,currency\n2026-11-23,200.00,EUR\n2026-11-24,-50.00,EUR\n";
        Answer words = run("simulate", "--rule", file("r.json", RULE), "--inflows", file("i.csv", inflows));
        assertThat(words.exit()).isZero();
        assertThat(words.out())
                .contains(
                        "1 inflows of 200.00 EUR", "refunds of 50.00 EUR", "off the next inflows, version 1: 5.00 EUR");
        JsonNode told =
                json(run("simulate", "--json", "--rule", file("r.json", RULE), "--inflows", file("i.csv", inflows)));
        assertThat(amount(told.path("givenAhead"))).isEqualTo("5.00");
        for (String wrong :
                List.of("2026-11-23,10000000000000000.00,EUR", "\"2026-11-23\",1.00,EUR", "2026-11-23,1.00,EUR,shop")) {
            Answer refused = run("simulate", "--rule", file("r.json", RULE), "--inflows", file("w.csv", wrong));
            assertThat(refused.exit()).isEqualTo(2);
            assertThat(refused.err()).contains("line 1: ", "expected");
        }
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
    void aSimulationThatDividesNothingFails() throws IOException {
        Answer other =
                run("simulate", "--rule", file("r.json", RULE), "--inflows", file("i.csv", "2026-11-22,1.00,EUR\n"));
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains("version 1 divides none of these inflows: no-rule-in-force");
        Answer empty = run("simulate", "--rule", file("r.json", RULE), "--inflows", file("e.csv", "\n"));
        assertThat(empty.exit()).isEqualTo(1);
        assertThat(empty.err()).contains("e.csv: found no inflow, expected at least one");
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
        assertThat(amount(told.path("difference").path("royalty.pool"))).isEqualTo("-10.00");
        assertThat(amount(told.path("difference").path("merchant.residual"))).isEqualTo("10.00");
        assertThat(told.path("undivided").toString())
                .isEqualTo(
                        "[{\"reason\":\"no-rule-in-force\",\"inflows\":1,\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}},"
                                + "{\"reason\":\"currency-differs\",\"inflows\":1,\"amount\":{\"amount\":\"50.00\",\"currency\":\"USD\"}}]");
        assertThat(run(command).out())
                .contains(
                        "1 inflows of 100.00 EUR",
                        "10.00 EUR",
                        "20.00 EUR",
                        "not divided by --rule, version 1: 1 inflows of 1.00 EUR (no-rule-in-force)",
                        "not divided by --compare, version 1: 1 inflows of 1.00 EUR (no-rule-in-force)");
    }

    /** Ten euros less five yen are nothing. */
    @Test
    void rulesOfTwoCurrenciesAreNotCompared() throws IOException {
        String yen = file("yen.json", RULE.replace("\"EUR\"", "\"JPY\""));
        Answer answer = run(
                "simulate",
                "--rule",
                file("r.json", RULE),
                "--inflows",
                file("i.csv", "2026-12-01,100.00,EUR\n2026-12-01,5000,JPY\n"),
                "--compare",
                yen);
        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains(yen + ": found a rule of JPY, expected one of EUR to compare with");
    }

    /** Both rules may be drafts of one version. */
    @Test
    void whatIsToldOfEitherComparedRuleSaysOfWhich() throws IOException {
        Answer answer = run(
                "simulate",
                "--rule",
                file("r.json", RULE),
                "--inflows",
                file("i.csv", "2026-11-23,200.00,EUR\n2026-11-24,-50.00,EUR\n"),
                "--compare",
                file("c.json", RULE.replace("1/10\"", "1/5\"")));
        assertThat(answer.out())
                .contains("off the next inflows, --rule, version 1: 5.00 EUR")
                .contains("off the next inflows, --compare, version 1: 10.00 EUR");
    }

    @Test
    void anAmountThatIsNoneIsRefusedBeforeItIsComputedWith() throws IOException {
        String rule = file("r.json", RULE);
        String expected = "\", expected an amount such as -12.34, with at most 18 digits before its point";
        for (String amount : List.of("=1+1", "1e2", "٥٠٠", "+1.00", "1.", "", "1".repeat(400), "1" + "0".repeat(18))) {
            assertThat(refused(rule, "2026-11-23,1.00,EUR\r\n2026-11-23," + amount + ",EUR\r\n"))
                    .contains("i.csv, line 2: found \"" + amount.substring(0, Math.min(40, amount.length())))
                    .contains(expected);
        }
        assertThat(refused(rule, "2026-11-23," + "1".repeat(5_000_000) + ",EUR\n"))
                .contains("i.csv, line 1: found more than 1000 characters, expected valueDate,amount,currency");
    }

    @Test
    void aFileThatIsNoTextIsRefusedWithTheLine() throws IOException {
        Path file = Files.write(
                dir.resolve("b.csv"), new byte[] {'\r', '\n', '\n', '1', ',', (byte) 0xff, (byte) 0xfe, 0, '\n'});
        Answer answer = run("simulate", "--rule", file("r.json", RULE), "--inflows", file.toString());
        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.err()).contains("b.csv, line 3: found bytes that are not UTF-8, expected text");
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
