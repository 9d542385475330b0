package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.platform.Evidence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A statement's entries as they were taken in, and which inflow each credit is. */
@Component
public class StatementEntries {

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
}
