package io.sluice.money;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ApportionmentTest {

    private static SortedMap<String, BigInteger> weights(long... weights) {
        SortedMap<String, BigInteger> map = new TreeMap<>();
        for (int i = 0; i < weights.length; i++) {
            map.put(String.format("H%04d", i), BigInteger.valueOf(weights[i]));
        }
        return map;
    }

    @Test
    void givesTheOddUnitToTheLargestRemainderAndTiesToTheFirstKey() {
        assertThat(Apportionment.byLargestRemainder(BigInteger.valueOf(1_000), weights(1, 1, 1))
                        .values())
                .containsExactly(BigInteger.valueOf(334), BigInteger.valueOf(333), BigInteger.valueOf(333));
    }

    /** DOMAIN, Currency: 30 000c and 20 000c, executed 540 123 457 micro. */
    @Test
    void sharesAnExecutedConversion() {
        assertThat(Apportionment.byLargestRemainder(BigInteger.valueOf(540_123_457), weights(30_000, 20_000))
                        .values())
                .containsExactly(BigInteger.valueOf(324_074_074), BigInteger.valueOf(216_049_383));
    }

    @Property(tries = 300)
    void neverCreatesOrLosesAUnitAndStaysWithinOneOfTheExactShare(
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000L) long amount,
            @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 0, max = 1_000_000_000L) Long> given) {
        List<Long> list = new ArrayList<>(given);
        list.set(0, list.getFirst() + 1);
        SortedMap<String, BigInteger> weights =
                weights(list.stream().mapToLong(Long::longValue).toArray());
        BigInteger total = weights.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        Map<String, BigInteger> parts = Apportionment.byLargestRemainder(BigInteger.valueOf(amount), weights);
        assertThat(parts.values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(BigInteger.valueOf(amount));
        parts.forEach((key, part) -> {
            BigInteger scaled =
                    BigInteger.valueOf(amount).multiply(weights.get(key)).subtract(part.multiply(total));
            assertThat(scaled.abs()).isLessThan(total);
        });
    }
}
