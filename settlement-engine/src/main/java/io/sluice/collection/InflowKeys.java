package io.sluice.collection;

import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.collection.InflowIdentity.Key;
import io.sluice.collection.InflowIdentity.Kind;
import io.sluice.collection.InflowIdentity.Known;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The claimed references of every inflow. All calls join the caller's transaction. */
@Component
class InflowKeys {

    private final JdbcClient db;
    private final JdbcTemplate batch;

    InflowKeys(JdbcClient db, JdbcTemplate batch) {
        this.db = db;
        this.batch = batch;
    }

    /**
     * Decides the sightings of one account, claims what is new and parks what is unclear; of two that race, one fails here and tries
     * again.
     */
    List<Decision> claim(String account, List<Sighting> sightings) {
        List<Decision> decisions = new InflowIdentity(account, known(account, sightings)).decide(sightings);
        List<Object[]> keys = new ArrayList<>();
        List<Object[]> seen = new ArrayList<>();
        List<Object[]> unclear = new ArrayList<>();
        for (Decision decision : decisions) {
            Sighting sighting = decision.sighting();
            switch (decision) {
                case Decision.Of of -> {
                    for (Key key : of.newKeys()) {
                        keys.add(
                                new Object[] {account, key.kind().name(), key.text() + "#" + key.number(), of.inflowId()
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
                        "its references are those of " + it.inflowIds().size() + " inflows"
                    });
            }
        }
        int[] claimed = batch.batchUpdate(
                "insert into inflow_key (account, kind, key, inflow_id) values (?, ?, ?, ?) on conflict do nothing",
                keys);
        for (int rows : claimed) {
            if (rows == 0) {
                throw new ConcurrencyFailureException("Another worker claimed an inflow of account " + account);
            }
        }
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

    /** Whether nothing new is told of a movement: it is known, and what is said to be booked counts already. */
    boolean isKnown(String account, Sighting sighting) {
        String text = sighting.key(Kind.MOVEMENT);
        return text != null
                && db.sql("select count(*) from inflow_key k where account = ? and kind = 'MOVEMENT' and key = ?"
                                        + " and not (? and exists (select 1 from announced_inflow a"
                                        + " where a.inflow_id = k.inflow_id and a.state <> 'BOOKED'))")
                                .params(account, text + "#1", sighting.isMoney())
                                .query(Integer.class)
                                .single()
                        == 1;
    }

    private Collection<Known> known(String account, List<Sighting> sightings) {
        List<String> kinds = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Sighting sighting : sightings) {
            for (Kind kind : Kind.values()) {
                String text = sighting.key(kind);
                if (text != null) {
                    kinds.add(kind.name());
                    texts.add(text);
                }
            }
        }
        Map<UUID, Known> known = new LinkedHashMap<>();
        db.sql("""
                        select k.kind, k.key, k.inflow_id from inflow_key k where k.inflow_id in (
                            select f.inflow_id from unnest(:kinds::text[], :texts::text[]) t(kind, text)
                            join inflow_key f on f.account = :account and f.kind = t.kind
                                and f.key > t.text collate "C" || '#' and f.key < t.text collate "C" || '$')
                        """)
                .param("account", account)
                .param("kinds", kinds.toArray(String[]::new))
                .param("texts", texts.toArray(String[]::new))
                .query(rs -> {
                    String key = rs.getString(2);
                    int hash = key.lastIndexOf('#');
                    if (!rs.getString(1).equals("REFERENCE")) { // a kind of early books
                        known.computeIfAbsent(rs.getObject(3, UUID.class), Known::new)
                                .addKey(new Key(
                                        Kind.valueOf(rs.getString(1)),
                                        key.substring(0, hash),
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
        return known.values();
    }
}
