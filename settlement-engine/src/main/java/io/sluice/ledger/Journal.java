package io.sluice.ledger;

import io.sluice.collection.CollectionEvent.InflowAssigned;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowWithdrawn;
import io.sluice.ledger.JournalEntry.Lines;
import io.sluice.ledger.JournalEntry.Posting;
import io.sluice.platform.BufferedProjection;
import io.sluice.platform.CopyRows;
import io.sluice.platform.Hashes;
import io.sluice.platform.ReadModel;
import io.sluice.routing.RoutingEvent.InflowRouted;
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
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Books every event that moves money: its postings, and the balances that they make. An entry that was booked before fails on its key and
 * stops the lane, since it would mean that an event is handled twice.
 */
@Component
@ReadModel(
        value = {"posting", "balance"},
        appended = "posting")
@ProcessingGroup("ledger.journal")
class Journal extends BufferedProjection<UUID, JournalEntry> {

    private record BalanceKey(String account, String agreement, String currency) implements Comparable<BalanceKey> {
        @Override
        public int compareTo(BalanceKey other) {
            int byAccount = account.compareTo(other.account);
            if (byAccount != 0) {
                return byAccount;
            }
            int byAgreement = agreement.compareTo(other.agreement);
            return byAgreement != 0 ? byAgreement : currency.compareTo(other.currency);
        }
    }

    private final JdbcTemplate db;
    private final CopyRows postings;

    Journal(JdbcTemplate db, DataSource source) {
        super((first, second) -> {
            throw new IllegalStateException("Event " + first.sourceEvent() + " was handled twice in one batch");
        });
        this.db = db;
        this.postings = new CopyRows(
                source,
                "posting",
                "journal_id",
                "line",
                "account",
                "agreement_id",
                "units",
                "currency",
                "value_date",
                "booked_on",
                "source_event");
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
    void on(InflowRouted event, EventMessage<?> message) {
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

    private void book(EventMessage<?> message, LocalDate valueDate, Lines lines) {
        if (!lines.list().isEmpty()) {
            UUID id = Hashes.uuid("journal", message.getIdentifier());
            add(id, new JournalEntry(id, valueDate, message.getIdentifier(), lines.list()));
        }
    }

    @Override
    protected void flush(SortedMap<UUID, JournalEntry> entries) {
        List<Object[]> rows = new ArrayList<>();
        SortedMap<BalanceKey, BigInteger> balances = new TreeMap<>();
        for (JournalEntry entry : entries.values()) {
            int line = 0;
            for (Posting posting : entry.postings()) {
                rows.add(new Object[] {
                    entry.id(),
                    line++,
                    posting.account(),
                    posting.agreement(),
                    posting.units(),
                    posting.currency(),
                    entry.valueDate(),
                    entry.valueDate(),
                    entry.sourceEvent()
                });
                balances.merge(
                        new BalanceKey(posting.account(), posting.agreement(), posting.currency()),
                        posting.units(),
                        BigInteger::add);
            }
        }
        postings.write(rows);
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
    }
}
