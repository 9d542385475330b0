package io.sluice.chain;

import java.math.BigInteger;

/** What any stablecoin is asked. Units are the token's smallest. */
@AbiOf("TestStablecoin")
public interface Erc20 {

    record Approve(String spender, BigInteger value) implements ContractCall {}

    record Transfer(String to, BigInteger value) implements ContractCall {}

    record BalanceOf(String account) implements ContractQuery<BigInteger> {

        @Override
        public Class<BigInteger> answer() {
            return BigInteger.class;
        }
    }

    record Allowance(String owner, String spender) implements ContractQuery<BigInteger> {

        @Override
        public Class<BigInteger> answer() {
            return BigInteger.class;
        }
    }

    record Decimals() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }
}
