package io.sluice.settlement;

import io.sluice.bank.TransferBatch;
import io.sluice.collection.AccountKind;
import io.sluice.collection.Banks;
import io.sluice.investors.Payees;
import io.sluice.investors.Payees.Destination;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.policies.WorkList;
import io.sluice.settlement.Instructions.Draft;
import io.sluice.settlement.SettlementCommand.ReleaseOrder;
import io.sluice.settlement.SettlementEvent.Context;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Line;
import io.sluice.settlement.SettlementEvent.OrderReleased;
import io.sluice.settlement.SettlementEvent.Rail;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes payment orders: claims what they pay, freezes their bytes, and releases them under an approval or puts them on the work list. All
 * in the caller's transaction; claiming what is claimed already is a defect that rolls everything back.
 */
@Component
class Orders implements WorkList.Approvable {

    /** Where an order is paid from and when. {@code fundedBy}: the on-ramp order that a chain order waits for. */
    record Source(
            Rail rail,
            String bank,
            String account,
            String agreementId,
            String currency,
            LocalDate day,
            @Nullable UUID fundedBy) {}

    /** Of an order that pays for none. */
    static final String NO_AGREEMENT = "-";

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final Commands commands;
    private final Payees payees;
    private final Outbox outbox;
    private final WorkList work;
    private final BusinessClock clock;
    private final Banks banks;

    Orders(
            JdbcClient db,
            JdbcTemplate batch,
            Commands commands,
            Payees payees,
            Outbox outbox,
            WorkList work,
            BusinessClock clock,
            Banks banks) {
        this.db = db;
        this.batch = batch;
        this.commands = commands;
        this.payees = payees;
        this.outbox = outbox;
        this.work = work;
        this.clock = clock;
        this.banks = banks;
    }

    /** Makes as many orders as the bank takes transfers in: it has its own bound for one order. */
    void createAll(Source source, List<Draft> drafts, Optional<String> approvalHash) {
        int largest = banks.find(source.bank())
                .map(bank -> bank.payments().largestBatch())
                .orElse(TransferBatch.MAX_TRANSFERS);
        for (int from = 0; from < drafts.size(); from += largest) {
            create(source, drafts.subList(from, Math.min(from + largest, drafts.size())), approvalHash);
        }
    }

    /** Makes one order of at most 500 instructions; released when an approval covers it, else waiting for a person. Answers its id. */
    UUID create(Source source, List<Draft> drafts, Optional<String> approvalHash) {
        return create(source, drafts, approvalHash, "engine");
    }

    /** @param maker who ordered it, and so approves it not */
    UUID create(Source source, List<Draft> drafts, Optional<String> approvalHash, String maker) {
        String instructionsHash = hash(drafts);
        UUID orderId = Hashes.uuid(
                "order", source.rail().name(), source.account(), source.day().toString(), instructionsHash);
        insert(orderId, source, drafts, approvalHash.orElse(""));
        batch.batchUpdate(
                "insert into rail_claim (payable_id, instruction_id) values (?, ?)",
                source.rail() == Rail.ONRAMP
                        ? List.of()
                        : drafts.stream()
                                .flatMap(d -> d.payables().stream().map(p -> new Object[] {p, d.instructionId()}))
                                .toList());
        if (source.rail() == Rail.BANK) {
            outbox.add(orderId, source.rail(), source.bank(), transfers(orderId, source, drafts));
        } else {
            outbox.add(orderId, source.rail(), source.bank(), new byte[0]);
        }
        if (approvalHash.isPresent()) {
            release(orderId, approvalHash.get());
        } else {
            work.open("ORDER-" + orderId, kind(), instructionsHash, describe(source, drafts), maker);
        }
        return orderId;
    }

    private static String describe(Source source, List<Draft> drafts) {
        return drafts.stream()
                        .collect(Collectors.groupingBy(
                                Draft::kind, () -> new EnumMap<>(Kind.class), Collectors.summingLong(Draft::units)))
                        .entrySet()
                        .stream()
                        .map(e -> e.getKey()
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', ' ') + " " + Money.of(e.getValue(), source.currency()))
                        .collect(Collectors.joining(", "))
                + (source.agreementId().equals(NO_AGREEMENT) ? "" : " of " + source.agreementId());
    }

    private void insert(UUID orderId, Source source, List<Draft> drafts, String approvalHash) {
        batch.update(
                "insert into payment_order (order_id, rail, bank, account, agreement_id, currency, day, rows, units, state,"
                        + " approval_hash, funded_by, made_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING_APPROVAL', ?, ?, ?)",
                new Object[] {
                    orderId,
                    source.rail().name(),
                    source.bank(),
                    source.account(),
                    source.agreementId(),
                    source.currency(),
                    source.day(),
                    drafts.size(),
                    total(drafts),
                    approvalHash,
                    source.fundedBy(),
                    clock.now().atOffset(ZoneOffset.UTC)
                });
        List<Object[]> rows = new ArrayList<>();
        for (Draft draft : drafts) {
            rows.add(new Object[] {
                draft.instructionId(),
                orderId,
                rows.size(),
                draft.kind().name(),
                source.agreementId(),
                draft.payeeId(),
                draft.payeeHash(),
                draft.units(),
                source.currency(),
                draft.ruleHash(),
                draft.endToEndId()
            });
        }
        batch.batchUpdate(
                "insert into instruction (instruction_id, order_id, row_no, kind, agreement_id, payee_id, payee_hash,"
                        + " units, currency, rule_hash, end_to_end_id, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING_APPROVAL')",
                rows);
    }

    private byte[] transfers(UUID orderId, Source source, List<Draft> drafts) {
        List<TransferBatch.Transfer> transfers = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            Destination to = payees.destination(draft.payeeId())
                    .orElseThrow(() -> new IllegalStateException("Payee " + draft.payeeId() + " has no destination"));
            transfers.add(new TransferBatch.Transfer(
                    draft.endToEndId(),
                    Money.decimalOf(draft.units(), source.currency()),
                    to.name(),
                    Objects.requireNonNull(to.bankAccount()),
                    remittance(draft.kind(), source)));
        }
        return outbox.write(
                new TransferBatch(orderId.toString(), source.account(), source.currency(), source.day(), transfers));
    }

    private static String remittance(Kind kind, Source source) {
        return kind == Kind.RETURN_TO_SENDER ? "RETURNED, NOT FOR US" : kind + " " + source.agreementId();
    }

    /** Releases a waiting order under an approval: the ledger holds its funds from here on and the rail may take it. */
    void release(UUID orderId, String approvalHash) {
        List<Line> lines = db.sql("select kind, sum(units)::bigint, count(*)::int, max(payee_id) from instruction"
                        + " where order_id = ? group by kind order by kind")
                .param(orderId)
                .query((rs, n) -> {
                    Kind kind = Kind.valueOf(rs.getString(1));
                    return new Line(kind, rs.getLong(2), rs.getInt(3), Settlements.ownAccount(kind, rs.getString(4)));
                })
                .list();
        OrderReleased released = db.sql(
                        "select o.rail, o.bank, o.account, o.agreement_id, o.currency, o.day, o.funded_by, a.kind from payment_order o"
                                + " left join bank_account a on a.account = o.account where o.order_id = ?")
                .param(orderId)
                .query((rs, n) -> new OrderReleased(
                        orderId,
                        new Context(
                                Rail.valueOf(rs.getString(1)),
                                rs.getString(2),
                                rs.getString(3),
                                rs.getString(4),
                                rs.getString(5),
                                rs.getString(8) == null ? null : AccountKind.valueOf(rs.getString(8))),
                        rs.getObject(6, LocalDate.class),
                        lines,
                        storedHash(orderId),
                        approvalHash,
                        rs.getObject(7, UUID.class)))
                .single();
        commands.send(new ReleaseOrder(orderId.toString(), released));
        db.sql("update payment_order set state = 'RELEASED', approval_hash = ? where order_id = ?")
                .params(approvalHash, orderId)
                .update();
        db.sql("update instruction set state = 'RELEASED' where order_id = ?")
                .param(orderId)
                .update();
        outbox.open(orderId, released.fundedBy() != null);
    }

    private String storedHash(UUID orderId) {
        return Hashes.sha256(db
                .sql("select instruction_id, payee_hash, units from instruction where order_id = ? order by row_no")
                .param(orderId)
                .query((rs, n) -> rs.getString(1) + " " + rs.getString(2) + " " + rs.getLong(3))
                .list()
                .stream()
                .collect(Collectors.joining("\n")));
    }

    private static String hash(List<Draft> drafts) {
        return Hashes.sha256(drafts.stream()
                .map(d -> d.instructionId() + " " + d.payeeHash() + " " + d.units())
                .collect(Collectors.joining("\n")));
    }

    private static long total(Collection<Draft> drafts) {
        return drafts.stream().mapToLong(Draft::units).reduce(0, Math::addExact);
    }

    @Override
    public String kind() {
        return "ORDER";
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        release(UUID.fromString(itemId.substring("ORDER-".length())), hash);
    }
}
