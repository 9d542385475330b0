package io.sluice.chain;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.web3j.protocol.core.methods.response.Log;

/** Reads the configured tokens' transfers to our wallet out of final blocks, and tells each once. */
final class IncomingTransfers {

    private static final int BLOCKS_AT_ONCE = 1000;

    private final Node node;
    private final BlockStore blocks;
    private final JdbcClient db;
    private final TransactionTemplate transactions;
    private final ChainSettings settings;
    private final String wallet;
    private final List<IncomingTransferListener> listeners;

    IncomingTransfers(
            Node node,
            BlockStore blocks,
            JdbcClient db,
            TransactionTemplate transactions,
            ChainSettings settings,
            String wallet,
            List<IncomingTransferListener> listeners) {
        this.node = node;
        this.blocks = blocks;
        this.db = db;
        this.transactions = transactions;
        this.settings = settings;
        this.wallet = wallet;
        this.listeners = List.copyOf(listeners);
    }

    /** Goes on through the final blocks that were not read yet. */
    void read(Node.Block finalized) {
        long from = blocks.readThrough().orElse(settings.startBlock() - 1) + 1;
        while (from <= finalized.number()) {
            long to = Math.min(finalized.number(), from + BLOCKS_AT_ONCE - 1);
            read(from, to);
            from = to + 1;
        }
    }

    private void read(long from, long to) {
        List<Log> logs = settings.tokens().isEmpty()
                ? List.of()
                : node.logs(
                        from,
                        to,
                        List.copyOf(settings.tokens().values()),
                        ContractEvents.TRANSFER,
                        null,
                        Hex.topic(wallet));
        transactions.executeWithoutResult(status -> {
            Map<String, Integer> seen = new HashMap<>();
            for (Log log : logs) {
                String hash = log.getTransactionHash().toLowerCase(Locale.ROOT);
                tellOnce(log, hash, seen.merge(hash, 1, Integer::sum));
            }
            blocks.readThrough(to);
        });
    }

    /** The n-th transfer of its transaction to us: unlike its place in the block, this survives that it is mined again elsewhere. */
    private void tellOnce(Log log, String transactionHash, int ordinal) {
        ChainEvent.TokenTransferred transfer = ContractEvents.transfer(log);
        IncomingTransfer incoming = new IncomingTransfer(
                transfer.contract(),
                transfer.from(),
                transfer.to(),
                transfer.units(),
                transactionHash,
                log.getLogIndex().longValueExact(),
                log.getBlockNumber().longValueExact(),
                log.getBlockHash().toLowerCase(Locale.ROOT));
        int added = db.sql("""
                        insert into chain_incoming (tx_hash, ordinal, log_index, chain_id, token, sender, recipient, units,
                                                    block_number, block_hash)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
                .params(
                        incoming.transactionHash(),
                        ordinal,
                        incoming.logIndex(),
                        settings.id(),
                        incoming.token(),
                        incoming.from(),
                        incoming.to(),
                        new BigDecimal(incoming.units()),
                        incoming.blockNumber(),
                        incoming.blockHash())
                .update();
        if (added == 1) {
            listeners.forEach(listener -> listener.on(incoming));
        }
    }
}
