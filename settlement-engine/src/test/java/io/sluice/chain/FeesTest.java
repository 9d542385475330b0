package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeesTest {

    private static final BigInteger EIGHT = BigInteger.valueOf(8);
    private static final BigInteger NINE = BigInteger.valueOf(9);

    @Test
    void offersTwiceTheBaseFeeAndTheTip() {
        assertThat(Fees.over(BigInteger.valueOf(100), BigInteger.valueOf(7)))
                .isEqualTo(new Fees(BigInteger.valueOf(207), BigInteger.valueOf(7)));
    }

    @Test
    void raisesBothByAnEighthOrMoreWhateverTheyWere() {
        Random random = new Random(20261122);
        for (int i = 0; i < 2000; i++) {
            Fees before = Fees.over(new BigInteger(random.nextInt(1, 60), random), new BigInteger(40, random));
            BigInteger baseFee = new BigInteger(random.nextInt(1, 60), random);

            Fees after = before.bumped(baseFee);

            assertThat(after.maxFee().multiply(EIGHT))
                    .isGreaterThanOrEqualTo(before.maxFee().multiply(NINE));
            assertThat(after.tip().multiply(EIGHT))
                    .isGreaterThanOrEqualTo(before.tip().multiply(NINE));
            assertThat(after.maxFee())
                    .isGreaterThanOrEqualTo(baseFee.add(baseFee).add(after.tip()));
        }
    }
}
