package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitSumTest {

    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);

    @Test
    void isExactWhereASumOf64BitsIsNot() {
        assertThat(sum(MOST, BigInteger.ONE)).isEqualTo(MOST.add(BigInteger.ONE));
        assertThat(sum(BigInteger.ONE, MOST.shiftRight(1), MOST.shiftRight(1), MOST.shiftRight(1)))
                .isEqualTo(MOST.shiftRight(1).multiply(BigInteger.valueOf(3)).add(BigInteger.ONE));
        assertThat(sum(LEAST, LEAST, BigInteger.ONE.negate(), LEAST.shiftRight(1), LEAST.shiftRight(1)))
                .isEqualTo(LEAST.multiply(BigInteger.valueOf(3)).subtract(BigInteger.ONE));
        assertThat(sum(MOST.shiftLeft(70), MOST.shiftLeft(70).negate())).isZero();
        assertThat(sum()).isZero();
    }

    @Test
    void isTheSumOfWhateverTermsInWhateverOrder() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            List<BigInteger> terms = random.ints(random.nextInt(20), 0, 90)
                    .mapToObj(bits -> {
                        BigInteger term = new BigInteger(bits, random);
                        return random.nextBoolean() ? term : term.negate();
                    })
                    .toList();
            assertThat(sum(terms.toArray(BigInteger[]::new)))
                    .as("seed %d", seed)
                    .isEqualTo(terms.stream().reduce(BigInteger.ZERO, BigInteger::add));
        }
    }

    private static BigInteger sum(BigInteger... terms) {
        UnitSum sum = new UnitSum();
        for (BigInteger term : terms) {
            sum.add(term);
        }
        return sum.total();
    }
}
