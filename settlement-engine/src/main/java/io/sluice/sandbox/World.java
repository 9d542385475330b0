package io.sluice.sandbox;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who there is: merchants with their sales rhythms, agreements, and the holders of their royalty tokens. All invented; the same for the
 * same seed and size.
 */
final class World {

    /**
     * A merchant's store and how it sells.
     *
     * @param creditsPerDay deposits of payment providers on a usual day
     * @param typicalUnits what such a deposit is worth, in minor units
     * @param promoFactor by how much an event such as Black Friday multiplies the day, in tenths
     */
    record Store(
            String storeId,
            String merchantId,
            String merchantName,
            String collectionAccount,
            String payoutAccount,
            int creditsPerDay,
            long typicalUnits,
            int promoFactor) {}

    /** An agreement over the royalty of some stores, in one currency. */
    record Agreement(
            String agreementId,
            String name,
            String currency,
            String token,
            String trustAccount,
            String feeAccount,
            String royalty,
            List<Store> stores) {}

    /** Who is paid. {@code payTo} is a bank account or a chain address, by the rail. */
    record Holder(String holderId, String name, boolean bank, String payTo) {}

    /** How many units of an agreement's token a holder has. */
    record Holding(String holderId, BigInteger units) {}

    private static final String[] FIRST = {
        "Aino", "Bram", "Clara", "Darius", "Elif", "Fenna", "Goran", "Hanae", "Imke", "Jonas", "Kiran", "Liv", "Mateo",
        "Nadia", "Oskar", "Paloma", "Quentin", "Rosa", "Stellan", "Tomoko", "Ulla", "Viggo", "Wanda", "Xenia", "Yusuf",
        "Zora", "Anouk", "Bastian", "Cosima", "Doran", "Esther", "Florin", "Greta", "Hugo", "Ines", "Jarek"
    };
    private static final String[] LAST = {
        "Ahlberg",
        "Brandauer",
        "Castellan",
        "Dorrow",
        "Eriksen",
        "Falkenau",
        "Garamond",
        "Hoshino",
        "Ivarsen",
        "Janacek",
        "Kestrel",
        "Lindqvist",
        "Marchetti",
        "Norwood",
        "Okabe",
        "Petrides",
        "Quist",
        "Rosenau",
        "Sandoval",
        "Tanimoto",
        "Uhlmann",
        "Valdes",
        "Weston",
        "Yamane",
        "Zielinski",
        "Arden",
        "Bellweather",
        "Corvin",
        "Delacour",
        "Estrada"
    };

    private final List<Agreement> agreements;
    private final List<Holder> holders;
    private final Map<String, List<Holding>> register = new HashMap<>();

    /** @param merchantsScale per cent of the usual number of sales of each store */
    World(Chance chance, int holders, int merchantsScale) {
        this.agreements = List.of(
                agreement(
                        "AGR-NORDIC",
                        "Nordic Living",
                        "EUR",
                        "NORD",
                        "1/10",
                        store(1, "Fjord & Flax", 17, 21_500, 24, merchantsScale, "EUR"),
                        store(2, "Linnea Lamps", 13, 18_900, 21, merchantsScale, "EUR"),
                        store(3, "Havre Outdoor", 15, 26_400, 30, merchantsScale, "EUR"),
                        store(4, "Kobber Kitchen", 12, 15_800, 26, merchantsScale, "EUR")),
                agreement(
                        "AGR-ATELIER",
                        "Atelier Collective",
                        "EUR",
                        "ATEL",
                        "1/10",
                        store(5, "Maison Orage", 14, 31_200, 19, merchantsScale, "EUR"),
                        store(6, "Petit Tisserand", 16, 9_400, 23, merchantsScale, "EUR"),
                        store(7, "Lumen Ceramics", 11, 12_600, 18, merchantsScale, "EUR")),
                agreement(
                        "AGR-PRAIRIE",
                        "Prairie Goods",
                        "USD",
                        "PRAI",
                        "1/10",
                        store(8, "Tallgrass Boots", 15, 28_700, 34, merchantsScale, "USD"),
                        store(9, "Juniper Roasters", 18, 7_300, 17, merchantsScale, "USD"),
                        store(10, "Copper Canyon Gear", 13, 33_500, 36, merchantsScale, "USD")),
                agreement(
                        "AGR-HARBOR",
                        "Harbor Pet Supply",
                        "USD",
                        "HARB",
                        "3/25",
                        store(11, "Harbor Hound", 16, 11_900, 22, merchantsScale, "USD"),
                        store(12, "Whisker & Vine", 14, 8_800, 20, merchantsScale, "USD")),
                agreement(
                        "AGR-KOMOREBI",
                        "Komorebi Studio",
                        "JPY",
                        "KOMO",
                        "1/10",
                        store(13, "Komorebi Stationery", 15, 24_800, 15, merchantsScale, "JPY"),
                        store(14, "Tsubame Knives", 11, 61_300, 16, merchantsScale, "JPY")));
        this.holders = holders(chance, holders);
        for (Agreement agreement : agreements) {
            register.put(agreement.agreementId(), holdings(chance, agreement));
        }
    }

    List<Agreement> agreements() {
        return agreements;
    }

    List<Holder> holders() {
        return holders;
    }

    /** The whole register of an agreement's token. */
    List<Holding> holdings(Agreement agreement) {
        return register.getOrDefault(agreement.agreementId(), List.of());
    }

    private static Agreement agreement(
            String id, String name, String currency, String token, String royalty, Store... stores) {
        int number = Math.floorMod(id.hashCode(), 9_000);
        return new Agreement(
                id,
                name,
                currency,
                token,
                account(currency, 200_000 + number),
                account(currency, 300_000 + number),
                royalty,
                List.of(stores));
    }

    private static Store store(
            int number,
            String name,
            int creditsPerDay,
            long typicalUnits,
            int promoFactor,
            int scale,
            String currency) {
        return new Store(
                "STORE-%02d".formatted(number),
                "MER-%02d".formatted(number),
                name,
                account(currency, 100_000 + number),
                iban("NL", "BANK%010d".formatted(7_000_000 + number)),
                Math.max(1, creditsPerDay * scale / 100),
                typicalUnits,
                promoFactor);
    }

    /** An account at Meridian Bank: an IBAN in euro, the bank's own numbers elsewhere. */
    private static String account(String currency, int number) {
        return currency.equals("EUR")
                ? iban("DE", "50099900%010d".formatted(number))
                : "MB%s%09d".formatted(currency, number);
    }

    /** With right check digits. */
    static String iban(String country, String accountNumber) {
        StringBuilder digits = new StringBuilder();
        (accountNumber + country + "00").chars().forEach(c -> digits.append(Character.digit(c, 36)));
        int check = 98
                - new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue();
        return "%s%02d%s".formatted(country, check, accountNumber);
    }

    private static List<Holder> holders(Chance chance, int count) {
        List<Holder> holders = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            String id = "H-%05d".formatted(i);
            String name = FIRST[chance.below(FIRST.length, "first|" + id)] + " "
                    + LAST[chance.below(LAST.length, "last|" + id)];
            boolean bank = chance.happens(5_000, "rail|" + id);
            String payTo = bank
                    ? iban("DE", "50010517%010d".formatted(4_000_000L + i))
                    : "0x%016x%016x%08x"
                            .formatted(chance.bits("a|" + id), chance.bits("b|" + id), (int) chance.bits("c|" + id))
                            .toLowerCase(Locale.ROOT);
            holders.add(new Holder(id, name, bank, payTo));
        }
        return holders;
    }

    /** About two holders in five hold a token; the k-th of them has about 1/k of what the largest has. */
    private List<Holding> holdings(Chance chance, Agreement agreement) {
        List<Holder> members = holders.stream()
                .filter(holder -> chance.happens(4_000, agreement.token() + "|" + holder.holderId()))
                .sorted(java.util.Comparator.comparingLong(
                        holder -> chance.bits("rank|" + agreement.token() + "|" + holder.holderId())))
                .toList();
        if (members.isEmpty()) {
            members = holders.subList(0, Math.min(1, holders.size()));
        }
        List<Holding> holdings = new ArrayList<>();
        for (int rank = 0; rank < members.size(); rank++) {
            String holderId = members.get(rank).holderId();
            long units = 1_000_000L / (rank + 1) + chance.between(1, 25, "odd|" + agreement.token() + "|" + holderId);
            holdings.add(new Holding(holderId, BigInteger.valueOf(units)));
        }
        return holdings;
    }
}
