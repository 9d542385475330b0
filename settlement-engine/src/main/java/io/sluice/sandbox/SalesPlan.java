package io.sluice.sandbox;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What payment providers will deposit on a business day: the same for the same seed and day. */
final class SalesPlan {

    /** A deposit that will arrive at {@code at}, business time; {@code depositId} is its EndToEndId. */
    record Deposit(
            String depositId,
            Instant at,
            String account,
            long units,
            String payerName,
            String payerAccount,
            String remittance) {}

    private static final LocalTime FIRST = LocalTime.of(6, 0);
    private static final int OPEN_SECONDS = 14 * 3600;

    /** Tenths of a usual day. */
    private static final Map<DayOfWeek, Integer> WEEKDAY = Map.of(
            DayOfWeek.MONDAY,
            11,
            DayOfWeek.TUESDAY,
            9,
            DayOfWeek.WEDNESDAY,
            9,
            DayOfWeek.THURSDAY,
            10,
            DayOfWeek.FRIDAY,
            12);

    /** Days on which every store sells by its own promotion factor. */
    private static final List<LocalDate> PROMOTIONS = List.of(
            LocalDate.of(2026, 11, 27),
            LocalDate.of(2026, 11, 30),
            LocalDate.of(2026, 12, 11),
            LocalDate.of(2027, 11, 26));

    private static final String[][] PROVIDERS = {
        {"Paylane Europe", "PLN"},
        {"Cartwheel Payments", "CWP"},
        {"Tidewater Checkout", "TWC"},
        {"Bazaarly Marketplace", "BZL"}
    };

    private final World world;
    private final Chance chance;

    SalesPlan(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
    }

    /** In the order of their arrival. */
    List<Deposit> of(LocalDate day) {
        List<Deposit> deposits = new ArrayList<>();
        for (World.Agreement agreement : world.agreements()) {
            for (World.Store store : agreement.stores()) {
                for (int i = 0; i < count(store, day); i++) {
                    deposits.add(deposit(store, day, i));
                }
            }
        }
        deposits.sort(Comparator.comparing(Deposit::at).thenComparing(Deposit::depositId));
        return deposits;
    }

    private int count(World.Store store, LocalDate day) {
        int tenths = WEEKDAY.getOrDefault(day.getDayOfWeek(), 10);
        int busy = store.creditsPerDay() * tenths / 10;
        return Math.max(1, busy + chance.below(3, "count|" + store.storeId() + "|" + day) - 1);
    }

    private Deposit deposit(World.Store store, LocalDate day, int number) {
        String key = store.storeId() + "|" + day + "|" + number;
        String[] provider = PROVIDERS[chance.below(PROVIDERS.length, "psp|" + key)];
        // Between a half and twice what is typical, more often less: the smaller of two even draws.
        long spread = Math.min(chance.between(50, 200, "x|" + key), chance.between(60, 220, "y|" + key));
        long promotion = PROMOTIONS.contains(day) ? store.promoFactor() : 10;
        long units = store.typicalUnits() * spread * promotion / 1_000 + chance.below(100, "odd|" + key);
        String id = "%s%s-%s-%03d"
                .formatted(
                        provider[1],
                        day.toString().replace("-", ""),
                        store.storeId().substring(6),
                        number + 1);
        return new Deposit(
                id,
                day.atTime(FIRST)
                        .plusSeconds(chance.below(OPEN_SECONDS, "at|" + key))
                        .toInstant(ZoneOffset.UTC),
                store.collectionAccount(),
                units,
                provider[0],
                World.iban("NL", "PAYS%010d".formatted(1_000_000 + Math.floorMod(provider[1].hashCode(), 1000))),
                "PAYOUT "
                        + store.merchantName()
                                .toUpperCase(java.util.Locale.ROOT)
                                .replace("&", "+") + " " + day);
    }
}
