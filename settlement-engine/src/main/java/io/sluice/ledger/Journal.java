package io.sluice.ledger;

import io.sluice.collection.CollectionEvent.InflowAssigned;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowWithdrawn;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.ledger.JournalEntry.Lines;
import io.sluice.ledger.JournalEntry.Posting;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
        value = {"journal_shape", "journal_entry", "balance", "day_balance", "ledger_period"},
        appended = "journal_entry")
@ProcessingGroup("ledger.journal")
class Journal extends BufferedProjection<UUID, JournalEntry> {

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
        private final BigInteger[] units;
        private final BigInteger[] debits;

        LineSums(JournalShape shape) {
            this.shape = shape;
            this.units = new BigInteger[shape.accounts().size()];
            this.debits = new BigInteger[units.length];
            Arrays.fill(units, BigInteger.ZERO);
            Arrays.fill(debits, BigInteger.ZERO);
        }

        void add(List<BigInteger> more) {
            for (int line = 0; line < units.length; line++) {
                BigInteger its = more.get(line);
                units[line] = units[line].add(its);
                debits[line] = debits[line].add(its.max(BigInteger.ZERO));
            }
        }

        void forEach(BiConsumer<BalanceKey, Moved> each) {
            for (int line = 0; line < units.length; line++) {
                each.accept(
                        new BalanceKey(
                                shape.accounts().get(line),
                                shape.agreements().get(line),
                                shape.currencies().get(line)),
                        new Moved(units[line], debits[line]));
            }
        }
    }

    private static final String CLOSED = Journal.class.getName() + ".closed";

    private final JdbcTemplate db;
    private final CopyRows entries;

    Journal(JdbcTemplate db, DataSource source) {
        super((first, second) -> {
            throw new IllegalStateException("Event " + first.sourceEvent() + " was handled twice in one batch");
        });
        this.db = db;
        this.entries = new CopyRows(
                source,
                "journal_entry",
                "journal_id",
                "shape_id",
                "value_date",
                "booked_on",
                "belonged_to",
                "recorded_at",
                "source_event",
                "units");
    }

    @EventHandler
    void on(InflowsBooked event, EventMessage<?> message) {
        event.each()
                .forEach(one -> book(message, of(message, one.inflowId()), one.valueDate(), Bookkeeping.lines(one)));
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
        event.each()
                .forEach(one -> book(message, of(message, one.inflowId()), one.valueDate(), Bookkeeping.lines(one)));
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

    /** The entry of one inflow of an event that tells of many. */
    private static UUID of(EventMessage<?> message, UUID inflowId) {
        return Hashes.uuid("journal", message.getIdentifier(), inflowId.toString());
    }

    private void book(EventMessage<?> message, LocalDate valueDate, Lines lines) {
        book(message, Hashes.uuid("journal", message.getIdentifier()), valueDate, lines);
    }

    /** @param id of the entry, by which it is booked once */
    private void book(EventMessage<?> message, UUID id, LocalDate valueDate, Lines lines) {
        if (!lines.list().isEmpty()) {
            LocalDate period = closed().of(valueDate);
            add(
                    id,
                    new JournalEntry(
                            id,
                            valueDate,
                            period == null ? valueDate : closed().firstOpenDay(),
                            period,
                            message.getIdentifier(),
                            message.getTimestamp(),
                            lines.list()));
        }
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
    protected void flush(Map<UUID, JournalEntry> changes) {
        Map<JournalShape, UUID> shapes = new HashMap<>();
        Map<ShapeDay, LineSums> sums = new HashMap<>();
        List<@Nullable Object[]> rows = new ArrayList<>(changes.size());
        for (JournalEntry entry : changes.values()) {
            JournalShape shape = JournalShape.of(entry.postings());
            UUID shapeId = shapes.computeIfAbsent(shape, JournalShape::id);
            List<BigInteger> units = new ArrayList<>(entry.postings().size());
            for (Posting posting : entry.postings()) {
                units.add(posting.units());
            }
            sums.computeIfAbsent(new ShapeDay(shapeId, entry.valueDate(), entry.bookedOn()), day -> new LineSums(shape))
                    .add(units);
            rows.add(new @Nullable Object[] {
                entry.id(),
                shapeId,
                entry.valueDate(),
                entry.bookedOn(),
                entry.belongedTo(),
                entry.recordedAt(),
                entry.sourceEvent(),
                units
            });
        }
        SortedMap<BalanceKey, BigInteger> balances = new TreeMap<>();
        SortedMap<DayKey, Moved> days = new TreeMap<>();
        sums.forEach((day, lines) -> lines.forEach((key, moved) -> {
            balances.merge(key, moved.units(), BigInteger::add);
            days.merge(new DayKey(key, day.valueDate(), day.bookedOn()), moved, Moved::and);
        }));
        writeNew(shapes);
        entries.write(rows);
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
