package io.sluice.settlement;

import static java.util.Comparator.comparing;

import io.sluice.collection.BankAccounts;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.investors.Payees;
import io.sluice.investors.Payees.Known;
import io.sluice.platform.Transactions;
import io.sluice.policies.Mandates;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.AgreementView;
import io.sluice.routing.Agreements.StoreView;
import io.sluice.routing.Destination;
import io.sluice.routing.RuleDesk;
import io.sluice.settlement.Instructions.Draft;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Rail;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Empties a store's collection account at the cut-off: the royalty to the trust account, the fee to the platform, the residual to the
 * merchant. One order per account and day, from the legs that no instruction has claimed yet.
 */
@Component
class Remittances {

    private record OpenLeg(UUID legId, String path, String destination, long units, String ruleHash, int series) {}

    /** What is paid together. */
    private record To(Kind kind, String payeeId) {}

    private final JdbcClient db;
    private final Agreements agreements;
    private final RuleDesk rules;
    private final BankAccounts accounts;
    private final Payees payees;
    private final Mandates mandates;
    private final Orders orders;
    private final Recourse recourse;
    private final Refusals refusals;
    private final Transactions transactions;

    Remittances(
            JdbcClient db,
            Agreements agreements,
            RuleDesk rules,
            BankAccounts accounts,
            Payees payees,
            Mandates mandates,
            Orders orders,
            Recourse recourse,
            Refusals refusals,
            Transactions transactions) {
        this.db = db;
        this.agreements = agreements;
        this.rules = rules;
        this.accounts = accounts;
        this.payees = payees;
        this.mandates = mandates;
        this.orders = orders;
        this.recourse = recourse;
        this.refusals = refusals;
        this.transactions = transactions;
    }

    void remit(StoreView store, LocalDate day) {
        transactions.run(() -> {
            recourse.takeFrom(store.storeId(), day);
            List<OpenLeg> legs = openLegs(store);
            if (legs.isEmpty()) {
                return;
            }
            AgreementView agreement = agreements.find(store.agreementId()).orElseThrow();
            BankAccount account = accounts.find(store.collectionAccount()).orElseThrow();
            List<Draft> drafts = drafts(store, agreement, legs);
            if (drafts.isEmpty()) {
                return;
            }
            long total = drafts.stream().mapToLong(Draft::units).reduce(0, Math::addExact);
            long largest = drafts.stream()
                    .filter(d -> d.kind() != Kind.SWEEP && d.kind() != Kind.FEE) // to our own accounts
                    .collect(Collectors.groupingBy(
                            Draft::payeeId, Collectors.reducing(0L, Draft::units, Math::addExact)))
                    .values()
                    .stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            Optional<String> mandate = mandates.covering(
                    "remittance:" + drafts.getFirst().instructionId(),
                    agreement.agreementId(),
                    agreement.currency(),
                    List.of("BANK"),
                    BigInteger.valueOf(largest),
                    BigInteger.valueOf(total),
                    day);
            orders.createAll(
                    new Orders.Source(
                            Rail.BANK,
                            account.bank(),
                            account.account(),
                            agreement.agreementId(),
                            agreement.currency(),
                            day,
                            null),
                    drafts,
                    mandate);
        });
    }

    private List<OpenLeg> openLegs(StoreView store) {
        return db.sql("""
                        select l.leg_id, l.path, l.destination, l.open_units, l.rule_hash, coalesce(s.series, 0)
                        from open_leg l left join payable_series s on s.payable_id = l.leg_id
                        where l.store_id = ? order by l.leg_id
                        """)
                .param(store.storeId())
                .query((rs, n) -> new OpenLeg(
                        rs.getObject(1, UUID.class),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getLong(4),
                        rs.getString(5),
                        rs.getInt(6)))
                .list();
    }

    private List<Draft> drafts(StoreView store, AgreementView agreement, List<OpenLeg> legs) {
        Map<To, List<OpenLeg>> byPayee = new TreeMap<>(comparing(To::kind).thenComparing(To::payeeId));
        legs.forEach(leg -> byPayee.computeIfAbsent(to(leg, store, agreement), d -> new ArrayList<>())
                .add(leg));
        List<Draft> drafts = new ArrayList<>();
        byPayee.forEach((to, its) -> {
            Kind kind = to.kind();
            String payeeId = to.payeeId();
            Known payee =
                    Objects.requireNonNull(payees.known(List.of(payeeId)).get(payeeId), () -> "no payee " + payeeId);
            if (refusals.holds(payeeId, payee.sha256())) {
                return;
            }
            drafts.add(new Draft(
                    kind,
                    payeeId,
                    payee.sha256(),
                    its.stream().mapToLong(OpenLeg::units).reduce(0, Math::addExact),
                    its.getLast().ruleHash(),
                    its.stream().mapToInt(OpenLeg::series).max().orElse(0),
                    its.stream().map(OpenLeg::legId).toList()));
        });
        return drafts;
    }

    private To to(OpenLeg leg, StoreView store, AgreementView agreement) {
        return switch (Destination.parse(leg.destination())) {
            case ROYALTY_POOL -> new To(Kind.SWEEP, "OWN-" + agreement.trustAccount());
            case PLATFORM_FEES -> new To(Kind.FEE, "OWN-" + agreement.feeAccount());
            case MERCHANT_RESIDUAL -> new To(Kind.RESIDUAL, store.payeeId());
            case TRUSTEE_FEES -> new To(Kind.TRUSTEE_FEE, party(leg));
            case TAX_WITHHELD -> new To(Kind.TAX, party(leg));
            case UPSTREAM_ROYALTY -> new To(Kind.UPSTREAM_ROYALTY, party(leg));
            case RETURNS_RESERVE, CASH_RESERVE, MERCHANT_TRAPPED, MERCHANT_UNTIL_REPORT ->
                throw new IllegalStateException("Leg " + leg.legId() + " is held, and never open");
        };
    }

    private String party(OpenLeg leg) {
        return rules.payee(leg.ruleHash(), leg.path())
                .orElseThrow(() -> new IllegalStateException("Leg " + leg.legId() + " names nobody to pay"));
    }

    /** Royalty of an agreement that was ordered out of its collection accounts and not refused: what can be distributed in all. */
    long sweptUnits(String agreementId) {
        return db.sql(
                        "select coalesce(sum(units), 0)::bigint from instruction where agreement_id = ? and kind = 'SWEEP'"
                                + " and state not in ('PENDING_APPROVAL', 'RJCT', 'CANC', 'RETURNED')")
                .param(agreementId)
                .query(Long.class)
                .single();
    }

    long distributedUnits(String agreementId) {
        return db.sql("select coalesce(sum(pool_units), 0)::bigint from distribution where agreement_id = ?")
                .param(agreementId)
                .query(Long.class)
                .single();
    }
}
