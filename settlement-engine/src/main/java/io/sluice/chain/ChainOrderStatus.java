package io.sluice.chain;

import org.jspecify.annotations.Nullable;

/**
 * Where an order stands.
 *
 * @param nonce null until signed
 * @param transactionHash the mined variant's, else the newest variant's; null until signed
 * @param blockNumber the block that holds it; null until mined
 * @param problem what keeps it, for an operator; null when nothing does
 */
public record ChainOrderStatus(
        String key,
        ChainOrderState state,
        @Nullable Long nonce,
        @Nullable String transactionHash,
        @Nullable Long blockNumber,
        @Nullable String problem) {}
