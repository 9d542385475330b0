package io.sluice.chain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.web3j.crypto.Hash;

/**
 * The two trees of a distribution, as {@link RoyaltyDistributor} anchors them: a leaf per batch, and a leaf per holder. The contract
 * keeps the hash of both roots joined, so the proof of a batch ends with the entitlement root and the proof of an entitlement with the
 * payout root. All leaves are hashed twice.
 */
public final class DistributionTree {

    private static final AbiType UINT = new AbiType.Unsigned(256);
    private static final AbiType ADDRESS = new AbiType.AddressType();
    private static final AbiType HASH = new AbiType.FixedBytes(32);
    private static final String ENTITLEMENT = keccak("sluice/entitlement/1");

    private final MerkleTree payouts;
    private final MerkleTree entitlements;

    /**
     * What one holder is entitled to.
     *
     * @param holderId ours; its hash is on chain
     * @param gross the token's smallest units
     */
    public record Entitlement(String holderId, BigInteger gross) {}

    private DistributionTree(MerkleTree payouts, MerkleTree entitlements) {
        this.payouts = payouts;
        this.entitlements = entitlements;
    }

    /**
     * @param distributor the contract's address
     * @param id of the distribution, 32 bytes ({@link #id})
     * @param batches by index
     * @param entitlements in an order that the caller can repeat
     */
    public static DistributionTree of(
            long chainId, String distributor, String id, List<PayoutBatch> batches, List<Entitlement> entitlements) {
        return new DistributionTree(
                new MerkleTree(IntStream.range(0, batches.size())
                        .mapToObj(index -> batchLeaf(chainId, distributor, id, index, batches.get(index)))
                        .toList()),
                new MerkleTree(entitlements.stream()
                        .map(entitlement -> entitlementLeaf(chainId, distributor, id, entitlement))
                        .toList()));
    }

    /**
     * The name of a distribution on chain: {@code keccak256(abi.encode("sluice/distribution", chainId, distributor, order))}, so that a
     * name never means two, whatever the chain or contract.
     */
    public static String id(long chainId, String distributor, String order) {
        String encoded = AbiType.encodeAll(
                List.of(new AbiType.Text(), UINT, ADDRESS, new AbiType.Text()),
                List.of("sluice/distribution", BigInteger.valueOf(chainId), distributor, order));
        return Hex.keccak(Hex.bytes("0x" + encoded));
    }

    /** How a holder stands in an entitlement leaf: keccak-256 of the id's UTF-8 bytes. */
    public static String holder(String holderId) {
        return keccak(holderId);
    }

    public String payoutRoot() {
        return Hex.of(payouts.root());
    }

    public String entitlementRoot() {
        return Hex.of(entitlements.root());
    }

    /** From a batch's leaf to the payout root, then the entitlement root. */
    public List<String> batchProof(int index) {
        return proof(payouts, index, entitlements.root());
    }

    /** From an entitlement's leaf to the entitlement root, then the payout root. */
    public List<String> entitlementProof(int place) {
        return proof(entitlements, place, payouts.root());
    }

    static byte[] batchLeaf(long chainId, String distributor, String id, int index, PayoutBatch batch) {
        return leaf(
                List.of(UINT, ADDRESS, HASH, UINT, HASH),
                List.of(
                        BigInteger.valueOf(chainId),
                        distributor,
                        id,
                        BigInteger.valueOf(index),
                        Hex.keccak(batch.bytes())));
    }

    static byte[] entitlementLeaf(long chainId, String distributor, String id, Entitlement entitlement) {
        return leaf(
                List.of(HASH, UINT, ADDRESS, HASH, HASH, UINT),
                List.of(
                        ENTITLEMENT,
                        BigInteger.valueOf(chainId),
                        distributor,
                        id,
                        holder(entitlement.holderId()),
                        entitlement.gross()));
    }

    private static byte[] leaf(List<AbiType> types, List<?> values) {
        return Hash.sha3(Hash.sha3(Hex.bytes("0x" + AbiType.encodeAll(types, values))));
    }

    private static List<String> proof(MerkleTree tree, int leaf, byte[] otherRoot) {
        List<byte[]> proof = new ArrayList<>(tree.proof(leaf));
        proof.add(otherRoot);
        return proof.stream().map(Hex::of).toList();
    }

    private static String keccak(String text) {
        return Hex.keccak(text.getBytes(StandardCharsets.UTF_8));
    }
}
