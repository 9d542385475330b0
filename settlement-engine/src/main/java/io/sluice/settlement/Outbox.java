package io.sluice.settlement;

import io.sluice.bank.TransferBatch;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.settlement.SettlementEvent.Rail;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Orders that must leave the house, with the bytes that were approved (RELIABILITY 3.4). A sender leases a row and gets a fence; an
 * attempt is committed before the call; an outcome counts only under the fence it was leased with. A row whose attempt has no outcome is
 * asked about, never sent again.
 */
@Component
public class Outbox {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** What a sender has leased. {@code ask}: an earlier attempt has no known outcome. */
    public record Leased(
            UUID orderId,
            Rail rail,
            String lane,
            byte[] body,
            int attempt,
            long fence,
            boolean ask,
            @Nullable Instant firstSent) {}

    private static final String NOTHING = Hashes.sha256(new byte[0]);

    private final JdbcClient db;
    private final Evidence evidence;
    private final BusinessClock clock;
    private final Transactions transactions;
    private final JsonMapper json = JsonMapper.builder().build();
    private final String owner =
            ProcessHandle.current().pid() + "@" + Instant.now().toEpochMilli();

    Outbox(JdbcClient db, Evidence evidence, BusinessClock clock, Transactions transactions) {
        this.db = db;
        this.evidence = evidence;
        this.clock = clock;
        this.transactions = transactions;
    }

    byte[] write(TransferBatch order) {
        return json.writeValueAsBytes(order);
    }

    public TransferBatch readTransfers(Leased leased) {
        return json.readValue(leased.body(), TransferBatch.class);
    }

    void add(UUID orderId, Rail rail, String lane, byte[] body) {
        String keyName = "outbox/" + orderId;
        db.sql(
                        "insert into outbox (order_id, rail, lane, body, body_sha256, key_name, state) values (?, ?, ?, ?, ?, ?, 'WAITING')")
                .params(orderId, rail.name(), lane, evidence.seal(keyName, body), Hashes.sha256(body), keyName)
                .update();
    }

    /** The order was released; one that waits for coins stays until {@link #ready}. */
    void open(UUID orderId, boolean waitsForFunds) {
        if (!waitsForFunds) {
            ready(orderId);
        }
    }

    public void ready(UUID orderId) {
        db.sql("update outbox set state = 'READY' where order_id = ? and state = 'WAITING'")
                .param(orderId)
                .update();
    }

    /** The order will not go out after all: what it waited for was refused. */
    void withdraw(UUID orderId) {
        db.sql("update outbox set state = 'DONE', note = 'withdrawn' where order_id = ? and state = 'WAITING'")
                .param(orderId)
                .update();
    }

    /** Leases the next row of a rail that is due, oldest first, and commits the attempt. Own transaction. */
    public Optional<Leased> lease(Rail rail) {
        return transactions.in(() -> {
            record Row(
                    UUID orderId,
                    String lane,
                    byte[] body,
                    String keyName,
                    String sha256,
                    String state,
                    int attempt,
                    @Nullable Instant firstSent) {}
            Optional<Row> due = db.sql(
                            "select order_id, lane, body, key_name, body_sha256, state, attempt, first_sent from outbox"
                                    + " where rail = ? and state in ('READY', 'ATTEMPTED', 'UNKNOWN') and next_at <= now()"
                                    + " and (lease_until is null or lease_until < now())"
                                    // Nothing new leaves a frozen account; what has left it is still asked about.
                                    + " and (state <> 'READY' or not exists (select 1 from payment_order p"
                                    + " join release_freeze f on f.account = p.account and f.lifted_at is null"
                                    + " where p.order_id = outbox.order_id))"
                                    + " order by position limit 1 for update skip locked")
                    .param(rail.name())
                    .query((rs, n) -> new Row(
                            rs.getObject(1, UUID.class),
                            rs.getString(2),
                            rs.getBytes(3),
                            rs.getString(4),
                            rs.getString(5),
                            rs.getString(6),
                            rs.getInt(7),
                            rs.getTimestamp(8) == null
                                    ? null
                                    : rs.getTimestamp(8).toInstant()))
                    .optional();
            if (due.isEmpty()) {
                return Optional.empty();
            }
            Row row = due.get();
            boolean ask = !row.state().equals("READY");
            int attempt = ask ? row.attempt() : row.attempt() + 1;
            Instant firstSent = row.firstSent() == null ? clock.now() : row.firstSent();
            long fence = db.sql(
                            "update outbox set state = ?, attempt = ?, fence = fence + 1, lease_owner = ?,"
                                    + " lease_until = now() + make_interval(secs => ?), first_sent = ? where order_id = ? returning fence")
                    .params(
                            ask ? "UNKNOWN" : "ATTEMPTED",
                            attempt,
                            owner,
                            (double) LEASE.toSeconds(),
                            firstSent.atOffset(ZoneOffset.UTC),
                            row.orderId())
                    .query(Long.class)
                    .single();
            if (!ask && !row.sha256().equals(NOTHING)) {
                db.sql("insert into outbox_attempt (order_id, attempt, fence, body_sha256) values (?, ?, ?, ?)")
                        .params(row.orderId(), attempt, fence, row.sha256())
                        .update();
            }
            byte[] body = evidence.open(row.keyName(), row.body())
                    .orElseThrow(
                            () -> new IllegalStateException("The bytes of order " + row.orderId() + " were erased"));
            return Optional.of(new Leased(row.orderId(), rail, row.lane(), body, attempt, fence, ask, row.firstSent()));
        });
    }

    /** Fixes the bytes of a row that was made without, just before its first sending. False when the lease was lost. */
    public boolean freeze(Leased leased, byte[] body) {
        return transactions.in(() -> {
            String sha256 = Hashes.sha256(body);
            int rows = db.sql(
                            "update outbox set body = ?, body_sha256 = ? where order_id = ? and fence = ? and body_sha256 = ?")
                    .params(
                            evidence.seal("outbox/" + leased.orderId(), body),
                            sha256,
                            leased.orderId(),
                            leased.fence(),
                            NOTHING)
                    .update();
            if (rows == 1) {
                db.sql("insert into outbox_attempt (order_id, attempt, fence, body_sha256) values (?, ?, ?, ?)")
                        .params(leased.orderId(), leased.attempt(), leased.fence(), sha256)
                        .update();
            }
            return rows == 1;
        });
    }

    /** Definite: the row leaves the outbox. False when the lease was lost meanwhile; then nothing may be recorded. */
    public boolean done(Leased leased) {
        return change(leased, "DONE", Duration.ZERO, "");
    }

    /** No proof either way: asked about later, with a pause that grows. */
    public boolean unknown(Leased leased, String why, int asked) {
        Duration pause = Duration.ofSeconds(Math.min(LONGEST_PAUSE.toSeconds(), 2L << Math.min(asked, 10)));
        return change(leased, "UNKNOWN", pause, asked + ": " + why);
    }

    /** Proved not to be there, and young enough for the bank to remember the key: the same bytes may be sent again. */
    public boolean again(Leased leased, Duration pause, String why) {
        return change(leased, "READY", pause, why);
    }

    /** What it waited for before it is tried again is there now. */
    void hasten(UUID orderId) {
        db.sql("update outbox set next_at = now() where order_id = ? and state = 'READY'")
                .param(orderId)
                .update();
    }

    /** A person must find out. */
    public boolean park(Leased leased, String why) {
        return change(leased, "PARKED", Duration.ZERO, why);
    }

    /** How often an unknown row was asked about. */
    public int asked(Leased leased) {
        String note = db.sql("select coalesce(note, '') from outbox where order_id = ?")
                .param(leased.orderId())
                .query(String.class)
                .single();
        int colon = note.indexOf(':');
        return colon > 0 && note.substring(0, colon).chars().allMatch(Character::isDigit)
                ? Integer.parseInt(note.substring(0, colon)) + 1
                : 1;
    }

    /** How often its bytes were sent, this time included. */
    public int sendings(Leased leased) {
        return db.sql("select count(*) from outbox_attempt where order_id = ?")
                .param(leased.orderId())
                .query(Integer.class)
                .single();
    }

    private boolean change(Leased leased, String state, Duration pause, String note) {
        return db.sql("update outbox set state = ?, note = ?, lease_until = null,"
                                + " next_at = now() + make_interval(secs => ?) where order_id = ? and fence = ?")
                        .params(state, note, (double) pause.toMillis() / 1000, leased.orderId(), leased.fence())
                        .update()
                == 1;
    }
}
