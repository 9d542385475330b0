package io.sluice.chain;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import org.web3j.utils.Numeric;

/**
 * What a registry holds of the seals over the events, in a final block.
 *
 * @param last number of the newest; zero when there is none
 * @param chained one hash over the numbers and hashes of all of them, 0x-hexadecimal
 */
public record AnchoredSeals(long last, String chained) {

    /** Before the first seal. */
    public static final AnchoredSeals NONE = new AnchoredSeals(0, "0x" + "0".repeat(64));

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /** Asks a node. Throws {@link ChainFailure} when it cannot be reached or the address is no registry. */
    public static AnchoredSeals read(URI rpc, String registry) {
        try (Node node = new Node(rpc, CALL_TIMEOUT)) {
            var at = node.finalized().map(block -> Node.at(block.number())).orElse(Node.LATEST);
            String address = Hex.address("The registry", registry);
            RoutingRuleRegistry.SealNo last = new RoutingRuleRegistry.SealNo();
            RoutingRuleRegistry.SealChain chained = new RoutingRuleRegistry.SealChain();
            return new AnchoredSeals(
                    ContractAbi.answer(last, node.call(address, last.data(), at)),
                    ContractAbi.answer(chained, node.call(address, chained.data(), at)));
        } catch (NodeRefusal | IllegalArgumentException refusal) {
            throw new ChainFailure("The seals of " + registry + " cannot be read: " + refusal.getMessage(), refusal);
        }
    }

    /** With one more, as the contract chains it; the hash has 64 hexadecimal digits. */
    public AnchoredSeals and(long number, String hash) {
        byte[] word = Numeric.toBytesPadded(BigInteger.valueOf(number), 32);
        return new AnchoredSeals(
                number,
                Hex.keccak(Hex.bytes(chained + Numeric.toHexStringNoPrefix(word) + Numeric.cleanHexPrefix(hash))));
    }
}
