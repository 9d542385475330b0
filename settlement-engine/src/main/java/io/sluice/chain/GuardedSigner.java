package io.sluice.chain;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lets a signer sign one payload per nonce and one nonce per order, for ever: the fees may change, nothing else. What it remembers
 * is written in the caller's database transaction, so bytes that it let through and their claim are stored together or not at all.
 */
final class GuardedSigner {

    private final TransactionSigner signer;
    private final JdbcClient db;

    GuardedSigner(TransactionSigner signer, JdbcClient db) {
        this.signer = signer;
        this.db = db;
    }

    String address() {
        return signer.address();
    }

    /** Throws {@link IllegalStateException}, a defect, when the nonce or the order is taken by something else. */
    SignedTransaction sign(String orderKey, UnsignedTransaction transaction) {
        db.sql("""
                insert into chain_nonce (chain_id, sender, nonce, order_key, payload_hash) values (?, ?, ?, ?, ?)
                on conflict do nothing""")
                .params(
                        transaction.chainId(),
                        signer.address(),
                        transaction.nonce(),
                        orderKey,
                        transaction.payloadHash())
                .update();
        boolean ours = db.sql("""
                        select count(*) from chain_nonce
                        where chain_id = ? and sender = ? and nonce = ? and order_key = ? and payload_hash = ?""")
                        .params(
                                transaction.chainId(),
                                signer.address(),
                                transaction.nonce(),
                                orderKey,
                                transaction.payloadHash())
                        .query(Long.class)
                        .single()
                == 1;
        if (!ours) {
            throw new IllegalStateException("Refused to sign: nonce " + transaction.nonce() + " or order " + orderKey
                    + " is taken by another payload");
        }
        return signer.sign(transaction);
    }
}
