package io.sluice.settlement.chain;

import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainOutcome;
import io.sluice.chain.ChainOutcomeListener;
import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.DistributionTree;
import io.sluice.chain.DistributionTree.Entitlement;
import io.sluice.chain.Erc20;
import io.sluice.chain.IncomingTransfer;
import io.sluice.chain.IncomingTransferListener;
import io.sluice.chain.PayoutBatch;
import io.sluice.chain.RoyaltyDistributor;
import io.sluice.investors.Payees;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import io.sluice.routing.AgreementNumber;
import io.sluice.settlement.Conversions;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.Outbox;
import io.sluice.settlement.Outbox.Leased;
import io.sluice.settlement.PayoutFunding;
import io.sluice.settlement.SettlementEvent.Rail;
import io.sluice.settlement.Settlements;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Pays chain orders by the royalty distributor: one order is one distribution of one batch, anchored under the rule that was in force at
 * its record point and paid in the same transaction, once however often it is sent. It is settled when a finalized block holds it.
 */
@Component
class ChainRail extends Worker implements ChainOutcomeListener, IncomingTransferListener, PayoutFunding {

    private static final String KEY = "order:";
    private static final String ALLOWANCE = "allowance:";
    private static final String HEARTBEAT = OperatorHeartbeat.KEY;
    private static final BigInteger WITHOUT_BOUND = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

    private final Outbox outbox;
    private final ChainOrders chain;
    private final ChainReads reads;
    private final ChainSettings settings;
    private final JdbcClient db;
    private final InstructionRows rows;
    private final Payees payees;
    private final Settlements settlements;
    private final Conversions conversions;
    private final WorkList work;
    private final Transactions transactions;
    private boolean allowed;

    ChainRail(
            Outbox outbox,
            ChainOrders chain,
            ChainReads reads,
            ChainSettings settings,
            JdbcClient db,
            InstructionRows rows,
            Payees payees,
            Settlements settlements,
            Conversions conversions,
            WorkList work,
            Transactions transactions) {
        super("chain-rail");
        this.outbox = outbox;
        this.chain = chain;
        this.reads = reads;
        this.settings = settings;
        this.db = db;
        this.rows = rows;
        this.payees = payees;
        this.settlements = settlements;
        this.conversions = conversions;
        this.work = work;
        this.transactions = transactions;
    }

    @Override
    public String wallet() {
        return reads.sender();
    }

    /** The distributor takes what is anchored from our wallet; nobody but this wallet can anchor. */
    private void allowDistributor() {
        transactions.run(() -> settings.tokens()
                .values()
                .forEach(token -> chain.enqueue(new ChainOrder(
                                ALLOWANCE + settings.id() + ":" + reads.sender() + ":" + settings.distributor() + ":"
                                        + token,
                                token,
                                new Erc20.Approve(settings.distributor(), WITHOUT_BOUND).data())
                        .standing())));
        allowed = true;
    }

    @Override
    protected boolean work() {
        if (!allowed) {
            allowDistributor();
        }
        Optional<Leased> leased = outbox.lease(Rail.CHAIN);
        leased.ifPresent(order -> transactions.run(() -> {
            if (outbox.done(order)) {
                chain.enqueue(batch(order.orderId()));
                settlements.submitted(order.orderId(), KEY + order.orderId(), List.of());
            }
        }));
        return leased.isPresent();
    }

    /** What a payout is paid under: its distribution's. */
    private record Terms(String ruleHash, Instant recordPoint) {}

    private ChainOrder batch(UUID orderId) {
        List<Row> its = rows.of(orderId);
        List<PayoutBatch.Entry> entries = new ArrayList<>(its.size());
        List<Entitlement> entitlements = new ArrayList<>(its.size());
        for (Row row : its) {
            BigInteger units = new BigInteger(Objects.requireNonNull(row.tokenUnits()));
            if (units.signum() > 0) {
                String address = payees.destination(row.payeeId()).orElseThrow().address();
                entries.add(new PayoutBatch.Entry(Objects.requireNonNull(address), units));
                entitlements.add(new Entitlement(row.payeeId(), units));
            }
        }
        PayoutBatch batch = new PayoutBatch(entries);
        String id = idOf(orderId);
        DistributionTree tree =
                DistributionTree.of(settings.id(), settings.distributor(), id, List.of(batch), entitlements);
        Terms terms = terms(orderId);
        return new ChainOrder(
                        KEY + orderId,
                        settings.distributor(),
                        new RoyaltyDistributor.AnchorAndExecute(
                                        new RoyaltyDistributor.Anchor(
                                                id,
                                                tree.payoutRoot(),
                                                tree.entitlementRoot(),
                                                tokenOf(its.getFirst().currency()),
                                                batch.sum(),
                                                1,
                                                "0x" + terms.ruleHash(),
                                                AgreementNumber.of(
                                                        its.getFirst().agreementId()),
                                                terms.recordPoint().getEpochSecond()),
                                        batch.packed())
                                .data())
                .standing(); // the contract anchors an id once, so that a repeated call cannot pay twice
    }

    /** The newest of the distributions that the order pays from: an order may carry along what earlier ones left below the minimum. */
    private Terms terms(UUID orderId) {
        return db.sql("""
                        select d.rule_hash, d.record_point from instruction i
                        join rail_claim c on c.instruction_id = i.instruction_id
                        join entitlement e on e.entitlement_id = c.payable_id join distribution d using (distribution_id)
                        where i.order_id = ? order by d.record_point desc limit 1""")
                .param(orderId)
                .query((rs, n) -> new Terms(rs.getString(1), rs.getTimestamp(2).toInstant()))
                .single();
    }

    private String idOf(UUID orderId) {
        return DistributionTree.id(settings.id(), settings.distributor(), orderId.toString());
    }

    private String tokenOf(String currency) {
        return Objects.requireNonNull(settings.tokens().get(currency), () -> "No stablecoin is set for " + currency);
    }

    @Override
    public void on(ChainOutcome outcome) {
        if (!isOurs(outcome.key())) {
            return;
        }
        switch (outcome) {
            case ChainOutcome.Executed executed -> {
                if (outcome.key().startsWith(KEY)) {
                    settled(UUID.fromString(outcome.key().substring(KEY.length())), executed);
                }
                work.withdraw(itemOf(outcome.key()));
            }
            case ChainOutcome.Failed failed ->
                throw new IllegalStateException(
                        failed.key() + " stands until it is executed, and cannot fail: " + failed);
        }
    }

    @Override
    public void waits(String key, String why) {
        if (isOurs(key)) {
            String what = key.startsWith(KEY)
                    ? "A batch of payouts"
                    : key.startsWith(ALLOWANCE) ? "The distributor's allowance" : "The operator's heartbeat";
            work.tell(
                    itemOf(key),
                    key,
                    what + " waits for the chain: " + why
                            + ". It is tried again by itself, every five minutes at least");
        }
    }

    private static boolean isOurs(String key) {
        return key.startsWith(KEY) || key.startsWith(ALLOWANCE) || key.startsWith(HEARTBEAT);
    }

    private static String itemOf(String key) {
        return "CHAIN-" + key;
    }

    private void settled(UUID orderId, ChainOutcome.Executed executed) {
        RoyaltyDistributor.BatchExecuted paid = executed.events().stream()
                .filter(RoyaltyDistributor.BatchExecuted.class::isInstance)
                .map(RoyaltyDistributor.BatchExecuted.class::cast)
                // A hostile token could report a batch too: only our contract's word on this order counts.
                .filter(batch -> batch.contract().equals(settings.distributor())
                        && batch.id().equals(idOf(orderId)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The batch of order " + orderId + " reported nothing"));
        BigInteger ordered = rows.of(orderId).stream()
                .map(row -> new BigInteger(Objects.requireNonNull(row.tokenUnits())))
                .reduce(BigInteger.ZERO, BigInteger::add);
        if (!paid.sum().equals(ordered)) {
            throw new IllegalStateException(
                    "Order " + orderId + " is of " + ordered + ", the contract paid " + paid.sum());
        }
        settlements.settledOnChain(
                orderId,
                paid.sum().subtract(paid.failedSum()),
                paid.failedSum(),
                executed.transactionHash(),
                executed.blockNumber());
    }

    @Override
    public void on(IncomingTransfer transfer) {
        conversions.arrived(transfer.token(), transfer.units(), transfer.transactionHash(), transfer.blockNumber());
    }
}
