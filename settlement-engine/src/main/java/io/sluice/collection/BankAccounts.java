package io.sluice.collection;

import io.sluice.collection.CollectionEvent.AccountPolicyChanged;
import io.sluice.collection.CollectionEvent.AccountRegistered;
import io.sluice.platform.ReadModel;
import java.util.List;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The bank accounts under our control. */
@Component
@ReadModel("bank_account")
@ProcessingGroup("collection.accounts")
public class BankAccounts {

    /** An account of ours at a bank. */
    public record BankAccount(
            String account, String bank, String currency, AccountKind kind, String name, AccountPolicy policy) {}

    private final JdbcClient db;

    BankAccounts(JdbcClient db) {
        this.db = db;
    }

    public Optional<BankAccount> find(String account) {
        return db.sql("select account, bank, currency, kind, name, policy from bank_account where account = ?")
                .param(account)
                .query(BankAccount.class)
                .optional();
    }

    public List<BankAccount> all() {
        return db.sql("select account, bank, currency, kind, name, policy from bank_account order by kind, account")
                .query(BankAccount.class)
                .list();
    }

    @EventHandler
    void on(AccountRegistered event) {
        db.sql("insert into bank_account (account, bank, currency, kind, name, policy) values (?, ?, ?, ?, ?, ?)"
                        + " on conflict do nothing")
                .params(
                        event.account(),
                        event.bank(),
                        event.currency(),
                        event.kind().name(),
                        event.name(),
                        (event.policy() == null ? AccountPolicy.BOOKED_NOTICE : event.policy()).name())
                .update();
    }

    @EventHandler
    void on(AccountPolicyChanged event) {
        db.sql("update bank_account set policy = ? where account = ?")
                .params(event.policy().name(), event.account())
                .update();
    }
}
