package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.collection.InflowIdentity.Known;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InflowIdentityTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);

    private final Map<UUID, Known> store = new LinkedHashMap<>();

    /** What a bank may tell of a credit. */
    private record Told(
            @Nullable String movement,
            @Nullable String reference,
            @Nullable String endToEnd,
            String amount,
            LocalDate valueDate) {

        Sighting at(String source, int line, boolean daily) {
            return Sighting.of(
                    new BankEntry(
                            "A",
                            "EUR",
                            new BigDecimal(amount),
                            Direction.CREDIT,
                            EntryStatus.BOOKED,
                            false,
                            valueDate,
                            valueDate,
                            movement,
                            reference,
                            null,
                            endToEnd,
                            null,
                            null,
                            "order 7",
                            null,
                            null),
                    line,
                    source,
                    source,
                    valueDate,
                    daily);
        }
    }

    private static Told told(@Nullable String movement, @Nullable String reference, String amount) {
        return new Told(movement, reference, null, amount, DAY);
    }

    private static Told weak(@Nullable String endToEnd, String amount, LocalDate day) {
        return new Told(null, null, endToEnd, amount, day);
    }

    /** One source, its lines in order; as the database would, what it decided is known to the next. */
    private List<Decision> source(String name, boolean daily, Told... lines) {
        List<Sighting> sightings = IntStream.range(0, lines.length)
                .mapToObj(line -> lines[line].at(name, line, daily))
                .toList();
        List<Decision> decisions =
                new InflowIdentity("A", AccountPolicy.BOOKED_NOTICE, store.values(), true).decide(sightings);
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Of of) {
                Known known = store.computeIfAbsent(of.inflowId(), Known::new);
                of.newKeys().forEach(known::addKey);
                Sighting sighting = of.sighting();
                known.addSighting(
                        sighting.evidenceSha256(),
                        sighting.line(),
                        sighting.entry().valueDate(),
                        sighting.statementDay());
            }
        }
        return decisions;
    }

    private List<UUID> tell(String name, Told... lines) {
        return ids(source(name, false, lines));
    }

    private List<UUID> statement(String name, Told... lines) {
        return ids(source(name, true, lines));
    }

    private static List<UUID> ids(List<Decision> decisions) {
        return decisions.stream().map(d -> ((Decision.Of) d).inflowId()).toList();
    }

    @Test
    void oneCreditToldByWebhookThriceAndByStatementsIsOneInflow() {
        for (String source : List.of("w1", "w2", "w3", "camt.052", "camt.054")) {
            tell(source, told("TX1", "R1", "10.00"));
        }
        statement("camt.053", told("TX1", "R1", "10.00"));
        assertThat(store).hasSize(1);
    }

    /** Webhook thrice, 052, 054 and 053 in all 24 orders, with every choice of references that each of them leaves out. */
    @Test
    void oneCreditIsOneInflowInEveryOrderOfItsSourcesWhateverReferencesEachLeavesOut() {
        Told full = new Told("TX1", "R1", "E1", "10.00", DAY);
        List<Told> variants = List.of(
                full,
                new Told(null, "R1", "E1", "10.00", DAY),
                new Told(null, null, "E1", "10.00", DAY),
                new Told(null, "R1", null, "10.00", DAY),
                new Told(null, null, null, "10.00", DAY));
        for (List<Integer> order : orders(List.of(0, 1, 2, 3))) {
            for (Told in052 : variants) {
                for (Told in054 : variants) {
                    for (Told in053 : variants) {
                        store.clear();
                        for (int source : order) {
                            switch (source) {
                                case 0 -> List.of("w1", "w2", "w3").forEach(name -> tell(name, full));
                                case 1 -> tell("camt.052", in052);
                                case 2 -> tell("camt.054", in054);
                                default -> statement("camt.053", in053);
                            }
                        }
                        assertThat(store)
                                .as("order %s, 052 %s, 054 %s, 053 %s", order, in052, in054, in053)
                                .hasSize(1);
                    }
                }
            }
        }
    }

    /** The daily statement lists every credit: then there are as many inflows as credits, whatever was told before, after or twice. */
    @Test
    void thereAreAsManyInflowsAsCreditsOnceTheDailyStatementIsReadInWhateverOrder() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("InflowIdentityTest seed " + seed + " (rerun with -Dsluice.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            List<Told> credits = new ArrayList<>();
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                // few amounts and references, so that many are equal
                credits.add(new Told(
                        "TX" + i,
                        "R" + random.nextInt(3),
                        random.nextBoolean() ? "E" + random.nextInt(2) : null,
                        random.nextBoolean() ? "10.00" : "11.00",
                        DAY));
            }
            boolean movements = random.nextBoolean();
            List<Runnable> sources = new ArrayList<>();
            if (movements) {
                for (int i = 0; i < count; i++) {
                    Told credit = credits.get(i);
                    String name = "webhook" + i;
                    sources.add(() -> tell(name, credit));
                    sources.add(() -> tell(name + " again", credit));
                }
            }
            sources.add(() -> tell("camt.054", credits.toArray(Told[]::new)));
            List<Told> listed = new ArrayList<>(credits);
            Collections.shuffle(listed, random);
            boolean withMovement = movements && random.nextBoolean();
            boolean someLackEndToEnd = random.nextBoolean();
            Told[] lines = listed.stream()
                    .map(c -> new Told(
                            withMovement ? c.movement() : null,
                            c.reference(),
                            someLackEndToEnd && random.nextBoolean() ? null : c.endToEnd(),
                            c.amount(),
                            DAY))
                    .toArray(Told[]::new);
            sources.add(() -> statement("camt.053", lines));
            Collections.shuffle(sources, random);
            store.clear();
            sources.forEach(Runnable::run);
            assertThat(store).as("seed %d, round %d: %s", seed, round, credits).hasSize(count);
            assertThat(statement("camt.053", lines)).as("read again").doesNotHaveDuplicates();
            assertThat(store).hasSize(count);
        }
    }

    @Test
    void aStatementWithoutMovementIdsMeetsTheWebhooksInflowInEitherOrder() {
        UUID first = tell("webhook", told("TX1", "R1", "10.00")).getFirst();
        assertThat(statement("camt.053", told(null, "R1", "10.00"))).containsExactly(first);
        UUID second = tell("camt.054", told(null, "R2", "20.00")).getFirst();
        assertThat(tell("webhook-2", told("TX2", "R2", "20.00"))).containsExactly(second);
        assertThat(store).hasSize(2);
    }

    @Test
    void twoEqualCreditsUnderOneReferenceStayTwo() {
        List<UUID> told = statement("camt.053", told(null, "R1", "10.00"), told(null, "R1", "10.00"));
        assertThat(told).doesNotHaveDuplicates();
        assertThat(tell("camt.054", told(null, "R1", "10.00"), told(null, "R1", "10.00")))
                .isEqualTo(told);
        assertThat(store).hasSize(2);
    }

    @Test
    void twoMovementsUnderOneReferenceStayTwo() {
        tell("w1", told("TX1", "R1", "10.00"));
        tell("w2", told("TX2", "R1", "10.00"));
        assertThat(store).hasSize(2);
        assertThat(statement("camt.053", told("TX2", "R1", "10.00"), told("TX1", "R1", "10.00")))
                .doesNotHaveDuplicates();
        assertThat(store).hasSize(2);
    }

    /** In real files one servicer reference covers different credits: the amount is part of the key, never the whole of it. */
    @Test
    void oneReferenceOverDifferentAmountsIsAsManyInflows() {
        statement("camt.053", told(null, "R1", "10.00"), told(null, "R1", "11.00"));
        assertThat(store).hasSize(2);
    }

    /** A source lists a credit once, so that its lines are different credits also under one movement id. */
    @Test
    void oneMovementIdOverDifferentAmountsOfOneStatementIsAsManyInflows() {
        assertThat(statement("camt.053", told("TX1", "R1", "10.00"), told("TX1", "R1", "11.00")))
                .doesNotHaveDuplicates();
        assertThat(store).hasSize(2);
    }

    @Test
    void theStatementAndANoticeOfOneMovementWithTwoAmountsAreUnclear() {
        UUID counted = tell("webhook", told("TX1", "R1", "10.00")).getFirst();
        assertThat(source("camt.053", true, told("TX1", "R1", "9.50"), told("TX2", "R2", "10.00")))
                .satisfiesExactly(
                        first -> assertThat(((Decision.Unclear) first).inflowIds())
                                .containsExactly(counted),
                        second -> assertThat(((Decision.Of) second).isNew()).isTrue());
        assertThat(source("webhook-2", false, told("TX2", "R2", "10.50")))
                .singleElement()
                .isInstanceOf(Decision.Unclear.class);
        assertThat(store).hasSize(2);
    }

    @Test
    void equalAmountsUnderDifferentReferencesAreDifferentInflows() {
        tell("w1", told("TX1", "R1", "10.00"));
        tell("w2", told("TX2", "R2", "10.00"));
        tell("camt.054", told(null, "R3", "10.00"));
        assertThat(store).hasSize(3);
    }

    /** A payer who writes the same words every week has not paid once. */
    @Test
    void theSameEndToEndReferenceAndAmountOnAnotherDayIsAnotherInflow() {
        statement("monday", weak("SETTLEMENT", "10.00", DAY));
        statement("tuesday", weak("SETTLEMENT", "10.00", DAY.plusDays(1)));
        tell("camt.054 of wednesday", weak("SETTLEMENT", "10.00", DAY.plusDays(2)));
        statement("monday, sent again", weak("SETTLEMENT", "10.00", DAY));
        assertThat(store).hasSize(3);
    }

    @Test
    void aServicerReferenceThatIsUsedAgainOnAnotherDaysStatementIsAnotherInflow() {
        statement("monday", told(null, "0001", "10.00"));
        statement("tuesday", new Told(null, "0001", null, "10.00", DAY.plusDays(1)));
        assertThat(store).hasSize(2);
    }

    @Test
    void aStrongReferenceFindsItsOwnInflowBeforeAWeakerOneCanTakeIt() {
        UUID withEndToEnd =
                tell("w1", new Told("TX1", null, "E1", "10.00", DAY)).getFirst();
        UUID without = tell("w2", told("TX2", null, "10.00")).getFirst();
        assertThat(statement("camt.053", weak(null, "10.00", DAY), weak("E1", "10.00", DAY)))
                .containsExactly(without, withEndToEnd);
    }

    @Test
    void aCreditWithTheReferencesOfTwoInflowsIsUnclear() {
        tell("camt.052", told(null, "R1", "10.00"));
        tell("camt.054", weak("E1", "10.00", DAY.plusDays(1)));

        Told both = new Told(null, "R1", "E1", "10.00", DAY.plusDays(1));
        assertThat(source("camt.053", true, both))
                .singleElement()
                .isInstanceOfSatisfying(
                        Decision.Unclear.class,
                        unclear -> assertThat(unclear.inflowIds()).hasSize(2));
        assertThat(store).hasSize(2);
    }

    @Test
    void theSameFileReadAgainIsNothingNew() {
        Told[] file = {weak(null, "10.00", DAY), weak(null, "10.00", DAY), weak(null, "12.00", DAY)};
        List<UUID> first = statement("f", file);
        assertThat(statement("f", file)).isEqualTo(first);
        assertThat(store).hasSize(3);
    }

    /** Each entry in a message of its own, without references: one may be told short, and the statement makes it good. */
    @Test
    void equalCreditsToldOneByOneWithoutReferencesAreCompleteOnceTheStatementLists() {
        tell("054 a", weak(null, "10.00", DAY));
        tell("054 b", weak(null, "10.00", DAY));
        assertThat(store).hasSize(1);
        statement("053", weak(null, "10.00", DAY), weak(null, "10.00", DAY));
        assertThat(store).hasSize(2);
        tell("054 c", weak(null, "10.00", DAY));
        assertThat(store).hasSize(2);
    }

    private static Set<List<Integer>> orders(List<Integer> items) {
        if (items.isEmpty()) {
            return Set.of(List.of());
        }
        Set<List<Integer>> all = new HashSet<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Integer> order : orders(rest)) {
                List<Integer> one = new ArrayList<>(List.of(first));
                one.addAll(order);
                all.add(one);
            }
        }
        return all;
    }
}
