package io.sluice.collection;

import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.collection.InflowIdentity.Key;
import io.sluice.collection.InflowIdentity.Kind;
import io.sluice.collection.InflowIdentity.Known;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The claimed references of every inflow. All calls join the caller's transaction. */
@Component
class InflowKeys {

    /** The kind of movements in books from before {@code V035}. */
    static final String EARLY = "EARLY_MOVEMENT";

    private final JdbcClient db;
    private final JdbcTemplate batch;

    InflowKeys(JdbcClient db, JdbcTemplate batch) {
        this.db = db;
        this.batch = batch;
    }

    /**
     * Decides the sightings of one account, claims what is new and parks what is unclear; of two that race, one waits here for the other,
     * and then knows what it claimed. A movement that is told with two amounts has two keys, which alone would not keep them apart.
     *
     * @param movementsAreNamed whether the account's bank gives each movement an id of its own
     */
    List<Decision> claim(BankAccount owner, List<Sighting> sightings, boolean movementsAreNamed) {
        String account = owner.account();
        db.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                .param("inflows of " + account)
                .query((rs, n) -> n)
                .single();
        Collection<Known> known = known(account, sightings, movementsAreNamed);
        List<Decision> decisions =
                new InflowIdentity(account, owner.policy(), known, movementsAreNamed).decide(sightings);
        List<String[]> keys = new ArrayList<>();
        List<Object[]> seen = new ArrayList<>();
        List<Object[]> unclear = new ArrayList<>();
        for (Decision decision : decisions) {
            Sighting sighting = decision.sighting();
            switch (decision) {
                case Decision.Of of -> {
                    for (Key key : of.newKeys()) {
                        keys.add(new String[] {
                            key.kind().name(),
                            key.text() + "#" + key.number(),
                            of.inflowId().toString()
                        });
                    }
                    seen.add(new Object[] {
                        of.inflowId(),
                        sighting.evidenceSha256(),
                        sighting.line(),
                        sighting.source(),
                        sighting.knownValueDate(),
                        sighting.statementDay()
                    });
                }
                case Decision.Unclear it ->
                    unclear.add(new Object[] {
                        sighting.evidenceSha256(),
                        sighting.line(),
                        account,
                        sighting.source(),
                        sighting.units(),
                        sighting.entry().currency(),
                        it.inflowIds().toArray(UUID[]::new),
                        "it " + it.why()
                    });
            }
        }
        claim(account, keys);
        batch.batchUpdate(
                "insert into sighting (inflow_id, evidence_sha256, line_no, source, value_date, statement_day)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict do nothing",
                seen);
        batch.batchUpdate(
                "insert into parked_sighting (evidence_sha256, line_no, account, source, units, currency, inflow_ids, reason)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                unclear);
        return decisions;
    }

    /**
     * All of them, or an exception. In one statement, whose count is exact: the driver rewrites a batch of inserts and then says of each
     * that it did something when any did, so that a key which another took would go unseen.
     *
     * @param keys kind, key, inflow
     */
    private void claim(String account, List<String[]> keys) {
        int claimed = db.sql("insert into inflow_key (account, kind, key, inflow_id)"
                        + " select :account, kind, key, inflow_id from unnest(:kinds::text[], :keys::text[], :ids::uuid[])"
                        + " t(kind, key, inflow_id) on conflict do nothing")
                .param("account", account)
                .param("kinds", column(keys, 0))
                .param("keys", column(keys, 1))
                .param("ids", column(keys, 2))
                .update();
        if (claimed != keys.size()) {
            throw new ConcurrencyFailureException("Another worker claimed an inflow of account " + account);
        }
    }

    private static String[] column(List<String[]> rows, int at) {
        return rows.stream().map(row -> row[at]).toArray(String[]::new);
    }

    /** Whether nothing new is told of a movement: it is known, and what is said to be booked counts already. */
    boolean isKnown(String account, Sighting sighting) {
        String text = sighting.key(Kind.MOVEMENT);
        return text != null
                && db.sql("select count(*) from inflow_key k where account = ? and (kind = 'MOVEMENT' and key = ?"
                                        + " or kind = '" + EARLY + "' and key = ?)"
                                        + " and not (? and exists (select 1 from announced_inflow a"
                                        + " where a.inflow_id = k.inflow_id and a.state <> 'BOOKED'))")
                                .params(account, text + "#1", sighting.earlyMovement() + "#1", sighting.isMoney())
                                .query(Integer.class)
                                .single()
                        > 0;
    }

    /** What to look for: the keys of a kind from one text to another. */
    private static final class Wanted {

        private final List<String> kinds = new ArrayList<>();
        private final List<String> from = new ArrayList<>();
        private final List<String> to = new ArrayList<>();

        void add(String kind, String text) {
            add(kind, text + "#", text + "$");
        }

        void add(String kind, String first, String last) {
            kinds.add(kind);
            from.add(first);
            to.add(last);
        }
    }

    private Collection<Known> known(String account, List<Sighting> sightings, boolean movementsAreNamed) {
        Wanted wanted = new Wanted();
        Map<String, String> movements = new HashMap<>();
        Set<String> told = new HashSet<>();
        for (Sighting sighting : sightings) {
            for (Kind kind : Kind.values()) {
                String text = sighting.key(kind);
                if (text != null && kind == Kind.MOVEMENT && movementsAreNamed) {
                    String id = InflowIdentity.movement(text) + InflowIdentity.AMOUNT;
                    wanted.add(kind.name(), id, id + "~");
                    told.add(text);
                } else if (text != null) {
                    wanted.add(kind.name(), text);
                }
            }
        }
        if (hasEarly(account)) {
            for (Sighting sighting : sightings) {
                String early = sighting.earlyMovement();
                if (early != null) {
                    wanted.add(EARLY, early);
                    movements.put(early, Objects.requireNonNull(sighting.key(Kind.MOVEMENT)));
                }
            }
        }
        Map<UUID, Known> known = new LinkedHashMap<>();
        Set<UUID> otherwise = new HashSet<>();
        db.sql("""
                        select k.kind, k.key, k.inflow_id from inflow_key k where k.inflow_id in (
                            select f.inflow_id from unnest(:kinds::text[], :from::text[], :to::text[]) t(kind, low, high)
                            join inflow_key f on f.account = :account and f.kind = t.kind
                                and f.key > t.low collate "C" and f.key < t.high collate "C")
                        """)
                .param("account", account)
                .param("kinds", wanted.kinds.toArray(String[]::new))
                .param("from", wanted.from.toArray(String[]::new))
                .param("to", wanted.to.toArray(String[]::new))
                .query(rs -> {
                    String key = rs.getString(2);
                    int hash = key.lastIndexOf('#');
                    String text = key.substring(0, hash);
                    boolean early = rs.getString(1).equals(EARLY);
                    if (rs.getString(1).equals(Kind.MOVEMENT.name()) && !told.contains(text)) {
                        otherwise.add(rs.getObject(3, UUID.class));
                    }
                    if (!rs.getString(1).equals("REFERENCE")) { // a kind of early books
                        known.computeIfAbsent(rs.getObject(3, UUID.class), Known::new)
                                .addKey(new Key(
                                        early ? Kind.MOVEMENT : Kind.valueOf(rs.getString(1)),
                                        early ? movements.getOrDefault(text, text) : text,
                                        Integer.parseInt(key.substring(hash + 1))));
                    }
                });
        if (!known.isEmpty()) {
            db.sql("select inflow_id, evidence_sha256, line_no, value_date, statement_day from sighting"
                            + " where inflow_id = any(:ids)")
                    .param("ids", known.keySet().toArray(UUID[]::new))
                    .query(rs -> {
                        Objects.requireNonNull(known.get(rs.getObject(1, UUID.class)))
                                .addSighting(
                                        rs.getString(2),
                                        rs.getInt(3),
                                        rs.getObject(4, LocalDate.class),
                                        rs.getObject(5, LocalDate.class));
                    });
        }
        if (movementsAreNamed && !otherwise.isEmpty()) {
            markWaiting(known, otherwise);
        }
        return known.values();
    }

    /** Those that do not count contradict nothing: by their policy, what is told otherwise may be what counts. */
    private void markWaiting(Map<UUID, Known> known, Set<UUID> otherwise) {
        db.sql(
                        "select inflow_id, array_to_string(told, ',') from announced_inflow where inflow_id = any(:ids) and state <> 'BOOKED'")
                .param("ids", otherwise.toArray(UUID[]::new))
                .query(rs -> {
                    Objects.requireNonNull(known.get(rs.getObject(1, UUID.class)))
                            .doesNotCount(Stream.of(rs.getString(2).split(","))
                                    .map(Telling::valueOf)
                                    .toList());
                });
    }

    /** Whether the account has movements from before their amount stood behind the hash. */
    private boolean hasEarly(String account) {
        return db.sql("select exists (select 1 from inflow_key where account = ? and kind = '" + EARLY + "')")
                .param(account)
                .query(Boolean.class)
                .single();
    }
}
