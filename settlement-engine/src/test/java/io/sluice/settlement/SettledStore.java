package io.sluice.settlement;

import io.sluice.TestEngine;
import io.sluice.platform.Transactions;
import io.sluice.policies.ReleaseFreezes;
import io.sluice.policies.WorkList;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.StoreView;
import io.sluice.settlement.InstructionRows.Row;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Remits a store's money and approves it; one that is frozen is settled without a bank, what settles it is said by the test. */
public final class SettledStore {

    private final TestEngine engine;
    private final JdbcClient db;
    private final StoreView store;

    private SettledStore(TestEngine engine, String storeId) {
        this.engine = engine;
        this.db = engine.bean(JdbcClient.class);
        this.store = engine.bean(Agreements.class).stores().stream()
                .filter(s -> s.storeId().equals(storeId))
                .findFirst()
                .orElseThrow();
    }

    /** Its account and the agreement's trust account are frozen, so that nothing is sent anywhere. */
    public static SettledStore frozen(TestEngine engine, String storeId) {
        SettledStore settled = new SettledStore(engine, storeId);
        settled.freeze();
        return settled;
    }

    /** What is approved goes to its bank. */
    public static SettledStore sending(TestEngine engine, String storeId) {
        return new SettledStore(engine, storeId);
    }

    private void freeze() {
        String trust = engine.bean(Agreements.class)
                .find(store.agreementId())
                .orElseThrow()
                .trustAccount();
        engine.bean(Transactions.class).run(() -> {
            engine.bean(ReleaseFreezes.class).freeze(store.collectionAccount(), "test", "a test settles by itself");
            engine.bean(ReleaseFreezes.class).freeze(trust, "test", "a test settles by itself");
        });
    }

    /** What the cut-off does with the store's account. */
    public void remit(LocalDate day) {
        engine.bean(Remittances.class).remit(store, day);
    }

    /** Approves what waits of this agreement. */
    public void approveAll() {
        for (UUID order : orders("PENDING_APPROVAL")) {
            String item = "ORDER-" + order;
            engine.bean(WorkList.class)
                    .approve(
                            item,
                            db.sql("select hash from work_item where item_id = ?")
                                    .param(item)
                                    .query(String.class)
                                    .single(),
                            "approver");
        }
    }

    /** Approves what waits, and says of every order that it was carried out and stands on a statement. */
    public void settleAll(LocalDate day) {
        approveAll();
        for (UUID order : orders("RELEASED")) {
            engine.bean(Transactions.class).run(() -> {
                Settlements settlements = engine.bean(Settlements.class);
                settlements.submitted(order, "bank-order", List.of());
                List<Row> rows = engine.bean(InstructionRows.class).of(order);
                settlements.reconciled(order, rows, "test", day);
            });
        }
    }

    /** Approves what waits; the bank takes it, but refuses what is of this kind. */
    public void refuse(SettlementEvent.Kind kind, String reason) {
        approveAll();
        for (UUID order : orders("RELEASED")) {
            engine.bean(Transactions.class)
                    .run(() -> engine.bean(Settlements.class)
                            .submitted(
                                    order,
                                    "bank-order",
                                    engine.bean(InstructionRows.class).of(order).stream()
                                            .filter(row -> row.kind() == kind)
                                            .map(row -> new SettlementEvent.Deviation(
                                                    row.instructionId(), kind, row.units(), reason))
                                            .toList()));
        }
    }

    /** Each payout of the kind that was settled comes back by an inflow of its own. */
    public void bringBack(SettlementEvent.Kind kind, LocalDate day) {
        for (UUID instruction : db.sql("select instruction_id from instruction where agreement_id = ? and kind = ?"
                        + " and state = 'ACSC' order by 1")
                .params(store.agreementId(), kind.name())
                .query(UUID.class)
                .list()) {
            engine.bean(Transactions.class).run(() -> {
                Row row = engine.bean(InstructionRows.class)
                        .byEndToEndId(db.sql("select end_to_end_id from instruction where instruction_id = ?")
                                .param(instruction)
                                .query(String.class)
                                .single())
                        .orElseThrow();
                engine.bean(Settlements.class).returned(row, "AC04 closed account", instruction, day);
            });
        }
    }

    private List<UUID> orders(String state) {
        return db.sql("select distinct o.order_id from payment_order o join instruction i using (order_id)"
                        + " where o.agreement_id = ? and i.state = ? order by 1")
                .params(store.agreementId(), state)
                .query(UUID.class)
                .list();
    }
}
