package io.sluice.console;

import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows as the engine's projections would have written them: one agreement in euros, one store, and money on its way. */
final class ConsoleRows {

    static final String ACCOUNT = "DE42500999000000000005";
    static final String TRUST = "DE69500999000000000099";
    private static final AtomicLong NUMBER = new AtomicLong();
    private static final String HASH = "a".repeat(64);

    private final JdbcClient db;
    private final LocalDate day;

    ConsoleRows(JdbcClient db, LocalDate day) {
        this.db = db;
        this.day = day;
    }

    /** An inflow of the store that was booked at that time of the business day, not routed. */
    UUID inflow(long units, String time) {
        return inflow(units, time, "SALE", null);
    }

    /** The same of another kind, and what decided it; null for what was booked before there were rules. */
    UUID inflow(long units, String time, String kind, @Nullable String decidedBy) {
        UUID id = nextId();
        String terms = "'%s', 'EUR', %s".formatted(ACCOUNT, decidedBy == null ? "null" : "'" + decidedBy + "'");
        run("insert into inflow_terms values (inflow_terms_id(%1$s), %1$s) on conflict do nothing".formatted(terms));
        run(
                "insert into booked_inflow values ('%s', inflow_terms_id(%s), %d, '%sT%sZ', '%s', false, '%s', decode('%s', 'hex'), '')"
                        .formatted(id, terms, units, day, time, day, kind, HASH));
        return id;
    }

    /** Its parts: a tenth royalty, a thousandth fee, the rest to the merchant; answers the royalty leg. */
    UUID routed(UUID inflow, long units) {
        UUID royalty = nextId();
        run("""
                insert into division_terms
                select division_terms_id(a, s, c, h, e, p, d), a, s, c, h, e, p, d from (values ('AGR-1', 'S-1', '%s', '%s', 'EUR', '{fee,residual,royalty}'::text[],
                    '{fees.platform,merchant.residual,royalty.pool}'::text[])) t (a, s, c, h, e, p, d)
                on conflict do nothing
                """.formatted(ACCOUNT, HASH));
        run("""
                insert into division (inflow_id, terms_id, value_date, units, leg_ids)
                select '%s', terms_id, '%s', '{%d,%d,%d}', '{%s,%s,%s}' from division_terms
                """.formatted(
                inflow, day, units / 1000, units - units / 10 - units / 1000, units / 10, nextId(), nextId(), royalty));
        return royalty;
    }

    void agreement() {
        run("insert into agreement values ('AGR-1', 'Nordic Living', 'EUR', 'NORD', '%s', 'DE00FEE')".formatted(TRUST));
        run("insert into store values ('S-1', 'AGR-1', 'M-1', 'Fjord & Flax', '%s', 'P-1')".formatted(ACCOUNT));
        run(
                "insert into bank_account values ('%s', 'meridian', 'EUR', 'COLLECTION', 'Fjord & Flax'), ('%s', 'meridian', 'EUR', 'TRUST', 'Royalty trust')"
                        .formatted(ACCOUNT, TRUST));
    }

    /** The store's account closed yesterday at that; the ledger held {@code then} and has booked {@code since} today. */
    void statement(long closing, long then, long since) {
        run("insert into bank_statement values ('%s', '%s', 'ST-1', '%s', 'EUR', 0, %d, 1, '%s', now())"
                .formatted(nextId(), ACCOUNT, day.minusDays(1), closing, HASH));
        run("insert into balance values ('bank.collection/%s', '-', 'EUR', %d)".formatted(ACCOUNT, then + since));
        run("insert into balance values ('clearing.unrouted', '-', 'EUR', %d)".formatted(-then - since));
        run("insert into day_balance values ('bank.collection/%s', '-', 'EUR', '%s', '%s', %d, %d)"
                .formatted(ACCOUNT, day, day, since, Math.max(since, 0)));
    }

    void distribution(long entitled, long paid) {
        run(
                "insert into distribution values ('%s', 'AGR-1', 'EUR', '%sT16:00:00Z', 1, '%s', %d, %d, %d, 801, '%s', '%s', 'RELEASED', null)"
                        .formatted(nextId(), day, HASH, entitled, entitled, paid, HASH, HASH));
    }

    /** The leg is paid by a settled instruction of that day's order. */
    void settled(UUID leg, String kind, long units) {
        UUID order = nextId();
        UUID instruction = nextId();
        run(
                "insert into payment_order values ('%s', 'BANK', '%s', 'meridian', 'AGR-1', 'EUR', '%s', 1, %d, 'SUBMITTED', 'h', null, null, null, now())"
                        .formatted(order, ACCOUNT, day, units));
        run(
                "insert into instruction values ('%s', '%s', 0, '%s', 'AGR-1', 'P-1', '%s', %d, 'EUR', null, null, '%s', 'ACSC', null, null)"
                        .formatted(
                                instruction,
                                order,
                                kind,
                                HASH,
                                units,
                                "SL" + instruction.toString().substring(0, 30)));
        run("insert into rail_claim values ('%s', '%s')".formatted(leg, instruction));
    }

    /** A drafted mandate that waits for a second person. */
    void mandateWaits() {
        run("insert into mandate values ('%s', 'AGR-1', '{}', 'DRAFT', 'treasury', null)".formatted(HASH));
        run(
                "insert into work_item values ('MANDATE-1', 'MANDATE', '%s', 'Release for AGR-1: 2500.00 EUR a payee', 'treasury', now(), 'OPEN', null)"
                        .formatted(HASH));
    }

    void brokenAndParked() {
        run(
                "insert into reconciliation_break values ('%s', 'UNMATCHED_BANK', '%s', 's#1', 'CREDIT of 12.00 EUR matches nothing we know', '%s', null)"
                        .formatted(nextId(), ACCOUNT, day.minusDays(2)));
        run("insert into raw_evidence values ('%s', 'meridian', 'k', 'x', 1, now())".formatted(HASH));
        run(
                "insert into inbox (source, event_id, body_sha256, kind, state, reason) values ('meridian', 'evt_1', '%s', 'WEBHOOK', 'PARKED', 'MALFORMED: no amount')"
                        .formatted(HASH));
    }

    /** An inflow that is yet to be routed; held back where there is a reason. */
    void queued(@Nullable String reason, String since) {
        db.sql("insert into routing_queue (inflow_id, account, units, currency, value_date, since, reason)"
                        + " values (?, ?, 100, 'EUR', ?, now() - ?::interval, ?)")
                .params(nextId(), ACCOUNT, day, since, reason)
                .update();
    }

    private static UUID nextId() {
        return new UUID(0xC0, NUMBER.incrementAndGet());
    }

    private void run(String sql) {
        db.sql(sql).update();
    }
}
