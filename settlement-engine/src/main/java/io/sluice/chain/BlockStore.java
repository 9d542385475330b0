package io.sluice.chain;

import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The blocks that we followed and may have to walk back over, and how far final ones were read. */
final class BlockStore {

    private final JdbcClient db;
    private final long chainId;

    BlockStore(JdbcClient db, long chainId) {
        this.db = db;
        this.chainId = chainId;
    }

    OptionalLong tip() {
        return orNone(db.sql("select number from chain_block where chain_id = ? order by number desc limit 1")
                .param(chainId)
                .query(Long.class)
                .optional());
    }

    Optional<String> hashOf(long number) {
        return db.sql("select hash from chain_block where chain_id = ? and number = ?")
                .params(chainId, number)
                .query(String.class)
                .optional();
    }

    void add(Node.Block block) {
        db.sql("insert into chain_block (chain_id, number, hash, parent_hash) values (?, ?, ?, ?)")
                .params(chainId, block.number(), block.hash(), block.parentHash())
                .update();
    }

    void removeAbove(long number) {
        db.sql("delete from chain_block where chain_id = ? and number > ?")
                .params(chainId, number)
                .update();
    }

    void removeBelow(long number) {
        db.sql("delete from chain_block where chain_id = ? and number < ?")
                .params(chainId, number)
                .update();
    }

    OptionalLong readThrough() {
        return orNone(db.sql("select read_through from chain_cursor where chain_id = ?")
                .param(chainId)
                .query(Long.class)
                .optional());
    }

    /** Final blocks above this one are to be read again; false when none were read. */
    boolean readAgainFrom(long number) {
        return db.sql("update chain_cursor set read_through = ? where chain_id = ? and read_through > ?")
                        .params(number, chainId, number)
                        .update()
                > 0;
    }

    void recordReorganisation(
            long common, long oldTip, String oldTipHash, Node.Block head, int unmined, boolean belowFinalized) {
        db.sql("""
                insert into chain_reorganisation (chain_id, common, old_tip, old_tip_hash, new_tip, new_tip_hash,
                                                  orders_unmined, below_finalized) values (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(chainId, common, oldTip, oldTipHash, head.number(), head.hash(), unmined, belowFinalized)
                .update();
    }

    void readThrough(long number) {
        db.sql("""
                insert into chain_cursor (chain_id, read_through) values (?, ?)
                on conflict (chain_id) do update set read_through = excluded.read_through""").params(chainId, number).update();
    }

    private static OptionalLong orNone(Optional<Long> value) {
        return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
