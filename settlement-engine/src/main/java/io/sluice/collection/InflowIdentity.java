package io.sluice.collection;

import io.sluice.platform.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Decides which inflow each sighting is of: one that is known already, or a new one. Pure; the database claims what it decides.
 *
 * <p>Rules, in this order. The bank's movement id decides alone. Without one, the n-th equal reference in one source is the n-th inflow
 * of that reference. A sighting with an unknown movement id takes the first inflow of its reference that has no movement id yet (it was
 * told by a weaker source before), else it is new: two equal credits stay two. A sighting that knows no movement id never makes a
 * further inflow where its source repeats no more than what is known.
 */
final class InflowIdentity {

    static final String MOVEMENT = "MOVEMENT";
    static final String REFERENCE = "REFERENCE";

    /** A key that an inflow is known by. */
    record Key(String kind, String text) {}

    /** What one sighting turned out to be. {@code newKeys} are to be claimed for the inflow. */
    record Decision(Sighting sighting, UUID inflowId, boolean isNew, List<Key> newKeys) {}

    private final String account;
    private final Map<Key, UUID> known;
    private final Set<UUID> withMovement = new HashSet<>();
    private final Map<String, Integer> seenInSource = new HashMap<>();

    /** @param known every key that the store holds for this account that these sightings may meet */
    InflowIdentity(String account, Map<Key, UUID> known, Set<UUID> inflowsWithMovement) {
        this.account = account;
        this.known = new HashMap<>(known);
        this.withMovement.addAll(inflowsWithMovement);
    }

    List<Decision> decide(List<Sighting> sightings) {
        List<Decision> decisions = new ArrayList<>();
        for (Sighting sighting : sightings) {
            decisions.add(decide(sighting));
        }
        return decisions;
    }

    private Decision decide(Sighting sighting) {
        String movement = sighting.movementKey();
        String reference = sighting.referenceKey();
        if (movement == null) {
            // Counted per source: the same statement read again meets the same inflows.
            int nth = seenInSource.merge(sighting.evidenceSha256() + "|" + reference, 1, Integer::sum);
            Key key = new Key(REFERENCE, reference + "#" + nth);
            UUID inflow = known.get(key);
            return inflow != null ? seenAgain(sighting, inflow) : begin(sighting, List.of(key));
        }
        Key byMovement = new Key(MOVEMENT, movement);
        UUID inflow = known.get(byMovement);
        if (inflow != null) {
            return seenAgain(sighting, inflow);
        }
        int nth = 1;
        for (UUID other = known.get(new Key(REFERENCE, reference + "#1"));
                other != null;
                other = known.get(new Key(REFERENCE, reference + "#" + ++nth))) {
            if (withMovement.add(other)) {
                known.put(byMovement, other);
                return new Decision(sighting, other, false, List.of(byMovement));
            }
        }
        return begin(sighting, List.of(byMovement, new Key(REFERENCE, reference + "#" + nth)));
    }

    private Decision seenAgain(Sighting sighting, UUID inflow) {
        return new Decision(sighting, inflow, false, List.of());
    }

    private Decision begin(Sighting sighting, List<Key> keys) {
        UUID inflow = Hashes.uuid(
                "inflow", account, keys.getFirst().kind(), keys.getFirst().text());
        for (Key key : keys) {
            known.put(key, inflow);
        }
        if (sighting.movementKey() != null) {
            withMovement.add(inflow);
        }
        return new Decision(sighting, inflow, true, keys);
    }
}
