package io.sluice.console;

import io.sluice.console.Waiting.CameBack;
import io.sluice.console.Waiting.Parked;
import io.sluice.console.Waiting.Unroutable;
import io.sluice.ledger.ManualJournal;
import io.sluice.ledger.ManualJournals;
import io.sluice.policies.WorkList;
import io.sluice.reconciliation.Breaks;
import io.sluice.reconciliation.Breaks.Break;
import io.sluice.routing.Agreements;
import io.sluice.routing.ValueDates;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Gathers what waits for a person. */
@Component
class WaitingForSomeone {

    private static final int SHOWN = 12;

    private final JdbcClient db;
    private final WorkList work;
    private final Breaks breaks;
    private final ManualJournals journals;
    private final Agreements agreements;
    private final ValueDates dates;

    WaitingForSomeone(
            JdbcClient db,
            WorkList work,
            Breaks breaks,
            ManualJournals journals,
            Agreements agreements,
            ValueDates dates) {
        this.agreements = agreements;
        this.dates = dates;
        this.journals = journals;
        this.db = db;
        this.work = work;
        this.breaks = breaks;
    }

    Waiting now() {
        List<WorkList.Item> items = work.openItems();
        List<Break> open = breaks.open();
        return new Waiting(
                items.stream().limit(SHOWN).toList(),
                journals(items),
                Math.max(0, items.size() - SHOWN),
                parked(),
                Math.max(0, parkedCount() - SHOWN),
                unroutable(),
                dates.waiting(),
                agreements.held(),
                cameBack(),
                open.stream().limit(SHOWN).toList(),
                Math.max(0, open.size() - SHOWN));
    }

    private List<Parked> parked() {
        return db.sql(
                        "select inbox_id, source, coalesce(reason, ''), received_at from inbox where state = 'PARKED' order by inbox_id limit ?")
                .param(SHOWN)
                .query((rs, n) -> new Parked(
                        rs.getLong(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getTimestamp(4).toInstant()))
                .list();
    }

    private List<Unroutable> unroutable() {
        return db.sql(
                        "select reason, count(*), min(since) from routing_queue where reason is not null group by reason order by 3")
                .query((rs, n) -> new Unroutable(
                        rs.getString(1), rs.getLong(2), rs.getTimestamp(3).toInstant()))
                .list();
    }

    private long parkedCount() {
        return db.sql("select count(*) from inbox where state = 'PARKED'")
                .query(Long.class)
                .single();
    }

    /** They stay claimed, so that nobody is paid twice, until a person has decided. */
    private List<CameBack> cameBack() {
        return db.sql(
                        "select agreement_id, kind, count(*), sum(units)::bigint, currency from instruction"
                                + " where state = 'RETURNED' and exists (select 1 from rail_claim c where c.instruction_id ="
                                + " instruction.instruction_id) group by agreement_id, kind, currency order by agreement_id, kind")
                .query((rs, n) ->
                        new CameBack(rs.getString(1), rs.getString(2), rs.getLong(3), rs.getLong(4), rs.getString(5)))
                .list();
    }

    private Map<String, ManualJournal> journals(List<WorkList.Item> items) {
        Map<String, ManualJournal> shown = new TreeMap<>();
        items.stream()
                .limit(SHOWN)
                .forEach(
                        item -> journals.ofItem(item.itemId()).ifPresent(journal -> shown.put(item.itemId(), journal)));
        return shown;
    }
}
