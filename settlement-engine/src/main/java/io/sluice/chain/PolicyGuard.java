package io.sluice.chain;

import java.math.BigInteger;

/** What the guard is asked and tells: pause, breach locks, caps, listed tokens, destinations, heartbeat. Times are in seconds. */
public interface PolicyGuard {

    /** What a token was when it was listed; all zero when it is not. */
    record Pin(String codeHash, int decimals, long from) {}

    /** What a distributor may anchor for a store in a token per period. */
    record Cap(BigInteger units, BigInteger used, long period, long bucket) {}

    record ListToken(String token, String codeHash, int decimals) implements ContractCall {}

    record AnnounceCap(String distributor, long storeId, String token, BigInteger units, long period)
            implements ContractCall {}

    record ActivateCap(String distributor, long storeId, String token) implements ContractCall {}

    record AnnounceDestination(String account) implements ContractCall {}

    record Heartbeat() implements ContractCall {}

    record Pause() implements ContractCall {}

    record ReportBreach(long storeId, String evidenceHash) implements ContractCall {}

    record PinOf(String token) implements ContractQuery<Pin> {

        @Override
        public Class<Pin> answer() {
            return Pin.class;
        }
    }

    record CapOf(String distributor, long storeId, String token) implements ContractQuery<Cap> {

        @Override
        public Class<Cap> answer() {
            return Cap.class;
        }
    }

    /** Seconds between an announcement and its earliest effect. */
    /** When the operator last gave a sign of life, in seconds. */
    record LastHeartbeat() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    /** Seconds without one after which anybody may push anchored batches. */
    record HeartbeatLimit() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    record ActivationDelay() implements ContractQuery<Long> {

        @Override
        public Class<Long> answer() {
            return Long.class;
        }
    }

    record TokenListed(String contract, String token, String codeHash, int decimals, long from)
            implements ContractEvent {}

    record CapAnnounced(
            String contract, String distributor, long storeId, String token, BigInteger units, long period, long from)
            implements ContractEvent {}

    record CapChanged(String contract, String distributor, long storeId, String token, BigInteger units, long period)
            implements ContractEvent {}

    record Paused(String contract, String guardian) implements ContractEvent {}

    record BreachReported(String contract, long storeId, String evidenceHash, String monitor)
            implements ContractEvent {}

    record HeartbeatGiven(String contract, String operator) implements ContractEvent {}
}
