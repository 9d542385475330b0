package io.sluice.collection;

import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Each account's own rules of what its credits are, in versions of which none is ever changed. What was classified stays as it was. */
@Component
class ClassificationRules {

    /** @param version 1 for the account's first; 0, without rules, before that */
    record Version(String account, int version, List<ClassificationRule> rules, String madeBy, Instant madeAt) {
        Version {
            rules = List.copyOf(rules);
        }
    }

    private static final int MOST = 200;
    private static final String VERSION =
            "select account, version, rules, made_by, made_at from classification_version where account = ?";

    private final JdbcClient db;
    private final BusinessClock clock;
    private final AuditLog audit;
    private final Transactions transactions;
    private final JsonMapper json = JsonMapper.builder().build();

    ClassificationRules(JdbcClient db, BusinessClock clock, AuditLog audit, Transactions transactions) {
        this.db = db;
        this.clock = clock;
        this.audit = audit;
        this.transactions = transactions;
    }

    Version inForce(String account) {
        return db.sql(VERSION + " order by version desc limit 1")
                .param(account)
                .query(this::version)
                .optional()
                .orElse(new Version(account, 0, List.of(), "engine", Instant.EPOCH));
    }

    /** Newest first. */
    List<Version> history(String account) {
        return db.sql(VERSION + " order by version desc")
                .param(account)
                .query(this::version)
                .list();
    }

    /**
     * Replaces the account's rules, for credits that are told from now on.
     *
     * @param basedOn the version that the maker has seen: another one in force means that somebody was faster
     */
    Version change(BankAccount account, int basedOn, List<ClassificationRule> rules, String maker) {
        check(account, rules);
        return transactions.in(() -> {
            int inForce = inForce(account.account()).version();
            int added = inForce != basedOn
                    ? 0
                    : db.sql("insert into classification_version (account, version, rules, made_by, made_at)"
                                    + " values (?, ?, ?, ?, ?) on conflict do nothing")
                            .params(
                                    account.account(),
                                    basedOn + 1,
                                    json.writeValueAsString(rules),
                                    maker,
                                    clock.now().atOffset(ZoneOffset.UTC))
                            .update();
            if (added == 0) {
                throw new Rejection(
                        "classification-changed",
                        "The rules of this account are at version "
                                + inForce(account.account()).version() + ", the change is based on version " + basedOn);
            }
            audit.record(maker, "CHANGE_CLASSIFICATION", account.account() + "/" + (basedOn + 1));
            return inForce(account.account());
        });
    }

    private static void check(BankAccount account, List<ClassificationRule> rules) {
        if (rules.size() > MOST) {
            throw new Rejection("classification-invalid", "An account has at most " + MOST + " rules");
        }
        for (int place = 0; place < rules.size(); place++) {
            ClassificationRule rule = rules.get(place);
            if (rule.kind() == InflowKind.SALE && account.kind() != AccountKind.COLLECTION) {
                throw new Rejection(
                        "classification-invalid",
                        "Rule \"" + rule.name() + "\" finds sales proceeds on an account of kind " + account.kind()
                                + "; they are divided from collection accounts alone");
            }
            if (rule.coversAll() && place < rules.size() - 1) {
                throw new Rejection(
                        "classification-invalid",
                        "Rule \"" + rule.name()
                                + "\" covers every credit, so that the rules behind it are never asked");
            }
        }
    }

    private Version version(ResultSet rs, int row) throws SQLException {
        return new Version(
                rs.getString(1),
                rs.getInt(2),
                List.of(json.readValue(rs.getString(3), ClassificationRule[].class)),
                rs.getString(4),
                rs.getTimestamp(5).toInstant());
    }
}
