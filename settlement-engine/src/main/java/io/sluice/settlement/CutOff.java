package io.sluice.settlement;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.BusinessDays;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.AgreementView;
import io.sluice.routing.Agreements.StoreView;
import io.sluice.royalty.DistributionDesk;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The daily run: at the cut-off of each business day it remits every store's account and declares the distribution of each agreement.
 * Every step is its own transaction and changes nothing when it is done again, so that a run that was killed is simply run again.
 */
@Component
@EnableConfigurationProperties(SettlementSettings.class)
class CutOff extends Worker {

    private static final Logger log = LoggerFactory.getLogger(CutOff.class);

    private final SettlementSettings settings;
    private final JdbcClient db;
    private final Agreements agreements;
    private final Remittances remittances;
    private final DistributionDesk distributions;
    private final WorkList work;
    private final Transactions transactions;
    private final BusinessClock clock;

    CutOff(
            SettlementSettings settings,
            JdbcClient db,
            Agreements agreements,
            Remittances remittances,
            DistributionDesk distributions,
            WorkList work,
            Transactions transactions,
            BusinessClock clock) {
        super("cut-off");
        this.settings = settings;
        this.db = db;
        this.agreements = agreements;
        this.remittances = remittances;
        this.distributions = distributions;
        this.work = work;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    protected boolean work() {
        ZonedDateTime now = clock.now().atZone(ZoneOffset.UTC);
        LocalDate due = BusinessDays.upTo(
                now.toLocalTime().isBefore(settings.cutOff())
                        ? now.toLocalDate().minusDays(1)
                        : now.toLocalDate());
        LocalDate interrupted = running().orElse(due);
        boolean done = db.sql("select count(*) from cut_off where day >= ? and state = 'DONE'")
                        .param(interrupted)
                        .query(Integer.class)
                        .single()
                > 0;
        if (!done && !agreements.all().isEmpty()) {
            run(interrupted);
            return true;
        }
        return false;
    }

    private Optional<LocalDate> running() {
        return db.sql("select day from cut_off where state = 'RUNNING' order by day limit 1")
                .query(LocalDate.class)
                .optional();
    }

    private void run(LocalDate day) {
        db.sql("insert into cut_off (day, state, ran_at) values (?, 'RUNNING', ?) on conflict (day) do nothing")
                .params(day, clock.now().atOffset(ZoneOffset.UTC))
                .update();
        // A run that is late sends for today: the bank refuses an execution date that has passed.
        LocalDate executed = day.isBefore(clock.today()) ? clock.today() : day;
        for (StoreView store : agreements.stores()) {
            step(day, "remittance of " + store.storeId(), () -> remittances.remit(store, executed));
        }
        Instant recordPoint = day.atTime(recordTime()).toInstant(ZoneOffset.UTC);
        for (AgreementView agreement : agreements.all()) {
            step(day, "distribution of " + agreement.agreementId(), () -> declare(agreement, recordPoint));
            step(day, "refused payouts of " + agreement.agreementId(), () -> orderAgain(agreement));
        }
        db.sql("update cut_off set state = 'DONE' where day = ?").param(day).update();
        log.info("Cut-off of {} done", day);
    }

    private void declare(AgreementView agreement, Instant recordPoint) {
        long funded =
                remittances.sweptUnits(agreement.agreementId()) - remittances.distributedUnits(agreement.agreementId());
        if (funded > 0) {
            distributions.declare(agreement, funded, recordPoint);
        }
    }

    /**
     * Payouts that were refused are ordered again with the latest distribution: there may be no further one. Who is refused too often is
     * left out when they are ordered ({@link Refusals}).
     */
    private void orderAgain(AgreementView agreement) {
        db.sql("""
                        insert into payout_queue (distribution_id, agreement_id, currency, approval_hash, rule_hash)
                        select d.distribution_id, d.agreement_id, d.currency, d.approval_hash, d.rule_hash from distribution d
                        where d.agreement_id = ? and d.state = 'RELEASED' and exists (
                            select 1 from payable_series s
                            join entitlement e on e.entitlement_id = s.payable_id
                            join distribution f on f.distribution_id = e.distribution_id
                            left join rail_claim c on c.payable_id = e.entitlement_id
                            where f.agreement_id = d.agreement_id and f.currency = d.currency and f.state = 'RELEASED'
                                and c.payable_id is null)
                        order by d.record_point desc, d.distribution_id limit 1
                        on conflict do nothing
                        """).param(agreement.agreementId()).update();
    }

    /**
     * One store's or agreement's defect is nobody else's: it is told to a person, and what it did not do stays open for the next run. A
     * database that fails fails all, and the run is tried again.
     */
    private void step(LocalDate day, String what, Runnable step) {
        try {
            step.run();
        } catch (TransientDataAccessException | DataAccessResourceFailureException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("Cut-off of {}: the {} was left out", day, what, e);
            transactions.run(() -> work.open(
                    "CUTOFF-" + day + "-" + what.replace(' ', '-'),
                    "PARKED",
                    Hashes.sha256(what),
                    "The " + what + " was left out at the cut-off of " + day + " ("
                            + e.getClass().getSimpleName() + ", see the log); what is open joins the next cut-off",
                    "engine"));
        }
    }

    private LocalTime recordTime() {
        return settings.cutOff();
    }
}
