package io.sluice.reconciliation;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.collection.StatementEntries;
import io.sluice.collection.StatementSummary;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import io.sluice.policies.ReleaseFreezes;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.Settlements;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares a statement with what we know: a credit with the inflow that its own line became, a debit with the instruction whose
 * end-to-end reference it carries, amount and currency equal. Only exact references settle anything; what matches nothing stays open as a
 * break, and a debit that we did not order freezes releases from its account at once. Then what counted without any statement is looked for.
 * One statement is one transaction.
 */
@Component
class StatementMatcher extends Worker {

    static final String GAP = "CONTINUITY_GAP";

    /** The oldest that waits on an account: statements of one account are matched in their order. */
    private record Next(UUID statementId, String account) {}

    private record Waiting(UUID statementId, String account, StatementSummary summary) {}

    private record LineState(
            int number,
            BankEntry entry,
            long units,
            @Nullable String rule,
            @Nullable String matchedWith) {}

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final StatementEntries statements;
    private final InstructionRows instructions;
    private final Settlements settlements;
    private final Breaks breaks;
    private final ReleaseFreezes freezes;
    private final UnlistedInflows unlisted;
    private final OneByOne oneByOne;
    private final BusinessClock clock;
    private final JsonMapper json = JsonMapper.builder().build();

    StatementMatcher(
            JdbcClient db,
            JdbcTemplate batch,
            StatementEntries statements,
            InstructionRows instructions,
            Settlements settlements,
            Breaks breaks,
            ReleaseFreezes freezes,
            UnlistedInflows unlisted,
            OneByOne oneByOne,
            BusinessClock clock) {
        super("reconciliation");
        this.db = db;
        this.batch = batch;
        this.statements = statements;
        this.instructions = instructions;
        this.settlements = settlements;
        this.breaks = breaks;
        this.freezes = freezes;
        this.unlisted = unlisted;
        this.oneByOne = oneByOne;
        this.clock = clock;
    }

    @Override
    protected boolean work() {
        List<Next> next = db.sql(
                        "select distinct on (account) statement_id, account from statement_queue order by account, position")
                .query(Next.class)
                .list();
        boolean any = false;
        for (Next one : next) {
            any |= oneByOne.run(
                    "STATEMENT-" + one.statementId(),
                    "Matching statement " + one.statementId() + " of account " + one.account()
                            + ", and those after it,",
                    () -> match(one.statementId()));
        }
        return any;
    }

    private void match(UUID statementId) {
        db.sql("select statement_id, account, summary from statement_queue where statement_id = ? for update")
                .param(statementId)
                .query((rs, n) -> new Waiting(
                        rs.getObject(1, UUID.class),
                        rs.getString(2),
                        json.readValue(rs.getString(3), StatementSummary.class)))
                .optional()
                .ifPresent(waiting -> {
                    match(waiting);
                    db.sql("delete from statement_queue where statement_id = ?")
                            .param(waiting.statementId())
                            .update();
                });
    }

    private void match(Waiting waiting) {
        StatementSummary summary = waiting.summary();
        proveContinuity(waiting);
        Set<String> matchedBefore = earlierVersions(waiting);
        db.sql(
                        "insert into bank_statement (statement_id, account, bank_reference, day, currency, opening_units, closing_units,"
                                + " entries, evidence_sha256, accepted_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        waiting.statementId(),
                        waiting.account(),
                        summary.bankReference(),
                        summary.day(),
                        summary.currency(),
                        summary.openingUnits(),
                        summary.closingUnits(),
                        summary.entries(),
                        summary.evidenceSha256(),
                        clock.now().atOffset(ZoneOffset.UTC))
                .update();
        List<BankEntry> entries = statements.read(summary);
        Map<Integer, UUID> inflows = statements.inflowsByLine(summary);
        Map<String, Row> orders = instructionsOf(entries);
        List<LineState> lines = new ArrayList<>();
        SortedMap<UUID, List<Row>> settled = new TreeMap<>();
        for (int i = 0; i < entries.size(); i++) {
            LineState line = line(i, entries.get(i), inflows, orders, matchedBefore, settled);
            if (line != null) {
                lines.add(line);
            }
        }
        settled.forEach((order, rows) ->
                settlements.reconciled(order, rows, "statement:" + summary.bankReference(), summary.day()));
        write(waiting, lines);
        unlisted.compare(waiting.account());
    }

    private @Nullable LineState line(
            int number,
            BankEntry entry,
            Map<Integer, UUID> inflows,
            Map<String, Row> orders,
            Set<String> matchedBefore,
            SortedMap<UUID, List<Row>> settled) {
        if (entry.status() != EntryStatus.BOOKED) {
            return null;
        }
        long units = Money.unitsOf(entry.amount(), entry.currency());
        if (entry.direction() == Direction.CREDIT) {
            UUID inflow = inflows.get(number);
            return new LineState(
                    number,
                    entry,
                    units,
                    inflow == null ? null : "R1-inflow",
                    inflow == null ? null : inflow.toString());
        }
        UUID takenBack = entry.reversal() ? inflows.get(number) : null;
        if (takenBack != null) {
            return new LineState(number, entry, units, "R1-reversal", takenBack.toString());
        }
        Row row = entry.endToEndId() == null ? null : orders.remove(entry.endToEndId());
        if (row != null
                && row.units() == units
                && row.currency().equals(entry.currency())
                && matchedBefore.contains(row.instructionId().toString())) {
            return new LineState(
                    number, entry, units, "R1-amended", row.instructionId().toString());
        }
        if (row == null
                || row.units() != units
                || !row.currency().equals(entry.currency())
                || !(row.state().equals("ACSP") || row.state().equals("RELEASED"))) {
            return new LineState(number, entry, units, null, null);
        }
        settled.computeIfAbsent(row.orderId(), o -> new ArrayList<>()).add(row);
        return new LineState(
                number, entry, units, "R1-instruction", row.instructionId().toString());
    }

    private void write(Waiting waiting, List<LineState> lines) {
        StatementSummary summary = waiting.summary();
        batch.batchUpdate(
                "insert into statement_line (statement_id, line_no, direction, units, currency, booked_on, state, rule, matched_with)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                lines.stream()
                        .map(l -> new Object[] {
                            waiting.statementId(),
                            l.number(),
                            l.entry().direction().name(),
                            l.units(),
                            l.entry().currency(),
                            summary.day(),
                            l.rule() == null ? "OPEN" : "MATCHED",
                            l.rule(),
                            l.matchedWith()
                        })
                        .toList());
        for (LineState line : lines) {
            if (line.rule() == null) {
                breaks.raise(
                        "UNMATCHED_BANK",
                        waiting.account(),
                        waiting.statementId() + "#" + line.number(),
                        line.entry().direction() + " of "
                                + Money.of(line.units(), line.entry().currency()) + " on statement "
                                + summary.bankReference() + " matches nothing we know",
                        summary.day());
                if (line.entry().direction() == Direction.DEBIT) {
                    freezes.freeze(
                            waiting.account(),
                            waiting.statementId() + "#" + line.number(),
                            "a debit of " + Money.of(line.units(), line.entry().currency()) + " on statement "
                                    + summary.bankReference() + " was not ordered by us");
                }
            }
        }
    }

    /** What an earlier statement under this one's reference was matched with. That there is one is a break: banks amend, others forge. */
    private Set<String> earlierVersions(Waiting waiting) {
        List<String> matched = db.sql(
                        "select distinct l.matched_with from bank_statement s"
                                + " join statement_line l using (statement_id)"
                                + " where s.account = ? and s.bank_reference = ? and l.direction = 'DEBIT' and l.state = 'MATCHED'")
                .params(waiting.account(), waiting.summary().bankReference())
                .query(String.class)
                .list();
        db.sql("select day, closing_units from bank_statement where account = ? and bank_reference = ?"
                        + " order by accepted_at desc limit 1")
                .params(waiting.account(), waiting.summary().bankReference())
                .query((rs, n) -> "Statement " + waiting.summary().bankReference() + " of "
                        + rs.getObject(1, LocalDate.class) + " closed at "
                        + Money.of(rs.getLong(2), waiting.summary().currency())
                        + "; another one came under the same reference, of "
                        + waiting.summary().day() + ", closing at "
                        + Money.of(
                                waiting.summary().closingUnits(),
                                waiting.summary().currency())
                        + ": ask the bank which is its own")
                .optional()
                .ifPresent(detail -> breaks.raise(
                        "STATEMENT_CONFLICT",
                        waiting.account(),
                        waiting.statementId().toString(),
                        detail,
                        waiting.summary().day()));
        return Set.copyOf(matched);
    }

    /**
     * Previous closing is this opening and this closing is the next one's opening, or somebody must ask the bank for what is between. One
     * that comes late fills the gap that it left, so that what stands in the end does not depend on the order of arrival.
     */
    private void proveContinuity(Waiting waiting) {
        StatementSummary summary = waiting.summary();
        db.sql("select closing_units from bank_statement where account = ? and day <= ? and bank_reference <> ?"
                        + " order by day desc, accepted_at desc limit 1")
                .params(waiting.account(), summary.day(), summary.bankReference())
                .query(Long.class)
                .optional()
                .ifPresent(closing -> prove(
                        closing,
                        new Opening(
                                waiting.statementId(),
                                waiting.account(),
                                summary.bankReference(),
                                summary.day(),
                                summary.currency(),
                                summary.openingUnits())));
        db.sql("select statement_id, account, bank_reference, day, currency, opening_units from bank_statement"
                        + " where account = ? and day > ? and bank_reference <> ? order by day, accepted_at limit 1")
                .params(waiting.account(), summary.day(), summary.bankReference())
                .query(Opening.class)
                .optional()
                .ifPresent(next -> prove(summary.closingUnits(), next));
    }

    private record Opening(
            UUID statementId,
            String account,
            String bankReference,
            LocalDate day,
            String currency,
            long openingUnits) {}

    /** What it lists is booked, since banks do send late; but nothing leaves the account on the strength of it until the gap is filled. */
    private void prove(long closing, Opening next) {
        String subject = next.statementId().toString();
        String cause = "gap:" + subject;
        if (closing == next.openingUnits()) {
            breaks.resolve(GAP, subject, next.day());
            freezes.withdraw(next.account(), cause);
            return;
        }
        String detail = "the last statement closed at " + Money.of(closing, next.currency()) + ", this one, "
                + next.bankReference() + ", opens at " + Money.of(next.openingUnits(), next.currency());
        breaks.raise(GAP, next.account(), subject, "T" + detail.substring(1), next.day());
        freezes.freeze(next.account(), cause, detail);
    }

    private Map<String, Row> instructionsOf(List<BankEntry> entries) {
        Map<String, Row> byReference = new HashMap<>();
        List<String> references = entries.stream()
                .filter(e -> e.direction() == Direction.DEBIT && e.endToEndId() != null)
                .map(e -> String.valueOf(e.endToEndId()))
                .toList();
        instructions.byEndToEndId(references).forEach(row -> byReference.put(row.endToEndId(), row));
        return byReference;
    }

    /** A statement is its content: the same bank reference over other entries or balances is another statement, and says so. */
    static UUID idOf(String account, StatementSummary summary) {
        return Hashes.uuid(
                "statement",
                account,
                summary.bankReference(),
                summary.day().toString(),
                Long.toString(summary.openingUnits()),
                Long.toString(summary.closingUnits()),
                Integer.toString(summary.entries()));
    }
}
