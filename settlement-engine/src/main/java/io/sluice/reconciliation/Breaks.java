package io.sluice.reconciliation;

import io.sluice.platform.Hashes;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What does not agree, with its reason and since when. */
@Component
public class Breaks {

    public record Break(String type, String account, String subject, String detail, LocalDate raisedOn) {}

    private final JdbcClient db;

    Breaks(JdbcClient db) {
        this.db = db;
    }

    /** Raises a break once per subject, in the caller's transaction. */
    void raise(String type, String account, String subject, String detail, LocalDate day) {
        db.sql(
                        "insert into reconciliation_break (break_id, type, account, subject, detail, raised_on) values (?, ?, ?, ?, ?, ?)"
                                + " on conflict do nothing")
                .params(Hashes.uuid("break", type, subject), type, account, subject, detail, day)
                .update();
    }

    /** It agrees after all, in the caller's transaction. */
    void resolve(String type, String subject, LocalDate day) {
        db.sql("update reconciliation_break set resolved_on = ? where break_id = ? and resolved_on is null")
                .params(day, Hashes.uuid("break", type, subject))
                .update();
    }

    public List<Break> open() {
        return db.sql(
                        "select type, account, subject, detail, raised_on from reconciliation_break where resolved_on is null"
                                + " order by raised_on, type limit 200")
                .query(Break.class)
                .list();
    }
}
