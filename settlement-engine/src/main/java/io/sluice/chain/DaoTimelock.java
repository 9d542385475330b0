package io.sluice.chain;

/** What the timelock, the admin of every other contract, is asked and tells. Roles are 32 bytes. */
public interface DaoTimelock {

    record GrantRole(String role, String account) implements ContractCall {}

    record RenounceRole(String role, String callerConfirmation) implements ContractCall {}

    record HasRole(String role, String account) implements ContractQuery<Boolean> {

        @Override
        public Class<Boolean> answer() {
            return Boolean.class;
        }
    }

    /** Seconds. */
    record GetMinDelay() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    record RoleGranted(String contract, String role, String account, String sender) implements ContractEvent {}

    record RoleRevoked(String contract, String role, String account, String sender) implements ContractEvent {}
}
