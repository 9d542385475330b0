package io.sluice.routing;

import io.sluice.platform.Commands;
import io.sluice.platform.Pace;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import io.sluice.routing.RoutingCommand.RouteInflows;
import io.sluice.routing.RoutingCommand.Unroutable;
import io.sluice.routing.RoutingCommand.Unrouted;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes up to 500 queued inflows, claims them, and has each agreement divide its own by one command, all in one transaction. What no rule
 * or agreement covers keeps its place with a reason, and is tried again when one appears.
 */
@Component
class Router extends Worker {

    private static final int BATCH = 500;
    private static final String FAILED = "division-failed";

    /** @param unseenSince the day of its booking, while nobody has decided that it is a sale, or its value date; null otherwise */
    record Queued(
            UUID inflowId,
            String account,
            long units,
            String currency,
            LocalDate valueDate,
            @Nullable LocalDate unseenSince,
            @Nullable String storeId,
            @Nullable String agreementId) {}

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final Commands commands;
    private final Transactions transactions;
    private final WorkList work;
    private final Pace pace;
    private final Logger log = LoggerFactory.getLogger(Router.class);

    Router(JdbcClient db, JdbcTemplate batch, Commands commands, Transactions transactions, WorkList work, Pace pace) {
        super("router");
        this.pace = pace;
        this.work = work;
        this.db = db;
        this.batch = batch;
        this.commands = commands;
        this.transactions = transactions;
    }

    /**
     * Lets what makes inflows routable be told apart from what a router under way has seen of it: a router holds it shared until it commits,
     * and who looks for inflows that were refused waits for it. Without it a refusal could be written after nobody looks for it any more.
     */
    private void waitForRouters() {
        db.sql("select pg_advisory_xact_lock(hashtext('routing.terms'))")
                .query((row, n) -> n)
                .single();
    }

    @Override
    protected boolean work() {
        pace.keep(0);
        try {
            return routeUpTo(BATCH);
        } catch (RuntimeException failed) {
            if (!isDefect(failed)) {
                throw failed;
            }
            routeOneByOne();
            return true;
        }
    }

    private boolean routeUpTo(int many) {
        return transactions.in(() -> {
            List<Queued> queued = take(many);
            if (!queued.isEmpty()) {
                route(queued);
            }
            return queued.size() == many;
        });
    }

    /** One inflow that cannot be divided, by a defect of ours or an amount beyond all measure, holds nobody else up. */
    private void routeOneByOne() {
        for (int i = 0; i < BATCH; i++) {
            AtomicReference<UUID> taken = new AtomicReference<>();
            try {
                transactions.run(() -> {
                    List<Queued> one = take(1);
                    if (!one.isEmpty()) {
                        taken.set(one.getFirst().inflowId());
                        route(one);
                    }
                });
            } catch (RuntimeException failed) {
                UUID inflow = taken.get();
                if (inflow == null || !isDefect(failed)) {
                    throw failed;
                }
                log.error("Inflow {} cannot be divided; it waits for a person", inflow, failed);
                transactions.run(() -> setAside(inflow, failed));
            }
            if (taken.get() == null) {
                return;
            }
        }
    }

    private static String itemOf(UUID inflowId) {
        return "INFLOW-" + inflowId;
    }

    /** In the caller's transaction: what could not be divided may be now. Whether it still cannot be is told anew. */
    void lookAgain() {
        waitForRouters();
        db.sql("select inflow_id from routing_queue where reason = '" + FAILED + "'")
                .query(UUID.class)
                .list()
                .forEach(inflow -> work.withdraw(itemOf(inflow)));
        db.sql("update routing_queue set reason = null where reason is not null")
                .update();
        Transactions.afterCommit(this::wake);
    }

    /** What comes again each time, unlike what the database or another node is the cause of. */
    private static boolean isDefect(RuntimeException failed) {
        return failed instanceof ArithmeticException
                || failed instanceof IllegalStateException
                || failed instanceof IllegalArgumentException
                || failed instanceof NullPointerException;
    }

    private void setAside(UUID inflowId, RuntimeException defect) {
        db.sql("update routing_queue set reason = ? where inflow_id = ? and reason is null")
                .params(FAILED, inflowId)
                .update();
        work.tellAgain(
                itemOf(inflowId),
                inflowId.toString(),
                "Inflow " + inflowId + " cannot be divided ("
                        + defect.getClass().getSimpleName()
                        + "). It is booked and waits; all others go on. It is tried again after each change of rules.");
    }

    /** In the transaction that then routes them. */
    List<Queued> take(int many) {
        db.sql("select pg_advisory_xact_lock_shared(hashtext('routing.terms'))")
                .query((row, n) -> n)
                .single();
        return db.sql("""
                        select q.inflow_id, q.account, q.units, q.currency, q.value_date, case when q.dated_by is null then q.booked_on end, s.store_id, s.agreement_id
                        from routing_queue q left join store s on s.collection_account = q.account
                        where q.reason is null
                        order by q.since, q.inflow_id limit ? for update of q skip locked
                        """)
                .param(many)
                .query((rs, n) -> new Queued(
                        rs.getObject(1, UUID.class),
                        rs.getString(2),
                        rs.getLong(3),
                        rs.getString(4),
                        rs.getObject(5, LocalDate.class),
                        rs.getObject(6, LocalDate.class),
                        rs.getString(7),
                        rs.getString(8)))
                .list();
    }

    void route(List<Queued> queued) {
        Map<String, List<Unrouted>> byAgreement = new TreeMap<>();
        Map<UUID, String> stay = new TreeMap<>();
        Set<UUID> routedBefore = routedBefore(queued);
        for (Queued inflow : queued) {
            String odd = inflow.unseenSince() == null ? null : ValueDates.odd(inflow.valueDate(), inflow.unseenSince());
            if (routedBefore.contains(inflow.inflowId())) {
                continue; // and leaves the queue
            }
            if (inflow.agreementId() == null || inflow.storeId() == null) {
                stay.put(inflow.inflowId(), "no-agreement");
            } else if (odd != null) {
                stay.put(inflow.inflowId(), odd);
            } else {
                byAgreement
                        .computeIfAbsent(inflow.agreementId(), a -> new ArrayList<>())
                        .add(new Unrouted(
                                inflow.inflowId(),
                                inflow.storeId(),
                                inflow.account(),
                                inflow.units(),
                                inflow.currency(),
                                inflow.valueDate()));
            }
        }
        byAgreement.forEach((agreement, inflows) -> {
            List<Unroutable> refused = commands.ask(new RouteInflows(agreement, inflows));
            if (refused != null) {
                refused.forEach(unroutable -> stay.put(unroutable.inflowId(), unroutable.reason()));
            }
        });
        claim(byAgreement.values().stream()
                .flatMap(List::stream)
                .map(Unrouted::inflowId)
                .filter(id -> !stay.containsKey(id))
                .toArray(UUID[]::new));
        settleQueue(queued, stay);
    }

    private Set<UUID> routedBefore(List<Queued> queued) {
        return new HashSet<>(db.sql("select inflow_id from routed_inflow where inflow_id = any(:ids)")
                .param("ids", queued.stream().map(Queued::inflowId).toArray(UUID[]::new))
                .query(UUID.class)
                .list());
    }

    /** The claim is an insert that must succeed: an inflow that was divided before rolls the whole batch back. */
    private void claim(UUID[] inflowIds) {
        db.sql("insert into routed_inflow (inflow_id) select unnest(:ids::uuid[])")
                .param("ids", inflowIds)
                .update();
    }

    private void settleQueue(List<Queued> queued, Map<UUID, String> stay) {
        UUID[] routed = queued.stream()
                .map(Queued::inflowId)
                .filter(id -> !stay.containsKey(id))
                .toArray(UUID[]::new);
        db.sql("delete from routing_queue where inflow_id = any(:ids)")
                .param("ids", routed)
                .update();
        if (!stay.isEmpty()) {
            batch.batchUpdate(
                    "update routing_queue set reason = ? where inflow_id = ?",
                    stay.entrySet().stream()
                            .map(e -> new Object[] {e.getValue(), e.getKey()})
                            .toList());
        }
    }
}
