package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.platform.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as platforms document them, and files that are almost like that. */
class ReportFileTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    @Test
    void readsOurOwnFormatWithAPayoutOnEachLine() {
        ReportFile file = ReportFile.read("S-1", fixture("sluice.csv").getBytes(StandardCharsets.UTF_8));
        assertThat(file.format()).isEqualTo(ReportFormat.SLUICE);
        assertThat(reports(file))
                .containsExactly(
                        new SettlementReport("shop", "R-1", "EUR", 1_000_000, 50_000, 150_000, 0, 800_000, MONDAY),
                        new SettlementReport(
                                "own-\"shop\"", "R-2", "EUR", 10_000, 0, 100, -100, 10_000, MONDAY.plusDays(1)),
                        new SettlementReport("shop", "R-3", "JPY", 1_000, 0, 10, 0, 990, MONDAY.plusDays(1)));
    }

    @Test
    void addsAmazonsLinesUpToTheTotalThatItSaysItDeposits() {
        ReportFile file = ReportFile.read("S-1", fixture("amazon-v2.txt").getBytes(StandardCharsets.UTF_8));
        assertThat(file.format()).isEqualTo(ReportFormat.AMAZON);
        assertThat(reports(file))
                .containsExactly(new SettlementReport(
                        "amazon", "11774871501", "USD", 11_500, 2_000, 2_654, -1_001, 7_847, MONDAY.plusDays(1)));
    }

    @Test
    void givesAResultForEachOfShopifysPayoutsAndCountsWhatIsInNone() {
        ReportFile file = ReportFile.read("S-1", fixture("shopify.csv").getBytes(StandardCharsets.UTF_8));
        assertThat(file.format()).isEqualTo(ReportFormat.SHOPIFY);
        assertThat(file.pending()).isOne();
        assertThat(reports(file))
                .containsExactly(
                        new SettlementReport("shopify", "140769394954", "EUR", 10_000, 3_790, 300, 500, 5_410, MONDAY),
                        new SettlementReport(
                                "shopify", "140769394955", "EUR", 10_000, 1_210, 1_800, 0, 6_990, MONDAY.plusDays(2)));
    }

    /** Exports of before payouts were named: one a day and currency, of each store by itself. */
    @Test
    void tellsUnnamedPayoutsOfADayApartByStoreAndCurrency() {
        String lines = """
                Transaction Date,Type,Payout Status,Payout Date,Amount,Fee,Net,Currency
                2026-11-20,charge,paid,2026-11-23,100.00,1.00,99.00,EUR
                2026-11-20,charge,paid,2026-11-23,50.00,1.00,49.00,USD
                2026-11-20,refund,paid,2026-11-23,-10.00,0.00,-10.00,EUR
                2026-11-22,charge,pending,,5.00,0.00,5.00,EUR
                """;
        ReportFile file = ReportFile.read("S-1", lines.getBytes(StandardCharsets.UTF_8));
        assertThat(file.pending()).isOne();
        assertThat(reports(file))
                .containsExactly(
                        new SettlementReport(
                                "shopify", "S-1/2026-11-23/EUR", "EUR", 10_000, 1_000, 100, 0, 8_900, MONDAY),
                        new SettlementReport("shopify", "S-1/2026-11-23/USD", "USD", 5_000, 0, 100, 0, 4_900, MONDAY));
        assertThat(reports(ReportFile.read("S-2", lines.getBytes(StandardCharsets.UTF_8))))
                .extracting(SettlementReport::reportId)
                .containsExactly("S-2/2026-11-23/EUR", "S-2/2026-11-23/USD");
    }

    @Test
    void readsStripesReportingCategoriesOfSeveralCurrencies() {
        ReportFile file = ReportFile.read("S-1", ("\uFEFF" + fixture("stripe.csv")).getBytes(StandardCharsets.UTF_8));
        assertThat(file.format()).isEqualTo(ReportFormat.STRIPE);
        assertThat(reports(file))
                .containsExactly(
                        new SettlementReport("stripe", "po_1", "EUR", 10_000, 2_000, 340, 1_000, 6_660, MONDAY),
                        new SettlementReport("stripe", "po_2", "USD", 500, 0, 45, 0, 455, MONDAY.plusDays(1)));
    }

    /** Each line: the fixture, what is replaced by what, and what the refusal says. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sluice.csv    | platform,reportId   | platform,report        | line 1: found the columns of no report that is known
            sluice.csv    | depositDate         | depositDate,tips       | line 1: found a column "tips"
            sluice.csv    | depositDate         | depositDate,fees       | line 1: found the column "fees" twice
            sluice.csv    | 1500.00             | 1500,00                | line 2: found 10 fields, expected 9
            sluice.csv    | 1500.00             | 1.5e3                  | line 2: fees: found "1.5e3", expected an amount
            sluice.csv    | 1500.00             | 1500.001               | line 2: fees: An amount in EUR has at most 2 decimals
            sluice.csv    | R-2                 | R-1                    | line 3: found the report R-1 twice
            sluice.csv    | 2026-11-23          | 23/11/2026             | line 2: found "23/11/2026", expected a day
            sluice.csv    | 2026-11-23          | 2026-02-30             | line 2: Text '2026-02-30' could not be parsed
            sluice.csv    | JPY                 | XYZ                    | line 4:
            amazon-v2.txt | ItemFees            | ItemGifts              | line 7: found transaction-type "Order", amount-type "ItemGifts", amount-description "Commission"
            amazon-v2.txt | Refund              | Return                 | line 9: found transaction-type "Return"
            amazon-v2.txt | Facilitator         | Other                  | line 5: found transaction-type "Order", amount-type "ItemWithheldTax"
            amazon-v2.txt | -18.00              | -18,00                 | line 7: amount: found "-18,00"
            shopify.csv   | reserve             | balance_adjustment     | line 5: found a line of kind "balance_adjustment"
            shopify.csv   | 36.80               | 36.81                  | line 2: found net 36.81, expected 37.90 less 1.10
            stripe.csv    | txn_3,2026-11-20    | txn_3,"2026            | line 4:
            stripe.csv    | dispute_reversal    | gift                   | line 5: found a line of kind "gift"
            stripe.csv    | eur,-20.00          | usd,-20.00             | line 3: found USD in payout po_1, expected EUR
            """)
    void namesTheLineOfWhatItDoesNotKnow(String name, String text, String instead, String says) {
        byte[] file = fixture(name).replaceFirst(Pattern.quote(text), instead).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ReportFile.read("S-1", file))
                .isInstanceOf(Rejection.class)
                .hasMessageStartingWith(says);
    }

    @Test
    void refusesAPayoutWhoseLinesAreNotItsDepositWithBothFigures() {
        ReportFile file = ReportFile.read(
                "S-1", fixture("amazon-v2.txt").replace("78.47", "78.48").getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> file.payouts().getFirst().report())
                .isInstanceOf(Rejection.class)
                .hasMessageStartingWith("deposit: found 78.48 USD, expected 78.47 USD");
    }

    @Test
    void refusesADepositOfNothingAndAReportWithoutAName() {
        assertThatThrownBy(() -> new SettlementReport("shop", "R-1", "EUR", 500, 0, 500, 0, 0, MONDAY))
                .isInstanceOf(Rejection.class)
                .hasMessage("deposit: found 0.00 EUR, expected more than nothing");
        for (String name : new String[] {"", " ", "a\nb", "x".repeat(65)}) {
            assertThatThrownBy(() -> new SettlementReport("shop", name, "EUR", 500, 0, 100, 0, 400, MONDAY))
                    .isInstanceOf(Rejection.class)
                    .hasMessageStartingWith("reportId: found \"")
                    .hasMessageEndingWith("expected 1 to 64 characters, none of them a control character");
        }
    }

    @Test
    void refusesWhatIsNoText() {
        assertThatThrownBy(() -> ReportFile.read("S-1", new byte[] {(byte) 0xff, (byte) 0xfe, 'x'}))
                .hasMessageContaining("found bytes that are no UTF-8 text");
        assertThatThrownBy(() -> ReportFile.read("S-1", new byte[0]))
                .hasMessageStartingWith("line 1: found the columns of no");
        String header = fixture("sluice.csv").lines().findFirst().orElseThrow();
        assertThatThrownBy(() -> ReportFile.read("S-1", header.getBytes(StandardCharsets.UTF_8)))
                .hasMessage("found no line below the columns");
        assertThatThrownBy(() -> ReportFile.read("S-1", (header + "\n\"x").getBytes(StandardCharsets.UTF_8)))
                .hasMessage("line 2: found a quote that nothing closes");
        assertThatThrownBy(() ->
                        ReportFile.read("S-1", (header + "\n" + "x".repeat(5_000)).getBytes(StandardCharsets.UTF_8)))
                .hasMessage("line 2: found a field of more than 4096 characters");
    }

    private static List<SettlementReport> reports(ReportFile file) {
        return file.payouts().stream().map(ReportFile.Payout::report).toList();
    }

    private static String fixture(String name) {
        try (InputStream in = ReportFileTest.class.getResourceAsStream("/reports/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unread) {
            throw new UncheckedIOException(unread);
        }
    }
}
