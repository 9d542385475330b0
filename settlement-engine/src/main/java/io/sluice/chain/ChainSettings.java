package io.sluice.chain;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the engine reaches the chain, and as whom.
 *
 * @param rpc the node's JSON-RPC address
 * @param id the chain that the node must serve
 * @param keystore a keystore file, or a folder with exactly one
 * @param keystorePasswordFile a file whose only line is the keystore's password
 * @param distributor address of the royalty distributor, which takes what it pays from the wallet that the keystore opens
 * @param ruleRegistry address of the registry of routing rules
 * @param tokens stablecoin by currency code
 * @param fallbackDepth blocks on top of a block before it counts as final, where the node knows no finalized block
 * @param pollInterval how often blocks are asked for
 * @param stalenessBound how long the chain may show no new block before reads of it are refused
 * @param callTimeout how long one call to the node may take
 * @param tip what a block's maker is offered per gas, in wei
 * @param maxFee the most that we pay per gas, in wei
 * @param bumpAfterBlocks blocks without our transaction before its fee is raised
 * @param gasCap the most gas that one transaction may be estimated at
 * @param preflightAttempts how often an order whose trial run reverts is tried before it is given up, unsigned
 * @param startBlock the first block that is read for arriving tokens
 */
@ConfigurationProperties("sluice.chain")
public record ChainSettings(
        URI rpc,
        long id,
        Path keystore,
        Path keystorePasswordFile,
        String distributor,
        String ruleRegistry,
        Map<String, String> tokens,
        @DefaultValue("64") int fallbackDepth,
        @DefaultValue("500ms") Duration pollInterval,
        @DefaultValue("2m") Duration stalenessBound,
        @DefaultValue("10s") Duration callTimeout,
        @DefaultValue("1500000000") BigInteger tip,
        @DefaultValue("500000000000") BigInteger maxFee,
        @DefaultValue("12") int bumpAfterBlocks,
        @DefaultValue("15000000") long gasCap,
        @DefaultValue("20") int preflightAttempts,
        @DefaultValue("0") long startBlock) {

    public ChainSettings {
        required("rpc", rpc);
        required("keystore", keystore);
        required("keystore-password-file", keystorePasswordFile);
        distributor = Hex.address("sluice.chain.distributor", required("distributor", distributor));
        ruleRegistry = Hex.address("sluice.chain.rule-registry", required("rule-registry", ruleRegistry));
        Map<String, String> byCurrency = new TreeMap<>();
        required("tokens", tokens)
                .forEach((currency, token) -> byCurrency.put(
                        currency.toUpperCase(Locale.ROOT), Hex.address("sluice.chain.tokens." + currency, token)));
        if (byCurrency.values().stream().distinct().count() != byCurrency.size()) {
            throw new IllegalArgumentException("sluice.chain.tokens names one token for two currencies: " + byCurrency);
        }
        tokens = Map.copyOf(byCurrency);
        positive("id", id);
        positive("fallback-depth", fallbackDepth);
        positive("poll-interval", pollInterval.toMillis());
        positive("staleness-bound", stalenessBound.toMillis());
        positive("call-timeout", callTimeout.toMillis());
        positive("bump-after-blocks", bumpAfterBlocks);
        positive("gas-cap", gasCap);
        positive("preflight-attempts", preflightAttempts);
        if (tip.signum() < 0 || maxFee.compareTo(tip) < 0) {
            throw new IllegalArgumentException(
                    "sluice.chain.max-fee must cover sluice.chain.tip, was " + maxFee + " and " + tip);
        }
        if (startBlock < 0) {
            throw new IllegalArgumentException("sluice.chain.start-block must not be negative, was " + startBlock);
        }
    }

    private static <T> T required(String name, @Nullable T value) {
        return Objects.requireNonNull(value, "sluice.chain." + name + " is not set");
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("sluice.chain." + name + " must be above zero, was " + value);
        }
    }
}
