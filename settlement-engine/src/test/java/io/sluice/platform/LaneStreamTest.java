package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each lane sees each event once, in whatever order events are committed, read and handled, and wherever it is stopped and goes on. */
class LaneStreamTest {

    private static final int SEQUENCES = Integer.getInteger("sluice.sequences", 2_000);
    private static final int INDEXES = 60;
    private static final int KEPT = 8;

    /** Axon's JDBC store as far as reading goes: indexes are given out in order, and are visible in any. */
    private static final class Store extends InMemoryEventStorageEngine {

        private final SortedSet<Long> visible = new TreeSet<>();

        /** Of what was rolled back below this index nothing will come: gaps that are as old are forgotten. */
        private long givenUp = Long.MIN_VALUE;

        private int reads;

        @Override
        public Stream<? extends TrackedEventMessage<?>> readEvents(@Nullable TrackingToken after, boolean mayBlock) {
            reads++;
            List<TrackedEventMessage<?>> found = new ArrayList<>();
            GapAwareTrackingToken token = (GapAwareTrackingToken) after;
            if (token != null && givenUp > Long.MIN_VALUE) {
                long filled = token.getGaps().stream()
                        .filter(visible::contains)
                        .findFirst()
                        .orElse(givenUp); // which is to be read yet
                token = token.withGapsTruncatedAt(Math.min(filled, givenUp));
            }
            GapAwareTrackingToken from = token;
            for (long index : visible) {
                if (from == null || index > from.getIndex() || from.getGaps().contains(index)) {
                    token = token == null
                            ? GapAwareTrackingToken.newInstance(
                                    index, LongStream.range(0, index).boxed().toList())
                            : token.advanceTo(index, 10_000);
                    found.add(new GenericTrackedEventMessage<>(token, new GenericEventMessage<>(index)));
                }
            }
            return found.stream();
        }

        /** As Axon has it: without the gaps of transactions that are under way. */
        @Override
        public @Nullable TrackingToken createHeadToken() {
            return visible.isEmpty() ? null : GapAwareTrackingToken.newInstance(visible.last(), List.of());
        }
    }

    /** A lane, and what it has handled: with its token, as in one transaction. */
    private static final class Lane {

        private LaneStream stream;
        private @Nullable TrackingToken token;
        private final Map<Long, Integer> handled = new HashMap<>();

        Lane(LaneStream stream, @Nullable TrackingToken token) {
            this.stream = stream;
            this.token = token;
        }

        boolean handle() throws InterruptedException {
            if (!stream.hasNextAvailable()) {
                return false;
            }
            TrackedEventMessage<?> event = stream.nextAvailable();
            handled.merge((Long) event.getPayload(), 1, Integer::sum);
            assertThat(token != null && token.covers(event.trackingToken()))
                    .as("Axon would take %s for handled after %s", event.trackingToken(), token)
                    .isFalse();
            token = event.trackingToken();
            return true;
        }
    }

    @Test
    void everyLaneSeesEveryEventOnceInWhateverOrderTheyAreCommitted() throws InterruptedException {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("Lanes: " + SEQUENCES + " sequences, first seed " + seed);
        int shared = 0;
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            shared += sequence(seed + sequence);
        }
        assertThat(shared)
                .as("lanes that read nothing from the store in the end")
                .isGreaterThan(SEQUENCES);
    }

    /** Answers how many lanes read the tail when all is quiet. */
    private static int sequence(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Store store = new Store();
        List<Long> underWay = new ArrayList<>();
        long next = random.nextInt(2);
        long lastRolledBack = -1;
        for (int before = random.nextInt(10); before > 0; before--) {
            store.visible.add(next++);
        }
        EventTail tail = new EventTail(store.createHeadToken(), KEPT);
        List<Lane> lanes = new ArrayList<>();
        for (int lane = 0; lane < 3; lane++) {
            lanes.add(new Lane(new LaneStream(store, tail, null, closed -> {}), null));
        }
        while (next < INDEXES || !underWay.isEmpty()) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> {
                    if (next < INDEXES) {
                        underWay.add(next++);
                    }
                }
                case 3, 4 -> {
                    if (!underWay.isEmpty()) {
                        long done = underWay.remove(random.nextInt(underWay.size()));
                        if (random.nextInt(8) == 0) {
                            lastRolledBack = done;
                        } else {
                            store.visible.add(done);
                        }
                    }
                }
                case 5 -> readOn(store, tail);
                case 6 -> {
                    long oldest =
                            underWay.stream().mapToLong(Long::longValue).min().orElse(next);
                    if (lastRolledBack >= 0 && random.nextInt(4) == 0) {
                        store.givenUp = Math.min(oldest, lastRolledBack + 1);
                    }
                }
                case 7 -> {
                    Lane lane = lanes.get(random.nextInt(lanes.size()));
                    if (random.nextInt(4) == 0) {
                        lane.stream.close();
                        lane.stream = new LaneStream(store, tail, lane.token, closed -> {});
                    }
                }
                default -> {
                    Lane lane = lanes.get(random.nextInt(lanes.size()));
                    for (int events = random.nextInt(12); events > 0 && lane.handle(); events--) {
                        // goes on
                    }
                }
            }
        }
        store.givenUp = next; // nothing is under way
        for (int round = 0; round < 3; round++) {
            readOn(store, tail);
            for (Lane lane : lanes) {
                while (lane.handle()) {
                    // goes on
                }
            }
        }
        for (Lane lane : lanes) {
            assertThat(lane.handled.keySet()).as("seed %d", seed).isEqualTo(store.visible);
            assertThat(lane.handled.values()).as("seed %d", seed).containsOnly(1);
        }
        int before = store.reads;
        for (Lane lane : lanes) {
            assertThat(lane.stream.hasNextAvailable()).isFalse();
        }
        return lanes.size() - (store.reads - before);
    }

    private static void readOn(Store store, EventTail tail) {
        store.readEvents(tail.token(), false).forEach(tail::append);
        tail.told();
    }

    @Test
    void aLaneThatFollowsTheTailNeverReadsTheStoreThoughGapsStayOpen() throws InterruptedException {
        Store store = new Store();
        EventTail tail = new EventTail(null, 1_000);
        Lane lane = new Lane(new LaneStream(store, tail, null, closed -> {}), null);
        for (long index = 0; index < 500; index++) {
            if (index % 3 != 1) {
                store.visible.add(index);
            }
            if (index > 10 && index % 3 == 0) {
                store.visible.add(index - 5); // what was under way is committed
            }
            readOn(store, tail);
            int reads = store.reads;
            while (lane.handle()) {
                // goes on
            }
            assertThat(store.reads).isEqualTo(reads);
        }
        assertThat(lane.handled.keySet()).isEqualTo(store.visible);
        assertThat(lane.handled.values()).containsOnly(1);
    }

    @Test
    void aLaneThatStandsStillHoldsNothingInMemoryAndMissesNothing() throws InterruptedException {
        Store store = new Store();
        EventTail tail = new EventTail(null, KEPT);
        Lane lane = new Lane(new LaneStream(store, tail, null, closed -> {}), null);
        store.visible.add(0L);
        readOn(store, tail);
        assertThat(lane.handle()).isTrue();
        EventTail.Seen stands = tail.oldest();
        for (long index = 1; index < 100; index++) {
            store.visible.add(index);
            readOn(store, tail);
        }
        assertThat(tail.keeps(stands)).isFalse();
        assertThat(stands.next()).isNull();
        while (lane.handle()) {
            // goes on
        }
        assertThat(lane.handled.keySet()).isEqualTo(store.visible);
        assertThat(lane.handled.values()).containsOnly(1);
    }

    @Test
    void whoWaitsIsToldOfTheNextEvent() throws InterruptedException {
        Store store = new Store();
        EventTail tail = new EventTail(null, KEPT);
        LaneStream lane = new LaneStream(store, tail, null, closed -> {});
        assertThat(lane.hasNextAvailable(1, TimeUnit.MILLISECONDS)).isFalse();
        Thread writer = Thread.ofPlatform().start(() -> {
            store.visible.add(0L);
            readOn(store, tail);
        });
        assertThat(lane.hasNextAvailable(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lane.peek())
                .hasValueSatisfying(event -> assertThat(event.getPayload()).isEqualTo(0L));
        assertThat(lane.nextAvailable().getPayload()).isEqualTo(0L);
        writer.join();
    }
}
