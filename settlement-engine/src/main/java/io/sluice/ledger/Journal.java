package io.sluice.ledger;

import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.collection.CollectionEvent.InflowAssigned;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowWithdrawn;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.InflowKind;
import io.sluice.ledger.JournalBatch.Entry;
import io.sluice.ledger.LedgerEvent.JournalPosted;
import io.sluice.ledger.LedgerEvent.PeriodClosed;
import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.Hashes;
import io.sluice.platform.ReadModel;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import io.sluice.settlement.SettlementEvent.ChainRowsSettled;
import io.sluice.settlement.SettlementEvent.OnRampExecuted;
import io.sluice.settlement.SettlementEvent.OrderReleased;
import io.sluice.settlement.SettlementEvent.RowsRejected;
import io.sluice.settlement.SettlementEvent.RowsReturned;
import io.sluice.settlement.SettlementEvent.RowsSettled;
import io.sluice.settlement.SettlementEvent.TokensArrived;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Books every event that moves money: its postings, and the balances that they make. What belongs to a day that was closed by then keeps its
 * value date and is booked on the first day that was open, with the period that it belonged to. An entry that was booked before fails on its key and
 * stops the lane, since it would mean that an event is handled twice.
 */
@Component
@ReadModel(
        value = {"journal_shape", "journal_batch", "balance", "day_balance", "ledger_period"},
        appended = "journal_batch")
@ProcessingGroup("ledger.journal")
class Journal extends BufferedProjection<UUID, JournalBatch> {

    private record BalanceKey(String account, String agreement, String currency) implements Comparable<BalanceKey> {

        private static final Comparator<BalanceKey> ORDER = Comparator.comparing(BalanceKey::account)
                .thenComparing(BalanceKey::agreement)
                .thenComparing(BalanceKey::currency);

        @Override
        public int compareTo(BalanceKey other) {
            return ORDER.compare(this, other);
        }
    }

    private record DayKey(BalanceKey of, LocalDate valueDate, LocalDate bookedOn) implements Comparable<DayKey> {

        private static final Comparator<DayKey> ORDER = Comparator.comparing(DayKey::of)
                .thenComparing(DayKey::valueDate)
                .thenComparing(DayKey::bookedOn);

        @Override
        public int compareTo(DayKey other) {
            return ORDER.compare(this, other);
        }
    }

    /** What moved in one direction or the other; credits are {@code debits - units}. */
    private record Moved(BigInteger units, BigInteger debits) {

        Moved and(Moved other) {
            return new Moved(units.add(other.units), debits.add(other.debits));
        }
    }

    private record ShapeDay(UUID shape, LocalDate valueDate, LocalDate bookedOn) {}

    /** What entries of one shape come to, line by line. */
    private static final class LineSums {

        private final JournalShape shape;
        private final UnitSum[] units;
        private final UnitSum[] debits;

        LineSums(JournalShape shape) {
            this.shape = shape;
            this.units = new UnitSum[shape.lines()];
            this.debits = new UnitSum[units.length];
            Arrays.setAll(units, line -> new UnitSum());
            Arrays.setAll(debits, line -> new UnitSum());
        }

        void add(LineUnits more) {
            for (int line = 0; line < units.length; line++) {
                more.addTo(units[line], line);
                if (more.isDebit(line)) {
                    more.addTo(debits[line], line);
                }
            }
        }

        void forEach(BiConsumer<BalanceKey, Moved> each) {
            for (int line = 0; line < units.length; line++) {
                each.accept(
                        new BalanceKey(
                                shape.accounts().get(line),
                                shape.agreements().get(line),
                                shape.currencies().get(line)),
                        new Moved(units[line].total(), debits[line].total()));
            }
        }
    }

    private static final String CLOSED = Journal.class.getName() + ".closed";

    private final JdbcTemplate db;
    private final CopyRows batches;

    Journal(JdbcTemplate db, DataSource source) {
        super((first, second) -> {
            throw new IllegalStateException("Event " + first.sourceEvent() + " was handled twice in one batch");
        });
        this.db = db;
        this.batches = new CopyRows(
                source,
                "journal_batch",
                "source_event",
                "batch",
                "shape_id",
                "value_date",
                "booked_on",
                "belonged_to",
                "recorded_at",
                "journal_ids",
                "units",
                "large_units");
    }

    @EventHandler
    void on(InflowsBooked event, EventMessage<?> message) {
        Map<InflowKind, JournalPattern> patterns = new EnumMap<>(InflowKind.class);
        Batches batches = new Batches(message);
        for (Booked inflow : event.inflows()) {
            batches.add(
                    inflow.inflowId(),
                    inflow.valueDate(),
                    patterns.computeIfAbsent(inflow.kind(), kind -> Bookkeeping.pattern(event, kind)),
                    inflow.units());
        }
        batches.book();
    }

    @EventHandler
    void on(InflowBooked event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(InflowAssigned event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(InflowReversed event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(InflowWithdrawn event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(RoutedInflowTakenBack event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(LegsReduced event, EventMessage<?> message) {
        book(message, event.day(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(InflowsRouted event, EventMessage<?> message) {
        Map<Parts, JournalPattern> patterns = new HashMap<>();
        Batches batches = new Batches(message);
        for (Routed inflow : event.inflows()) {
            Parts parts = Parts.of(inflow);
            batches.add(
                    inflow.inflowId(),
                    inflow.valueDate(),
                    patterns.computeIfAbsent(parts, its -> Bookkeeping.pattern(event, inflow.terms(), its.notZero())),
                    Bookkeeping.amounts(inflow));
        }
        batches.book();
    }

    @EventHandler
    void on(InflowRouted event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(HeldReleased event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(DistributionSealed event, EventMessage<?> message) {
        book(message, event.recordPoint().atZone(ZoneOffset.UTC).toLocalDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(OrderReleased event, EventMessage<?> message) {
        book(message, event.day(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(RowsRejected event, EventMessage<?> message) {
        book(message, event.day(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(RowsSettled event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(OnRampExecuted event, EventMessage<?> message) {
        book(message, event.day(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(TokensArrived event, EventMessage<?> message) {
        book(message, event.day(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(ChainRowsSettled event, EventMessage<?> message) {
        book(message, event.day(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(RowsReturned event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    @EventHandler
    void on(JournalPosted event, EventMessage<?> message) {
        book(message, event.valueDate(), Bookkeeping.lines(event));
    }

    /** Events before it were booked on their days, those behind it are not: whoever closes a period keeps their order. */
    @EventHandler
    void on(PeriodClosed event, EventMessage<?> message) {
        closed().add(event.lastDay());
        db.update(
                "insert into ledger_period (last_day, first_day, closed_at) values (?, ?, ?)",
                event.lastDay(),
                event.firstDay(),
                message.getTimestamp().atOffset(ZoneOffset.UTC));
    }

    /** By which terms an inflow was divided, and which of its amounts are not zero. */
    private record Parts(int terms, BitSet notZero) {

        static Parts of(Routed inflow) {
            BitSet notZero = new BitSet(1 + inflow.parts().size());
            notZero.set(0, inflow.units() != 0);
            for (int place = 0; place < inflow.parts().size(); place++) {
                notZero.set(1 + place, inflow.parts().get(place) != 0);
            }
            return new Parts(inflow.terms(), notZero);
        }
    }

    /** Entries of one event that tells of many facts. */
    private final class Batches {

        /** Patterns are told apart by which they are, which costs less than by their lines. */
        private record Kind(JournalPattern pattern, LocalDate valueDate) {}

        private record Rows(JournalShape shape, LocalDate valueDate) {}

        private final EventMessage<?> message;
        private final Map<Kind, List<Entry>> entries = new LinkedHashMap<>();
        private final Set<UUID> facts = new HashSet<>();

        Batches(EventMessage<?> message) {
            this.message = message;
        }

        void add(UUID factId, LocalDate valueDate, JournalPattern pattern, long... amounts) {
            if (!facts.add(factId)) {
                throw new IllegalStateException("Event " + message.getIdentifier() + " tells of " + factId + " twice");
            }
            if (pattern.shape().lines() > 0) {
                entries.computeIfAbsent(new Kind(pattern, valueDate), kind -> new ArrayList<>())
                        .add(new Entry(
                                Hashes.uuid("journal", message.getIdentifier(), factId.toString()),
                                pattern.units(amounts)));
            }
        }

        /** Two patterns may come to the same lines, as those of two versions of a rule do. */
        void book() {
            Map<Rows, List<Entry>> rows = new LinkedHashMap<>();
            entries.forEach((kind, its) -> rows.computeIfAbsent(
                            new Rows(kind.pattern().shape(), kind.valueDate()), key -> new ArrayList<>())
                    .addAll(its));
            SortedMap<UUID, Map.Entry<Rows, List<Entry>>> inOrder = new TreeMap<>(JournalBatch.BY_BYTES);
            rows.entrySet().forEach(its -> {
                UUID first = its.getValue().stream()
                        .map(Entry::id)
                        .min(JournalBatch.BY_BYTES)
                        .orElseThrow();
                inOrder.put(first, its);
            });
            int number = 0;
            for (Map.Entry<Rows, List<Entry>> its : inOrder.values()) {
                Rows key = its.getKey();
                Journal.this.book(message, number++, key.shape(), key.valueDate(), its.getValue());
            }
        }
    }

    private void book(EventMessage<?> message, LocalDate valueDate, Lines lines) {
        List<Posting> postings = lines.list();
        if (!postings.isEmpty()) {
            LineUnits units = LineUnits.of(postings.stream().map(Posting::units).toList());
            UUID id = Hashes.uuid("journal", message.getIdentifier());
            book(message, 0, JournalShape.of(postings), valueDate, List.of(new Entry(id, units)));
        }
    }

    private void book(
            EventMessage<?> message, int number, JournalShape shape, LocalDate valueDate, List<Entry> entries) {
        LocalDate period = closed().of(valueDate);
        JournalBatch batch = new JournalBatch(
                number,
                shape,
                valueDate,
                period == null ? valueDate : closed().firstOpenDay(),
                period,
                message.getIdentifier(),
                message.getTimestamp(),
                entries);
        add(batch.firstId(), batch);
    }

    /** As the events until here have it, read once for a unit of work: what is rolled back is forgotten with it. */
    private ClosedPeriods closed() {
        return CurrentUnitOfWork.get()
                .root()
                .getOrComputeResource(
                        CLOSED,
                        key -> ClosedPeriods.of(
                                db.queryForList("select last_day from ledger_period", LocalDate.class)));
    }

    /** Entries of one shape and one day are summed line by line first: what a batch repeats is looked up once. */
    @Override
    protected void flush(Map<UUID, JournalBatch> changes) {
        Map<JournalShape, UUID> shapes = new HashMap<>();
        Map<ShapeDay, LineSums> sums = new HashMap<>();
        List<@Nullable Object[]> rows = new ArrayList<>(changes.size());
        for (JournalBatch batch : changes.values()) {
            JournalShape shape = batch.shape();
            UUID shapeId = shapes.computeIfAbsent(shape, JournalShape::id);
            LineSums its = sums.computeIfAbsent(
                    new ShapeDay(shapeId, batch.valueDate(), batch.bookedOn()), day -> new LineSums(shape));
            List<UUID> ids = new ArrayList<>(batch.entries().size());
            for (Entry entry : batch.entries()) {
                ids.add(entry.id());
                its.add(entry.units());
            }
            int[] small = batch.small();
            rows.add(new @Nullable Object[] {
                batch.sourceEvent(),
                batch.number(),
                shapeId,
                batch.valueDate(),
                batch.bookedOn(),
                batch.belongedTo(),
                batch.recordedAt(),
                ids,
                small,
                small == null ? batch.exact() : null
            });
        }
        SortedMap<BalanceKey, BigInteger> balances = new TreeMap<>();
        SortedMap<DayKey, Moved> days = new TreeMap<>();
        sums.forEach((day, lines) -> lines.forEach((key, moved) -> {
            balances.merge(key, moved.units(), BigInteger::add);
            days.merge(new DayKey(key, day.valueDate(), day.bookedOn()), moved, Moved::and);
        }));
        writeNew(shapes);
        batches.write(rows);
        db.batchUpdate(
                "insert into balance (account, agreement_id, currency, units) values (?, ?, ?, ?)"
                        + " on conflict (account, agreement_id, currency) do update set units = balance.units + excluded.units",
                balances.entrySet().stream()
                        .map(e -> new Object[] {
                            e.getKey().account(),
                            e.getKey().agreement(),
                            e.getKey().currency(),
                            new BigDecimal(e.getValue())
                        })
                        .toList());
        db.batchUpdate(
                "insert into day_balance (account, agreement_id, currency, value_date, booked_on, units, debits)"
                        + " values (?, ?, ?, ?, ?, ?, ?) on conflict (account, agreement_id, currency, value_date, booked_on)"
                        + " do update set units = day_balance.units + excluded.units, debits = day_balance.debits + excluded.debits",
                days.entrySet().stream()
                        .map(e -> new Object[] {
                            e.getKey().of().account(),
                            e.getKey().of().agreement(),
                            e.getKey().of().currency(),
                            e.getKey().valueDate(),
                            e.getKey().bookedOn(),
                            new BigDecimal(e.getValue().units()),
                            new BigDecimal(e.getValue().debits())
                        })
                        .toList());
    }

    /** Asked anew each time: what a batch that is rolled back wrote is not there for the next one. */
    private void writeNew(Map<JournalShape, UUID> shapes) {
        Set<UUID> known = new HashSet<>(db.queryForList(
                "select shape_id from journal_shape where shape_id = any(?::uuid[])", UUID.class, (Object)
                        shapes.values().stream().map(UUID::toString).toArray(String[]::new)));
        db.batchUpdate(
                "insert into journal_shape (shape_id, accounts, agreements, currencies) values (?, ?, ?, ?)"
                        + " on conflict (shape_id) do nothing",
                shapes.entrySet().stream()
                        .filter(shape -> !known.contains(shape.getValue()))
                        .sorted(Map.Entry.comparingByValue())
                        .map(shape -> new Object[] {
                            shape.getValue(),
                            shape.getKey().accounts().toArray(String[]::new),
                            shape.getKey().agreements().toArray(String[]::new),
                            shape.getKey().currencies().toArray(String[]::new)
                        })
                        .toList());
    }
}
