package io.sluice.platform;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who came in, who looked at what is personal, and who did by hand what the engine did not do by itself. Append-only. */
@Component
public class AuditLog {

    private final JdbcClient db;

    AuditLog(JdbcClient db) {
        this.db = db;
    }

    /**
     * Joins the caller's transaction: what is not written down does not happen.
     *
     * @param action a verb and a noun in capitals, such as READ_DELIVERY
     * @param subject an id; nothing personal
     */
    public void record(String user, String action, String subject) {
        db.sql("insert into audit_log (username, action, subject) values (?, ?, ?)")
                .params(user, action, subject)
                .update();
    }
}
