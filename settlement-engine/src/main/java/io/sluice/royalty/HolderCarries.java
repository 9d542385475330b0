package io.sluice.royalty;

import io.sluice.money.Fraction;
import io.sluice.royalty.CumulativeAllocation.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The exact fraction of a minor unit that each holder is ahead, from one distribution to the next, in the caller's transaction. */
@Component
class HolderCarries {

    private final JdbcClient db;
    private final JdbcTemplate batch;

    HolderCarries(JdbcClient db, JdbcTemplate batch) {
        this.db = db;
        this.batch = batch;
    }

    Map<String, Fraction> of(String agreementId, String currency) {
        Map<String, Fraction> carries = new HashMap<>();
        db.sql("select holder_id, carry from holder_carry where agreement_id = ? and currency = ?")
                .params(agreementId, currency)
                .query(rs -> {
                    carries.put(rs.getString(1), Fraction.parse(rs.getString(2)));
                });
        return carries;
    }

    void carryOn(String agreementId, String currency, List<Part> parts) {
        batch.batchUpdate(
                "insert into holder_carry (agreement_id, currency, holder_id, carry) values (?, ?, ?, ?)"
                        + " on conflict (agreement_id, currency, holder_id) do update set carry = excluded.carry",
                parts.stream()
                        .map(part -> new Object[] {
                            agreementId, currency, part.holderId(), part.carry().toString()
                        })
                        .toList());
    }
}
