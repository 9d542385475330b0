package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.money.Portion;
import io.sluice.routing.RuleDocument.Kind;
import io.sluice.routing.RuleDocument.Tranche;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WaterfallTest {

    private static RuleDocument rule(String fee, String royalty) {
        List<Tranche> waterfall = new ArrayList<>();
        if (!fee.equals("0/1")) {
            waterfall.add(new Tranche("fee", Kind.PORTION, Portion.parse(fee), Destination.PLATFORM_FEES));
        }
        waterfall.add(new Tranche("royalty", Kind.ROYALTY, Portion.parse(royalty), Destination.ROYALTY_POOL));
        waterfall.add(new Tranche("residual", Kind.REMAINDER, null, Destination.MERCHANT_RESIDUAL));
        return new RuleDocument(
                RuleDocument.SCHEMA, "A", 1, "EUR", "CASH_RECEIVED", LocalDate.of(2026, 11, 23), null, waterfall);
    }

    private static Map<Destination, Long> route(Waterfall waterfall, RuleDocument rule, long units) {
        Map<Destination, Long> paid = new EnumMap<>(Destination.class);
        waterfall
                .divide(rule, units)
                .parts()
                .forEach(part -> paid.put(part.tranche().to(), part.units()));
        waterfall.remember(rule, units, paid);
        return paid;
    }

    private static long royalty(Waterfall waterfall, RuleDocument rule, long units) {
        return route(waterfall, rule, units).get(Destination.ROYALTY_POOL);
    }

    /** DOMAIN 4, cases 1, 2 and 29. */
    @Test
    void takesATenthAndLeavesTheRestToTheMerchant() {
        assertThat(route(new Waterfall(), rule("0/1", "1/10"), 10_000))
                .containsEntry(Destination.ROYALTY_POOL, 1_000L)
                .containsEntry(Destination.MERCHANT_RESIDUAL, 9_000L);
        assertThat(royalty(new Waterfall(), rule("0/1", "1/10"), 1_000)).isEqualTo(100);
        assertThat(royalty(new Waterfall(), rule("0/1", "1/10"), 10_001)).isEqualTo(1_000);
    }

    /** DOMAIN 4, case 3: a floor per sale would give 99. */
    @Test
    void floorsTheLifetimeSumNotEachSale() {
        Waterfall waterfall = new Waterfall();
        assertThat(List.of(
                        royalty(waterfall, rule("0/1", "1/10"), 335),
                        royalty(waterfall, rule("0/1", "1/10"), 335),
                        royalty(waterfall, rule("0/1", "1/10"), 335)))
                .containsExactly(33L, 34L, 33L);
    }

    /** DOMAIN 4, case 4: a floor per sale would give nothing. */
    @Test
    void losesNothingOnAThousandSmallSales() {
        Waterfall waterfall = new Waterfall();
        long sum = 0;
        for (int i = 0; i < 1_000; i++) {
            sum += royalty(waterfall, rule("0/1", "1/10"), 9);
        }
        assertThat(sum).isEqualTo(900);
    }

    /** DOMAIN, frozen choices: 1 000 000 at 10 %, then 10 000 at 12 %: 1 200, not 21 200. */
    @Test
    void aNewRateNeverReachesBack() {
        Waterfall waterfall = new Waterfall();
        assertThat(royalty(waterfall, rule("0/1", "1/10"), 1_000_000)).isEqualTo(100_000);
        assertThat(royalty(waterfall, rule("0/1", "12/100"), 10_000)).isEqualTo(1_200);
    }

    /** DOMAIN 4, case 25: a fee of 10 bps on 1 000 pools of 999 gives 999, where a floor each gives nothing. */
    @Test
    void theFeeIsCumulativeToo() {
        Waterfall waterfall = new Waterfall();
        long fees = 0;
        for (int i = 0; i < 1_000; i++) {
            fees += route(waterfall, rule("1/1000", "1/10"), 999).get(Destination.PLATFORM_FEES);
        }
        assertThat(fees).isEqualTo(999);
    }

    @Test
    void whatOneInflowCannotCoverIsArrearsAndTheNextCoversIt() {
        Waterfall waterfall = new Waterfall();
        RuleDocument all = rule("9/10", "1/10");
        assertThat(waterfall.divide(all, 1).arrears()).isZero();
        for (int i = 0; i < 19; i++) {
            Map<Destination, Long> parts = route(waterfall, all, 1);
            assertThat(parts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
        }
        Map<Destination, Long> parts = route(waterfall, all, 1);
        assertThat(parts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
    }

    @Property(tries = 200)
    void conservesEveryInflowAndOwesTheSameInAnyOrder(
            @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 1, max = 10_000_000_000L) Long> inflows,
            @ForAll @LongRange(min = 0, max = 40) long feePercent,
            @ForAll @LongRange(min = 1, max = 60) long royaltyPercent,
            @ForAll long seed) {
        RuleDocument rule = rule(feePercent + "/100", royaltyPercent + "/100");
        Waterfall inOrder = new Waterfall();
        long owed = 0; // paid so far, and the arrears after the last inflow
        long royalty = 0;
        for (long units : inflows) {
            long arrears = inOrder.divide(rule, units).arrears();
            Map<Destination, Long> parts = route(inOrder, rule, units);
            assertThat(parts.values()).allMatch(part -> part >= 0);
            assertThat(parts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(units);
            royalty += parts.get(Destination.ROYALTY_POOL);
            owed = royalty + arrears;
        }
        List<Long> shuffled = new ArrayList<>(inflows);
        Collections.shuffle(shuffled, new Random(seed));
        Waterfall otherOrder = new Waterfall();
        long otherOwed = 0;
        long otherRoyalty = 0;
        for (long units : shuffled) {
            long arrears = otherOrder.divide(rule, units).arrears();
            otherRoyalty += royalty(otherOrder, rule, units);
            otherOwed = otherRoyalty + arrears;
        }
        long base = inflows.stream().mapToLong(Long::longValue).sum();
        assertThat(owed).isEqualTo(base * royaltyPercent / 100).isEqualTo(otherOwed);
    }
}
