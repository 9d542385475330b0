package io.sluice.chain;

import java.math.BigInteger;
import java.util.List;

/**
 * What the distributor is asked and tells. Units are the token's smallest, times are seconds, ids, roots and hashes are 32 bytes,
 * proofs come from {@link DistributionTree}; who may call what, and every refusal, stands in the contract's source.
 */
public interface RoyaltyDistributor {

    /** As the contract numbers them. */
    enum State {
        UNKNOWN,
        OPEN,
        CANCELLED,
        CLOSED
    }

    /** What a distribution is anchored with. */
    record Anchor(
            String id,
            String payoutRoot,
            String entitlementRoot,
            String token,
            BigInteger total,
            int batches,
            String ruleHash,
            long storeId,
            long recordPoint) {}

    /** A distribution as the contract holds it; bit i of {@code executed} is batch i. */
    record Distribution(
            String root,
            String token,
            long anchoredAt,
            long storeId,
            int batches,
            State state,
            BigInteger total,
            BigInteger paid,
            BigInteger executed) {}

    record AnchorDistribution(Anchor anchor) implements ContractCall {}

    /** For a distribution of one batch: both in one transaction. */
    record AnchorAndExecute(Anchor anchor, String packed) implements ContractCall {}

    record ExecuteBatch(String id, int index, List<String> proof, String packed) implements ContractCall {}

    record WithdrawOwed(String token, String payee) implements ContractCall {}

    record ReassignOwed(String token, String from, String to) implements ContractCall {}

    record SetFrozen(String payee, boolean frozen) implements ContractCall {}

    record CancelDistribution(String id, String refundTo) implements ContractCall {}

    /** Whether a batch has executed. */
    record IsExecuted(String id, int index) implements ContractQuery<Boolean> {

        @Override
        public Class<Boolean> answer() {
            return Boolean.class;
        }
    }

    /** Address of the policies that it asks. */
    record Guard() implements ContractQuery<String> {

        @Override
        public Class<String> answer() {
            return String.class;
        }
    }

    /** Units that a payee could not be paid and has not withdrawn. */
    record Owed(String token, String payee) implements ContractQuery<BigInteger> {

        @Override
        public Class<BigInteger> answer() {
            return BigInteger.class;
        }
    }

    /** Units that are undistributed or owed, over all distributions. */
    record Committed(String token) implements ContractQuery<BigInteger> {

        @Override
        public Class<BigInteger> answer() {
            return BigInteger.class;
        }
    }

    /** An anchored distribution, or one whose state is {@link State#UNKNOWN}. */
    record DistributionState(String id) implements ContractQuery<Distribution> {

        @Override
        public Class<Distribution> answer() {
            return Distribution.class;
        }
    }

    /** Whether the anchored tree says that a holder ({@link DistributionTree#holder}) is entitled to so much. */
    record IsEntitled(String id, String holder, BigInteger gross, List<String> proof)
            implements ContractQuery<Boolean> {

        @Override
        public Class<Boolean> answer() {
            return Boolean.class;
        }
    }

    record DistributionAnchored(
            String contract,
            String id,
            long storeId,
            String ruleHash,
            String token,
            BigInteger total,
            int batches,
            long recordPoint,
            String payoutRoot,
            String entitlementRoot)
            implements ContractEvent {}

    /** A batch of {@code count} payees over {@code sum} units has executed, of which {@code failedSum} are owed instead of paid. */
    record BatchExecuted(String contract, String id, int index, int count, BigInteger sum, BigInteger failedSum)
            implements ContractEvent {}

    /** The token refused the payee, or the payee is {@code frozen}; the contract owes it. */
    record PayoutFailed(
            String contract, String id, int index, String payee, String token, BigInteger units, boolean frozen)
            implements ContractEvent {}

    record OwedWithdrawn(String contract, String token, String payee, BigInteger units) implements ContractEvent {}

    record OwedReassigned(String contract, String token, String from, String to, BigInteger units)
            implements ContractEvent {}

    record DistributionCancelled(String contract, String id, String refundTo, BigInteger units)
            implements ContractEvent {}

    record DistributionClosed(String contract, String id, String refundTo, BigInteger units) implements ContractEvent {}
}
