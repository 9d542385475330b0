package io.sluice.chain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Orders, their nonces and their signed bytes, in PostgreSQL. Every change names the state that it expects and says whether it met it. */
final class OrderStore implements ChainOrders {

    private static final String OPEN_COLUMNS = """
            select order_key, base_key, stands, recipient, data, gas_limit, state, nonce, sent_at_block, mined_in_block, mined_in_hash, mined_as,
                   attempts
            from chain_order where chain_id = ? and sender = ?""";

    private final JdbcClient db;
    private final Clock clock;
    private final long chainId;
    private final String sender;

    OrderStore(JdbcClient db, Clock clock, long chainId, String sender) {
        this.db = db;
        this.clock = clock;
        this.chainId = chainId;
        this.sender = sender;
    }

    @Override
    public void enqueue(ChainOrder order) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Order " + order.key() + " must be enqueued inside a transaction");
        }
        String content = content(order);
        Timestamp now = now();
        int added = db.sql("""
                        insert into chain_order (order_key, base_key, stands, chain_id, sender, recipient, data, gas_limit,
                                                 content_hash, next_attempt_at, enqueued_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (order_key) do nothing""")
                .param(order.key())
                .param(order.key())
                .param(order.stands())
                .param(chainId)
                .param(sender)
                .param(order.to())
                .param(Hex.bytes(order.data()))
                .param(order.gasLimit())
                .param(content)
                .param(now)
                .param(now)
                .update();
        if (added == 0) {
            String there = db.sql("select content_hash from chain_order where order_key = ?")
                    .param(order.key())
                    .query(String.class)
                    .single();
            if (!there.equals(content)) {
                throw new IllegalStateException("Order " + order.key() + " already stands for another call");
            }
        }
    }

    @Override
    public Optional<ChainOrderStatus> find(String key) {
        return db.sql("""
                        select o.base_key, o.state, o.nonce, o.mined_in_block, o.problem, coalesce(o.mined_as, (
                            select s.tx_hash from chain_signed s
                            where (s.chain_id, s.sender, s.nonce) = (o.chain_id, o.sender, o.nonce)
                            order by s.variant desc limit 1)) tx_hash
                        from chain_order o where o.base_key = ? order by o.seq desc limit 1""")
                .param(key)
                .query((row, n) -> new ChainOrderStatus(
                        row.getString("base_key"),
                        ChainOrderState.valueOf(row.getString("state")),
                        row.getObject("nonce", Long.class),
                        row.getString("tx_hash"),
                        row.getObject("mined_in_block", Long.class),
                        row.getString("problem")))
                .optional();
    }

    @Override
    public Map<ChainOrderState, Long> counts() {
        Map<ChainOrderState, Long> counts = new EnumMap<>(ChainOrderState.class);
        db.sql("select state, count(*) n from chain_order where chain_id = ? and sender = ? group by state")
                .params(chainId, sender)
                .query((row, n) -> counts.put(ChainOrderState.valueOf(row.getString("state")), row.getLong("n")))
                .list();
        return counts;
    }

    /** Orders that wait for a signature and are due, oldest first. */
    List<OpenOrder> due(int limit) {
        return db.sql(OPEN_COLUMNS + " and state = 'PREPARED' and next_attempt_at <= ? order by seq limit ?")
                .params(chainId, sender, now(), limit)
                .query((row, n) -> order(row))
                .list();
    }

    /** Orders in a state that has signed bytes, by nonce. */
    List<OpenOrder> signed(ChainOrderState state) {
        return db
                .sql(OPEN_COLUMNS + " and state = ? order by nonce")
                .params(chainId, sender, state.name())
                .query((row, n) -> order(row))
                .list()
                .stream()
                .map(order -> order.with(variants(order.key())))
                .toList();
    }

    /** Holds the sender's lane until the transaction ends, and takes its next nonce, never below what the chain says is used. */
    long takeNonce(long usedOnChain) {
        db.sql("insert into chain_lane (chain_id, sender, next_nonce) values (?, ?, 0) on conflict do nothing")
                .params(chainId, sender)
                .update();
        long next = db.sql("select next_nonce from chain_lane where chain_id = ? and sender = ? for update")
                .params(chainId, sender)
                .query(Long.class)
                .single();
        long nonce = Math.max(next, usedOnChain);
        db.sql("update chain_lane set next_nonce = ? where chain_id = ? and sender = ?")
                .params(nonce + 1, chainId, sender)
                .update();
        return nonce;
    }

    /** Whether the order still waits for a signature; holds it until the transaction ends. */
    boolean holdPrepared(String key) {
        return db.sql("select 1 from chain_order where order_key = ? and state = 'PREPARED' for update skip locked")
                .param(key)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void markSigned(String key, long nonce, long gasLimit) {
        db.sql("update chain_order set state = 'SIGNED', nonce = ?, gas_limit = ?, problem = null where order_key = ?")
                .params(nonce, gasLimit, key)
                .update();
    }

    void store(long nonce, int variant, SignedTransaction signed, Fees fees) {
        db.sql("""
                insert into chain_signed (chain_id, sender, nonce, variant, raw, tx_hash, max_fee, tip, signed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        chainId,
                        sender,
                        nonce,
                        variant,
                        Hex.bytes(signed.raw()),
                        signed.hash(),
                        new BigDecimal(fees.maxFee()),
                        new BigDecimal(fees.tip()),
                        now())
                .update();
    }

    void markSent(String key, long block) {
        db.sql("""
                update chain_order set state = 'SENT', sent_at_block = ?, problem = null
                where order_key = ? and state in ('SIGNED', 'SENT')""").params(block, key).update();
    }

    void markMined(String key, Node.Receipt receipt) {
        db.sql("""
                update chain_order set state = 'MINED', mined_in_block = ?, mined_in_hash = ?, mined_as = ?, problem = null
                where order_key = ? and state in ('SIGNED', 'SENT')""")
                .params(receipt.blockNumber(), receipt.blockHash(), receipt.transactionHash(), key)
                .update();
    }

    /** Orders mined in blocks above this one are not mined any more; answers how many. */
    int unmineAbove(long block) {
        return db.sql("""
                        update chain_order set state = 'SENT', mined_in_block = null, mined_in_hash = null, mined_as = null
                        where chain_id = ? and sender = ? and state = 'MINED' and mined_in_block > ?""").params(chainId, sender, block).update();
    }

    boolean markFinal(OpenOrder order, boolean executed, String problem) {
        return db.sql(
                                "update chain_order set state = ?, problem = nullif(?, '') where order_key = ? and state = 'MINED'")
                        .params(executed ? "FINAL" : "FAILED", executed ? "" : problem, order.key())
                        .update()
                == 1;
    }

    boolean giveUp(String key, String problem) {
        return db.sql("update chain_order set state = 'FAILED', problem = ? where order_key = ? and state = 'PREPARED'")
                        .params(problem, key)
                        .update()
                == 1;
    }

    void postpone(String key, String problem, Duration pause) {
        db.sql("""
                update chain_order set attempts = attempts + 1, problem = ?, next_attempt_at = ?
                where order_key = ? and state = 'PREPARED'""")
                .params(problem, Timestamp.from(clock.instant().plus(pause)), key)
                .update();
    }

    /** Orders the call of a failed order once more, due after a pause that doubles with every time. */
    void repeat(OpenOrder order, Duration pause) {
        Timestamp now = now();
        db.sql("""
                insert into chain_order (order_key, base_key, stands, chain_id, sender, recipient, data, gas_limit, content_hash,
                                         next_attempt_at, enqueued_at)
                select base_key || '#' || n, base_key, stands, chain_id, sender, recipient, data, null, content_hash,
                       cast(:now as timestamptz) + cast(:pause as interval) * power(2, least(n - 2, 10)), cast(:now as timestamptz)
                from chain_order, lateral (select count(*) + 1 n from chain_order f where f.base_key = :base) times
                where order_key = :key""")
                .param("now", now)
                .param("pause", pause.toSeconds() + " seconds")
                .param("base", order.baseKey())
                .param("key", order.key())
                .update();
    }

    /** Takes over what was ordered under another sender and never signed; answers how many. */
    int adopt() {
        return db.sql("update chain_order set sender = ? where chain_id = ? and sender <> ? and state = 'PREPARED'")
                .params(sender, chainId, sender)
                .update();
    }

    /** Keeps what an operator should know of the order; answers whether it is news. */
    boolean note(String key, String problem) {
        return db.sql("update chain_order set problem = ? where order_key = ? and problem is distinct from ?")
                        .params(problem, key, problem)
                        .update()
                == 1;
    }

    /** Signed bytes of every nonce from this one on, newest variant each, whatever their state. */
    List<OpenOrder.Variant> newestFrom(long nonce) {
        return db.sql("""
                        select distinct on (nonce) nonce, variant, raw, tx_hash, max_fee, tip from chain_signed
                        where chain_id = ? and sender = ? and nonce >= ? order by nonce, variant desc""")
                .params(chainId, sender, nonce)
                .query((row, n) -> variant(row))
                .list();
    }

    private List<OpenOrder.Variant> variants(String key) {
        return db.sql("""
                        select nonce, variant, raw, tx_hash, max_fee, tip
                        from chain_signed join chain_nonce using (chain_id, sender, nonce)
                        where order_key = ? order by variant""").param(key).query((row, n) -> variant(row)).list();
    }

    private static OpenOrder.Variant variant(ResultSet row) throws SQLException {
        return new OpenOrder.Variant(
                row.getInt("variant"),
                new SignedTransaction(Hex.of(row.getBytes("raw")), row.getString("tx_hash")),
                new Fees(wei(row, "max_fee"), wei(row, "tip")),
                row.getLong("nonce"));
    }

    private static BigInteger wei(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigIntegerExact();
    }

    private static OpenOrder order(ResultSet row) throws SQLException {
        return new OpenOrder(
                row.getString("order_key"),
                row.getString("base_key"),
                row.getBoolean("stands"),
                row.getString("recipient"),
                Hex.of(row.getBytes("data")),
                row.getObject("gas_limit", Long.class),
                ChainOrderState.valueOf(row.getString("state")),
                row.getObject("nonce", Long.class),
                row.getObject("sent_at_block", Long.class),
                row.getObject("mined_in_block", Long.class),
                row.getString("mined_in_hash"),
                row.getString("mined_as"),
                row.getInt("attempts"),
                List.of());
    }

    private String content(ChainOrder order) {
        String content = chainId + "|" + order.to() + "|" + order.gasLimit() + "|" + order.data();
        return Hex.keccak(content.getBytes(StandardCharsets.UTF_8));
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }
}
