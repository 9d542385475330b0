package io.sluice.routing;

import static io.sluice.routing.TestRules.RESIDUAL;
import static io.sluice.routing.TestRules.portion;
import static io.sluice.routing.TestRules.royalty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sluice.money.Fraction;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Each static check has a rule that only it refuses, and says path, found and expected. */
class RuleCheckerTest {

    private static final String FEE = portion("fee", "1/1000", "fees.platform");

    private static final JsonMapper JSON = new JsonMapper();

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(RuleFile.schema());

    private static String rule(String... claims) {
        return TestRules.text("EUR", "", claims);
    }

    private static String with(String fields, String... claims) {
        return TestRules.text("EUR", fields, claims);
    }

    /** Of what platforms report. */
    private static String reported(String rule) {
        return rule.replace("\"basis\":\"CASH_RECEIVED\"", "\"basis\":\"GROSS_SALES\",\"expectedDeduction\":\"1/10\"");
    }

    private static String limited(String limits) {
        return with("\"royalty\":{" + limits + "},", royalty("1/10"));
    }

    private static String banded(String bands) {
        return rule("{\"name\":\"royalty\",\"kind\":\"royalty\",\"to\":\"royalty.pool\",\"bands\":[" + bands + "]}");
    }

    private static String fee(String more) {
        return "{\"name\":\"fee\",\"kind\":\"portion\",\"portion\":\"1/100\",\"to\":\"fees.platform\"," + more + "}";
    }

    private static String example(String inflows, String expect) {
        return with(
                "\"examples\":[{\"name\":\"a sale\",\"inflows\":[" + inflows + "],\"expect\":{" + expect + "}}],",
                royalty("1/10"));
    }

    private static String sale(String day, String amount) {
        return "{\"valueDate\":\"" + day + "\",\"amount\":\"" + amount + "\"}";
    }

    private static List<String> findings(String document) {
        return RuleFile.check(document.getBytes(StandardCharsets.UTF_8)).findings();
    }

    @Test
    void hasNothingAgainstARuleWithEveryKindOfClaim() {
        String all = with("""
                "period":"WEEK",
                "royalty":{"cap":[{"until":"2027-01-31","amount":"1000.00"},{"amount":"2000.00"}],"minimum":"1.00","ceiling":"500.00",
                           "returnsReserve":{"portion":"1/5","periods":4},
                           "conversion":{"depeg":"1/200","slippage":"0/1"}},
                "examples":[{"name":"one sale at home",
                             "inflows":[{"valueDate":"2026-01-05","amount":"100.00","country":"DE"},
                                        {"valueDate":"2026-01-06","amount":"10.00","refund":true,"country":"DE"}],
                             "expect":{"fee":"1.00","trustee":"5.00","at home":"8.00","label":"1.80","reserve":"3.00","tax":"2.40",
                                       "residual":"77.80"}}],
                """, fee("\"atLeast\":\"0.10\",\"atMost\":\"9.00\""), """
                {"name":"rank","kind":"parallel","tranches":[
                  {"name":"trustee","kind":"fixed","amount":"5.00","per":"period","to":"fees.trustee","payee":"T"},
                  {"name":"at home","kind":"royalty","portion":"1/10","to":"royalty.pool","when":{"country":["DE"]}}]}""", """
                {"name":"abroad","kind":"royalty","bands":[{"upTo":"50.00","portion":"1/5"},{"portion":"1/10"}],"to":"royalty.pool",
                 "when":{"country":["FR"]}}""", """
                {"name":"label","kind":"royalty","portion":"1/50","of":"basis-less-royalty","to":"royalty.upstream","payee":"L"}""", """
                {"name":"reserve","kind":"reserve","target":"50.00","topUp":"3/100","to":"cash.reserve"}""", """
                {"name":"tax","kind":"portion","portion":"3/100","of":"left","to":"tax.withheld","payee":"TAX"}""", """
                {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/1","to":"merchant.trapped"}""");
        assertThat(findings(all)).isEmpty();
        assertThat(SCHEMA.validate(all, InputFormat.JSON)).isEmpty();
    }

    @Test
    void aClaimOfALaterVersionMayAccrueNothingMore() {
        String later = rule(
                        portion("fee", "0/1", "fees.platform"),
                        "{\"name\":\"trustee\",\"kind\":\"fixed\",\"amount\":\"0.00\",\"per\":\"period\",\"to\":\"fees.platform\"}",
                        "{\"name\":\"advance\",\"kind\":\"due\",\"amount\":\"0.00\",\"to\":\"fees.platform\"}",
                        royalty("0/1"))
                .replace("\"version\":1", "\"version\":2")
                .replace("\"previous\":null", "\"previous\":\"" + "0".repeat(64) + '"');
        assertThat(findings(later)).isEmpty();
        assertThat(SCHEMA.validate(later, InputFormat.JSON)).isEmpty();
    }

    static Stream<Arguments> refused() {
        String many = IntStream.range(0, 32)
                .mapToObj(i -> "{\"name\":\"fee " + i
                        + "\",\"kind\":\"fixed\",\"amount\":\"1.00\",\"per\":\"inflow\",\"to\":\"fees.platform\"}")
                .collect(Collectors.joining(","));
        String bands = IntStream.rangeClosed(1, 16)
                .mapToObj(i -> "{\"upTo\":\"" + i + ".00\",\"portion\":\"1/10\"}")
                .collect(Collectors.joining(","));
        String nothing = "{\"name\":\"royalty\",\"kind\":\"royalty\",\"to\":\"royalty.pool\"}";
        return Stream.of(
                arguments(rule(FEE).replace("rule/1", "rule/9"), "schema: found sluice/rule/9, expected sluice/rule/1"),
                arguments(rule(FEE).replace("CASH_RECEIVED", "PROFIT"), "basis: "),
                arguments(
                        rule(FEE).replace("CASH_RECEIVED", "GROSS_SALES"),
                        "expectedDeduction: found null, expected what platforms keep before they deposit"),
                arguments(
                        with("\"expectedDeduction\":\"1/5\",", FEE),
                        "expectedDeduction: found 1/5, expected none, where the basis is the inflow"),
                arguments(
                        with("\"expectedDeduction\":\"1/1\",", FEE).replace("CASH_RECEIVED", "GROSS_SALES"),
                        "expectedDeduction: found 1/1, expected less than all"),
                arguments(rule(FEE).replace("\"previous\":null", "\"previous\":\"ab\""), "previous: found ab"),
                arguments(
                        rule(FEE).replace("\"version\":1", "\"version\":2"),
                        "previous: found null, expected the hash of version 1"),
                arguments(rule(FEE).replace("EUR", "EURO"), "currency: There is no currency"),
                arguments(
                        rule(FEE).replace("2026-01-05", "9999-12-31"),
                        "effectiveFrom: found 9999-12-31, expected a day from 2000-01-01 to 2199-12-31"),
                arguments(
                        example(sale("2200-01-01", "10.00"), "\"royalty\":\"1.00\",\"residual\":\"9.00\""),
                        "examples[0].inflows[0].valueDate: found 2200-01-01, expected a day from 2000-01-01"),
                arguments(
                        rule(FEE).replace(RESIDUAL, royalty("1/10")),
                        "waterfall: found a last tranche that is not a remainder"),
                arguments(
                        rule(RESIDUAL.replace("residual\",", "first\",")),
                        "waterfall[0].kind: found remainder, expected another kind"),
                arguments(rule(many), "waterfall: found 33 claims, expected at most 32"),
                arguments(rule(FEE, FEE), "waterfall[1].name: found fee, expected a name of its own"),
                arguments(
                        rule(FEE.replace("fee\"", "fee/1\"")),
                        "waterfall[0].name: found \"fee/1\", expected 1 to 64 characters"),
                arguments(
                        rule(FEE.replace("\"fee\"", "\"fee \"")),
                        "waterfall[0].name: found \"fee \", expected 1 to 64 characters without / and @, none of them invisible"),
                arguments(
                        rule(FEE.replace("\"fee\"", "\"fee\u202e\"")),
                        "waterfall[0].name: found \"fee\u202e\", expected 1 to 64 characters"),
                arguments(
                        rule(portion("fee", "1/10", "royalty.pool")),
                        "waterfall[0].to: found royalty.pool, expected fees.platform or"),
                arguments(
                        rule(portion("fee", "1/10", "fees.trustee")),
                        "waterfall[0].payee: found null, expected who is paid"),
                arguments(rule(fee("\"payee\":\"P\"")), "waterfall[0].payee: found P, expected none"),
                arguments(
                        rule(portion("fee", "0/1", "fees.platform")),
                        "waterfall[0].portion: found 0/1, expected more than nothing"),
                arguments(rule(fee("\"of\":\"basis-less-royalty\"")), "waterfall[0].of: found basis-less-royalty"),
                arguments(
                        rule(fee("\"of\":\"left\",\"atMost\":\"1.00\"")),
                        "waterfall[0].of: found left, with a least or most"),
                arguments(
                        rule(fee("\"atLeast\":\"2.00\",\"atMost\":\"1.00\"")),
                        "waterfall[0].atMost: found 1.00, expected at least 2.00"),
                arguments(
                        rule(fee("\"atMost\":\"0.00\"")),
                        "waterfall[0].atMost: found 0.00, expected more than nothing"),
                arguments(
                        rule(fee("\"atMost\":\"10000000000000.01\"")),
                        "waterfall[0].atMost: found 10000000000000.01, expected at most 10000000000000.00"),
                arguments(
                        rule(fee("\"atMost\":\"1.000\"")),
                        "waterfall[0].atMost: found 1.000, expected 2 decimals, as EUR has"),
                arguments(
                        rule(fee("\"of\":\"left\"").replace("1/100", "1/1")),
                        "waterfall[0].portion: found 1/1, expected less than all that is left"),
                arguments(
                        rule(nothing),
                        "waterfall[0].portion: found null, expected an exact fraction such as 1/10, or bands"),
                arguments(
                        rule(royalty("1/10").replace("\"to\"", "\"bands\":[{\"portion\":\"1/10\"}],\"to\"")),
                        "waterfall[0].portion: found both a portion and bands"),
                arguments(
                        rule(royalty("1/10").replace("\"to\"", "\"of\":\"left\",\"to\"")),
                        "waterfall[0].of: found left, expected basis or basis-less-royalty"),
                arguments(
                        rule(royalty("1/10").replace("\"to\"", "\"of\":\"basis-less-royalty\",\"to\"")),
                        "waterfall[0].of: found basis-less-royalty, expected basis: no royalty stands before it"),
                arguments(
                        banded(bands + ",{\"portion\":\"1/10\"}"),
                        "waterfall[0].bands: found 17 bands, expected 1 to 16"),
                arguments(
                        banded(
                                "{\"upTo\":\"2.00\",\"portion\":\"1/10\"},{\"upTo\":\"2.00\",\"portion\":\"1/9\"},{\"portion\":\"1/8\"}"),
                        "waterfall[0].bands[1].upTo: found 2.00, expected more than the band before"),
                arguments(
                        banded("{\"upTo\":\"2.00\",\"portion\":\"1/10\"}"),
                        "waterfall[0].bands[0].upTo: found 2.00, expected none in the last band"),
                arguments(banded("{\"portion\":\"0/1\"}"), "waterfall[0].bands: found nothing in every band"),
                arguments(rule(fee("\"when\":{}")), "waterfall[0].when: found nothing, expected a condition"),
                arguments(
                        rule(fee("\"when\":{\"channel\":[]}")),
                        "waterfall[0].when.channel: found [], expected one or more values"),
                arguments(
                        rule(fee("\"when\":{\"country\":[\"de\"]}")),
                        "waterfall[0].when.country: found de, expected two letters"),
                arguments(
                        rule(fee("\"when\":{\"amountFrom\":\"5.00\",\"amountBelow\":\"5.00\"}")),
                        "waterfall[0].when.amountBelow: found 5.00, expected more than 5.00: no inflow is both"),
                arguments(
                        rule(royalty("1/10").replace("\"to\"", "\"when\":{\"trigger\":\"breach\"},\"to\"")),
                        "waterfall[0].when.trigger: found breach, expected none"),
                arguments(
                        rule(
                                "{\"name\":\"t\",\"kind\":\"trap\",\"trigger\":\" \",\"portion\":\"1/1\",\"to\":\"merchant.trapped\"}"),
                        "waterfall[0].trigger: found \" \", expected 1 to 64 characters"),
                arguments(
                        rule(fee("\"of\":\"left\",\"when\":{\"trigger\":\"a/b\"}")),
                        "waterfall[0].when.trigger: found \"a/b\", expected 1 to 64 characters"),
                arguments(
                        rule(portion("fee", "1/1000", "fees.platform"), royalty("1/1")),
                        "waterfall: found portions that sum to 1001/1000, expected 1 or less"),
                arguments(
                        rule(royalty("1/10"), royalty("1/10").replace("royalty\",\"kind", "again\",\"kind")),
                        "waterfall[1].when: found inflows that waterfall[0] is for too"),
                arguments(
                        with("\"royalty\":{\"minimum\":\"1.00\"},", FEE),
                        "royalty: found bounds of a royalty, expected none"),
                arguments(
                        limited("\"minimum\":\"2.00\",\"ceiling\":\"1.00\""),
                        "royalty.minimum: found 2.00, expected at most 1.00, the ceiling"),
                arguments(
                        limited("\"minimum\":\"2.00\",\"cap\":[{\"amount\":\"1.00\"}]"),
                        "royalty.minimum: found 2.00, expected at most 1.00, the cap"),
                arguments(limited("\"cap\":[]"), "royalty.cap: found 0 tiers, expected 1 to 16"),
                arguments(
                        limited("\"cap\":[{\"until\":\"2027-01-01\",\"amount\":\"1.00\"}]"),
                        "royalty.cap[0].until: found 2027-01-01, expected none"),
                arguments(
                        limited(
                                "\"cap\":[{\"until\":\"2027-01-02\",\"amount\":\"1.00\"},{\"until\":\"2027-01-01\",\"amount\":\"2.00\"},{\"amount\":\"3.00\"}]"),
                        "royalty.cap[1].until: found 2027-01-01, expected a day after 2027-01-02"),
                arguments(
                        limited("\"cap\":[{\"until\":\"2027-01-02\",\"amount\":\"2.00\"},{\"amount\":\"1.00\"}]"),
                        "royalty.cap[1].amount: found 1.00, expected more than 2.00"),
                arguments(
                        limited("\"cap\":[{\"until\":\"2025-12-31\",\"amount\":\"1.00\"},{\"amount\":\"2.00\"}]"),
                        "royalty.cap[0].until: found 2025-12-31, expected a day on or after 2026-01-05"),
                arguments(
                        limited("\"returnsReserve\":{\"portion\":\"1/1\",\"periods\":4}"),
                        "royalty.returnsReserve.portion: found 1/1"),
                arguments(
                        limited("\"returnsReserve\":{\"portion\":\"1/5\",\"periods\":0}"),
                        "royalty.returnsReserve.periods: found 0, expected 1 to 60"),
                arguments(
                        rule(
                                "{\"name\":\"w\",\"kind\":\"until-report\",\"portion\":\"1/10\",\"days\":30,\"to\":\"merchant.until-report\"}"),
                        "waterfall[0].kind: found until-report, expected another kind: where the basis is the inflow"),
                arguments(
                        reported(
                                rule(
                                        "{\"name\":\"w\",\"kind\":\"until-report\",\"portion\":\"1/10\",\"days\":0,\"to\":\"merchant.until-report\"}")),
                        "waterfall[0].days: found 0, expected 1 to 400"),
                arguments(
                        reported(
                                rule(
                                        "{\"name\":\"t\",\"kind\":\"trap\",\"trigger\":\"x\",\"portion\":\"1/1\",\"to\":\"merchant.trapped\"}",
                                        "{\"name\":\"w\",\"kind\":\"until-report\",\"portion\":\"1/10\",\"days\":30,\"to\":\"merchant.until-report\"}")),
                        "waterfall[1].kind: found until-report behind a trap, or a second one"),
                arguments(
                        limited("\"conversion\":{\"depeg\":\"0/1\",\"slippage\":\"0/1\"}"),
                        "royalty.conversion.depeg: found 0/1, expected more than nothing and less than all"),
                arguments(
                        limited("\"conversion\":{\"depeg\":\"1/200\",\"slippage\":\"1/1\"}"),
                        "royalty.conversion.slippage: found 1/1, expected less than all"),
                arguments(
                        rule("{\"name\":\"p\",\"kind\":\"parallel\",\"tranches\":[" + FEE + "]}"),
                        "waterfall[0].tranches: found 1 tranches, expected two or more"),
                arguments(
                        rule(
                                "{\"name\":\"p\",\"kind\":\"parallel\",\"tranches\":[" + FEE
                                        + ",{\"name\":\"r\",\"kind\":\"reserve\",\"target\":\"1.00\",\"topUp\":\"1/10\",\"to\":\"cash.reserve\"}]}"),
                        "waterfall[0].tranches[1].kind: found a reserve"),
                arguments(
                        rule(
                                "{\"name\":\"r\",\"kind\":\"reserve\",\"target\":\"1.00\",\"topUp\":\"0/1\",\"to\":\"cash.reserve\"}"),
                        "waterfall[0].topUp: found 0/1, expected more than nothing"),
                arguments(
                        example(sale("2026-01-05", "1.00"), "\"royalty\":\"0.11\",\"residual\":\"0.90\""),
                        "examples[0].expect.royalty: found 0.10, expected 0.11 (a sale)"),
                arguments(
                        example(sale("2026-01-05", "1.00"), "\"residual\":\"0.90\""),
                        "examples[0].expect.royalty: found 0.10, expected nothing, as it is not named (a sale)"),
                arguments(
                        example(sale("2026-01-04", "1.00"), ""),
                        "examples[0].inflows[0].valueDate: found 2026-01-04, expected 2026-01-05 or later"),
                arguments(example("", ""), "examples[0].inflows: found 0, expected 1 to 100"),
                arguments(
                        example(sale("2026-01-05", "1.0"), ""),
                        "examples[0].inflows[0].amount: found 1.0, expected 2 decimals"),
                arguments(
                        example(sale("2026-01-05", "1.00"), "\"rest\":\"0.90\""),
                        "examples[0].expect.rest: found a claim that is none of [residual, royalty]"),
                // What cannot be read has one finding, with its place.
                arguments(rule(FEE.replace("\"portion\",\"portion\"", "\"slice\",\"portion\"")), "waterfall[0]"),
                arguments(rule(fee("\"ofs\":\"left\"")), "waterfall[0].ofs"),
                arguments(rule(fee("\"of\":null")), "waterfall[0].of: found null, expected a value, or no such field"),
                arguments(
                        rule(fee("\"of\":\"LEFT\"")),
                        "waterfall[0].of: found \"LEFT\", expected one of basis, left, basis-less-royalty"),
                arguments(rule(fee("\"atMost\":1.5")), "waterfall[0].atMost"),
                arguments(
                        rule(FEE.replace("1/1000", "2/2000")),
                        "waterfall[0].portion: found \"2/2000\", expected it written as \"1/1000\""));
    }

    /** The schema says what can be written, and the reader reads nothing else. */
    @Test
    void theSchemaRefusesWhatCannotBeReadAndNothingElse() {
        refused().forEach(arguments -> {
            String document = (String) arguments.get()[0];
            assertThat(SCHEMA.validate(document, InputFormat.JSON).isEmpty())
                    .as(document)
                    .isEqualTo(isRead(document));
        });
    }

    /** The API's document has its parts among its own schemas. */
    @Test
    void theDocumentOfTheApiSaysTheSameOfRules() throws IOException {
        ObjectNode rule = (ObjectNode) JSON.readTree(Pattern.compile("#/\\$defs/(\\w)")
                .matcher(RuleFile.schema())
                .replaceAll(part -> "#/components/schemas/Rule" + part.group(1).toUpperCase(Locale.ROOT)));
        JsonNode parts = rule.remove("$defs");
        rule.remove(List.of("$schema", "$id", "title"));
        JsonNode told;
        try (InputStream document = RuleFile.class.getResourceAsStream("/openapi.json")) {
            told = JSON.readTree(document).at("/components/schemas");
        }
        assertThat(told.path("Rule")).isEqualTo(rule);
        parts.properties()
                .forEach(part -> assertThat(told.path("Rule"
                                + part.getKey().substring(0, 1).toUpperCase(Locale.ROOT)
                                + part.getKey().substring(1)))
                        .as(part.getKey())
                        .isEqualTo(part.getValue()));
    }

    /** Lowest terms and what a basis or version there is are not a schema's to say. */
    private static boolean isRead(String document) {
        return document.contains("2/2000")
                || (RuleFile.check(document.getBytes(StandardCharsets.UTF_8)).rule() != null
                        && !document.contains("rule/9")
                        && !document.contains("EURO"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(String document, String finding) {
        assertThat(findings(document)).singleElement().asString().startsWith(finding);
    }

    /** Case by case in their order these were 2^29 cases: the last one excludes each of the others. */
    @Test
    void whatTogetherIsMoreThanAllIsFoundAmongManyThatExcludeOneAnother() {
        String[] claims = IntStream.range(0, 30)
                .mapToObj(n -> only("c" + n, n == 29 ? "1/2" : "1/25", n == 29 ? "\"FR\"" : "\"DE\""))
                .toArray(String[]::new);
        assertThat(findings(rule(claims)))
                .containsExactly("waterfall: found portions that sum to 29/25, expected 1 or less");
    }

    /** Beside all combinations, looked at one by one. */
    @Test
    void theMostThatOneInflowCanMeetIsTheMostOfAllCombinations() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> countries = List.of("\"DE\"", "\"FR\"", "\"IT\"", "\"ES\"");
        for (int turn = 0; turn < 50; turn++) {
            int[] portions = random.ints(12, 1, 9).toArray();
            int[] where = random.ints(12, 1, 1 << countries.size()).toArray();
            RuleDocument rule = TestRules.euro(IntStream.range(0, 12)
                    .mapToObj(claim -> only(
                            "c" + claim,
                            portions[claim] + "/97",
                            IntStream.range(0, countries.size())
                                    .filter(country -> (where[claim] >> country & 1) == 1)
                                    .mapToObj(countries::get)
                                    .collect(Collectors.joining(","))))
                    .toArray(String[]::new));
            int most = IntStream.range(0, 1 << 12)
                    .filter(met -> IntStream.range(0, 12)
                            .filter(one -> (met >> one & 1) == 1)
                            .allMatch(one -> IntStream.range(0, 12)
                                    .filter(other -> (met >> other & 1) == 1)
                                    .allMatch(other -> (where[one] & where[other]) != 0)))
                    .map(met -> IntStream.range(0, 12)
                            .filter(claim -> (met >> claim & 1) == 1)
                            .map(claim -> portions[claim])
                            .sum())
                    .max()
                    .orElseThrow();
            assertThat(RuleChecker.mostAtOnce(rule.claims().stream()
                            .map(RuleDocument.Placed::claim)
                            .toList()))
                    .as("seed %d, turn %d", seed, turn)
                    .isEqualTo(new Fraction(BigInteger.valueOf(most), BigInteger.valueOf(97)));
        }
    }

    /** In these countries. */
    private static String only(String name, String portion, String countries) {
        return "{\"name\":\"%s\",\"kind\":\"portion\",\"portion\":\"%s\",\"to\":\"fees.platform\",\"when\":{\"country\":[%s]}}"
                .formatted(name, portion, countries);
    }
}
