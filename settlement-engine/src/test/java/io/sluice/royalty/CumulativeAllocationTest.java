package io.sluice.royalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.money.Fraction;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CumulativeAllocationTest {

    private final Map<String, Fraction> carries = new HashMap<>();

    private Map<String, Long> distribute(long pool, Object... holdings) {
        TreeMap<String, BigInteger> units = new TreeMap<>();
        for (int i = 0; i < holdings.length; i += 2) {
            units.put((String) holdings[i], BigInteger.valueOf(((Number) holdings[i + 1]).longValue()));
        }
        Map<String, Long> paid = new TreeMap<>();
        for (CumulativeAllocation.Part part : CumulativeAllocation.allocate(pool, new Register(units), carries)) {
            carries.put(part.holderId(), part.carry());
            paid.put(part.holderId(), part.units());
        }
        return paid;
    }

    /** DOMAIN, frozen choices: 1/3, 2/6 and 1/3 of pools of 1 000 must give 333, 333, 334. */
    @Test
    void findsTheWholeUnitWhereTheExactSumIsOne() {
        assertThat(distribute(1_000, "A", 1, "B", 2)).containsEntry("A", 333L);
        assertThat(distribute(1_000, "A", 2, "B", 4)).containsEntry("A", 333L);
        assertThat(distribute(1_000, "A", 1, "B", 2)).containsEntry("A", 334L);
    }

    /** DOMAIN, frozen choices: ABC, ACD, ACD with equal shares. */
    @Test
    void theFractionStaysWithTheHolderAfterASale() {
        assertThat(distribute(1_000, "A", 1, "B", 1, "C", 1)).isEqualTo(Map.of("A", 333L, "B", 333L, "C", 333L));
        assertThat(distribute(1_000, "A", 1, "C", 1, "D", 1)).isEqualTo(Map.of("A", 333L, "C", 333L, "D", 333L));
        assertThat(distribute(1_000, "A", 1, "C", 1, "D", 1)).isEqualTo(Map.of("A", 334L, "C", 334L, "D", 333L));
        assertThat(carries.values().stream().reduce(Fraction.ZERO, Fraction::plus))
                .isEqualTo(new Fraction(BigInteger.ONE, BigInteger.ONE));
    }

    /** DOMAIN, frozen choices: history is never re-weighted. */
    @Test
    void aSaleChangesOnlyWhatComesAfterIt() {
        distribute(1_000_000, "A", 10);
        assertThat(distribute(1_000, "A", 5, "B", 5)).isEqualTo(Map.of("A", 500L, "B", 500L));
    }

    /** DOMAIN 4, case 20: a floor per claim would give 10. */
    @Test
    void aThirdOfTenPoolsOfFiveIsSixteen() {
        long sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += distribute(5, "A", 1, "B", 2).get("A");
        }
        assertThat(sum).isEqualTo(16);
    }

    @Property(tries = 200)
    void neverPaysMoreThanThePoolsAndNeverStarvesAHolder(
            @ForAll @Size(min = 1, max = 20) List<@LongRange(min = 0, max = 1_000_000L) Long> pools,
            @ForAll @Size(min = 1, max = 20) List<@LongRange(min = 1, max = 1_000_000L) Long> holdings) {
        carries.clear();
        Object[] given = new Object[holdings.size() * 2];
        long total = 0;
        for (int i = 0; i < holdings.size(); i++) {
            given[2 * i] = "H" + (100 + i);
            given[2 * i + 1] = holdings.get(i);
            total += holdings.get(i);
        }
        Map<String, Long> lifetime = new HashMap<>();
        long pooled = 0;
        for (long pool : pools) {
            distribute(pool, given).forEach((holder, units) -> lifetime.merge(holder, units, Long::sum));
            pooled += pool;
        }
        for (int i = 0; i < holdings.size(); i++) {
            BigInteger exact = BigInteger.valueOf(pooled)
                    .multiply(BigInteger.valueOf(holdings.get(i)))
                    .divide(BigInteger.valueOf(total));
            assertThat(BigInteger.valueOf(lifetime.get("H" + (100 + i)))).isEqualTo(exact);
        }
    }
}
