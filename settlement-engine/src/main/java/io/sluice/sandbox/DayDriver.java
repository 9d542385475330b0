package io.sluice.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Makes business days happen: live, with the clock running at its rate, or one whole day after the other as fast as the engine keeps
 * up. Every step can be repeated, so that an interrupted day is finished by playing it again.
 */
final class DayDriver {

    private static final Logger LOG = LoggerFactory.getLogger(DayDriver.class);
    private static final LocalTime OPENING = LocalTime.of(6, 0);
    private static final LocalTime RETURNS = LocalTime.of(9, 0);
    private static final LocalTime CUT_OFF = LocalTime.of(16, 0);
    private static final LocalTime HOLD = LocalTime.of(23, 40);
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Duration LIVE_PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TICK = Duration.ofMillis(60);

    private final MeridianBank bank;
    private final BusinessClock clock;
    private final SalesPlan plan;
    private final People people;
    private final Consumer<String> progress;
    private LocalDate heldFor = LocalDate.MIN;

    DayDriver(MeridianBank bank, BusinessClock clock, SalesPlan plan, People people, Consumer<String> progress) {
        this.bank = bank;
        this.clock = clock;
        this.plan = plan;
        this.people = people;
        this.progress = progress;
    }

    /** Runs until the thread is interrupted; {@code rate} is business seconds per second. */
    void live(double rate) throws InterruptedException {
        clock.run(rate);
        try {
            while (true) {
                Thread.sleep(TICK);
                try {
                    tick(rate);
                } catch (SandboxFailure e) {
                    LOG.warn("The day waits: {}", e.getMessage());
                }
            }
        } finally {
            clock.pause();
        }
    }

    private void tick(double rate) throws InterruptedException {
        LocalDate day = bank.books().day();
        Instant now = clock.instant();
        if (!now.isBefore(endOf(day))) {
            book(day, endOf(day));
            int statements = bank.statements().closeDay(day);
            progress.accept(day + " closed, " + statements + " statements.");
            return;
        }
        book(day, now);
        if (!now.isBefore(at(day, RETURNS))) {
            bank.transfers().returnWhatIsDue();
        }
        if (!now.isBefore(at(day, HOLD)) && !heldFor.equals(day)) {
            heldFor = day;
            waitForTheEngine(day, rate);
        }
    }

    /** On a slow machine the evening waits for the engine, for a while: else its orders would come after the day they are for. */
    private void waitForTheEngine(LocalDate day, double rate) throws InterruptedException {
        long deadline = System.nanoTime() + LIVE_PATIENCE.toNanos();
        clock.pause();
        while (System.nanoTime() < deadline && !answers(overview -> submitted(overview, day) ? null : "not yet")) {
            Thread.sleep(POLL);
        }
        clock.run(rate);
    }

    private boolean answers(Function<JsonNode, @org.jspecify.annotations.Nullable String> question) {
        try {
            return question.apply(people.overview()) == null;
        } catch (IOException | RuntimeException away) {
            return false;
        }
    }

    /**
     * Plays {@code count} whole business days, after finishing one that was begun. Throws {@link SandboxFailure} with one sentence when
     * the engine does not keep up.
     */
    void days(int count) throws InterruptedException {
        clock.pause();
        LocalDate day = bank.books().day();
        if (!clock.instant().isBefore(at(day, OPENING))) {
            progress.accept(day + " was begun, and is finished first.");
            play(day);
        }
        reconciled();
        for (int i = 0; i < count; i++) {
            play(bank.books().day());
        }
    }

    private void play(LocalDate day) throws InterruptedException {
        long began = System.nanoTime();
        clock.moveTo(at(day, OPENING));
        clock.moveTo(at(day, RETURNS));
        int returned = bank.transfers().returnWhatIsDue();
        clock.moveTo(at(day, CUT_OFF).minusSeconds(300));
        book(day, at(day, CUT_OFF).minusSeconds(1));
        routed(day);
        clock.moveTo(at(day, CUT_OFF).plusSeconds(300));
        await(
                day + " was paid out",
                overview -> submitted(overview, day) ? null : "progress is " + overview.path("progress"));
        clock.moveTo(at(day, LocalTime.of(20, 0)));
        book(day, endOf(day));
        routed(day);
        clock.moveTo(endOf(day));
        int statements = bank.statements().closeDay(day);
        reconciled();
        progress.accept("%s: %d sales, %d returns, %d statements, all reconciled, in %d s."
                .formatted(
                        day,
                        plan.of(day).size(),
                        returned,
                        statements,
                        Duration.ofNanos(System.nanoTime() - began).toSeconds()));
    }

    private void routed(LocalDate day) throws InterruptedException {
        await(day + "'s sales were routed", overview -> {
            long sent = bank.credits().path("credits").size();
            long received = overview.path("inflows").path("received").asLong();
            long routed = overview.path("inflows").path("routed").asLong();
            return received >= sent && routed >= sent && bank.outbox().open() == 0
                    ? null
                    : "the bank sent " + sent + " credits, received is " + received + ", routed is " + routed
                            + ", webhooks waiting " + bank.outbox().open()
                            + bank.outbox()
                                    .oldestAnswer()
                                    .map(said -> " (last answer " + said + ")")
                                    .orElse("");
        });
    }

    private void reconciled() throws InterruptedException {
        await("the books agreed with the statements", overview -> {
            long made = bank.summary().path("statements").asLong();
            long read = overview.path("statements").asLong();
            long open = overview.path("unreconciled").asLong();
            long inFlight = overview.path("progress").path("inFlight").asLong();
            return read >= made && open == 0 && inFlight == 0
                    ? null
                    : "the bank made " + made + " statements, read are " + read + ", unreconciled " + open
                            + ", in flight " + inFlight;
        });
    }

    private static boolean submitted(JsonNode overview, LocalDate day) {
        JsonNode progress = overview.path("progress");
        String cutOff = progress.path("cutOff").asString("");
        return cutOff.compareTo(day.toString()) >= 0
                && progress.path("unsubmitted").asLong(1) == 0;
    }

    /** The question answers null when it is so, else how far it is. */
    private void await(String what, Function<JsonNode, @org.jspecify.annotations.Nullable String> question)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "the engine does not answer";
        while (System.nanoTime() < deadline) {
            try {
                String missing = question.apply(people.overview());
                if (missing == null) {
                    return;
                }
                last = missing;
            } catch (IOException | EngineApi.Refused e) {
                last = String.valueOf(e.getMessage());
            }
            Thread.sleep(POLL);
        }
        throw new SandboxFailure("Not before " + PATIENCE.toSeconds() + " s had passed: " + what + "; " + last + ".");
    }

    /** Books the day's deposits that have arrived by then; those that are booked already stay as they are. */
    private void book(LocalDate day, Instant until) {
        if (!day.equals(planned)) {
            planned = day;
            waiting = plan.of(day);
        }
        while (!waiting.isEmpty() && !waiting.getFirst().at().isAfter(until)) {
            SalesPlan.Deposit deposit = waiting.getFirst();
            bank.books()
                    .deposit(
                            deposit.depositId(),
                            deposit.account(),
                            deposit.units(),
                            deposit.payerName(),
                            deposit.payerAccount(),
                            deposit.remittance());
            waiting = waiting.subList(1, waiting.size());
        }
    }

    private LocalDate planned = LocalDate.MIN;
    private List<SalesPlan.Deposit> waiting = List.of();

    private static Instant at(LocalDate day, LocalTime time) {
        return day.atTime(time).toInstant(ZoneOffset.UTC);
    }

    private static Instant endOf(LocalDate day) {
        return at(day.plusDays(1), LocalTime.MIDNIGHT);
    }
}
