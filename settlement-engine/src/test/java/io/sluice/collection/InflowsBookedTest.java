package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.platform.TestSerializer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What credits of one event have in common is stored once, and read as if each had it. */
class InflowsBookedTest {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 5);
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final UUID FIRST = UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001");
    private static final UUID SECOND = UUID.fromString("0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002");

    @Test
    void whateverInflowsHaveInCommonIsReadAsItWasStored() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("InflowsBookedTest: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int rarely = 1 + random.nextInt(6);
            InflowsBooked event = event(IntStream.range(0, 1 + random.nextInt(20))
                    .mapToObj(n -> new Booked(
                            new UUID(random.nextLong(), random.nextLong()),
                            random.nextInt(rarely) == 0 ? InflowKind.SALE : InflowKind.RETURN,
                            random.nextLong(),
                            DAY.plusDays(random.nextInt(rarely) == 0 ? 1 : 0),
                            random.nextInt(rarely) == 0 ? "VALUE" : "BOOKING",
                            random.nextInt(rarely) == 0 ? "00" : "01",
                            random.nextBoolean() ? null : "R-" + n,
                            random.nextInt(rarely) == 0 ? null : "default"))
                    .toList());
            assertThat(TestSerializer.throughTheStore(event)).isEqualTo(event);
        }
    }

    /** Read with what is another's, it would be money of another day, or a sale that is none. */
    @Test
    void anInflowThatDiffersInOneRespectTellsAllOfItself() {
        Booked first = new Booked(FIRST, InflowKind.SALE, 7, DAY, "VALUE", "00", null, "default");
        assertThat(List.of(
                        new Booked(SECOND, InflowKind.UNKNOWN, 7, DAY, "VALUE", "00", null, "default"),
                        new Booked(SECOND, InflowKind.SALE, 7, DAY.plusDays(1), "VALUE", "00", null, "default"),
                        new Booked(SECOND, InflowKind.SALE, 7, DAY, "BOOKING", "00", null, "default"),
                        new Booked(SECOND, InflowKind.SALE, 7, DAY, "VALUE", "01", null, "default"),
                        new Booked(SECOND, InflowKind.SALE, 7, DAY, "VALUE", "00", null, null)))
                .allSatisfy(second -> {
                    assertThat(second.isLike(first)).isFalse();
                    InflowsBooked event = event(List.of(first, second));
                    assertThat(TestSerializer.throughTheStore(event)).isEqualTo(event);
                });
    }

    /** As engines stored it in 2026-11: each credit with all that is its own, and nobody's rule is no other's. */
    @Test
    void anOlderEventStaysReadable() {
        assertThat(TestSerializer.stored("collection.InflowsBooked", """
                {"account":"A","accountKind":"COLLECTION","currency":"EUR","bookedAt":"2026-01-05T10:00:00Z","inflows":[
                 {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","kind":"SALE","units":7,"valueDate":"2026-01-05","valueDateSource":"VALUE",
                  "evidenceSha256":"00","decidedBy":"default"},
                 {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002","kind":"SALE","units":8,"valueDate":"2026-01-05","valueDateSource":"VALUE",
                  "evidenceSha256":"00","ourReference":"R"}]}"""))
                .isEqualTo(event(List.of(
                        new Booked(FIRST, InflowKind.SALE, 7, DAY, "VALUE", "00", null, "default"),
                        new Booked(SECOND, InflowKind.SALE, 8, DAY, "VALUE", "00", "R", null))));
    }

    @Test
    void aFirstInflowOfNoKindIsRefused() {
        assertThatThrownBy(() -> TestSerializer.stored("collection.InflowsBooked", """
                {"account":"A","accountKind":"COLLECTION","currency":"EUR","bookedAt":"2026-01-05T10:00:00Z","inflows":[
                 {"inflowId":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","units":7}]}"""))
                .rootCause()
                .hasMessageContaining(
                        "element 1: expected kind, valueDate, valueDateSource and evidenceSha256, of its own or of the one before it");
    }

    @Test
    void anInflowThatTellsHalfOfItselfIsRefused() {
        assertThatThrownBy(() -> TestSerializer.stored("collection.InflowsBooked", """
                {"account":"A","accountKind":"COLLECTION","currency":"EUR","bookedAt":"2026-01-05T10:00:00Z","inflows":[
                 {"id":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001","units":7,"kind":"SALE","valueDate":"2026-01-05","valueDateSource":"VALUE",
                  "evidenceSha256":"00"},
                 {"id":"0b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0002","units":8,"valueDate":"2026-01-06"}]}"""))
                .rootCause()
                .hasMessageContaining("element 2: expected kind");
    }

    /** It knows {@code inflowId} alone and refuses what it does not know; without a kind, it would hold a sale for none and never route it. */
    @Test
    void anEngineOfBeforeCannotTakeWhatIsLeftOutForNothing() {
        Booked first = new Booked(FIRST, InflowKind.SALE, 7, DAY, "VALUE", "00", null, "default");
        Booked second = new Booked(SECOND, InflowKind.SALE, 8, DAY, "VALUE", "00", null, "default");
        assertThat(TestSerializer.text(event(List.of(first, second))))
                .contains("{\"id\":\"" + SECOND + "\",\"units\":8}")
                .doesNotContain("inflowId");
    }

    @Test
    void aStoredInflowHasTheseFieldsInThisOrder() {
        assertThat(TestSerializer.text(event(List.of(
                        new Booked(FIRST, InflowKind.SALE, 7, DAY, "VALUE", "00", "R", "default"),
                        new Booked(SECOND, InflowKind.SALE, 8, DAY, "VALUE", "00", null, "default")))))
                .endsWith("\"inflows\":[{\"id\":\"" + FIRST + "\",\"units\":7,\"ourReference\":\"R\",\"kind\":\"SALE\","
                        + "\"valueDate\":\"2026-01-05\",\"valueDateSource\":\"VALUE\",\"evidenceSha256\":\"00\","
                        + "\"decidedBy\":\"default\"},{\"id\":\"" + SECOND + "\",\"units\":8}]}");
    }

    /** Each is refused by the number of its element and its field, none is read as something else. */
    @Test
    void whatIsNoInflowOfOursIsRefused() {
        String id = "\"id\":\"" + SECOND + "\"";
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("{" + id + "}", "element 2: expected id and units");
        refused.put("{\"units\":8}", "element 2: expected id and units");
        refused.put("{" + id + ",\"units\":null}", "element 2: expected id and units");
        refused.put(
                "{" + id + ",\"units\":8,\"heldBy\":\"x\"}", "element 2: found a field heldBy, which it cannot have");
        refused.put(
                "{" + id + ",\"units\":8,\"heldBy\":null}", "element 2: found a field heldBy, which it cannot have");
        refused.put("{" + id + ",\"units\":\"8\"}", "element 2: units: found 8, expected a whole number");
        refused.put("{" + id + ",\"units\":8.5}", "element 2: units: found 8.5, expected a whole number");
        refused.put("{" + id + ",\"units\":9223372036854775808}", "9223372036854775808");
        refused.put(
                "{\"id\":\"b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001\",\"units\":8}",
                "element 2: id: found b6c3f43-6b43-5d0c-8d5e-5b9c1a1c0001, expected an id");
        refused.put("{\"id\":\"x\",\"units\":8}", "element 2: id: found x, expected an id");
        refused.put("{\"id\":7,\"units\":8}", "element 2: id: found 7, expected a text");
        refused.put("{" + id + ",\"units\":8,\"kind\":\"GIFT\"}", "element 2: kind: found GIFT, expected one of [SALE");
        refused.put(
                "{" + id + ",\"units\":8,\"valueDate\":\"2026-02-30\"}",
                "element 2: valueDate: found 2026-02-30, expected a day");
        refused.put("[]", "element 2: found START_ARRAY, expected an object");
        refused.put("null", "element 2: found null, expected an object");
        refused.forEach((element, message) -> assertThatThrownBy(
                        () -> TestSerializer.stored("collection.InflowsBooked", """
                                {"account":"A","accountKind":"COLLECTION","currency":"EUR","bookedAt":"2026-01-05T10:00:00Z","inflows":[
                                 {"id":"%s","units":7,"kind":"SALE","valueDate":"2026-01-05","valueDateSource":"VALUE","evidenceSha256":"00"},
                                 %s]}""".formatted(FIRST, element)))
                .as(element)
                .rootCause()
                .hasMessageContaining(message));
    }

    private static InflowsBooked event(List<Booked> inflows) {
        return new InflowsBooked("A", AccountKind.COLLECTION, "EUR", NOW, inflows);
    }
}
