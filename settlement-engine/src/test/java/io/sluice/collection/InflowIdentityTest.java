package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.collection.InflowIdentity.Key;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InflowIdentityTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);

    private final Map<Key, UUID> store = new HashMap<>();

    private static Sighting sighting(
            String source, @Nullable String movement, @Nullable String reference, String amount) {
        return Sighting.of(
                new BankEntry(
                        "A",
                        "EUR",
                        new BigDecimal(amount),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        DAY,
                        DAY,
                        movement,
                        reference,
                        null,
                        null,
                        null,
                        null,
                        "order 7",
                        null,
                        null),
                0,
                source,
                source,
                DAY);
    }

    /** As the database would: what one delivery decided is known to the next. */
    private List<UUID> tell(Sighting... sightings) {
        Set<UUID> withMovement = new HashSet<>();
        store.forEach((key, inflow) -> {
            if (key.kind().equals(InflowIdentity.MOVEMENT)) {
                withMovement.add(inflow);
            }
        });
        List<Decision> decisions = new InflowIdentity("A", store, withMovement).decide(List.of(sightings));
        decisions.forEach(d -> d.newKeys()
                .forEach(key -> assertThat(store.put(key, d.inflowId())).isNull()));
        return decisions.stream().map(Decision::inflowId).toList();
    }

    private long inflows() {
        return store.values().stream().distinct().count();
    }

    @Test
    void oneCreditToldByWebhookThriceAndByStatementsIsOneInflow() {
        for (String source : List.of("w1", "w2", "w3", "camt.052", "camt.054", "camt.053")) {
            tell(sighting(source, "TX1", "R1", "10.00"));
        }
        assertThat(inflows()).isEqualTo(1);
    }

    @Test
    void aStatementWithoutMovementIdsMeetsTheWebhooksInflowInEitherOrder() {
        UUID first = tell(sighting("webhook", "TX1", "R1", "10.00")).getFirst();
        assertThat(tell(sighting("camt.053", null, "R1", "10.00"))).containsExactly(first);
        UUID second = tell(sighting("camt.054", null, "R2", "20.00")).getFirst();
        assertThat(tell(sighting("webhook-2", "TX2", "R2", "20.00"))).containsExactly(second);
        assertThat(inflows()).isEqualTo(2);
    }

    @Test
    void twoEqualCreditsUnderOneReferenceStayTwo() {
        List<UUID> told = tell(sighting("camt.053", null, "R1", "10.00"), sighting("camt.053", null, "R1", "10.00"));
        assertThat(told).doesNotHaveDuplicates();
        assertThat(tell(sighting("camt.054", null, "R1", "10.00"), sighting("camt.054", null, "R1", "10.00")))
                .isEqualTo(told);
        assertThat(inflows()).isEqualTo(2);
    }

    @Test
    void twoMovementsUnderOneReferenceStayTwo() {
        tell(sighting("w1", "TX1", "R1", "10.00"));
        tell(sighting("w2", "TX2", "R1", "10.00"));
        assertThat(inflows()).isEqualTo(2);
        assertThat(tell(sighting("camt.053", "TX2", "R1", "10.00"), sighting("camt.053", "TX1", "R1", "10.00")))
                .doesNotHaveDuplicates();
        assertThat(inflows()).isEqualTo(2);
    }

    /** In real files one servicer reference covers different credits: the amount is part of the key, never the whole of it. */
    @Test
    void oneReferenceOverDifferentAmountsIsAsManyInflows() {
        tell(sighting("camt.053", null, "R1", "10.00"), sighting("camt.053", null, "R1", "11.00"));
        assertThat(inflows()).isEqualTo(2);
    }

    @Test
    void equalAmountsWithoutAnyReferenceInCommonAreDifferentInflows() {
        tell(sighting("w1", "TX1", "R1", "10.00"));
        tell(sighting("w2", "TX2", "R2", "10.00"));
        assertThat(inflows()).isEqualTo(2);
    }

    @Test
    void theSameFileReadAgainIsNothingNew() {
        Sighting[] file = {
            sighting("f", null, null, "10.00"), sighting("f", null, null, "10.00"), sighting("f", null, null, "12.00")
        };
        List<UUID> first = tell(file);
        assertThat(tell(file)).isEqualTo(first);
        assertThat(inflows()).isEqualTo(3);
    }
}
