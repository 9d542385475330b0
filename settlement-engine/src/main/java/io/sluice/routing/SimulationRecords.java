package io.sluice.routing;

import io.sluice.platform.Rejection;
import io.sluice.routing.Simulations.Shown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Results of simulations, kept for good: an approval cites the newest one of its rule. */
@Component
class SimulationRecords {

    private static final String ROWS = "select simulation_id, result, made_by, made_at from simulation ";
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient db;

    SimulationRecords(JdbcClient db) {
        this.db = db;
    }

    Shown keep(SimulationResult result, String by, Instant at) {
        long id = db.sql(
                        "insert into simulation (agreement_id, rule_hash, compared_hash, inputs_sha256, result, made_by, made_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?) returning simulation_id")
                .param(result.agreementId())
                .param(result.ruleHash())
                .param(result.comparedHash())
                .param(result.inputsSha256())
                .param(JSON.writeValueAsBytes(result))
                .param(by)
                .param(at.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
        return new Shown(Long.toString(id), result, by, at);
    }

    /** The newest one of exactly this rule. */
    Optional<Shown> newest(String ruleHash) {
        return db.sql(ROWS + "where rule_hash = ? order by simulation_id desc limit 1")
                .param(ruleHash)
                .query(SimulationRecords::row)
                .optional();
    }

    /** @throws Rejection {@code no-such-simulation} */
    Shown show(String id) {
        return Optional.of(id)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .flatMap(text -> db.sql(ROWS + "where simulation_id = ?")
                        .param(Long.parseLong(text))
                        .query(SimulationRecords::row)
                        .optional())
                .orElseThrow(() -> new Rejection("no-such-simulation", "There is no simulation " + id));
    }

    /** The newest hundred of an agreement, the newest first. */
    List<Shown> all(String agreementId) {
        return db.sql(ROWS + "where agreement_id = ? order by simulation_id desc limit 100")
                .param(agreementId)
                .query(SimulationRecords::row)
                .list();
    }

    private static Shown row(ResultSet row, int n) throws SQLException {
        return new Shown(
                row.getString(1),
                JSON.readValue(row.getBytes(2), SimulationResult.class),
                row.getString(3),
                row.getTimestamp(4).toInstant());
    }
}
