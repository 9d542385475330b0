package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a bank delivers in one run: in a hundred deliveries ten tell again what another tells, five are late, one is forged. Of those that
 * tell again every other one is the same event, and the rest tell of the same money in an event of their own. The same seed gives the
 * same plan.
 */
record DeliveryPlan(List<Credit> credits, List<Delivery> deliveries) {

    /** Money that arrived at the bank once. */
    record Credit(String transactionId, String account, long units) {}

    private static final int FORGED_PERCENT = 1;
    private static final int REPEATED_PERCENT = 10;
    private static final int LATE_PERCENT = 5;
    private static final int LATEST = 500;
    private static final int LARGEST_UNITS = 50_000;

    DeliveryPlan {
        credits = List.copyOf(credits);
        deliveries = List.copyOf(deliveries);
    }

    /** @param run tells the references of one run from those of another on the same books */
    static DeliveryPlan of(String run, int number, List<String> accounts, long seed) {
        Random random = new Random(seed);
        int repeated = number * REPEATED_PERCENT / 100;
        int forged = number * FORGED_PERCENT / 100;
        List<Credit> credits = new ArrayList<>();
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < number - repeated - forged; i++) {
            Credit credit = new Credit(
                    "TX-" + run + "-" + i,
                    accounts.get(random.nextInt(accounts.size())),
                    1L + random.nextInt(LARGEST_UNITS));
            credits.add(credit);
            deliveries.add(told(credit, i, "evt_" + run + "_" + i, true));
        }
        for (int i = 0; i < repeated; i++) {
            int again = random.nextInt(credits.size());
            String event = i % 2 == 0 ? "evt_" + run + "_" + again : "evt_" + run + "_" + again + "_again" + i;
            insert(deliveries, told(credits.get(again), again, event, true), random);
        }
        for (int i = 0; i < forged; i++) {
            Credit nobodys = new Credit("TX-" + run + "-forged-" + i, accounts.getFirst(), LARGEST_UNITS);
            insert(deliveries, told(nobodys, -1, "evt_" + run + "_forged" + i, false), random);
        }
        for (int i = 0; i < number * LATE_PERCENT / 100; i++) {
            int from = random.nextInt(deliveries.size());
            Delivery late = deliveries.remove(from);
            deliveries.add(Math.min(deliveries.size(), from + 1 + random.nextInt(LATEST)), late);
        }
        return new DeliveryPlan(credits, deliveries);
    }

    /** How many events the bank would count: each once, however often it is delivered. */
    long events() {
        return deliveries.stream()
                .filter(Delivery::genuine)
                .map(Delivery::eventId)
                .distinct()
                .count();
    }

    private static void insert(List<Delivery> deliveries, Delivery delivery, Random random) {
        deliveries.add(random.nextInt(deliveries.size() + 1), delivery);
    }

    private static Delivery told(Credit credit, int number, String eventId, boolean genuine) {
        String amount = credit.units() / 100 + "."
                + String.valueOf(100 + credit.units() % 100).substring(1);
        String body = """
                {"id":"%s","type":"transaction.booked","timestamp":"2026-11-23T10:00:00Z","data":{"transactionId":"%s","account":"%s",\
                "direction":"CREDIT","status":"BOOKED","amount":"%s","currency":"EUR","bookingDate":"2026-11-23","valueDate":"2026-11-23",\
                "accountServicerReference":"REF-%s","endToEndId":"ORDER-%s","counterpartyName":"A customer of the store",\
                "counterpartyAccount":"NL91ABNA0417164300","remittance":"Order %s, thank you"}}""".formatted(
                        eventId,
                        credit.transactionId(),
                        credit.account(),
                        amount,
                        credit.transactionId(),
                        credit.transactionId(),
                        credit.transactionId());
        return new Delivery(eventId, body, number, genuine);
    }
}
