package io.sluice.collection;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import io.sluice.bank.UnreadableMessage;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Brings new statements of every bank into the inbox, announced or not: a webhook only wakes it. The cursor moves with the statement
 * that it stands for.
 */
@Component
class StatementFetcher extends Worker {

    private static final Logger log = LoggerFactory.getLogger(StatementFetcher.class);

    private final Banks banks;
    private final Inbox inbox;
    private final JdbcClient db;
    private final Transactions transactions;
    private final WorkList work;
    private final ObjectProvider<InboxReader> reader;

    StatementFetcher(
            Banks banks,
            Inbox inbox,
            JdbcClient db,
            Transactions transactions,
            WorkList work,
            ObjectProvider<InboxReader> reader) {
        super("statements");
        this.banks = banks;
        this.inbox = inbox;
        this.db = db;
        this.transactions = transactions;
        this.work = work;
        this.reader = reader;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected boolean work() {
        boolean more = false;
        for (BankAdapter bank : banks.all()) {
            try {
                more |= fetchFrom(bank);
            } catch (BankFailure e) {
                log.info("Statements of {} could not be fetched: {}", bank.name(), e.getMessage());
            }
        }
        return more;
    }

    private boolean fetchFrom(BankAdapter bank) {
        List<BankStatements.Available> available = bank.statements().after(cursor(bank.name()));
        for (BankStatements.Available statement : available) {
            take(bank, statement.statementId());
        }
        if (!available.isEmpty()) {
            reader.getObject().wake();
        }
        return !available.isEmpty();
    }

    /** One that never can be had is for a person, and holds up none of those after it. */
    private void take(BankAdapter bank, String statementId) {
        try {
            byte[] body = bank.statements().fetch(statementId);
            transactions.run(() -> {
                inbox.keep(bank.name(), "statement:" + statementId, Inbox.Kind.CAMT, body);
                moveTo(bank.name(), statementId);
            });
        } catch (UnreadableMessage e) {
            log.warn("Statement {} of {} is passed over: {}", statementId, bank.name(), e.reason());
            transactions.run(() -> {
                String hash = Hashes.sha256(bank.name() + "|" + statementId);
                work.tell(
                        "STATEMENT-" + hash.substring(0, 32),
                        hash,
                        "Bank " + bank.name() + " has a statement that cannot be taken: " + e.reason() + ": "
                                + e.getMessage());
                moveTo(bank.name(), statementId);
            });
        }
    }

    private void moveTo(String bank, String statementId) {
        db.sql("insert into bank_cursor (bank, statement_id) values (?, ?)"
                        + " on conflict (bank) do update set statement_id = excluded.statement_id")
                .params(bank, statementId)
                .update();
    }

    private String cursor(String bank) {
        return db.sql("select statement_id from bank_cursor where bank = ?")
                .param(bank)
                .query(String.class)
                .optional()
                .orElse("");
    }
}
