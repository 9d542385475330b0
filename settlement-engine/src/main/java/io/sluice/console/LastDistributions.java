package io.sluice.console;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The newest distributions. Holders are a count; nobody's share is shown. */
@Component
class LastDistributions {

    private static final int SHOWN = 10;

    private final JdbcClient db;

    LastDistributions(JdbcClient db) {
        this.db = db;
    }

    List<Share> list() {
        return db.sql(
                        "select d.distribution_id, d.agreement_id, coalesce(a.name, d.agreement_id), d.record_point, d.holders, d.currency,"
                                + " d.entitled_units, d.paid_units, d.state from distribution d left join agreement a using (agreement_id)"
                                + " order by d.record_point desc, d.agreement_id limit ?")
                .param(SHOWN)
                .query((rs, n) -> new Share(
                        rs.getString(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getTimestamp(4).toInstant(),
                        rs.getInt(5),
                        Amount.of(rs.getString(6), rs.getLong(7)),
                        Amount.of(rs.getString(6), rs.getLong(8)),
                        rs.getString(9)))
                .list();
    }
}
