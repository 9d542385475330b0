package io.sluice.chain;

import java.math.BigInteger;

/** What the registry of stores is asked and tells: titles, which pass by the timelock alone, and sealed credentials. Times are in seconds. */
public interface StoreRegistry {

    record Register(String owner, String nameHash) implements ContractCall {}

    /** Passes the title; the timelock alone may. */
    record TransferFrom(String from, String to, long tokenId) implements ContractCall {}

    record Seal(long storeId, String slot, long version, String envelopeHash) implements ContractCall {}

    record Grant(long storeId, String slot, String grantee, long until) implements ContractCall {}

    record Revoke(long storeId, String slot, String grantee) implements ContractCall {}

    record Stores() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    record OwnerOf(long tokenId) implements ContractQuery<String> {

        @Override
        public Class<String> answer() {
            return String.class;
        }
    }

    /** How often a title has passed, its registration included. */
    record EpochOf(long storeId) implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    /** To be asked at the finalized block and at the latest: a grant needs both, a revocation only the latest. */
    record CanRelease(long storeId, String slot, String grantee, String envelopeHash)
            implements ContractQuery<Boolean> {

        @Override
        public Class<Boolean> answer() {
            return Boolean.class;
        }
    }

    record StoreRegistered(String contract, long storeId, String owner, String nameHash) implements ContractEvent {}

    /** Title has passed to {@code owner}; nothing sealed or granted before counts any more. */
    record EpochRaised(String contract, long storeId, BigInteger epoch, String owner) implements ContractEvent {}

    record CredentialSealed(
            String contract, long storeId, String slot, BigInteger version, BigInteger epoch, String envelopeHash)
            implements ContractEvent {}

    record CredentialGranted(
            String contract, long storeId, String slot, String grantee, BigInteger epoch, BigInteger until)
            implements ContractEvent {}

    record CredentialRevoked(String contract, long storeId, String slot, String grantee) implements ContractEvent {}
}
