package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayoutsContractTest {

    private static final String PAYEE = "0x" + "aB".repeat(20);
    private static final String ORDER = "0x" + "01".repeat(32);
    private static final BigInteger MOST = BigInteger.TWO.pow(96).subtract(BigInteger.ONE);

    @Test
    void packsPayeeAndUnitsInThirtyTwoBytes() {
        String data = PayoutsContract.payBatch(
                ORDER,
                BigInteger.TWO,
                PAYEE,
                List.of(
                        new PayoutsContract.Entry(PAYEE, BigInteger.valueOf(258)),
                        new PayoutsContract.Entry(PAYEE, MOST)));

        assertThat(data).contains("ab".repeat(20) + "000000000000000000000102" + "ab".repeat(20) + "ff".repeat(12));
    }

    @Test
    void refusesWhatTheContractWould() {
        assertThatThrownBy(() -> new PayoutsContract.Entry(PAYEE, BigInteger.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PayoutsContract.Entry(PAYEE, MOST.add(BigInteger.ONE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PayoutsContract.payBatch(ORDER, BigInteger.ZERO, PAYEE, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        PayoutsContract.Entry entry = new PayoutsContract.Entry(PAYEE, BigInteger.ONE);
        assertThatThrownBy(() -> PayoutsContract.payBatch(
                        ORDER, BigInteger.ZERO, PAYEE, Collections.nCopies(PayoutsContract.MAX_ENTRIES + 1, entry)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
