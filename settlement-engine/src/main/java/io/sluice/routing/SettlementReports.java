package io.sluice.routing;

import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Evidence;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.routing.RoutingCommand.ReportBasis;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Bridges divided deposits to their platforms' settlement reports: an estimated basis is replaced by the reported one, once. What the difference
 * accrues goes to or comes off the inflows after it.
 */
@Component
public class SettlementReports {

    /** Days that a deposit may take from the platform to the bank, and its value date may lie before. */
    private static final int LATEST = 10;

    private static final int EARLIEST = 5;

    /** Divided deposits whose basis is an estimate, and which the bank has taken back, or not. */
    private static final String DEPOSITS = """
            (select d.inflow_id, d.agreement_id, d.store_id, d.account, d.rule_hash, i.units, d.currency, d.value_date, d.provisional_base
             from divided d join inflow i using (inflow_id)
             where d.provisional_base is not null and i.reversed = %s
               and not exists (select from settlement_report s where s.inflow_id = d.inflow_id)) r
            """;

    /** Divided deposits, and the report that they have. */
    private static final String KNOWN = """
            select d.inflow_id, d.store_id, i.units, d.currency, s.platform, s.report_id
            from divided d join inflow i using (inflow_id) left join settlement_report s using (inflow_id)
            where\s""";

    private static final String ESTIMATED = DEPOSITS.formatted(false);
    private static final String TAKEN_BACK = DEPOSITS.formatted(true);

    /** A divided deposit whose basis is an estimate, in minor units. */
    public record Awaited(
            UUID inflowId,
            String agreementId,
            String storeId,
            String account,
            String ruleHash,
            long units,
            String currency,
            LocalDate valueDate,
            long provisionalBase) {}

    /** What is known of a deposit that a report does not fit. */
    private record Known(
            UUID inflowId,
            String storeId,
            long units,
            String currency,
            @Nullable String platform,
            @Nullable String reportId) {

        String hasItsReport() {
            return "inflow " + inflowId + " of " + Money.of(units, currency) + " has its report already, " + platform
                    + "'s " + reportId;
        }
    }

    /** What a report changed: so much more or less accrues of the basis. */
    record Bridged(UUID inflowId, Money estimatedBasis, Money reportedBasis, String reportSha256, boolean repeated) {}

    private final JdbcClient db;
    private final Commands commands;
    private final Evidence evidence;
    private final Transactions transactions;
    private final BusinessClock clock;
    private final RuleDesk rules;

    SettlementReports(
            JdbcClient db,
            Commands commands,
            Evidence evidence,
            Transactions transactions,
            BusinessClock clock,
            RuleDesk rules) {
        this.db = db;
        this.commands = commands;
        this.evidence = evidence;
        this.transactions = transactions;
        this.clock = clock;
        this.rules = rules;
    }

    /** Deposits that wait for their report, the oldest first. */
    public List<Awaited> awaited(int limit) {
        return db.sql("select inflow_id, agreement_id, store_id, account, rule_hash,"
                        + " r.units, currency, value_date, provisional_base from " + ESTIMATED
                        + " order by value_date, inflow_id limit ?")
                .param(limit)
                .query(Awaited.class)
                .list();
    }

    /** How many deposits wait for their report. */
    public long awaited() {
        return db.sql("select count(*) from " + ESTIMATED).query(Long.class).single();
    }

    /**
     * Throws {@link Rejection} when no deposit fits, when several do and none is named, or when the deposit was reported otherwise.
     *
     * @param body what was sent, kept as evidence
     * @param inflowId null: the deposit of that amount on the store's account about that day
     */
    Bridged take(String storeId, SettlementReport report, @Nullable UUID inflowId, byte[] body, String reporter) {
        return transactions.in(() -> {
            String sha256 = evidence.keep("settlement-report", body);
            Optional<Bridged> before = bridged(storeId, report, sha256);
            return before.orElseGet(() -> bridge(deposit(storeId, report, inflowId), report, sha256, reporter));
        });
    }

    /** A file that reports came in, as evidence; answers its hash. */
    String keep(byte[] file) {
        return transactions.in(() -> evidence.keep("settlement-report", file));
    }

    private Optional<Bridged> bridged(String storeId, SettlementReport report, String sha256) {
        return db.sql("select inflow_id, estimated_base, base, report_sha256 from settlement_report"
                        + " where store_id = ? and platform = ? and report_id = ?")
                .params(storeId, report.platform(), report.reportId())
                .query((row, n) -> new Bridged(
                        row.getObject(1, UUID.class),
                        Money.of(row.getLong(2), report.currency()),
                        Money.of(row.getLong(3), report.currency()),
                        row.getString(4),
                        true))
                .optional()
                .map(bridged -> {
                    if (!bridged.reportSha256().equals(sha256)) {
                        throw new Rejection(
                                "reported-otherwise",
                                report.platform() + "'s report " + report.reportId() + " was taken with other bytes ("
                                        + bridged.reportSha256() + ") for inflow " + bridged.inflowId()
                                        + "; what it changed stands, and a correction is a restatement");
                    }
                    return bridged;
                });
    }

    private Awaited deposit(String storeId, SettlementReport report, @Nullable UUID inflowId) {
        List<Awaited> found = deposits(ESTIMATED, storeId, report, inflowId);
        String deposit = Money.of(report.depositUnits(), report.currency()) + " at " + storeId
                + (inflowId == null ? " about " + report.depositDate() : ", inflow " + inflowId);
        if (found.isEmpty()) {
            deposits(TAKEN_BACK, storeId, report, inflowId).stream().findFirst().ifPresent(SettlementReports::refuse);
            thereIs(storeId);
            throw inflowId == null ? noneWaits(storeId, report, deposit) : unfit(storeId, report, inflowId);
        }
        if (found.size() > 1) {
            throw new Rejection(
                    "several-deposits",
                    "deposit: found several of " + deposit + "; name the inflowId, one of "
                            + found.stream().map(Awaited::inflowId).toList());
        }
        return found.getFirst();
    }

    private void thereIs(String storeId) {
        if (db.sql("select count(*) from store where store_id = ?")
                        .param(storeId)
                        .query(Integer.class)
                        .single()
                == 0) {
            throw new Rejection("no-such-store", "There is no store " + storeId);
        }
    }

    private Rejection noneWaits(String storeId, SettlementReport report, String deposit) {
        String none = "deposit: found no divided deposit of " + deposit + " that waits for its report";
        return db.sql(KNOWN + "s.store_id = :store and d.currency = :currency and i.units = :units"
                        + " and d.value_date between :from and :to order by d.value_date, d.inflow_id limit 1")
                .param("store", storeId)
                .param("currency", report.currency())
                .param("units", report.depositUnits())
                .param("from", report.depositDate().minusDays(EARLIEST))
                .param("to", report.depositDate().plusDays(LATEST))
                .query(Known.class)
                .optional()
                .map(known -> new Rejection("no-such-deposit", none + "; " + known.hasItsReport()))
                .orElseGet(
                        () -> new Rejection("no-such-deposit", none + ". Send the report again once it has come in"));
    }

    /** Of the inflow that is named, what it is instead. */
    private Rejection unfit(String storeId, SettlementReport report, UUID inflowId) {
        Known known = db.sql(KNOWN + "d.inflow_id = ? and d.store_id = ?")
                .params(inflowId, storeId)
                .query(Known.class)
                .optional()
                .orElse(null);
        if (known == null) {
            return new Rejection(
                    "no-such-deposit",
                    "inflowId: found " + inflowId + ", expected a deposit of store " + storeId
                            + " that has been divided");
        }
        if (known.units() != report.depositUnits() || !known.currency().equals(report.currency())) {
            return new Rejection(
                    "no-such-deposit",
                    "deposit: found " + Money.of(report.depositUnits(), report.currency()) + ", expected "
                            + Money.of(known.units(), known.currency()) + ", which is what inflow " + inflowId
                            + " has");
        }
        return known.reportId() != null
                ? new Rejection("reported-otherwise", "inflowId: " + known.hasItsReport())
                : new Rejection(
                        "no-such-deposit",
                        "inflowId: found " + inflowId + ", divided by a rule whose basis is the inflow, expected one"
                                + " whose basis is an estimate");
    }

    private List<Awaited> deposits(String of, String storeId, SettlementReport report, @Nullable UUID inflowId) {
        return db.sql("select inflow_id, agreement_id, store_id, account, rule_hash, r.units, currency, value_date,"
                        + " provisional_base from " + of
                        + " where store_id = :store and currency = :currency and units = :units"
                        + " and (inflow_id = :inflow or (:inflow::uuid is null and value_date between :from and :to))"
                        + " order by value_date, inflow_id limit 20")
                .param("store", storeId)
                .param("currency", report.currency())
                .param("units", report.depositUnits())
                .param("inflow", inflowId)
                .param("from", report.depositDate().minusDays(EARLIEST))
                .param("to", report.depositDate().plusDays(LATEST))
                .query(Awaited.class)
                .list();
    }

    private static void refuse(Awaited takenBack) {
        throw new Rejection(
                "taken-back",
                "The bank has taken back inflow " + takenBack.inflowId() + " of "
                        + Money.of(takenBack.units(), takenBack.currency())
                        + ": what it had accrued is undone, and its report changes nothing any more");
    }

    private Bridged bridge(Awaited deposit, SettlementReport report, String sha256, String reporter) {
        lock(deposit.inflowId());
        if (isTakenBack(deposit.inflowId())) {
            refuse(deposit);
        }
        RuleDocument rule = rules.rule(deposit.ruleHash());
        long base = report.base(rule.basis());
        int claimed = db.sql(
                        "insert into settlement_report (inflow_id, agreement_id, store_id, platform, report_id, report_sha256, gross_sales,"
                                + " refunds, fees, platform_reserve, deposit, estimated_base, base, reported_by, reported_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        deposit.inflowId(),
                        deposit.agreementId(),
                        deposit.storeId(),
                        report.platform(),
                        report.reportId(),
                        sha256,
                        report.grossSalesUnits(),
                        report.refundsUnits(),
                        report.feesUnits(),
                        report.platformReserveUnits(),
                        report.depositUnits(),
                        deposit.provisionalBase(),
                        base,
                        reporter,
                        clock.now().atOffset(ZoneOffset.UTC))
                .update();
        if (claimed == 0) {
            throw new Rejection(
                    "reported-otherwise", "Inflow " + deposit.inflowId() + " was reported at the same time");
        }
        commands.send(new ReportBasis(
                deposit.agreementId(),
                deposit.inflowId(),
                deposit.storeId(),
                deposit.account(),
                deposit.ruleHash(),
                deposit.currency(),
                deposit.valueDate(),
                deposit.units(),
                deposit.provisionalBase(),
                base,
                sha256));
        return new Bridged(
                deposit.inflowId(),
                Money.of(deposit.provisionalBase(), deposit.currency()),
                Money.of(base, deposit.currency()),
                sha256,
                false);
    }

    /** What portions of the basis of a divided inflow are counted of by now; empty where that is the inflow. No report comes in meanwhile. */
    public Optional<Long> counted(UUID inflowId) {
        lock(inflowId);
        return db.sql(
                        "select coalesce((select base from settlement_report where inflow_id = :inflow), max(provisional_base))"
                                + " from division where inflow_id = :inflow")
                .param("inflow", inflowId)
                .query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
                .single();
    }

    /** Asked behind the lock: recourse counts what was reported behind it too, after the bank's word is kept. */
    private boolean isTakenBack(UUID inflowId) {
        return db.sql("select count(*) from inflow_reversal where inflow_id = ?")
                        .param(inflowId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private void lock(UUID inflowId) {
        db.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                .param("basis of " + Objects.requireNonNull(inflowId))
                .query((row, n) -> true)
                .single();
    }
}
