package io.sluice.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Follows the chain block by block. Each block must name the one before as its parent; where it does not, what was followed is taken
 * back to the last common block, and with it every order that was mined above. Outcomes are told from final blocks alone.
 */
final class Follower {

    private static final Logger log = LoggerFactory.getLogger(Follower.class);
    /** After a longer absence the blocks between are not followed one by one: orders are looked up by their receipts anyway. */
    private static final int LONGEST_CATCH_UP = 256;
    /** Followed blocks that are kept below the newest one. */
    private static final int KEPT = 2048;

    private final Node node;
    private final BlockStore blocks;
    private final OrderStore orders;
    private final Outcomes outcomes;
    private final TransactionTemplate transactions;
    private final ChainSettings settings;
    private final String sender;

    Follower(
            Node node,
            BlockStore blocks,
            OrderStore orders,
            Outcomes outcomes,
            TransactionTemplate transactions,
            ChainSettings settings,
            String sender) {
        this.node = node;
        this.blocks = blocks;
        this.orders = orders;
        this.outcomes = outcomes;
        this.transactions = transactions;
        this.settings = settings;
        this.sender = sender;
    }

    /** Goes on to the newest block, or back and then on, and answers it. */
    Node.Block follow() {
        Node.Block head = node.latest();
        OptionalLong tip = blocks.tip();
        if (tip.isEmpty()) {
            transactions.executeWithoutResult(status -> blocks.add(head));
            return head;
        }
        if (head.number() < tip.getAsLong()
                && blocks.hashOf(head.number()).filter(head.hash()::equals).isPresent()) {
            return head; // a node that lags behind what another one told: nothing was taken back
        }
        long common = commonWith(head, tip.getAsLong());
        if (common < tip.getAsLong()) {
            walkBack(tip.getAsLong(), common, head);
        }
        if (common < head.number()) {
            walkOn(common, head);
        }
        return head;
    }

    /** The newest block that will not be replaced. */
    Optional<Node.Block> finalized(Node.Block head) {
        Optional<Node.Block> tagged = node.finalized();
        return tagged.isPresent() || head.number() < settings.fallbackDepth()
                ? tagged
                : node.block(head.number() - settings.fallbackDepth());
    }

    /** Finds orders that a followed block has taken, as whichever of their variants. */
    void findMined() {
        List<OpenOrder> open = new ArrayList<>(orders.signed(ChainOrderState.SIGNED));
        open.addAll(orders.signed(ChainOrderState.SENT));
        for (OpenOrder order : open) {
            order.variants().stream()
                    .map(variant -> node.receipt(variant.transaction().hash()))
                    .flatMap(Optional::stream)
                    .filter(this::inFollowedBlock)
                    .findFirst()
                    .ifPresent(receipt -> orders.markMined(order.key(), receipt));
        }
    }

    /** Tells what final blocks say of the orders in them. */
    void settle(Node.Block finalized) {
        for (OpenOrder order : orders.signed(ChainOrderState.MINED)) {
            Long minedIn = order.minedInBlock();
            String minedAs = order.minedAs();
            if (minedIn == null || minedAs == null || minedIn > finalized.number()) {
                continue;
            }
            Node.Receipt receipt = node.receipt(minedAs).orElse(null);
            Node.Block block = node.block(minedIn).orElse(null);
            if (receipt == null
                    || block == null
                    || !receipt.blockHash().equals(block.hash())
                    || !block.hash().equals(order.minedInHash())) {
                log.warn(
                        "Order {} is not any more where it was mined, block {}: looked for again",
                        order.key(),
                        minedIn);
                transactions.executeWithoutResult(status -> orders.unmineAbove(minedIn - 1));
                return;
            }
            if (receipt.succeeded()) {
                outcomes.executed(order, receipt, block);
            } else {
                outcomes.reverted(order, receipt, "reverted in block " + minedIn + ": " + why(order, minedIn));
            }
        }
    }

    /** As far as the node still has that block's state. */
    private String why(OpenOrder order, long block) {
        try {
            return node.refusal(sender, order.to(), order.data(), block)
                    .orElse("run again on top of that block, it passes");
        } catch (ChainFailure | NodeRefusal unknown) {
            return "the node cannot say why any more";
        }
    }

    /** Reports nonces that the chain has used without any transaction of ours to show for it. */
    void findStrangers(Node.Block head) {
        long used = node.nonceOf(sender);
        for (OpenOrder order : orders.signed(ChainOrderState.SENT)) {
            Long sentAt = order.sentAtBlock();
            if (order.signedNonce() < used && sentAt != null && head.number() - sentAt > settings.bumpAfterBlocks()) {
                String problem = "nonce " + order.signedNonce() + " was used by a transaction that is not ours";
                if (orders.note(order.key(), problem)) {
                    log.error("Order {}: {}. It is not sent again; investigate.", order.key(), problem);
                }
            }
        }
    }

    private boolean inFollowedBlock(Node.Receipt receipt) {
        Optional<String> followed = blocks.hashOf(receipt.blockNumber());
        return followed.map(receipt.blockHash()::equals)
                .orElseGet(() -> receipt.blockNumber() < blocks.tip().orElse(0));
    }

    /** The newest followed block that the node still has. */
    private long commonWith(Node.Block head, long tip) {
        long number = Math.min(tip, head.number());
        while (number > 0) {
            Optional<String> followed = blocks.hashOf(number);
            if (followed.isEmpty()) {
                return number; // older than what we keep: taken for common
            }
            String now = number == head.number()
                    ? head.hash()
                    : node.block(number).map(Node.Block::hash).orElse("");
            if (followed.get().equals(now)) {
                return number;
            }
            number--;
        }
        return 0;
    }

    private void walkBack(long tip, long common, Node.Block head) {
        log.warn("The chain was reorganised: blocks {} to {} are replaced", common + 1, tip);
        transactions.executeWithoutResult(status -> {
            String tipHash = blocks.hashOf(tip).orElseThrow();
            // Only a chain that breaks its word on final blocks goes back that far.
            boolean belowFinalized = blocks.readAgainFrom(common);
            if (belowFinalized) {
                log.error("Blocks above {} were final and are replaced: look at every payment in them", common);
            }
            blocks.removeAbove(common);
            int unmined = orders.unmineAbove(common);
            blocks.recordReorganisation(common, tip, tipHash, head, unmined, belowFinalized);
            if (unmined > 0) {
                log.warn("{} orders are not mined any more", unmined);
            }
        });
    }

    private void walkOn(long common, Node.Block head) {
        long first = Math.max(common + 1, head.number() - LONGEST_CATCH_UP);
        List<Node.Block> next = new ArrayList<>();
        String parent = first == common + 1 ? blocks.hashOf(common).orElse(null) : null;
        for (long number = first; number <= head.number(); number++) {
            Node.Block block = number == head.number()
                    ? head
                    : node.block(number).orElseThrow(() -> new ChainFailure("The chain changed while it was followed"));
            if (parent != null && !block.parentHash().equals(parent)) {
                throw new ChainFailure("The chain changed while it was followed, at block " + number);
            }
            parent = block.hash();
            next.add(block);
        }
        transactions.executeWithoutResult(status -> {
            next.forEach(blocks::add);
            blocks.removeBelow(head.number() - KEPT);
        });
    }
}
