package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.platform.Evidence;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A statement's entries as they were taken in, and which inflow each credit is. */
@Component
public class StatementEntries {

    /**
     * An inflow that counted and that no daily statement lists.
     *
     * @param units minor units of the currency
     * @param day the business day that it counted on
     */
    public record Unlisted(UUID inflowId, long units, String currency, LocalDate day) {}

    static final int LINES_PER_REPORT = 1_000_000;

    private final Evidence evidence;
    private final JdbcClient db;

    StatementEntries(Evidence evidence, JdbcClient db) {
        this.evidence = evidence;
        this.db = db;
    }

    /** In the bank's order; the place in the list is the line number. */
    public List<BankEntry> read(StatementSummary statement) {
        byte[] body = evidence.find(statement.evidenceSha256())
                .orElseThrow(() -> new IllegalStateException("Statement " + statement.bankReference() + " was erased"));
        return StatementReader.entries(body, statement.position());
    }

    /** The inflow that each credit's line is a sighting of. */
    public Map<Integer, UUID> inflowsByLine(StatementSummary statement) {
        int first = statement.position() * LINES_PER_REPORT;
        Map<Integer, UUID> inflows = new HashMap<>();
        db.sql("select line_no, inflow_id from sighting where evidence_sha256 = ? and line_no >= ? and line_no < ?")
                .params(statement.evidenceSha256(), first, first + LINES_PER_REPORT)
                .query(rs -> {
                    inflows.put(rs.getInt(1) - first, rs.getObject(2, UUID.class));
                });
        return inflows;
    }

    /** What counted on an account from one business day on and before another, was not taken back, and is on no daily statement. */
    public List<Unlisted> unlisted(String account, LocalDate from, LocalDate before) {
        return db.sql("select inflow_id, units, currency, (booked_at at time zone 'UTC')::date as day from inflow i"
                        + " where booked_at >= ? and booked_at < ? and account = ? and not reversed and not exists"
                        + " (select 1 from sighting s where s.inflow_id = i.inflow_id and s.statement_day is not null)"
                        + " order by booked_at, inflow_id")
                .params(
                        from.atStartOfDay().atOffset(ZoneOffset.UTC),
                        before.atStartOfDay().atOffset(ZoneOffset.UTC),
                        account)
                .query(Unlisted.class)
                .list();
    }

    /** The business day of the latest inflow that is shown, on whatever account: what counted on days before it is shown too. Empty: none is. */
    public Optional<LocalDate> latestDay() {
        return db.sql("select (booked_at at time zone 'UTC')::date from inflow order by booked_at desc limit 1")
                .query(LocalDate.class)
                .optional();
    }

    /** Those of these inflows that a daily statement lists. */
    public Set<UUID> listed(List<UUID> inflowIds) {
        return Set.copyOf(
                db.sql("select distinct inflow_id from sighting where inflow_id = any(?) and statement_day is not null")
                        .param(inflowIds.toArray(UUID[]::new))
                        .query(UUID.class)
                        .list());
    }
}
