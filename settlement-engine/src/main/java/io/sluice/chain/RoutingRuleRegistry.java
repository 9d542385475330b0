package io.sluice.chain;

/** What the registry of routing rules is asked and tells. Rules only ever join; a version takes effect at the start of a day (UTC). */
public interface RoutingRuleRegistry {

    /** A version as the contract holds it: in force from {@code from} to before {@code until}, in seconds. */
    record Rule(long version, long from, long until) {}

    /** @param effectiveFrom seconds; the start of a day not before the block */
    record Anchor(long storeId, long version, String ruleHash, long effectiveFrom) implements ContractCall {}

    record AnchorSeal(long number, String sealHash) implements ContractCall {}

    /** A store's newest version; zero before the first. */
    record Versions(long storeId) implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    /** The number of the last seal that was anchored; zero before the first. */
    record SealNo() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    /** keccak256(abi.encode(the one before, number, hash)) over all anchored seals, from 32 zero bytes. */
    record SealChain() implements ContractQuery<String> {

        @Override
        public Class<String> answer() {
            return String.class;
        }
    }

    record WasInForce(long storeId, String ruleHash, long time) implements ContractQuery<Boolean> {

        @Override
        public Class<Boolean> answer() {
            return Boolean.class;
        }
    }

    /** The version of a rule, or all zero. */
    record RuleOf(long storeId, String ruleHash) implements ContractQuery<Rule> {

        @Override
        public Class<Rule> answer() {
            return Rule.class;
        }
    }

    record RuleAnchored(String contract, long storeId, long version, String ruleHash, long effectiveFrom)
            implements ContractEvent {}

    record SealAnchored(String contract, long sealNo, String sealHash, String sealChain) implements ContractEvent {}
}
