package io.sluice.chain;

import java.math.BigInteger;

/** What the royalty token is asked and tells. Units are the token's smallest, times are seconds. */
public interface RoyaltyToken {

    record Transfer(String to, BigInteger units) implements ContractCall {}

    record SetFrozen(String account, boolean frozen) implements ContractCall {}

    /** Units held at the end of a past second. */
    record BalanceOfAt(String account, long timepoint) implements ContractQuery<BigInteger> {

        @Override
        public Class<BigInteger> answer() {
            return BigInteger.class;
        }
    }

    /** Votes at the end of a past second: the balance, or zero for an excluded account. */
    record GetPastVotes(String account, long timepoint) implements ContractQuery<BigInteger> {

        @Override
        public Class<BigInteger> answer() {
            return BigInteger.class;
        }
    }

    record ExclusionChanged(String contract, String account, boolean excluded) implements ContractEvent {}
}
