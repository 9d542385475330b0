package io.sluice.chain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.web3j.crypto.Hash;

/**
 * A tree over leaves that are hashes already. A parent is the keccak-256 of its two children, the smaller first, as OpenZeppelin's
 * {@code MerkleProof} reads it; a node without a neighbour goes up as it is.
 */
final class MerkleTree {

    private final List<byte[][]> levels = new ArrayList<>();

    MerkleTree(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("A tree needs a leaf");
        }
        byte[][] level = leaves.toArray(byte[][]::new);
        levels.add(level);
        while (level.length > 1) {
            level = parents(level);
            levels.add(level);
        }
    }

    byte[] root() {
        return levels.getLast()[0];
    }

    /** The neighbours on the way from a leaf to the root. */
    List<byte[]> proof(int leaf) {
        List<byte[]> proof = new ArrayList<>();
        int place = leaf;
        for (byte[][] level : levels.subList(0, levels.size() - 1)) {
            int neighbour = place ^ 1;
            if (neighbour < level.length) {
                proof.add(level[neighbour]);
            }
            place /= 2;
        }
        return proof;
    }

    static byte[] joined(byte[] one, byte[] other) {
        boolean ordered = Arrays.compareUnsigned(one, other) <= 0;
        byte[] pair = Arrays.copyOf(ordered ? one : other, one.length + other.length);
        System.arraycopy(ordered ? other : one, 0, pair, one.length, other.length);
        return Hash.sha3(pair);
    }

    private static byte[][] parents(byte[][] level) {
        byte[][] parents = new byte[(level.length + 1) / 2][];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = 2 * i + 1 < level.length ? joined(level[2 * i], level[2 * i + 1]) : level[2 * i];
        }
        return parents;
    }
}
