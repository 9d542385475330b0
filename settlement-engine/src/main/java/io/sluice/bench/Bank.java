package io.sluice.bench;

import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bank that delivers a plan as fast as it is answered, over a number of connections, and notes what was acknowledged. What is not
 * acknowledged it delivers again, as banks do; what is refused as not its own it does not.
 */
final class Bank {

    private static final WebhookSecret NOBODYS = WebhookSecret.parse("whsec_bm90IHRoZSBiYW5rJ3Mgc2VjcmV0IGF0IGFsbCE=");
    private static final int PAUSE_MILLIS = 50;

    /** What one delivery came to: the answer's status and how long it took. */
    record Answer(int delivery, int status, long nanos) {}

    /**
     * How a plan was delivered.
     *
     * @param answers the last one for each delivery
     * @param unanswered how often nobody answered, or with a failure, so that a delivery was sent again
     */
    record Delivered(List<Answer> answers, long unanswered, long nanos) {}

    private final WebhookSecret secret;
    private final int connections;
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();

    /** @param connections how many deliveries are under way at once */
    Bank(WebhookSecret secret, int connections) {
        this.secret = secret;
        this.connections = connections;
    }

    /** The deliveries of the last plan whose acknowledgement has arrived so far, by their place in it. */
    Set<Integer> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    int numberAcknowledged() {
        return acknowledged.size();
    }

    /** Delivers everything; returns when each delivery has been acknowledged or refused. */
    Delivered deliver(List<Delivery> plan, URI server, String path) throws InterruptedException {
        acknowledged.clear();
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < plan.size(); i++) {
            queue.add(i);
        }
        ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
        AtomicLong unanswered = new AtomicLong();
        List<Thread> senders = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            senders.add(Thread.ofPlatform().name("bank-", i).daemon().start(() -> {
                try (Line line = new Line(server)) {
                    for (Integer next = queue.poll(); next != null; next = queue.poll()) {
                        int delivery = next;
                        if (!send(line, path, plan.get(delivery), delivery, answers)) {
                            unanswered.incrementAndGet();
                            queue.add(delivery);
                            pause();
                        }
                    }
                }
            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        return new Delivered(List.copyOf(answers), unanswered.get(), System.nanoTime() - start);
    }

    /** Whether the delivery is over: acknowledged, or refused for good. */
    private boolean send(Line line, String path, Delivery delivery, int number, ConcurrentLinkedQueue<Answer> answers) {
        byte[] body = delivery.bytes();
        Instant now = Instant.now();
        Map<String, String> headers = Map.of(
                "webhook-id",
                delivery.eventId(),
                "webhook-timestamp",
                Long.toString(now.getEpochSecond()),
                "webhook-signature",
                StandardWebhooks.sign(delivery.genuine() ? secret : NOBODYS, delivery.eventId(), now, body));
        long start = System.nanoTime();
        int status;
        try {
            status = line.post(path, headers, body);
        } catch (IOException e) {
            return false;
        }
        long nanos = System.nanoTime() - start;
        if (status / 100 == 2) {
            answers.add(new Answer(number, status, nanos));
            acknowledged.add(number);
            return true;
        }
        if (status / 100 == 4) {
            answers.add(new Answer(number, status, nanos));
            return true;
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
