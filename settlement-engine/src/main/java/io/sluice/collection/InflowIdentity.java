package io.sluice.collection;

import io.sluice.money.Money;
import io.sluice.platform.Hashes;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which inflow each sighting is of: one that is known already, or a new one. Pure; the database claims what it decides.
 *
 * <p>An inflow is known by every reference that any source gave for it, each with direction, amount and currency in it. A sighting is
 * matched by its strongest reference first: the bank's movement id, the servicer's reference, the payer's end-to-end reference, and only
 * then by what it looks like. Rules:
 *
 * <ul>
 *   <li>A source lists a credit once: two of its lines are never one inflow, however equal they are.
 *   <li>Two movement ids, two servicer references or two end-to-end references are two credits, unless a stronger one is equal.
 *   <li>Two daily statements of different days list different credits, unless the movement id says otherwise. By an end-to-end
 *       reference or by looks alone, value dates must agree too: payers use the same words every week.
 *   <li>A sighting whose references belong to several inflows is parked: somebody must look. So is one, where the bank names each
 *       movement, under the movement id of an inflow of another amount that counted by something else: one of both errs.
 *   <li>Else, a sighting whose source repeats no more than what is known is of what is known; each further one is a new inflow.
 * </ul>
 *
 * So every credit that a bank's daily statement lists is one inflow, in whatever order, how often and by whatever other messages it was
 * told; a weaker source alone can be short of one of several equal credits until the statement comes, and never has one too many.
 */
final class InflowIdentity {

    /** By what an inflow is known, the strongest first. */
    enum Kind {
        MOVEMENT,
        SERVICER,
        END_TO_END,
        LOOKS
    }

    /** Between a movement id and its amount, in the text of a {@link Kind#MOVEMENT}. */
    static final char AMOUNT = ':';

    /** A reference that one inflow is known by: the {@code number}-th inflow with this text. */
    record Key(Kind kind, String text, int number) {}

    /** A known inflow, as far as it can meet the sightings at hand. */
    static final class Known {

        private final UUID inflowId;
        private final Map<Kind, Map<String, Integer>> keys = new EnumMap<>(Kind.class);
        private final Set<LocalDate> valueDates = new HashSet<>();
        private final Set<LocalDate> statementDays = new HashSet<>();
        private final Map<String, Set<Integer>> lines = new HashMap<>();
        private final Set<Telling> told = EnumSet.noneOf(Telling.class);
        private boolean counted = true;

        Known(UUID inflowId) {
            this.inflowId = inflowId;
        }

        void addKey(Key key) {
            keys.computeIfAbsent(key.kind(), k -> new HashMap<>()).put(key.text(), key.number());
        }

        void addSighting(
                String evidenceSha256, int line, @Nullable LocalDate valueDate, @Nullable LocalDate statementDay) {
            lines.computeIfAbsent(evidenceSha256, e -> new HashSet<>()).add(line);
            if (valueDate != null) {
                valueDates.add(valueDate);
            }
            if (statementDay != null) {
                statementDays.add(statementDay);
            }
        }

        /** It is announced, in these ways, and does not count. */
        void doesNotCount(Collection<Telling> soFar) {
            counted = false;
            told.addAll(soFar);
        }

        UUID inflowId() {
            return inflowId;
        }

        /** Whether it counts, by what was told of it before or in this look, and was told by something else than this. */
        private boolean countsOtherwiseThan(Sighting sighting, AccountPolicy policy) {
            return (counted || policy.counts(told)) && !lines.containsKey(sighting.evidenceSha256());
        }

        /** A source lists a credit once: what it listed on another line is another credit. */
        private boolean isOnAnotherLineOf(Sighting sighting) {
            Set<Integer> listed = lines.get(sighting.evidenceSha256());
            return listed != null && !listed.contains(sighting.line());
        }

        private Map<String, Integer> texts(Kind kind) {
            return keys.getOrDefault(kind, Map.of());
        }
    }

    /** What one sighting turned out to be. */
    sealed interface Decision {

        Sighting sighting();

        /** {@code newKeys} are to be claimed for the inflow. */
        record Of(Sighting sighting, UUID inflowId, boolean isNew, List<Key> newKeys) implements Decision {}

        /**
         * Its references are those of several inflows, or of one that it cannot be.
         *
         * @param why in words for people; nothing personal
         */
        record Unclear(Sighting sighting, Set<UUID> inflowIds, String why) implements Decision {}
    }

    private final String account;
    private final Map<UUID, Known> inflows = new LinkedHashMap<>();
    private final Map<Kind, Map<String, TreeSet<Numbered>>> byText = new EnumMap<>(Kind.class);
    private final AccountPolicy policy;
    private final boolean movementsAreNamed;
    private final Map<String, Map<String, Known>> byMovement = new HashMap<>();

    private record Numbered(int number, UUID inflowId) implements Comparable<Numbered> {
        @Override
        public int compareTo(Numbered other) {
            return Comparator.comparingInt(Numbered::number)
                    .thenComparing(Numbered::inflowId)
                    .compare(this, other);
        }
    }

    /**
     * @param known every inflow of this account that shares a reference with one of the sightings, with all that it is known by
     * @param policy says which of them count, where what is told at once tells of one movement with two amounts
     * @param movementsAreNamed whether the bank gives each movement an id of its own; then those of other amounts under it are known too
     */
    InflowIdentity(String account, AccountPolicy policy, Collection<Known> known, boolean movementsAreNamed) {
        this.account = account;
        this.policy = policy;
        this.movementsAreNamed = movementsAreNamed;
        for (Known inflow : known) {
            inflows.put(inflow.inflowId, inflow);
            inflow.keys.forEach(
                    (kind, texts) -> texts.forEach((text, number) -> index(new Key(kind, text, number), inflow)));
        }
    }

    private void index(Key key, Known inflow) {
        index(key.kind(), key.text()).add(new Numbered(key.number(), inflow.inflowId));
        if (key.kind() == Kind.MOVEMENT && movementsAreNamed) {
            byMovement
                    .computeIfAbsent(movement(key.text()), id -> new LinkedHashMap<>())
                    .put(key.text(), inflow);
        }
    }

    /** Of the text of a movement, without its amount; all of it where books from before have none in it. */
    static String movement(String text) {
        int at = text.indexOf(AMOUNT);
        return at < 0 ? text : text.substring(0, at);
    }

    private TreeSet<Numbered> index(Kind kind, String text) {
        return byText.computeIfAbsent(kind, k -> new HashMap<>()).computeIfAbsent(text, t -> new TreeSet<>());
    }

    /** In the order of the sightings. Those of one source must be together. */
    List<Decision> decide(List<Sighting> sightings) {
        List<Decision> decisions = new ArrayList<>();
        for (int from = 0; from < sightings.size(); ) {
            int to = from + 1;
            String source = sightings.get(from).evidenceSha256();
            while (to < sightings.size() && sightings.get(to).evidenceSha256().equals(source)) {
                to++;
            }
            decisions.addAll(decideSource(sightings.subList(from, to)));
            from = to;
        }
        return decisions;
    }

    /** The strongest references of the whole source are matched before the weaker ones, so that none takes what is another's. */
    private List<Decision> decideSource(List<Sighting> source) {
        @Nullable Decision[] decisions = new Decision[source.size()];
        // Who says more chooses first: who says less fits more.
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, source.size()).boxed().toList());
        order.sort(Comparator.comparingInt((Integer i) -> -source.get(i).keys()));
        for (int i : order) {
            decisions[i] = contradiction(source.get(i)).orElse(null);
        }
        for (Kind kind : Kind.values()) {
            for (int i : order) {
                if (decisions[i] == null) {
                    decisions[i] = match(source.get(i), kind).orElse(null);
                }
            }
        }
        List<Decision> all = new ArrayList<>(decisions.length);
        for (int i = 0; i < decisions.length; i++) {
            Decision decision = decisions[i];
            all.add(decision != null ? decision : begin(source.get(i)));
        }
        return all;
    }

    /** One movement is one credit: where the bank names each and tells it with two amounts, one of them errs. */
    private Optional<Decision> contradiction(Sighting sighting) {
        String text = sighting.key(Kind.MOVEMENT);
        if (text == null || !movementsAreNamed || !sighting.isMoney()) {
            return Optional.empty();
        }
        Map<String, Known> same = byMovement.getOrDefault(movement(text), Map.of());
        if (same.containsKey(text)) {
            return Optional.empty();
        }
        String currency = sighting.entry().currency();
        for (Map.Entry<String, Known> other : same.entrySet()) {
            if (other.getValue().countsOtherwiseThan(sighting, policy)) {
                String counted = other.getKey().substring(other.getKey().indexOf(AMOUNT) + 1);
                return Optional.of(new Decision.Unclear(
                        sighting,
                        Set.of(other.getValue().inflowId),
                        "has the movement id of a credit of " + Money.of(Long.parseLong(counted), currency)
                                + " that counts, while "
                                + (sighting.statementDay() != null ? "the daily statement" : "a notice")
                                + " says "
                                + Money.of(sighting.units(), currency)));
            }
        }
        return Optional.empty();
    }

    private Optional<Decision> match(Sighting sighting, Kind kind) {
        Known best = candidate(sighting, kind);
        if (best == null) {
            return Optional.empty();
        }
        if (kind == Kind.SERVICER && sighting.key(Kind.END_TO_END) != null) {
            Known other = candidate(sighting, Kind.END_TO_END);
            if (other != null && other != best && best.texts(Kind.END_TO_END).isEmpty()) {
                Set<UUID> both = new LinkedHashSet<>(List.of(best.inflowId, other.inflowId));
                return Optional.of(
                        new Decision.Unclear(sighting, both, "carries the references of 2 inflows, which may be one"));
            }
        }
        return Optional.of(new Decision.Of(sighting, best.inflowId, false, learn(best, sighting)));
    }

    /** The inflow with this reference that the sighting can be of: one with the end-to-end reference too before others, then the first. */
    private @Nullable Known candidate(Sighting sighting, Kind kind) {
        String text = sighting.key(kind);
        if (text == null) {
            return null;
        }
        String endToEnd = sighting.key(Kind.END_TO_END);
        Known first = null;
        for (Numbered numbered : byText.getOrDefault(kind, Map.of()).getOrDefault(text, new TreeSet<>())) {
            Known known = Objects.requireNonNull(inflows.get(numbered.inflowId()));
            if (compatible(sighting, known, kind)) {
                if (endToEnd == null || known.texts(Kind.END_TO_END).containsKey(endToEnd)) {
                    return known;
                }
                first = first == null ? known : first;
            }
        }
        return first;
    }

    private static boolean compatible(Sighting sighting, Known known, Kind shared) {
        if (known.isOnAnotherLineOf(sighting)) {
            return false;
        }
        if (shared == Kind.MOVEMENT) {
            return true;
        }
        for (Kind stronger : new Kind[] {Kind.MOVEMENT, Kind.SERVICER, Kind.END_TO_END}) {
            String mine = sighting.key(stronger);
            if (mine != null
                    && !known.texts(stronger).isEmpty()
                    && !known.texts(stronger).containsKey(mine)) {
                return false;
            }
        }
        LocalDate day = sighting.statementDay();
        if (day != null && !known.statementDays.isEmpty() && !known.statementDays.contains(day)) {
            return false;
        }
        LocalDate valueDate = sighting.entry().valueDate();
        return shared == Kind.SERVICER
                || valueDate == null
                || known.valueDates.isEmpty()
                || known.valueDates.contains(valueDate);
    }

    /** What the sighting tells that was not known of the inflow yet. */
    private List<Key> learn(Known known, Sighting sighting) {
        known.addSighting(
                sighting.evidenceSha256(), sighting.line(), sighting.knownValueDate(), sighting.statementDay());
        known.told.add(Telling.of(sighting));
        List<Key> learnt = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            String text = sighting.key(kind);
            if (text != null && !known.texts(kind).containsKey(text)) {
                Key key = next(kind, text);
                known.addKey(key);
                index(key, known);
                learnt.add(key);
            }
        }
        return learnt;
    }

    private Decision begin(Sighting sighting) {
        Kind strongest = Kind.LOOKS;
        for (Kind kind : Kind.values()) {
            if (sighting.key(kind) != null) {
                strongest = kind;
                break;
            }
        }
        Key name = next(strongest, Objects.requireNonNull(sighting.key(strongest)));
        UUID inflowId = Hashes.uuid("inflow", account, name.kind().name(), name.text() + "#" + name.number());
        Known known = new Known(inflowId);
        known.doesNotCount(List.of()); // but by what this sighting says
        inflows.put(inflowId, known);
        return new Decision.Of(sighting, inflowId, true, learn(known, sighting));
    }

    private Key next(Kind kind, String text) {
        TreeSet<Numbered> numbered = index(kind, text);
        return new Key(kind, text, numbered.isEmpty() ? 1 : numbered.last().number() + 1);
    }
}
