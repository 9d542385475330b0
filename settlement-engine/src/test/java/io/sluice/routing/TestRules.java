package io.sluice.routing;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Rule documents as people write them, for tests. */
public final class TestRules {

    private static final String HEADER = """
            {"schema":"sluice/rule/1","agreement":"%s","version":1,"currency":"%s","basis":"CASH_RECEIVED",
             "effectiveFrom":"%s","previous":null,%s"waterfall":[%s]}
            """;

    static final String RESIDUAL = """
            {"name":"residual","kind":"remainder","to":"merchant.residual"}""";

    private TestRules() {}

    /** What a claim without a comma around it looks like: {@code portion("fee", "1/1000", "fees.platform")}. */
    static String portion(String name, String portion, String to) {
        return "{\"name\":\"%s\",\"kind\":\"portion\",\"portion\":\"%s\",\"to\":\"%s\"}".formatted(name, portion, to);
    }

    static String royalty(String portion) {
        return "{\"name\":\"royalty\",\"kind\":\"royalty\",\"portion\":\"%s\",\"to\":\"royalty.pool\"}"
                .formatted(portion);
    }

    /** A platform fee of 1/1000, a royalty of a tenth, and the rest. */
    public static RuleDocument usual(String agreement, String currency, LocalDate from) {
        return parse(HEADER.formatted(
                agreement,
                currency,
                from,
                "",
                String.join(",", portion("fee", "1/1000", "fees.platform"), royalty("1/10"), RESIDUAL)));
    }

    /** All to the merchant. */
    public static RuleDocument residualOnly(String agreement, String currency, LocalDate from) {
        return parse(HEADER.formatted(agreement, currency, from, "", RESIDUAL));
    }

    /** In euro from 2026-01-05 on, a Monday; the residual is added. */
    static RuleDocument euro(String... claims) {
        return document("EUR", "", claims);
    }

    /** @param fields of the document before its waterfall, each with a comma behind it */
    static RuleDocument document(String currency, String fields, String... claims) {
        return parse(text(currency, fields, claims));
    }

    static String text(String currency, String fields, String... claims) {
        String waterfall = claims.length == 0 ? RESIDUAL : String.join(",", claims) + "," + RESIDUAL;
        return HEADER.formatted("A", currency, "2026-01-05", fields, waterfall);
    }

    /** Of a document that the checker has nothing against. */
    static RuleDocument parse(String json) {
        RuleDocument rule =
                CanonicalRule.parse(json.getBytes(StandardCharsets.UTF_8)).rule();
        RuleChecker.check(rule);
        return rule;
    }
}
