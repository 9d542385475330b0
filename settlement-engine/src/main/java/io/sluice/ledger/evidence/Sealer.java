package io.sluice.ledger.evidence;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Seals the events behind the commits, each second or ten thousand events: no writer waits for it. It never goes past an event that may
 * still come to stand before others: one of an open transaction, or of one that has taken an index and not yet written. PostgreSQL ends
 * every transaction of ours after 30 s, so what is a minute old has nothing before it to come.
 */
@Component
class Sealer extends Worker implements MeterBinder {

    /** Of the largest events 40 MB: seconds, where a transaction may take 30. */
    private static final int LARGEST = 1_000;

    private static final int FETCH = 100;
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** Above the longest transaction (transaction_timeout), and so above the time in which a gap of the index may be filled. */
    static final Duration SETTLED = Duration.ofSeconds(60);

    private static final long LOCK = 0x5ea1; // one sealer at a time, whoever else has an engine on these books

    private final JdbcClient db;
    private final Transactions transactions;
    private final Clock clock;

    Sealer(JdbcClient db, Transactions transactions, Clock clock) {
        super("sealer");
        this.db = db;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return EVERY;
    }

    @Override
    protected boolean work() {
        return transactions.in(this::sealNext);
    }

    private boolean sealNext() {
        if (!db.sql("select pg_try_advisory_xact_lock(?)")
                .param(LOCK)
                .query(Boolean.class)
                .single()) {
            return false;
        }
        Seal last = db.sql("select " + Seal.COLUMNS + " from event_seal order by seal_no desc limit 1")
                .query((row, n) -> Seal.of(row))
                .optional()
                .orElse(null);
        long through = last == null ? 0 : last.to();
        // Before the rows: a transaction that begins in between is then taken for an open one.
        long open = Long.parseUnsignedLong(db.sql("select pg_snapshot_xmin(pg_current_snapshot())::text")
                .query(String.class)
                .single());
        List<EventRow> next = db.sql("select " + EventRow.COLUMNS
                        + " from event where global_index > ? order by global_index limit ?")
                .params(through, LARGEST)
                .withFetchSize(FETCH) // their hashes are kept, not they
                .query((row, n) -> EventRow.of(row))
                .list();
        List<EventRow> settled = settled(next, through, open);
        if (!settled.isEmpty()) {
            write(Seal.over(last, settled));
        }
        return settled.size() == LARGEST;
    }

    private List<EventRow> settled(List<EventRow> rows, long through, long open) {
        Instant longAgo = clock.instant().minus(SETTLED);
        List<EventRow> settled = new ArrayList<>(rows.size());
        long before = through;
        for (EventRow row : rows) {
            boolean follows = row.index() == before + 1 && Long.compareUnsigned(row.writtenBy(), open) < 0;
            if (!follows && row.occurredAt().isAfter(longAgo)) {
                break;
            }
            settled.add(row);
            before = row.index();
        }
        return settled;
    }

    private void write(Seal seal) {
        db.sql("insert into event_seal (" + Seal.COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        seal.number(),
                        seal.from(),
                        seal.to(),
                        seal.count(),
                        seal.root(),
                        seal.previous(),
                        seal.hash(),
                        seal.hints())
                .update();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("sluice.events.unsealed.age", this, Sealer::oldestUnsealedSeconds)
                .baseUnit("seconds")
                .description("age of the oldest event that no seal covers")
                .register(registry);
    }

    /** Zero when every event is sealed. */
    long oldestUnsealedSeconds() {
        return db.sql(
                        "select occurred_at from event where global_index > coalesce((select max(to_index) from event_seal), 0)"
                                + " order by global_index limit 1")
                .query(String.class)
                .optional()
                .map(at -> Duration.between(Instant.parse(at), clock.instant()).toSeconds())
                .orElse(0L);
    }
}
