package io.sluice.routing;

import static io.sluice.routing.Books.MONDAY;
import static io.sluice.routing.TestRules.document;
import static io.sluice.routing.TestRules.euro;
import static io.sluice.routing.TestRules.portion;
import static io.sluice.routing.TestRules.royalty;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.money.Fraction;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked cases of DOMAIN 4 and of its frozen choices that are about dividing, with their numbers; units are cents. */
class WaterfallTest {

    private static final String UNTIL_REPORT =
            "{\"name\":\"until report\",\"kind\":\"until-report\",\"portion\":\"1/10\",\"days\":30,\"to\":\"merchant.until-report\"}";

    private static final String FEE = portion("fee", "1/1000", "fees.platform");

    private static Books tenth() {
        return Books.of(euro(royalty("1/10")));
    }

    private static Map<String, Long> parts(long royalty, long residual) {
        return Map.of("royalty", royalty, "residual", residual);
    }

    /** Cases 1, 2 and 29. */
    @Test
    void takesATenthAndLeavesTheRestToTheMerchant() {
        assertThat(tenth().inflow(10_000)).isEqualTo(parts(1_000, 9_000));
        assertThat(tenth().inflow(1_000)).isEqualTo(parts(100, 900));
        assertThat(Books.of(document("JPY", "", royalty("1/10"))).inflow(10_001))
                .isEqualTo(parts(1_000, 9_001));
    }

    /** Case 3: a floor per sale would give 99. */
    @Test
    void floorsTheLifetimeSumNotEachSale() {
        Books books = tenth();
        assertThat(List.of(books.inflow(335), books.inflow(335), books.inflow(335)))
                .extracting(parts -> parts.get("royalty"))
                .containsExactly(33L, 34L, 33L);
    }

    /** Case 4: a floor per sale would give nothing. */
    @Test
    void losesNothingOnAThousandSmallSales() {
        Books books = tenth();
        for (int i = 0; i < 1_000; i++) {
            books.inflow(9);
        }
        assertThat(books.given("royalty")).isEqualTo(900);
    }

    /** 1 000 000 at 10 %, then 10 000 at 12 %: 1 200, not 21 200. */
    @Test
    void aNewRateNeverReachesBack() {
        Books books = tenth();
        assertThat(books.inflow(1_000_000)).containsEntry("royalty", 100_000L);
        books.begin("v2", euro(royalty("3/25")));
        assertThat(books.inflow(10_000)).containsEntry("royalty", 1_200L);
    }

    /** 5 at 10 % in three versions: a floor for each gives nothing. */
    @Test
    void floorsOnceOverVersions() {
        Books books = tenth();
        books.inflow(5);
        books.begin("v2", euro(royalty("1/10")));
        assertThat(books.inflow(5)).containsEntry("royalty", 1L);
    }

    /** Case 25: 10 bps of 1 000 pools of 999 give 999, where a floor each gives nothing. */
    @Test
    void theFeeIsCumulativeToo() {
        Books books = Books.of(euro(FEE, royalty("1/10")));
        for (int i = 0; i < 1_000; i++) {
            books.inflow(999);
        }
        assertThat(books.given("fee")).isEqualTo(999);
    }

    /** By the later version the refund would be -600. */
    @Test
    void aRefundIsPricedByTheVersionThatDividedItsSale() {
        Books books = tenth();
        RuleDocument first = books.rule();
        books.inflow(20_000);
        books.begin("v2", euro(royalty("3/25")));
        books.inflow(20_000);
        books.move("v1", first, Movement.ofBase(MONDAY, BigInteger.valueOf(-5_000), "ACC"));
        assertThat(books.given("royalty")).isEqualTo(4_400);
        assertThat(books.inflow(50_000)).containsEntry("royalty", 6_000L - 500L);
    }

    /** Cases 6 and 7: what was given too much is netted from what accrues next, and nothing is taken from anybody. */
    @Test
    void aRefundIsNettedFromFutureAccruals() {
        Books books = tenth();
        assertThat(books.inflow(100_000)).containsEntry("royalty", 10_000L);
        assertThat(books.inflow(30_000)).containsEntry("royalty", 3_000L);
        assertThat(books.refund(MONDAY, 50_000)).isEmpty();
        assertThat(books.arrears()).isZero();
        assertThat(books.inflow(60_000)).containsEntry("royalty", 1_000L).containsEntry("residual", 59_000L);
        assertThat(books.given("royalty")).isEqualTo(14_000);
    }

    /** Case 8: a fifth stays back for four weeks; the refund uses the oldest first. */
    @Test
    void aReturnsReserveHoldsAFifthAndIsUsedOldestFirst() {
        Books books = Books.of(document(
                "EUR",
                "\"period\":\"WEEK\",\"royalty\":{\"returnsReserve\":{\"portion\":\"1/5\",\"periods\":4}},",
                royalty("1/10")));
        assertThat(books.inflow(MONDAY, 100_000))
                .isEqualTo(Map.of("royalty", 8_000L, "royalty/returns", 2_000L, "residual", 90_000L));
        LocalDate second = MONDAY.plusWeeks(1);
        assertThat(books.inflow(second, 60_000))
                .isEqualTo(Map.of("royalty", 4_800L, "royalty/returns", 1_200L, "residual", 54_000L));
        assertThat(books.refund(second, 15_000)).isEqualTo(Map.of("royalty/returns-used", -1_500L, "residual", 1_500L));
        // A sale of one cent accrues a tenth of one, so nothing; with it comes what is due for release.
        assertThat(books.inflow(MONDAY.plusWeeks(3), 1)).isEqualTo(Map.of("residual", 1L));
        assertThat(books.inflow(MONDAY.plusWeeks(4), 1))
                .isEqualTo(Map.of("royalty/returns-released", -500L, "royalty", 500L, "residual", 1L));
        assertThat(books.inflow(MONDAY.plusWeeks(5), 1))
                .isEqualTo(Map.of("royalty/returns-released", -1_200L, "royalty", 1_200L, "residual", 1L));
        assertThat(books.given("royalty")).isEqualTo(14_500);
    }

    /** Case 10: gross 1 000 000, platform fee 150 000, refunds 50 000, deposit 800 000. */
    @Test
    void takesEachBasisOfAPlatformReport() {
        assertThat(tenth().move(Books.cash(MONDAY, 800_000, 1_000_000))).isEqualTo(parts(100_000, 700_000));
        assertThat(tenth().move(Books.cash(MONDAY, 800_000, 950_000))).isEqualTo(parts(95_000, 705_000));
        assertThat(tenth().move(Books.cash(MONDAY, 800_000, 800_000))).isEqualTo(parts(80_000, 720_000));
    }

    /** Frozen choices: deposit 800 000, 16 % kept: base 952 380; reported are 1 000 000 sold and 50 000 refunded. */
    @Test
    void anEstimatedBasisIsTruedUpByItsReport() {
        Books books = Books.of(TestRules.parse(TestRules.text("EUR", "\"expectedDeduction\":\"4/25\",", royalty("1/10"))
                .replace("CASH_RECEIVED", "NET_OF_REFUNDS")));
        assertThat(books.deposit(800_000)).isEqualTo(parts(95_238, 704_762));
        long base = new SettlementReport("shop", "R-1", "EUR", 1_000_000, 50_000, 150_000, 0, 800_000, MONDAY)
                .base(books.rule().basis());
        books.refund(MONDAY, 952_380 - base);
        books.waterfall().report("ACC", BigInteger.valueOf(800_000), BigInteger.valueOf(base));
        // 238 were given too much, and what is kept is 5/32 from now on.
        assertThat(books.deposit(80_000)).isEqualTo(parts(9_500 - 238, 70_000 + 500 + 238));
    }

    /** The same deposit, and a tenth of what is left of it waits: the report asks 29 762 more, which are there. */
    @Test
    void whatWaitsForTheReportCoversWhatTheReportMakesDue() {
        Books books = Books.of(TestRules.parse(TestRules.text(
                        "EUR",
                        "\"expectedDeduction\":\"4/25\",",
                        royalty("1/10"),
                        UNTIL_REPORT,
                        "{\"name\":\"trap\",\"kind\":\"trap\",\"trigger\":\"covenant\",\"portion\":\"1/2\",\"to\":\"merchant.trapped\"}")
                .replace("CASH_RECEIVED", "NET_OF_REFUNDS")));
        assertThat(books.deposit(800_000))
                .isEqualTo(Map.of("royalty", 95_238L, "until report", 70_476L, "residual", 634_286L));
        Movement deposit = Books.cash(MONDAY, 800_000, 952_380);
        books.waterfall()
                .remember("v1", books.rule(), deposit.corrected(BigInteger.valueOf(1_250_000 - 952_380)), Map.of());
        books.trigger("covenant", true);
        assertThat(books.move(deposit.givingUp(BigInteger.valueOf(70_476))))
                .as("the royalty first, and the trap that is on by now has its half of the rest")
                .isEqualTo(Map.of("until report", -70_476L, "royalty", 29_762L, "trap", 20_357L, "residual", 20_357L));
        assertThat(books.arrears()).isZero();
        assertThat(books.given("until report")).isZero();
    }

    /** Of what platforms report, which keep nothing. */
    private static RuleDocument reported(String... claims) {
        return TestRules.parse(TestRules.text("EUR", "\"expectedDeduction\":\"0/1\",", claims)
                .replace("CASH_RECEIVED", "NET_OF_REFUNDS"));
    }

    @Test
    void aPortionOfWhatIsLeftIsTakenOnceOfWhatWaits() {
        String tax =
                "{\"name\":\"tax\",\"kind\":\"portion\",\"portion\":\"1/10\",\"of\":\"left\",\"to\":\"tax.withheld\",\"payee\":\"T\"}";
        Books before = Books.of(reported(tax, UNTIL_REPORT));
        assertThat(before.inflow(1_000)).isEqualTo(Map.of("tax", 100L, "until report", 90L, "residual", 810L));
        assertThat(before.move(Books.cash(MONDAY, 1_000, 1_000).givingUp(BigInteger.valueOf(90))))
                .isEqualTo(Map.of("until report", -90L, "residual", 90L));
        Books after = Books.of(reported(UNTIL_REPORT, tax));
        assertThat(after.inflow(1_000)).isEqualTo(Map.of("until report", 100L, "tax", 90L, "residual", 810L));
        assertThat(after.move(Books.cash(MONDAY, 1_000, 1_000).givingUp(BigInteger.valueOf(100))))
                .isEqualTo(Map.of("until report", -100L, "tax", 10L, "residual", 90L));
    }

    /** Frozen choices: base 1 000 000, deposit 60 000, then deposit 500 000 with base 0. */
    @Test
    void whatNoCashCoversIsArrearsAndTheNextCashCoversIt() {
        Books books = tenth();
        assertThat(books.move(Books.cash(MONDAY, 60_000, 1_000_000))).isEqualTo(Map.of("royalty", 60_000L));
        assertThat(books.arrears()).isEqualTo(40_000);
        assertThat(books.move(Books.cash(MONDAY, 500_000, 0))).isEqualTo(parts(40_000, 460_000));
        assertThat(books.arrears()).isZero();
    }

    /** Frozen choices: 10 % to 100 000, then 5 %: 150 000 gives 12 500, a refund of 60 000 takes 3 500 back. */
    @Test
    void bandsAreOfThePeriodsNetBase() {
        Books books = Books.of(euro("""
                {"name":"royalty","kind":"royalty","to":"royalty.pool",
                 "bands":[{"upTo":"1000.00","portion":"1/10"},{"portion":"1/20"}]}"""));
        assertThat(books.inflow(150_000)).containsEntry("royalty", 12_500L);
        books.refund(MONDAY, 60_000);
        assertThat(books.move(Books.cash(MONDAY, 10_000, 60_000))).doesNotContainKey("royalty");
        assertThat(books.inflow(MONDAY.plusMonths(1), 100_000)).containsEntry("royalty", 10_000L);
    }

    /** Case 35: 1.5 times 1 000 000, of which 1 495 000 are paid; 10 000 more accrue. */
    @Test
    void stopsAtTheCapAndARefundReopensRoom() {
        Books books = Books.of(document("EUR", "\"royalty\":{\"cap\":[{\"amount\":\"15000.00\"}]},", royalty("1/10")));
        books.inflow(14_950_000);
        assertThat(books.inflow(100_000)).isEqualTo(parts(5_000, 95_000));
        assertThat(books.inflow(100_000)).isEqualTo(Map.of("residual", 100_000L));
        books.refund(MONDAY, 250_000); // 1 515 000 without the cap, less 25 000
        assertThat(books.inflow(110_000)).containsEntry("residual", 110_000L);
        assertThat(books.given("royalty")).isEqualTo(1_500_000);
    }

    @Test
    void aTierThatWasMetNeverReopens() {
        Books books = Books.of(document(
                "EUR",
                "\"royalty\":{\"cap\":[{\"until\":\"2026-06-30\",\"amount\":\"100.00\"},{\"amount\":\"200.00\"}]},",
                royalty("1/10")));
        assertThat(books.inflow(150_000)).containsEntry("royalty", 10_000L);
        assertThat(books.inflow(LocalDate.of(2026, 7, 1), 50_000)).isEqualTo(Map.of("residual", 50_000L));

        Books late = Books.of(books.rule());
        assertThat(late.inflow(90_000)).containsEntry("royalty", 9_000L);
        assertThat(late.inflow(LocalDate.of(2026, 7, 1), 200_000)).containsEntry("royalty", 11_000L);
    }

    /** Case 37: reserve 120 000 of 150 000, at most 3 % of an inflow. */
    @Test
    void aReserveIsToppedUpToItsTargetAndNoFaster() {
        String fee = """
                {"name":"fee","kind":"fixed","amount":"50.00","per":"inflow","to":"fees.platform"}""";
        String reserve = """
                {"name":"reserve","kind":"reserve","target":"1500.00","topUp":"3/100","to":"cash.reserve"}""";
        Books books = Books.of(euro(fee, royalty("1/10"), reserve));
        books.inflow(4_000_000);
        assertThat(books.given("reserve")).isEqualTo(120_000);
        assertThat(books.inflow(1_000_000))
                .isEqualTo(Map.of("fee", 5_000L, "royalty", 100_000L, "reserve", 30_000L, "residual", 865_000L));

        Books fuller = Books.of(books.rule());
        fuller.inflow(4_000_000);
        fuller.inflow(833_350);
        assertThat(fuller.given("reserve")).isEqualTo(145_000);
        assertThat(fuller.inflow(1_000_000)).containsEntry("reserve", 5_000L).containsEntry("residual", 890_000L);

        fuller.begin("v2", euro(fee, royalty("1/10"), reserve.replace("1500.00", "1400.00")));
        assertThat(fuller.inflow(10_000)).containsEntry("reserve", -10_000L).containsEntry("residual", 14_000L);
    }

    /** Frozen choices: 335 three times at 10 %, then 20 % of what is left of the base: 100, then 181. */
    @Test
    void aStackedRoyaltyIsOfTheBaseLessTheRoyaltyBefore() {
        String second = """
                {"name":"label","kind":"royalty","portion":"1/5","of":"%s","to":"royalty.upstream","payee":"LABEL"}""";
        Books sequential = Books.of(euro(royalty("1/10"), second.formatted("basis-less-royalty")));
        Books parallel = Books.of(euro(royalty("1/10"), second.formatted("basis")));
        for (int i = 0; i < 3; i++) {
            sequential.inflow(335);
            parallel.inflow(335);
        }
        assertThat(sequential.given("royalty")).isEqualTo(100);
        assertThat(sequential.given("label")).isEqualTo(181);
        assertThat(parallel.given("label")).isEqualTo(201);
    }

    @Test
    void aPeriodBelowItsMinimumIsTruedUpWhenTheNextBegins() {
        Books books = Books.of(document("EUR", "\"royalty\":{\"minimum\":\"50.00\"},", royalty("1/10")));
        assertThat(books.inflow(LocalDate.of(2026, 1, 20), 1_000)).containsEntry("royalty", 100L);
        assertThat(books.inflow(LocalDate.of(2026, 2, 3), 10_000))
                .containsEntry("royalty", 1_000L); // January began before
        assertThat(books.inflow(LocalDate.of(2026, 3, 2), 10_000)).containsEntry("royalty", 1_000L + 4_000L);
        assertThat(books.inflow(LocalDate.of(2026, 5, 4), 3_000)).isEqualTo(Map.of("royalty", 3_000L));
        assertThat(books.arrears()).isEqualTo(4_000 + 5_000 + 300 - 3_000);
        // A late sale of February was due anyway: it makes up for less.
        assertThat(books.inflow(LocalDate.of(2026, 2, 4), 10_000))
                .isEqualTo(Map.of("royalty", 6_300L, "residual", 3_700L));
    }

    @Test
    void whatIsAboveAPeriodsCeilingWaitsAndIsNoArrears() {
        Books books = Books.of(document("EUR", "\"royalty\":{\"ceiling\":\"50.00\"},", royalty("1/10")));
        assertThat(books.inflow(80_000)).isEqualTo(parts(5_000, 75_000));
        assertThat(books.deferred()).isEqualTo(3_000);
        assertThat(books.arrears()).isZero();
        assertThat(books.inflow(MONDAY.plusMonths(1), 10_000)).isEqualTo(parts(4_000, 6_000));
        assertThat(books.deferred()).isZero();
    }

    /** What is late is given in the order of recording: the room of a period that is over is nobody's any more. */
    @Test
    void aLateInflowGivesNothingOfWhatTheCurrentPeriodsCeilingDefers() {
        Books books = Books.of(document("EUR", "\"royalty\":{\"ceiling\":\"50.00\"},", royalty("1/10")));
        LocalDate february = MONDAY.plusMonths(1);
        assertThat(books.inflow(february, 80_000)).isEqualTo(parts(5_000, 75_000));
        assertThat(books.inflow(MONDAY, 10_000)).isEqualTo(Map.of("residual", 10_000L));
        assertThat(books.deferred()).isEqualTo(4_000);
        assertThat(books.inflow(february.plusMonths(1), 20_000)).isEqualTo(parts(5_000, 15_000));
    }

    @Test
    void aLateInflowOfAVersionWithoutCeilingIsBoundedByTheLaterOnes() {
        Books books = tenth();
        RuleDocument first = books.rule();
        books.begin(
                "v2",
                document("EUR", "\"royalty\":{\"ceiling\":\"50.00\"},", royalty("1/10"))
                        .asOf(JULY));
        assertThat(books.inflow(JULY, 80_000)).isEqualTo(parts(5_000, 75_000));
        assertThat(books.move("v1", first, Books.cash(MONDAY, 10_000, 10_000))).isEqualTo(Map.of("residual", 10_000L));
        assertThat(books.move("v1", first, Books.cash(JULY.minusDays(1), 10_000, 10_000)))
                .isEqualTo(Map.of("residual", 10_000L));
        assertThat(books.deferred()).isEqualTo(5_000);
        assertThat(books.arrears()).isZero();
        assertThat(books.inflow(JULY.plusMonths(1), 20_000)).isEqualTo(parts(5_000, 15_000));
    }

    @Test
    void aLateInflowOfAVersionWithoutReserveReleasesNothingOfTheLaterOnes() {
        Books books = tenth();
        RuleDocument first = books.rule();
        books.begin(
                "v2",
                document(
                                "EUR",
                                "\"royalty\":{\"returnsReserve\":{\"portion\":\"1/5\",\"periods\":1}},",
                                royalty("1/10"))
                        .asOf(JULY));
        assertThat(books.inflow(JULY, 100_000))
                .isEqualTo(Map.of("royalty", 8_000L, "royalty/returns", 2_000L, "residual", 90_000L));
        assertThat(books.move("v1", first, Books.cash(MONDAY, 10_000, 10_000))).isEqualTo(parts(1_000, 9_000));
        assertThat(books.move("v1", first, Books.cash(JULY.minusDays(1), 10_000, 10_000)))
                .isEqualTo(parts(1_000, 9_000));
        assertThat(books.refund(JULY, 10_000)).isEqualTo(Map.of("royalty/returns-used", -1_000L, "residual", 1_000L));
        assertThat(books.inflow(JULY.plusMonths(1), 1))
                .isEqualTo(Map.of("royalty/returns-released", -1_000L, "royalty", 1_000L, "residual", 1L));
    }

    @Test
    void aTrapHoldsTheMerchantsShareWhileItsTriggerIsOn() {
        Books books = Books.of(euro(royalty("1/10"), """
                {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/2","to":"merchant.trapped"}"""));
        assertThat(books.inflow(1_000)).isEqualTo(parts(100, 900));
        books.trigger("covenant", true);
        assertThat(books.inflow(1_001)).isEqualTo(Map.of("royalty", 100L, "trap", 450L, "residual", 451L));
        books.trigger("covenant", false);
        assertThat(books.inflow(1_000)).isEqualTo(Map.of("royalty", 100L, "trap", -450L, "residual", 1_350L));
        assertThat(books.inflow(1_000)).isEqualTo(parts(100, 900));
    }

    /** One account's reserve is not given up by another's inflow, whose cash it is not. */
    @Test
    void whatAnAccountHoldsStaysOnIt() {
        Books books = Books.of(euro("""
                {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/1","to":"merchant.trapped"}"""));
        books.trigger("covenant", true).inflow(1_000);
        books.trigger("covenant", false);
        Movement other = Movement.inflow(MONDAY, BigInteger.TEN, BigInteger.TEN, "OTHER", null, null);
        assertThat(books.move(other)).isEqualTo(Map.of("residual", 10L));
        assertThat(books.inflow(10)).isEqualTo(Map.of("trap", -1_000L, "residual", 1_010L));
    }

    @Test
    void claimsOfOneRankShareWhatThereIsInProportion() {
        Books books = Books.of(euro("""
                {"name":"both","kind":"parallel","tranches":[
                  {"name":"trustee","kind":"fixed","amount":"3.00","per":"inflow","to":"fees.trustee","payee":"T"},
                  {"name":"fee","kind":"fixed","amount":"1.00","per":"inflow","to":"fees.platform"}]}"""));
        assertThat(books.inflow(102))
                .isEqualTo(Map.of("trustee", 76L, "fee", 26L)); // 76.5 and 25.5: a tie goes by name
        assertThat(books.inflow(1_000))
                .isEqualTo(Map.of("trustee", 600L - 76L, "fee", 200L - 26L, "residual", 1_000L - 698L));
    }

    @Test
    void anAdvanceIsDueUntilItIsPaidBack() {
        Books books = Books.of(euro("""
                {"name":"advance","kind":"due","amount":"10.00","to":"fees.platform"}""", royalty("1/10")));
        assertThat(books.inflow(600)).isEqualTo(Map.of("advance", 600L));
        assertThat(books.arrears()).isEqualTo(60);
        assertThat(books.inflow(600)).isEqualTo(Map.of("advance", 400L, "royalty", 120L, "residual", 80L));
        assertThat(books.inflow(600)).isEqualTo(parts(60, 540));
    }

    @Test
    void aPeriodicalAmountIsDueForPeriodsWithoutSalesToo() {
        Books books = Books.of(euro("""
                {"name":"trustee","kind":"fixed","amount":"1.00","per":"period","to":"fees.trustee","payee":"T"}"""));
        assertThat(books.inflow(1_000)).containsEntry("trustee", 100L);
        assertThat(books.inflow(1_000)).doesNotContainKey("trustee");
        assertThat(books.inflow(MONDAY.plusMonths(3), 1_000)).containsEntry("trustee", 300L);
        assertThat(books.inflow(MONDAY.plusMonths(1), 1_000)).doesNotContainKey("trustee");
    }

    @Test
    void aPortionHasALeastAndAMostOfEachInflow() {
        Books books = Books.of(euro("""
                {"name":"fee","kind":"portion","portion":"1/100","atLeast":"0.50","atMost":"2.00","to":"fees.platform"}"""));
        assertThat(books.inflow(1_000)).containsEntry("fee", 50L);
        assertThat(books.inflow(10_000)).containsEntry("fee", 100L);
        assertThat(books.inflow(100_000)).containsEntry("fee", 200L);
    }

    @Test
    void taxIsWithheldOfWhatTheMerchantWouldGet() {
        Books books = Books.of(euro(royalty("1/10"), """
                {"name":"tax","kind":"portion","portion":"3/100","of":"left","to":"tax.withheld","payee":"TAX"}"""));
        assertThat(books.inflow(10_000)).isEqualTo(Map.of("royalty", 1_000L, "tax", 270L, "residual", 8_730L));
        for (int i = 0; i < 100; i++) {
            books.inflow(10); // 9 are left, 0.27 of a cent each
        }
        assertThat(books.given("tax")).isEqualTo(270 + 27);
    }

    @Test
    void conditionsLetOnlyTheirInflowsThrough() {
        Books books = Books.of(euro("""
                {"name":"at home","kind":"royalty","portion":"1/10","to":"royalty.pool","when":{"country":["DE"]}}""", """
                {"name":"abroad","kind":"royalty","portion":"1/20","to":"royalty.pool","when":{"country":["FR","IT"]}}"""));
        assertThat(books.move(from("DE", 1_005))).isEqualTo(Map.of("at home", 100L, "residual", 905L));
        assertThat(books.move(from("FR", 1_010)))
                .isEqualTo(Map.of("abroad", 51L, "residual", 959L)); // half a cent was carried on
        assertThat(books.move(from("US", 1_000))).isEqualTo(Map.of("residual", 1_000L));
    }

    private static Movement from(String country, long units) {
        BigInteger cash = BigInteger.valueOf(units);
        return Movement.inflow(MONDAY, cash, cash, "ACC", "shop", country);
    }

    @Test
    void amountConditionsLookAtTheInflow() {
        Books books = Books.of(euro("""
                {"name":"fee","kind":"fixed","amount":"1.00","per":"inflow","to":"fees.platform",
                 "when":{"amountFrom":"10.00","amountBelow":"20.00"}}"""));
        assertThat(List.of(999L, 1_000L, 1_999L, 2_000L))
                .extracting(units -> books.inflow(units).containsKey("fee"))
                .containsExactly(false, true, true, false);
    }

    /** Whatever was divided and is taken back whole leaves no claim behind: the next inflow is divided as if it were the first. */
    @Test
    void whatIsTakenBackWholeLeavesNothingBehind() {
        RuleDocument rule = euro(
                FEE,
                "{\"name\":\"flat\",\"kind\":\"fixed\",\"amount\":\"0.30\",\"per\":\"inflow\",\"to\":\"fees.platform\"}",
                royalty("1/10"),
                """
                {"name":"tax","kind":"portion","portion":"3/100","of":"left","to":"tax.withheld","payee":"TAX"}""");
        Books books = Books.of(rule);
        Movement sale = Books.cash(MONDAY, 3_337, 3_337);
        Map<String, BigInteger> legs = new java.util.HashMap<>();
        books.move(sale).forEach((path, units) -> legs.put(path, BigInteger.valueOf(units)));
        books.move(sale.takenBack(legs));
        legs.forEach((path, units) ->
                books.waterfall().reduce(path, rule.destinations().get(path), "ACC", units));
        assertThat(books.inflow(7_771)).isEqualTo(Books.of(rule).inflow(7_771));
    }

    @Test
    void whatIsDueOfTheLastUnitsOfAnInflowGoesByRank() {
        Books books = Books.of(euro(portion("fee", "9/10", "fees.platform"), royalty("1/10")));
        for (int i = 0; i < 20; i++) {
            assertThat(books.inflow(1).values()).containsExactly(1L);
        }
        assertThat(books.given("fee")).isEqualTo(18);
        assertThat(books.given("royalty") + books.arrears()).isEqualTo(2);
    }

    /** Nothing comes in: what was held is divided like an inflow, and nothing is left behind or made. */
    @Test
    void releasesAllThatIsHeldWithoutAnInflow() {
        Books books = Books.of(TestRules.document(
                "EUR",
                "\"period\":\"WEEK\",\"royalty\":{\"returnsReserve\":{\"portion\":\"1/5\",\"periods\":4}},",
                TestRules.royalty("1/10"),
                """
                {"name":"reserve","kind":"reserve","target":"50.00","topUp":"1/1","to":"cash.reserve"}""",
                """
                {"name":"trap","kind":"trap","trigger":"covenant","portion":"1/2","to":"merchant.trapped"}"""));
        books.trigger("covenant", true);
        books.inflow(100_000);
        assertThat(books.given("reserve")).isEqualTo(5_000);
        assertThat(books.given("trap")).isEqualTo(42_500);
        assertThat(books.given("royalty/returns")).isEqualTo(2_000);
        Movement release = Movement.release(MONDAY, "ACC", null, null);
        assertThat(books.move(release))
                .as("the trap is on, keeps what it holds, and takes its half")
                .isEqualTo(Map.of(
                        "royalty/returns-released",
                        -2_000L,
                        "royalty",
                        2_000L,
                        "reserve",
                        -5_000L,
                        "trap",
                        2_500L,
                        "residual",
                        2_500L));
        books.trigger("covenant", false);
        assertThat(books.move(release)).isEqualTo(Map.of("trap", -45_000L, "residual", 45_000L));
        assertThat(books.move(release)).isEmpty();
        assertThat(books.given("royalty") + books.given("residual")).isEqualTo(100_000);
    }

    private static final LocalDate JULY = LocalDate.of(2026, 7, 1);
    private static final String TIERS =
            "\"royalty\":{\"cap\":[{\"until\":\"2026-06-30\",\"amount\":\"100.00\"},{\"amount\":\"200.00\"}]},";

    /** A tier that has passed bounds nothing any more, and is not met by what was given under a later one. */
    @Test
    void aLateInflowOfAnExpiredTierDoesNotEndTheRoyalty() {
        Books books = Books.of(document("EUR", TIERS, royalty("1/10")));
        books.inflow(90_000);
        books.inflow(JULY, 50_000);
        books.inflow(LocalDate.of(2026, 6, 30), 10);
        books.refund(MONDAY, 100);
        assertThat(books.inflow(JULY, 10_000)).containsEntry("royalty", 990L);
        books.inflow(JULY, 1_000_000);
        assertThat(books.given("royalty")).isEqualTo(20_000);
    }

    @Test
    void aRefundOfAnEarlierVersionIsBoundedByTheCapOfTheLaterOne() {
        Books books = Books.of(document("EUR", "\"royalty\":{\"cap\":[{\"amount\":\"100.00\"}]},", royalty("1/10")));
        RuleDocument first = books.rule();
        books.inflow(90_000);
        books.begin(
                "v2",
                document("EUR", "\"royalty\":{\"cap\":[{\"amount\":\"1000.00\"}]},", royalty("1/10"))
                        .asOf(JULY));
        books.inflow(JULY, 200_000);
        books.move("v1", first, Movement.ofBase(MONDAY, BigInteger.valueOf(-100), "ACC"));
        books.inflow(JULY, 100_000);
        assertThat(books.given("royalty")).isEqualTo(38_990);
    }

    /** A fixed fee, a least and a most are of the inflow, whatever its base is found to be later. */
    @Test
    void aReportedBasisAsksOnceForWhatIsAskedOfEachInflow() {
        String fixed =
                "{\"name\":\"fix\",\"kind\":\"fixed\",\"amount\":\"1.00\",\"per\":\"inflow\",\"to\":\"fees.platform\"}";
        String least =
                "{\"name\":\"fee\",\"kind\":\"portion\",\"portion\":\"1/1000\",\"atLeast\":\"5.00\",\"to\":\"fees.platform\"}";
        for (long difference : new long[] {1_000, -1_000, 48_000}) {
            Books books = Books.of(document("EUR", "", fixed, least));
            Movement deposit = Books.cash(MONDAY, 800_000, 952_000);
            assertThat(books.move(deposit)).containsEntry("fix", 100L).containsEntry("fee", 952L);
            books.move(deposit.corrected(BigInteger.valueOf(difference)));
            assertThat(books.inflow(100_000))
                    .containsEntry("fix", 100L)
                    .containsEntry("fee", 500L + difference / 1_000);
            books.move(Books.cash(MONDAY, 800_000, 952_000 + difference)
                    .takenBack(Map.of("fix", BigInteger.valueOf(100), "fee", BigInteger.valueOf(952))));
            assertThat(books.waterfall()
                            .accrued((Tranche.Claim) books.rule().waterfall().getFirst(), "ACC"))
                    .isEqualTo(Fraction.whole(BigInteger.valueOf(100)));
            assertThat(books.waterfall()
                            .accrued((Tranche.Claim) books.rule().waterfall().get(1), "ACC"))
                    .isEqualTo(Fraction.whole(BigInteger.valueOf(500)));
        }
    }
}
