package io.sluice.scenarios;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who plays in one story, and under which ids and accounts the engine and the bank know them. Ids begin with the story's number, so that
 * stories on one stage never meet.
 */
final class Cast {

    /** An agreement with its two accounts. */
    record Agreement(String id, String name, String currency, String trustAccount, String feeAccount) {}

    record Store(String id, String name, Agreement agreement, String collectionAccount, String payoutAccount) {}

    /** {@code payTo}: bank account or address. */
    record Holder(String id, String name, boolean bank, String payTo) {}

    private final int story;
    private final Map<String, Agreement> agreements = new LinkedHashMap<>();
    private final Map<String, Store> stores = new LinkedHashMap<>();
    private final Map<String, Holder> holders = new LinkedHashMap<>();
    private final List<LocalDate> days = new ArrayList<>();
    private int numbers;

    Cast(int story) {
        this.story = story;
    }

    Agreement addAgreement(String name, String currency) {
        Agreement agreement =
                new Agreement("AGR-" + id(name), name, currency, account("50099900"), account("50099900"));
        return added(agreements, name, agreement);
    }

    Store addStore(String name, Agreement agreement) {
        return added(
                stores,
                name,
                new Store("STORE-" + id(name), name, agreement, account("50099900"), account("37040044")));
    }

    Holder addHolder(String name, boolean bank) {
        String address = "0x" + "%08x".formatted(story) + "%032x".formatted(numbers + 1);
        return added(holders, name, new Holder("H-" + id(name), name, bank, bank ? account("10050000") : address));
    }

    private static <T> T added(Map<String, T> all, String name, T one) {
        if (all.put(name, one) != null) {
            throw new IllegalArgumentException("\"" + name + "\" is there twice");
        }
        return one;
    }

    Agreement agreement(String name) {
        return found(agreements, "agreement", name);
    }

    Store store(String name) {
        return found(stores, "store", name);
    }

    Optional<Holder> holder(String name) {
        return Optional.ofNullable(holders.get(name));
    }

    List<Agreement> agreements() {
        return List.copyOf(agreements.values());
    }

    List<Store> stores() {
        return List.copyOf(stores.values());
    }

    List<Holder> holders() {
        return List.copyOf(holders.values());
    }

    String[] agreementIds() {
        return agreements.values().stream().map(Agreement::id).toArray(String[]::new);
    }

    /** Every account of the story at the bank, under the name by which a reader knows it. */
    Map<String, String> accounts() {
        Map<String, String> accounts = new LinkedHashMap<>();
        stores.values()
                .forEach(store -> accounts.put(store.collectionAccount(), "collection account of " + store.name()));
        agreements.values().forEach(agreement -> {
            accounts.put(agreement.trustAccount(), "royalty trust of " + agreement.name());
            accounts.put(agreement.feeAccount(), "platform fees of " + agreement.name());
        });
        return accounts;
    }

    /** The name behind an id of the engine's. */
    String nameOf(String payeeId) {
        for (Holder holder : holders.values()) {
            if (holder.id().equals(payeeId)) {
                return holder.name();
            }
        }
        for (Store store : stores.values()) {
            if (payeeId.equals("MERCHANT-" + store.id())) {
                return store.name();
            }
        }
        return payeeId.startsWith("OWN-") ? accounts().getOrDefault(payeeId.substring(4), "payouts contract") : payeeId;
    }

    String agreementOf(String agreementId) {
        return agreements.values().stream()
                .filter(agreement -> agreement.id().equals(agreementId))
                .map(Agreement::name)
                .findFirst()
                .orElse(agreementId);
    }

    /** The next business day of the story begins. */
    void dayBegins(LocalDate day) {
        days.add(day);
    }

    int today() {
        return days.size();
    }

    LocalDate day(int number) {
        return days.get(number - 1);
    }

    /** The story's number of a day, as it is written in tables. */
    String dayNumber(LocalDate day) {
        int number = days.indexOf(day) + 1;
        return number == 0 ? day.toString() : Integer.toString(number);
    }

    String id(String name) {
        return "S" + story + "-" + name.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]+", "-");
    }

    /** A new IBAN with right check digits. */
    private String account(String bank) {
        String number = bank + "%06d%04d".formatted(story, ++numbers);
        StringBuilder digits = new StringBuilder();
        (number + "DE00").chars().forEach(c -> digits.append(Character.digit(c, 36)));
        int check = 98
                - new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue();
        return "DE%02d%s".formatted(check, number);
    }

    private static <T> T found(Map<String, T> all, String what, String name) {
        T one = all.get(name);
        if (one == null) {
            throw new IllegalArgumentException("There is no " + what + " \"" + name + "\"; given are " + all.keySet());
        }
        return one;
    }
}
