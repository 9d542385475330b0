package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.chain.DistributionTree.Entitlement;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

/** What a proof must be for the contract to take it: said by arithmetic of its own, and by the contract. */
class DistributionTreeTest {

    private static final String ID = "0x" + "01".repeat(32);
    private static final String PAYEE = "0x" + "aB".repeat(20);
    private static final BigInteger MOST = BigInteger.TWO.pow(96).subtract(BigInteger.ONE);

    @Test
    void packsPayeeAndUnitsInThirtyTwoBytes() {
        PayoutBatch batch = new PayoutBatch(
                List.of(new PayoutBatch.Entry(PAYEE, BigInteger.valueOf(258)), new PayoutBatch.Entry(PAYEE, MOST)));

        assertThat(batch.packed())
                .isEqualTo("0x" + "ab".repeat(20) + "000000000000000000000102" + "ab".repeat(20) + "ff".repeat(12));
        assertThat(batch.sum()).isEqualTo(MOST.add(BigInteger.valueOf(258)));
    }

    @Test
    void refusesWhatTheContractWould() {
        assertThatThrownBy(() -> new PayoutBatch.Entry(PAYEE, BigInteger.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PayoutBatch.Entry(PAYEE, MOST.add(BigInteger.ONE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PayoutBatch(List.of())).isInstanceOf(IllegalArgumentException.class);
        PayoutBatch.Entry entry = new PayoutBatch.Entry(PAYEE, BigInteger.ONE);
        assertThatThrownBy(() -> new PayoutBatch(Collections.nCopies(PayoutBatch.MAX_ENTRIES + 1, entry)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 21, 64})
    void everyProofLeadsToTheRootOfBothTrees(int size) {
        List<PayoutBatch> batches = batches(size);
        List<Entitlement> entitlements = entitlements(size + 1);
        DistributionTree tree = DistributionTree.of(1, PAYEE, ID, batches, entitlements);
        String root = Hex.of(MerkleTree.joined(Hex.bytes(tree.payoutRoot()), Hex.bytes(tree.entitlementRoot())));

        for (int i = 0; i < size; i++) {
            byte[] leaf = DistributionTree.batchLeaf(1, PAYEE, ID, i, batches.get(i));
            assertThat(tree.batchProof(i).getLast()).isEqualTo(tree.entitlementRoot());
            assertThat(climbed(leaf, tree.batchProof(i))).isEqualTo(root);
        }
        for (int i = 0; i <= size; i++) {
            byte[] leaf = DistributionTree.entitlementLeaf(1, PAYEE, ID, entitlements.get(i));
            assertThat(tree.entitlementProof(i).getLast()).isEqualTo(tree.payoutRoot());
            assertThat(climbed(leaf, tree.entitlementProof(i))).isEqualTo(root);
        }
    }

    @Test
    void aDistributionOfOneBatchHasItsLeafAsRoot() {
        List<PayoutBatch> batches = batches(1);
        DistributionTree tree = DistributionTree.of(1, PAYEE, ID, batches, entitlements(3));

        assertThat(tree.payoutRoot())
                .isEqualTo(Hex.of(DistributionTree.batchLeaf(1, PAYEE, ID, 0, batches.getFirst())));
        assertThat(tree.batchProof(0)).containsExactly(tree.entitlementRoot());
    }

    @Test
    void anIdNeverMeansTwoDistributions() {
        String id = DistributionTree.id(1, PAYEE, "R1");

        assertThat(id).isEqualTo(DistributionTree.id(1, PAYEE, "R1"));
        assertThat(List.of(
                        DistributionTree.id(2, PAYEE, "R1"),
                        DistributionTree.id(1, "0x" + "ac".repeat(20), "R1"),
                        DistributionTree.id(1, PAYEE, "R2")))
                .doesNotContain(id)
                .doesNotHaveDuplicates();
    }

    @Test
    void leavesAreTheContracts() {
        try (TestChain chain = TestChain.start()) {
            String nobody = "0x" + "00".repeat(19) + "01";
            String distributor = chain.deploy(
                    "RoyaltyDistributor",
                    new Address(nobody),
                    new Address(nobody),
                    new Address(nobody),
                    new Address(nobody),
                    new Address(nobody));
            long chainId = TestChain.quantity(chain.call("eth_chainId")).longValueExact();
            PayoutBatch batch = batches(3).get(2);
            Entitlement entitlement = new Entitlement("holder ü", BigInteger.TEN.pow(20));

            assertThat(chain.trial(
                            nobody,
                            distributor,
                            TestChain.encode(
                                    "batchLeaf",
                                    new Bytes32(Hex.bytes(ID)),
                                    new Uint256(2),
                                    new DynamicBytes(batch.bytes()))))
                    .isEqualTo(Hex.of(DistributionTree.batchLeaf(chainId, distributor, ID, 2, batch)));
            assertThat(chain.trial(
                            nobody,
                            distributor,
                            TestChain.encode(
                                    "entitlementLeaf",
                                    new Bytes32(Hex.bytes(ID)),
                                    new Bytes32(Hex.bytes(DistributionTree.holder(entitlement.holderId()))),
                                    new Uint256(entitlement.gross()))))
                    .isEqualTo(Hex.of(DistributionTree.entitlementLeaf(chainId, distributor, ID, entitlement)));
        }
    }

    private static String climbed(byte[] leaf, List<String> proof) {
        byte[] node = leaf;
        for (String neighbour : proof) {
            node = MerkleTree.joined(node, Hex.bytes(neighbour));
        }
        return Hex.of(node);
    }

    private static List<PayoutBatch> batches(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PayoutBatch(List.of(
                        new PayoutBatch.Entry("0x%040x".formatted(i + 16), BigInteger.valueOf(i + 1)),
                        new PayoutBatch.Entry(PAYEE, BigInteger.ONE))))
                .toList();
    }

    private static List<Entitlement> entitlements(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Entitlement("H" + i, BigInteger.valueOf(i)))
                .toList();
    }
}
