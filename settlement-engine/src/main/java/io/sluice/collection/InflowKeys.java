package io.sluice.collection;

import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.collection.InflowIdentity.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    /** Decides the sightings of one account and claims what is new; of two that race, one fails here and tries again. */
    List<Decision> claim(String account, List<Sighting> sightings) {
        Map<Key, UUID> known = known(account, sightings);
        List<Decision> decisions = new InflowIdentity(account, known, withMovement(known)).decide(sightings);
        List<Object[]> keys = new ArrayList<>();
        for (Decision decision : decisions) {
            for (Key key : decision.newKeys()) {
                keys.add(new Object[] {account, key.kind(), key.text(), decision.inflowId()});
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
                "insert into sighting (inflow_id, evidence_sha256, line_no, source) values (?, ?, ?, ?) on conflict do nothing",
                decisions.stream()
                        .map(d -> new Object[] {
                            d.inflowId(),
                            d.sighting().evidenceSha256(),
                            d.sighting().line(),
                            d.sighting().source()
                        })
                        .toList());
        return decisions;
    }

    private Map<Key, UUID> known(String account, List<Sighting> sightings) {
        String[] movements = sightings.stream()
                .map(Sighting::movementKey)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
        String[] references =
                sightings.stream().map(Sighting::referenceKey).distinct().toArray(String[]::new);
        Map<Key, UUID> known = new HashMap<>();
        db.sql("""
                        select k.kind, k.key, k.inflow_id from inflow_key k
                        where k.account = :account and k.kind = 'MOVEMENT' and k.key = any(:movements)
                        union all
                        select k.kind, k.key, k.inflow_id from unnest(:references::text[]) r(reference)
                        join inflow_key k on k.account = :account and k.kind = 'REFERENCE'
                            and k.key > r.reference collate "C" || '#' and k.key < r.reference collate "C" || '$'
                        """)
                .param("account", account)
                .param("movements", movements)
                .param("references", references)
                .query(rs -> {
                    known.put(new Key(rs.getString(1), rs.getString(2)), rs.getObject(3, UUID.class));
                });
        return known;
    }

    private Set<UUID> withMovement(Map<Key, UUID> known) {
        if (known.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(
                db.sql("select inflow_id from inflow_key where kind = 'MOVEMENT' and inflow_id = any(:ids)")
                        .param("ids", known.values().toArray(UUID[]::new))
                        .query(UUID.class)
                        .list());
    }
}
