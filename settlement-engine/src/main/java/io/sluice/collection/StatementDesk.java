package io.sluice.collection;

import io.sluice.collection.StatementReport.Counts;
import io.sluice.collection.StatementReport.Entry;
import io.sluice.collection.StatementReport.OfAccount;
import io.sluice.collection.StatementReport.Outcome;
import io.sluice.platform.AuditLog;
import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.ReadModels;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes camt files from people and says what they came to. A file goes the road of the intake folder, so that the same bytes have one
 * effect by whatever way they come; whatever it is, its bytes are kept before it is read.
 */
@Component
public class StatementDesk {

    /** A larger file goes by the intake folder. */
    public static final int LARGEST = 16 * 1024 * 1024;

    private static final String SOURCE = "folder";
    private static final String HELD = "held";

    /** Of each line of a file that became a sighting: its inflow, and whether this file told of it first. */
    private record Told(UUID inflowId, InflowKind kind, boolean first) {}

    private final Inbox inbox;
    private final InboxReader reader;
    private final BankAccounts accounts;
    private final Evidence evidence;
    private final AuditLog audit;
    private final ReadModels readModels;
    private final Transactions transactions;
    private final JdbcClient db;

    StatementDesk(
            Inbox inbox,
            InboxReader reader,
            BankAccounts accounts,
            Evidence evidence,
            AuditLog audit,
            ReadModels readModels,
            Transactions transactions,
            JdbcClient db) {
        this.inbox = inbox;
        this.reader = reader;
        this.accounts = accounts;
        this.evidence = evidence;
        this.audit = audit;
        this.readModels = readModels;
        this.transactions = transactions;
        this.db = db;
    }

    /**
     * Keeps the file and answers when it was read, or after a few seconds with what is known by then.
     *
     * @throws Rejection {@code file-empty}
     */
    public StatementReport take(byte[] body, String operator) {
        if (body.length == 0) {
            throw new Rejection("file-empty", "The file has no bytes: nothing was kept");
        }
        String sha256 = Hashes.sha256(body);
        boolean repeated = transactions.in(() -> {
            audit.record(operator, "UPLOAD_STATEMENT", sha256);
            return inbox.keepFile(SOURCE, body) == Inbox.Kept.REPEATED;
        });
        reader.wake();
        long deliveryId = deliveryOf(sha256);
        readModels.untilShown("The reading of delivery " + deliveryId, () -> !isUnread(deliveryId) && isShown(sha256));
        return report(deliveryId, repeated);
    }

    /**
     * What a file came to, from the books as they are now.
     *
     * @throws Rejection {@code no-such-delivery}, {@code not-a-file}, {@code erased}
     */
    public StatementReport report(long deliveryId) {
        return report(deliveryId, false);
    }

    private StatementReport report(long deliveryId, boolean repeated) {
        Inbox.Delivery delivery = inbox.delivery(deliveryId)
                .orElseThrow(() -> new Rejection("no-such-delivery", "There is no delivery " + deliveryId));
        if (!delivery.kind().equals(Inbox.Kind.CAMT.name())) {
            throw new Rejection("not-a-file", "Delivery " + deliveryId + " is a notice and no file of entries");
        }
        byte[] body = evidence.find(delivery.sha256())
                .orElseThrow(() -> new Rejection("erased", "The bytes of delivery " + deliveryId + " were erased"));
        CamtExplanation explained = CamtExplanation.of("", body, this::kindOf);
        Map<Integer, Told> told = told(delivery.sha256());
        Set<Integer> announced = announced(delivery.sha256());
        Map<Integer, String> parked = parked(delivery.sha256());
        List<OfAccount> reports = new ArrayList<>();
        for (int position = 0; position < explained.reports().size(); position++) {
            reports.add(report(explained.reports().get(position), position, delivery, told, announced, parked));
        }
        return new StatementReport(
                deliveryId,
                delivery.sha256(),
                repeated,
                delivery.state(),
                delivery.reason(),
                explained.message(),
                reports);
    }

    private static OfAccount report(
            CamtExplanation.Report report,
            int position,
            Inbox.Delivery delivery,
            Map<Integer, Told> told,
            Set<Integer> announced,
            Map<Integer, String> parked) {
        int first = position * StatementEntries.LINES_PER_REPORT;
        List<Entry> entries = new ArrayList<>();
        for (CamtExplanation.Line line : report.lines()) {
            int at = first + entries.size();
            entries.add(entry(line, delivery, told.get(at), announced.contains(at), parked.get(at)));
        }
        return new OfAccount(
                report.account(),
                report.id(),
                delivery.state().equals("DONE") ? report.statement() : "not recorded",
                Counts.of(entries),
                entries.subList(0, Math.min(entries.size(), StatementReport.MOST_ENTRIES)));
    }

    private static Entry entry(
            CamtExplanation.Line line,
            Inbox.Delivery delivery,
            @Nullable Told told,
            boolean announced,
            @Nullable String parked) {
        String direction = line.direction() == null ? null : line.direction().name();
        Outcome outcome = outcome(delivery.state(), told, parked != null);
        String why = switch (outcome) {
            case BOOKED -> line.why();
            case NO_INFLOW -> announced ? "announced: it counts when its account's policy is met" : line.why();
            case KNOWN -> "told before by another delivery, or by an entry above: not booked again";
            case PARKED -> parked + ": a person compares them, see the work list";
            case REFUSED -> line.what().equals(HELD) ? line.why() : "a file is booked whole or not at all";
            case WAITING -> "not read yet";
        };
        return new Entry(
                line.number(),
                line.line(),
                outcome,
                direction,
                line.amount(),
                told == null ? null : told.kind(),
                told == null ? null : told.inflowId(),
                why);
    }

    private static Outcome outcome(String state, @Nullable Told told, boolean parked) {
        if (told != null) {
            return told.first() ? Outcome.BOOKED : Outcome.KNOWN;
        }
        if (parked) {
            return Outcome.PARKED;
        }
        return switch (state) {
            case "DONE" -> Outcome.NO_INFLOW;
            case "PARKED" -> Outcome.REFUSED;
            default -> Outcome.WAITING;
        };
    }

    private AccountKind kindOf(@Nullable String account) {
        return account == null
                ? AccountKind.COLLECTION
                : accounts.find(account).map(BankAccounts.BankAccount::kind).orElse(AccountKind.COLLECTION);
    }

    private Map<Integer, Told> told(String sha256) {
        Map<Integer, Told> told = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        db.sql("select s.line_no, s.inflow_id, i.kind, i.evidence_sha256 = s.evidence_sha256 from sighting s"
                        + " join inflow i on i.inflow_id = s.inflow_id where s.evidence_sha256 = ? order by s.line_no")
                .param(sha256)
                .query(rs -> {
                    UUID inflowId = rs.getObject(2, UUID.class);
                    boolean first = seen.add(inflowId) && rs.getBoolean(4);
                    told.put(rs.getInt(1), new Told(inflowId, InflowKind.valueOf(rs.getString(3)), first));
                });
        return told;
    }

    /** The lines of credits that do not count yet. */
    private Set<Integer> announced(String sha256) {
        return new HashSet<>(db.sql("select s.line_no from sighting s join announced_inflow a using (inflow_id)"
                        + " where s.evidence_sha256 = ? and a.state <> 'BOOKED'")
                .param(sha256)
                .query(Integer.class)
                .list());
    }

    /** Why each line was parked. */
    private Map<Integer, String> parked(String sha256) {
        Map<Integer, String> parked = new HashMap<>();
        db.sql("select line_no, reason from parked_sighting where evidence_sha256 = ?")
                .param(sha256)
                .query(rs -> {
                    parked.put(rs.getInt(1), rs.getString(2));
                });
        return parked;
    }

    private long deliveryOf(String sha256) {
        return db.sql("select inbox_id from inbox where source = ? and event_id = ?")
                .params(SOURCE, sha256)
                .query(Long.class)
                .single();
    }

    private boolean isUnread(long deliveryId) {
        return inbox.delivery(deliveryId)
                .map(delivery -> delivery.state().equals("NEW"))
                .orElse(false);
    }

    private boolean isShown(String sha256) {
        return db.sql("select count(*) from sighting s left join inflow i on i.inflow_id = s.inflow_id"
                                + " where s.evidence_sha256 = ? and i.inflow_id is null and not exists (select 1"
                                + " from announced_inflow a where a.inflow_id = s.inflow_id and a.state <> 'BOOKED')")
                        .param(sha256)
                        .query(Integer.class)
                        .single()
                == 0;
    }
}
