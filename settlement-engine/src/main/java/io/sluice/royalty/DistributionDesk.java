package io.sluice.royalty;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.policies.Mandates;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.AgreementView;
import io.sluice.royalty.CumulativeAllocation.Part;
import io.sluice.royalty.RoyaltyCommand.DrawPool;
import io.sluice.royalty.RoyaltyCommand.Drawn;
import io.sluice.royalty.RoyaltyCommand.OpenPool;
import io.sluice.royalty.RoyaltyCommand.RegisterHoldings;
import io.sluice.royalty.RoyaltyCommand.ReleaseDistribution;
import io.sluice.royalty.RoyaltyCommand.SealDistribution;
import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where registers are taken over and distributions are declared, sealed and released. */
@Component
public class DistributionDesk implements WorkList.Approvable {

    private final JdbcClient db;
    private final EntitlementRows rows;
    private final HolderCarries carries;
    private final Commands commands;
    private final Transactions transactions;
    private final Agreements agreements;
    private final Mandates mandates;
    private final WorkList work;
    private final BusinessClock clock;

    DistributionDesk(
            JdbcClient db,
            EntitlementRows rows,
            HolderCarries carries,
            Commands commands,
            Transactions transactions,
            Agreements agreements,
            Mandates mandates,
            WorkList work,
            BusinessClock clock) {
        this.db = db;
        this.rows = rows;
        this.carries = carries;
        this.commands = commands;
        this.transactions = transactions;
        this.agreements = agreements;
        this.mandates = mandates;
        this.work = work;
        this.clock = clock;
    }

    /** Takes over the register of an agreement's token; answers the hash of the sealed snapshot. */
    public String register(AgreementView agreement, SortedMap<String, BigInteger> holdings) {
        Register register = new Register(holdings);
        String poolId = RoyaltyPool.idOf(agreement.agreementId(), agreement.currency());
        transactions.run(() -> {
            db.sql("insert into register_snapshot (snapshot_hash, content) values (?, ?) on conflict do nothing")
                    .params(register.hash(), register.content())
                    .update();
            commands.begin(poolId, new OpenPool(poolId, agreement.agreementId(), agreement.currency()));
            commands.send(new RegisterHoldings(
                    poolId, register.hash(), register.units().size(), register.total()));
        });
        return register.hash();
    }

    /**
     * Declares a distribution of what is in the pool, at most {@code fundedUnits}, to those who hold now: drawn, allocated, sealed, and
     * released when a mandate covers it; else it waits on the work list. One transaction. Empty when there is nothing to distribute.
     */
    public Optional<UUID> declare(AgreementView agreement, long fundedUnits, Instant recordPoint) {
        UUID id = Hashes.uuid("distribution", agreement.agreementId(), agreement.currency(), recordPoint.toString());
        return transactions.in(() -> {
            Optional<Register> register = currentRegister(agreement.agreementId());
            Optional<String> rule = agreements.ruleInForce(
                    agreement.agreementId(),
                    recordPoint.atZone(java.time.ZoneOffset.UTC).toLocalDate());
            if (register.isEmpty() || rule.isEmpty()) {
                return Optional.empty();
            }
            String poolId = RoyaltyPool.idOf(agreement.agreementId(), agreement.currency());
            Drawn drawn = Objects.requireNonNull(commands.<Drawn>ask(new DrawPool(poolId, id, fundedUnits)));
            if (drawn.units() == 0) {
                return Optional.empty();
            }
            DistributionSealed sealed = seal(id, agreement, register.get(), rule.get(), recordPoint, drawn);
            commands.send(new SealDistribution(id.toString(), sealed));
            releaseOrAsk(sealed);
            return Optional.of(id);
        });
    }

    private DistributionSealed seal(
            UUID id, AgreementView agreement, Register register, String ruleHash, Instant recordPoint, Drawn drawn) {
        List<Part> parts = CumulativeAllocation.allocate(
                drawn.units(), register, carries.of(agreement.agreementId(), agreement.currency()));
        rows.write(id, parts);
        carries.carryOn(agreement.agreementId(), agreement.currency(), parts);
        long entitled = parts.stream().mapToLong(Part::units).reduce(0, Math::addExact);
        return new DistributionSealed(
                id,
                agreement.agreementId(),
                agreement.currency(),
                recordPoint,
                drawn.sequence(),
                register.hash(),
                ruleHash,
                drawn.units(),
                entitled,
                parts.stream().mapToLong(Part::units).max().orElse(0),
                (int) parts.stream().filter(p -> p.units() > 0).count(),
                CumulativeAllocation.NAME,
                EntitlementRows.hash(parts));
    }

    private void releaseOrAsk(DistributionSealed sealed) {
        String id = sealed.distributionId().toString();
        mandates.covering(
                        "distribution:" + id,
                        sealed.agreementId(),
                        sealed.currency(),
                        List.of("BANK", "CHAIN"),
                        BigInteger.valueOf(sealed.largestUnits()),
                        BigInteger.valueOf(sealed.entitledUnits()),
                        clock.today())
                .ifPresentOrElse(
                        mandate -> commands.send(new ReleaseDistribution(id, mandate, "mandate")),
                        () -> work.open(
                                "DISTRIBUTION-" + id,
                                kind(),
                                sealed.entitlementHash(),
                                "Distribution of " + io.sluice.money.Money.of(sealed.entitledUnits(), sealed.currency())
                                        + " to " + sealed.holders() + " holders of " + sealed.agreementId(),
                                "engine"));
    }

    private Optional<Register> currentRegister(String agreementId) {
        return db.sql(
                        "select s.content from holder_register r join register_snapshot s using (snapshot_hash) where r.agreement_id = ?")
                .param(agreementId)
                .query(byte[].class)
                .optional()
                .map(Register::parse);
    }

    @Override
    public String kind() {
        return "DISTRIBUTION";
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        commands.send(new ReleaseDistribution(itemId.substring("DISTRIBUTION-".length()), hash, approver));
    }
}
