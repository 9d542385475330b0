package io.sluice.platform;

import java.util.ArrayList;
import java.util.List;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Refuses to start on ground that would lose or double money: a database that does not survive a crash, events that could be changed,
 * Axon without transactions. It runs before anything acts, names everything that is wrong at once, and stops the start.
 */
@Component
class SelfCheck implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SelfCheck.class);

    private final JdbcClient db;
    private final TransactionManager transactions;
    private final TokenStore tokens;
    private final PersistenceExceptionResolver duplicates;
    private volatile boolean running;

    SelfCheck(
            JdbcClient db,
            TransactionManager transactions,
            TokenStore tokens,
            PersistenceExceptionResolver duplicates) {
        this.db = db;
        this.transactions = transactions;
        this.tokens = tokens;
        this.duplicates = duplicates;
    }

    /** What is wrong; empty when the engine may run. */
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        for (String setting : List.of("synchronous_commit", "fsync", "full_page_writes")) {
            String value = db.sql("select current_setting(?)")
                    .param(setting)
                    .query(String.class)
                    .single();
            if (!value.equals("on")) {
                findings.add("PostgreSQL runs with " + setting + " = " + value
                        + "; a crash would lose acknowledged money, set it to on");
            }
        }
        if (db.sql("select rolsuper from pg_roles where rolname = current_user")
                .query(Boolean.class)
                .single()) {
            findings.add("The engine's login is a superuser; use one that cannot change events, such as sluice_app");
        }
        if (permitted("update event set payload = payload where false")) {
            findings.add("The engine's login may change events; it needs select and insert only");
        }
        if (permitted("delete from raw_evidence where false")) {
            findings.add("The engine's login may delete evidence; it needs select and insert only");
        }
        if (transactions instanceof NoTransactionManager) {
            findings.add("Axon runs without transactions; the transaction manager bean is missing");
        }
        if (tokens instanceof InMemoryTokenStore) {
            findings.add("Axon forgets its tokens at every restart; the token store bean is missing");
        }
        if (!(duplicates instanceof PostgresDuplicateKeys)) {
            findings.add("Axon does not recognise PostgreSQL's duplicate keys; the resolver bean is missing");
        }
        findings.addAll(missingTokens());
        return findings;
    }

    /** A deleted token would silently replay history: once there are events, a store with no token at all is not believed. */
    private List<String> missingTokens() {
        boolean events = db.sql("select exists (select 1 from event)")
                .query(Boolean.class)
                .single();
        boolean known = db.sql("select exists (select 1 from processor_token)")
                .query(Boolean.class)
                .single();
        return events && !known
                ? List.of(
                        "There are events but no processor has a token; tokens were deleted, restore them before starting")
                : List.of();
    }

    private boolean permitted(String statement) {
        try {
            db.sql(statement).update();
            return true;
        } catch (DataAccessException e) {
            return false;
        }
    }

    @Override
    public void start() {
        List<String> findings = findings();
        if (!findings.isEmpty()) {
            findings.forEach(finding -> log.error("Refusing to start: {}", finding));
            throw new IllegalStateException("Refusing to start: " + String.join("; ", findings));
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE; // before every processor and worker
    }
}
