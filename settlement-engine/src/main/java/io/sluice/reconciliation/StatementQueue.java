package io.sluice.reconciliation;

import io.sluice.collection.CollectionEvent.StatementReceived;
import io.sluice.platform.Transactions;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Puts each received statement where the matcher finds it, in the order of receipt. A statement that was compared is not queued again. */
@Component
@ProcessingGroup("reconciliation.statements")
@DisallowReplay
class StatementQueue {

    private final JdbcClient db;
    private final ObjectProvider<StatementMatcher> matcher;
    private final JsonMapper json = JsonMapper.builder().build();

    StatementQueue(JdbcClient db, ObjectProvider<StatementMatcher> matcher) {
        this.db = db;
        this.matcher = matcher;
    }

    @EventHandler
    void on(StatementReceived event) {
        db.sql("insert into statement_queue (statement_id, account, summary) select ?, ?, ?"
                        + " where not exists (select 1 from bank_statement where statement_id = ?)"
                        + " on conflict do nothing")
                .params(
                        StatementMatcher.idOf(event.account(), event.statement()),
                        event.account(),
                        json.writeValueAsString(event.statement()),
                        StatementMatcher.idOf(event.account(), event.statement()))
                .update();
        Transactions.afterCommit(() -> matcher.getObject().wake());
    }
}
