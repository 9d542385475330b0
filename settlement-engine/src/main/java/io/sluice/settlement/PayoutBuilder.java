package io.sluice.settlement;

import io.sluice.bank.TransferBatch;
import io.sluice.collection.BankAccounts;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.AgreementView;
import io.sluice.settlement.Instructions.Draft;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Rail;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Orders the payouts of released distributions: to each holder what is open in the agreement, once all that it is owed in the currency
 * on its rail reaches the minimum. What is below stays payable and joins a later run, and so does what is owed to one who was refused too
 * often; nothing is forfeited.
 */
@Component
class PayoutBuilder extends Worker {

    private record Queued(
            UUID distributionId, String agreementId, String currency, String approvalHash, String ruleHash) {}

    private record Open(String holderId, UUID entitlementId, long units, String rail, String payeeHash, int series) {}

    private final JdbcClient db;
    private final Orders orders;
    private final Agreements agreements;
    private final BankAccounts accounts;
    private final SettlementSettings settings;
    private final ObjectProvider<PayoutFunding> chain;
    private final BusinessClock clock;
    private final OneByOne oneByOne;

    PayoutBuilder(
            JdbcClient db,
            Orders orders,
            Agreements agreements,
            BankAccounts accounts,
            SettlementSettings settings,
            ObjectProvider<PayoutFunding> chain,
            BusinessClock clock,
            OneByOne oneByOne) {
        super("payouts");
        this.db = db;
        this.orders = orders;
        this.agreements = agreements;
        this.accounts = accounts;
        this.settings = settings;
        this.chain = chain;
        this.clock = clock;
        this.oneByOne = oneByOne;
    }

    @Override
    protected boolean work() {
        List<UUID> released = db.sql(
                        "select q.distribution_id from payout_queue q join distribution d using (distribution_id)"
                                + " where d.state = 'RELEASED' order by q.distribution_id limit 500")
                .query(UUID.class)
                .list();
        boolean any = false;
        for (UUID distribution : released) {
            any |= oneByOne.run(
                    "PAYOUTS-" + distribution,
                    "Ordering the payouts of distribution " + distribution,
                    () -> pay(distribution));
        }
        return any;
    }

    private void pay(UUID distribution) {
        db.sql("select distribution_id, agreement_id, currency, approval_hash, rule_hash from payout_queue"
                        + " where distribution_id = ? for update")
                .param(distribution)
                .query(Queued.class)
                .optional()
                .ifPresent(this::pay);
    }

    private void pay(Queued distribution) {
        AgreementView agreement = agreements.find(distribution.agreementId()).orElseThrow();
        Map<String, List<Draft>> byRail = new TreeMap<>();
        Map<String, List<Open>> byHolder = new TreeMap<>();
        open(distribution)
                .forEach(o -> byHolder.computeIfAbsent(o.holderId(), h -> new ArrayList<>())
                        .add(o));
        byHolder.forEach((holder, its) -> byRail.computeIfAbsent(its.getFirst().rail(), r -> new ArrayList<>())
                .add(new Draft(
                        Kind.HOLDER_PAYOUT,
                        holder,
                        its.getFirst().payeeHash(),
                        its.stream().mapToLong(Open::units).reduce(0, Math::addExact),
                        distribution.ruleHash(),
                        its.stream().mapToInt(Open::series).max().orElse(0),
                        its.stream().map(Open::entitlementId).toList())));
        LocalDate day = clock.today();
        String bank = accounts.find(agreement.trustAccount()).orElseThrow().bank();
        orders.createAll(
                new Orders.Source(
                        Rail.BANK,
                        bank,
                        agreement.trustAccount(),
                        agreement.agreementId(),
                        agreement.currency(),
                        day,
                        null),
                byRail.getOrDefault("BANK", List.of()),
                Optional.of(distribution.approvalHash()));
        chunks(byRail.getOrDefault("CHAIN", List.of()))
                .forEach(drafts -> payOnChain(distribution, agreement, bank, day, drafts));
        db.sql("delete from payout_queue where distribution_id = ?")
                .param(distribution.distributionId())
                .update();
    }

    private void payOnChain(
            Queued distribution, AgreementView agreement, String bank, LocalDate day, List<Draft> drafts) {
        String wallet = chain.getObject().wallet();
        Draft coins = new Draft(
                Kind.ON_RAMP,
                "OWN-" + wallet,
                io.sluice.platform.Hashes.sha256(wallet),
                drafts.stream().mapToLong(Draft::units).reduce(0, Math::addExact),
                distribution.ruleHash(),
                drafts.stream().mapToInt(Draft::series).max().orElse(0),
                drafts.stream().flatMap(d -> d.payables().stream()).toList());
        UUID onRamp = orders.create(
                new Orders.Source(
                        Rail.ONRAMP,
                        bank,
                        agreement.trustAccount(),
                        agreement.agreementId(),
                        agreement.currency(),
                        day,
                        null),
                List.of(coins),
                Optional.of(distribution.approvalHash()));
        orders.create(
                new Orders.Source(Rail.CHAIN, bank, wallet, agreement.agreementId(), agreement.currency(), day, onRamp),
                drafts,
                Optional.of(distribution.approvalHash()));
    }

    /** What the agreement's holders are owed and no rail has claimed, of holders who reach the minimum over all agreements. */
    private List<Open> open(Queued distribution) {
        return db.sql("""
                        with open as (
                            select e.holder_id, e.entitlement_id, e.gross, d.agreement_id, p.rail, p.sha256, coalesce(s.series, 0) series,
                                   sum(e.gross) over (partition by e.holder_id) owed
                            from distribution d
                            join entitlement e using (distribution_id)
                            join payee p on p.payee_id = e.holder_id
                            left join rail_claim c on c.payable_id = e.entitlement_id
                            left join payable_series s on s.payable_id = e.entitlement_id
                            left join payee_refusal f on f.payee_id = e.holder_id and f.payee_hash = p.sha256 and f.held
                            where d.state = 'RELEASED' and d.currency = :currency and c.payable_id is null
                                and f.payee_id is null)
                        select holder_id, entitlement_id, gross, rail, sha256, series from open
                        where agreement_id = :agreement and owed >= case rail when 'BANK' then :bank else :chain end
                        order by holder_id, entitlement_id
                        """)
                .param("currency", distribution.currency())
                .param("agreement", distribution.agreementId())
                .param("bank", settings.minimumUnits(distribution.currency(), "BANK"))
                .param("chain", settings.minimumUnits(distribution.currency(), "CHAIN"))
                .query((rs, n) -> new Open(
                        rs.getString(1),
                        rs.getObject(2, UUID.class),
                        rs.getLong(3),
                        rs.getString(4),
                        rs.getString(5),
                        rs.getInt(6)))
                .list();
    }

    private static List<List<Draft>> chunks(List<Draft> drafts) {
        List<List<Draft>> chunks = new ArrayList<>();
        for (int from = 0; from < drafts.size(); from += TransferBatch.MAX_TRANSFERS) {
            chunks.add(drafts.subList(from, Math.min(from + TransferBatch.MAX_TRANSFERS, drafts.size())));
        }
        return chunks;
    }
}
