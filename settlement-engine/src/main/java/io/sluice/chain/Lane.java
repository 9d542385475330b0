package io.sluice.chain;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends one sender's transactions: takes the next nonce, signs, stores, commits, and only then talks to the node. Whatever the node
 * answers to a send, the chain alone says what happened ({@link Follower}).
 */
final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final int AT_ONCE = 16;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Node node;
    private final OrderStore orders;
    private final GuardedSigner signer;
    private final Outcomes outcomes;
    private final TransactionTemplate transactions;
    private final ChainSettings settings;

    Lane(
            Node node,
            OrderStore orders,
            GuardedSigner signer,
            Outcomes outcomes,
            TransactionTemplate transactions,
            ChainSettings settings) {
        this.node = node;
        this.orders = orders;
        this.signer = signer;
        this.outcomes = outcomes;
        this.transactions = transactions;
        this.settings = settings;
    }

    /** Gives every due order its nonce and signed bytes, stored; sends nothing. */
    void sign(Node.Block head) {
        Fees fees = Fees.over(head.baseFee(), settings.tip());
        if (!fees.within(settings.maxFee())) {
            log.warn("The chain asks {} wei per gas, above sluice.chain.max-fee: orders wait", fees.maxFee());
            return;
        }
        for (OpenOrder order : orders.due(AT_ONCE)) {
            try {
                sign(order, gasFor(order), fees);
            } catch (NodeRefusal refusal) {
                refused(order, refusal);
            }
        }
    }

    /** Sends what is signed and was never taken by the node. */
    void sendSigned(Node.Block head) {
        for (OpenOrder order : orders.signed(ChainOrderState.SIGNED)) {
            if (!send(order, order.newest().transaction(), head)) {
                return; // a later nonce cannot go before this one
            }
        }
    }

    /** After a start: a wallet that was replaced leaves its unsigned orders to its successor. */
    void takeOver() {
        int adopted = orders.adopt();
        if (adopted > 0) {
            log.warn("{} orders of another wallet were never signed: {} takes them over", adopted, signer.address());
        }
    }

    /** After a start: the node is told again, byte for byte, whatever the chain has not executed. */
    void sendAgain(Node.Block head) {
        long used = node.nonceOf(signer.address());
        for (OpenOrder.Variant variant : orders.newestFrom(used)) {
            sendQuietly(variant.transaction());
        }
        log.debug("Sent again from nonce {} on at block {}", used, head.number());
    }

    /** Looks after the oldest transaction that no block has taken: tells the node again, and raises its fee when it waits too long. */
    void nudge(Node.Block head) {
        orders.signed(ChainOrderState.SENT).stream().findFirst().ifPresent(order -> nudge(order, head));
    }

    private void nudge(OpenOrder order, Node.Block head) {
        Long sentAt = order.sentAtBlock();
        long used = node.nonceOf(signer.address());
        if (used > order.signedNonce()) {
            return; // in a block: ours, which the follower finds, or a stranger's, which it reports
        }
        if (used < order.signedNonce()) {
            sendAgain(head); // the node has lost what it had executed
        } else if (sentAt != null && head.number() - sentAt >= settings.bumpAfterBlocks()) {
            bump(order, head);
        } else if (!node.knows(order.newest().transaction().hash())) {
            sendAgain(head);
        }
    }

    private void bump(OpenOrder order, Node.Block head) {
        Fees fees = order.newest().fees().bumped(head.baseFee());
        if (!fees.within(settings.maxFee())) {
            orders.note(order.key(), "no block takes it, and sluice.chain.max-fee forbids to offer " + fees.maxFee());
            sendQuietly(order.newest().transaction());
            return;
        }
        SignedTransaction signed = stored(order, order.signedNonce(), gasLimit(order), fees);
        log.info("Raised the fee of order {} to {} wei per gas", order.key(), fees.maxFee());
        send(order, signed, head);
    }

    private void sign(OpenOrder order, long gas, Fees fees) {
        if (gas > settings.gasCap()) {
            String why = "would take " + gas + " gas, above the cap of " + settings.gasCap();
            if (order.stands()) {
                outcomes.waits(order, why, LONGEST_PAUSE);
            } else {
                outcomes.gaveUp(order, ChainOutcome.Reason.TOO_MUCH_GAS, why);
            }
            return;
        }
        long used = node.nonceOf(signer.address());
        transactions.executeWithoutResult(status -> {
            if (orders.holdPrepared(order.key())) {
                long nonce = orders.takeNonce(used);
                orders.markSigned(order.key(), nonce, gas);
                stored(order, nonce, gas, fees);
            }
        });
    }

    private SignedTransaction stored(OpenOrder order, long nonce, long gas, Fees fees) {
        UnsignedTransaction unsigned =
                new UnsignedTransaction(settings.id(), nonce, order.to(), order.data(), gas, fees);
        SignedTransaction[] signed = new SignedTransaction[1];
        transactions.executeWithoutResult(status -> {
            signed[0] = signer.sign(order.key(), unsigned);
            int variant = order.variants().isEmpty() ? 0 : order.newest().number() + 1;
            orders.store(nonce, variant, signed[0], fees);
        });
        return signed[0];
    }

    /** What the caller allows, else what a trial run takes and a fifth more. */
    private long gasFor(OpenOrder order) {
        Long given = order.gasLimit();
        if (given != null) {
            return given;
        }
        long estimate = node.estimateGas(signer.address(), order.to(), order.data());
        return estimate > settings.gasCap() ? estimate : Math.min(settings.gasCap(), estimate + estimate / 5);
    }

    private static long gasLimit(OpenOrder order) {
        Long gas = order.gasLimit();
        if (gas == null) {
            throw new IllegalStateException("Order " + order.key() + " is signed without a gas limit");
        }
        return gas;
    }

    private void refused(OpenOrder order, NodeRefusal refusal) {
        String said = String.valueOf(refusal.getMessage());
        int beyond = order.attempts() + 1 - settings.preflightAttempts();
        if (beyond < 0) {
            orders.postpone(order.key(), said, RETRY); // most of what is refused waits for a block or two
        } else if (refusal.isRevert() && !order.stands()) {
            outcomes.gaveUp(order, ChainOutcome.Reason.REFUSED_IN_TRIAL, said);
        } else {
            Duration doubled = RETRY.multipliedBy(1L << Math.min(beyond, Short.SIZE));
            outcomes.waits(order, said, doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE);
        }
    }

    private boolean send(OpenOrder order, SignedTransaction signed, Node.Block head) {
        try {
            node.send(signed.raw());
        } catch (NodeRefusal refusal) {
            if (!refusal.isKnownOrUsed()) {
                orders.note(order.key(), String.valueOf(refusal.getMessage()));
                return false;
            }
        }
        orders.markSent(order.key(), head.number());
        return true;
    }

    private void sendQuietly(SignedTransaction signed) {
        try {
            node.send(signed.raw());
        } catch (NodeRefusal refusal) {
            log.debug("{} sent again: {}", signed.hash(), refusal.getMessage());
        }
    }
}
