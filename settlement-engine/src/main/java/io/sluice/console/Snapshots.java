package io.sluice.console;

import io.sluice.platform.BusinessClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one {@link View} that all viewers share. It is computed when somebody looks, at most once a second, and never more than a tenth of
 * the time: when the tables grow and the queries slow down, the page grows older instead of the database busier.
 */
@Component
class Snapshots {

    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);
    private static final Duration BOOKED_WITHIN = Duration.ofSeconds(20);
    private static final int REST = 9;
    private static final int TIMEOUT_SECONDS = 10;

    private final FlowToday flow;
    private final LastInflows inflows;
    private final BalanceSheet sheet;
    private final LastDistributions distributions;
    private final WaitingForSomeone waiting;
    private final EngineHealth health;
    private final BusinessClock business;
    private final Clock clock;
    private final TransactionTemplate reading;
    private @Nullable View last;
    private Instant validUntil = Instant.EPOCH;
    private @Nullable Instant differsSince;

    Snapshots(
            FlowToday flow,
            LastInflows inflows,
            BalanceSheet sheet,
            LastDistributions distributions,
            WaitingForSomeone waiting,
            EngineHealth health,
            BusinessClock business,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.flow = flow;
        this.inflows = inflows;
        this.sheet = sheet;
        this.distributions = distributions;
        this.waiting = waiting;
        this.health = health;
        this.business = business;
        this.clock = clock;
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ); // every number as of one moment
        reading.setTimeout(TIMEOUT_SECONDS);
    }

    /** The current view, computed now when the last one is too old. */
    synchronized View current() {
        Instant begun = clock.instant();
        View view = last;
        if (view == null || !begun.isBefore(validUntil)) {
            view = compute(begun);
            Duration took = Duration.between(begun, clock.instant());
            Duration life = took.multipliedBy(REST);
            validUntil = clock.instant()
                    .plus(life.compareTo(SHORTEST_LIFE) > 0 ? life : SHORTEST_LIFE.minus(Duration.ofMillis(50)));
            last = view;
        }
        return view;
    }

    /** Somebody changed something here: the next look computes anew. */
    synchronized void forget() {
        validUntil = Instant.EPOCH;
    }

    @SuppressWarnings("NullAway") // the template answers what the work answered
    private View compute(Instant begun) {
        return reading.execute(status -> {
            Instant now = business.now();
            Sheet balances = sheet.now();
            Health engine = health.now();
            return View.of(
                    now,
                    flow.newest(business.today()),
                    inflows.list(),
                    balances,
                    distributions.list(),
                    waiting.now(),
                    engine,
                    booking(begun, balances, engine));
        });
    }

    /** A statement is compared, and a block is final, a moment before the ledger has read of it. */
    private boolean booking(Instant now, Sheet balances, Health engine) {
        if (balances.differences() == 0) {
            differsSince = null;
            return false;
        }
        Instant since = differsSince == null ? now : differsSince;
        differsSince = since;
        return engine.eventsBehind() > 0 || now.isBefore(since.plus(BOOKED_WITHIN));
    }
}
