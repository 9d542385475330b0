package io.sluice.chain;

import java.math.BigInteger;
import java.util.List;

/**
 * What the holders' DAO is asked and tells. A proposal is its calls (a target, a value in wei and data each) and the hash of its
 * description; times are in seconds.
 */
public interface HoldersDao {

    /** As the contract numbers them. */
    enum ProposalState {
        PENDING,
        ACTIVE,
        CANCELED,
        DEFEATED,
        SUCCEEDED,
        QUEUED,
        EXPIRED,
        EXECUTED
    }

    /** As the contract numbers them. */
    enum Vote {
        AGAINST,
        FOR,
        ABSTAIN
    }

    record Propose(List<String> targets, List<BigInteger> values, List<String> calldatas, String description)
            implements ContractCall {}

    record CastVote(BigInteger proposalId, Vote support) implements ContractCall {}

    record Queue(List<String> targets, List<BigInteger> values, List<String> calldatas, String descriptionHash)
            implements ContractCall {}

    record Execute(List<String> targets, List<BigInteger> values, List<String> calldatas, String descriptionHash)
            implements ContractCall {}

    record State(BigInteger proposalId) implements ContractQuery<ProposalState> {

        @Override
        public Class<ProposalState> answer() {
            return ProposalState.class;
        }
    }

    record ProposalCreated(
            String contract,
            BigInteger proposalId,
            String proposer,
            List<String> targets,
            List<BigInteger> values,
            List<String> signatures,
            List<String> calldatas,
            long voteStart,
            long voteEnd,
            String description)
            implements ContractEvent {}

    record ThresholdSet(String contract, BigInteger proposalId, boolean twoThirds) implements ContractEvent {}

    record VoteCast(
            String contract, String voter, BigInteger proposalId, Vote support, BigInteger weight, String reason)
            implements ContractEvent {}

    record ProposalQueued(String contract, BigInteger proposalId, long etaSeconds) implements ContractEvent {}

    record ProposalExecuted(String contract, BigInteger proposalId) implements ContractEvent {}
}
