package io.sluice.investors;

import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who can be paid, and where: holders, merchants, and our own accounts. The details are sealed under the payee's own key; outside of this
 * table a payee is an id and a hash.
 */
@Component
public class Payees {

    public enum Kind {
        HOLDER,
        MERCHANT,
        OWN,
        /** Whoever sent money that was not meant for us. */
        SENDER,
        /** Somebody whom rules pay: a trustee, a tax office, another rights holder. */
        PARTY
    }

    public enum Rail {
        BANK,
        CHAIN
    }

    /** Where a payee is paid. {@code bankAccount} for BANK, {@code address} (lower-case hex with 0x) for CHAIN. */
    public record Destination(
            Rail rail,
            String name,
            @Nullable String bankAccount,
            @Nullable String address) {
        public Destination {
            if (rail == Rail.BANK && (bankAccount == null || bankAccount.isBlank())) {
                throw new Rejection("destination-missing", "A payee paid by bank has a bank account");
            }
            if (rail == Rail.CHAIN && (address == null || !address.matches("0x[0-9a-f]{40}"))) {
                throw new Rejection(
                        "destination-missing", "A payee paid on chain has an address, 0x and 40 lower-case hex digits");
            }
        }
    }

    /** What the rest of the engine may know of a payee. */
    public record Known(String payeeId, Rail rail, String sha256) {}

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final Evidence evidence;
    private final Transactions transactions;
    private final JsonMapper json = JsonMapper.builder().build();

    Payees(JdbcClient db, JdbcTemplate batch, Evidence evidence, Transactions transactions) {
        this.db = db;
        this.batch = batch;
        this.evidence = evidence;
        this.transactions = transactions;
    }

    /** Registers payees; one that is there already keeps its destination: a change needs its own, slower road. */
    public void register(Kind kind, Map<String, Destination> payees) {
        transactions.run(() -> insert(kind, payees));
    }

    private void insert(Kind kind, Map<String, Destination> payees) {
        List<Object[]> rows = new ArrayList<>();
        var present = known(payees.keySet());
        payees.forEach((payeeId, destination) -> {
            if (!present.containsKey(payeeId)) {
                byte[] plain = json.writeValueAsBytes(destination);
                String keyName = "payee/" + payeeId;
                rows.add(new Object[] {
                    payeeId,
                    kind.name(),
                    destination.rail().name(),
                    keyName,
                    evidence.seal(keyName, plain),
                    Hashes.sha256(plain)
                });
            }
        });
        batch.batchUpdate(
                "insert into payee (payee_id, kind, rail, key_name, sealed, sha256) values (?, ?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                rows);
    }

    public Map<String, Known> known(Collection<String> payeeIds) {
        Map<String, Known> known = new HashMap<>();
        db.sql("select payee_id, rail, sha256 from payee where payee_id = any(:ids)")
                .param("ids", payeeIds.toArray(String[]::new))
                .query(rs -> {
                    known.put(
                            rs.getString(1),
                            new Known(rs.getString(1), Rail.valueOf(rs.getString(2)), rs.getString(3)));
                });
        return known;
    }

    /** Opens the destination; empty when there is no such payee or it was erased. Never logged. */
    public Optional<Destination> destination(String payeeId) {
        record Row(String keyName, byte[] sealed) {}
        return db.sql("select key_name, sealed from payee where payee_id = ?")
                .param(payeeId)
                .query((rs, n) -> new Row(rs.getString(1), rs.getBytes(2)))
                .optional()
                .flatMap(row -> evidence.open(row.keyName(), row.sealed()))
                .map(plain -> json.readValue(plain, Destination.class));
    }
}
