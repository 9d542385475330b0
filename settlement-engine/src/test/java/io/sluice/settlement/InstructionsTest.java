package io.sluice.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.collection.OurReferences;
import io.sluice.settlement.Instructions.Draft;
import io.sluice.settlement.SettlementEvent.Kind;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InstructionsTest {

    private static String endToEndId(int series) {
        return new Draft(Kind.HOLDER_PAYOUT, "H", "h", 1, "r", series, List.of(new UUID(1, 1))).endToEndId();
    }

    @Test
    void aPayableIsOrderedUnderAnIdOfItsOwnHoweverOftenItWasRefused() {
        assertThat(endToEndId(0)).startsWith("SLA").hasSize(29);
        assertThat(endToEndId(25)).startsWith("SLZ").hasSize(29);
        assertThat(endToEndId(26)).startsWith("SLAA").hasSize(30);
        assertThat(endToEndId(701)).startsWith("SLZZ").hasSize(30);
        assertThat(endToEndId(702)).startsWith("SLAAA").hasSize(31);
        assertThat(IntStream.range(0, 1_000).mapToObj(InstructionsTest::endToEndId))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.length() <= 35)
                .as("what arrives or comes back under it is known as ours")
                .allMatch(OurReferences::isOurs);
    }
}
