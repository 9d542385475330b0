package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.platform.TestPhrases;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RuleWordsTest {

    private static final RuleDocument RULE = TestRules.document(
            "EUR",
            "\"royalty\":{\"cap\":[{\"amount\":\"120.00\",\"until\":\"2027-12-31\"},{\"amount\":\"150.00\"}],"
                    + "\"returnsReserve\":{\"portion\":\"1/20\",\"periods\":3}},",
            """
            {"name":"fee","kind":"portion","portion":"1/100","atLeast":"0.10","to":"fees.platform",
             "when":{"channel":["shop","kiosk"],"amountFrom":"5.00"}}""",
            """
            {"name":"royalty","kind":"royalty","bands":[{"upTo":"1000.00","portion":"1/10"},{"portion":"1/20"}],
             "to":"royalty.pool"}""",
            """
            {"name":"tax","kind":"portion","portion":"3/100","of":"left","to":"tax.withheld","payee":"OFFICE"}""");

    @Test
    void saysWhatEachClaimIs() {
        assertThat(words(Locale.ENGLISH))
                .containsExactly(
                        "1/100 of all that comes in, at least 0.10 EUR of an inflow"
                                + " (only of inflows sold by shop or kiosk, from 5.00 EUR on)",
                        "1/10 up to 1000.00 EUR, 1/20 above of each month's volume,"
                                + " in all at most 120.00 EUR until 2027-12-31, then 150.00 EUR,"
                                + " of which 1/20 stays back for refunds for 3 months",
                        "3/100 of what the claims before it leave",
                        "what remains");
    }

    @Test
    void saysItInChinese() {
        assertThat(words(Locale.CHINESE))
                .containsExactly(
                        "全部到账的 1/100，每笔到账至少 0.10 EUR（仅限经 shop 或 kiosk 销售，5.00 EUR 及以上的到账）",
                        "按每月交易量：不超过 1000.00 EUR 的部分为 1/10，超出部分为 1/20，"
                                + "累计至多 120.00 EUR（至 2027-12-31），此后 150.00 EUR，其中 1/20 为退款留存 3 个月",
                        "前面各项分配后余额的 3/100",
                        "余额");
    }

    private static List<String> words(Locale language) {
        RuleWords words = new RuleWords(RULE, TestPhrases.in(language));
        return RULE.claims().stream().map(placed -> words.of(placed.claim())).toList();
    }
}
