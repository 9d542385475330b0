package io.sluice.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.sluice.chain.ChainFailure;
import io.sluice.chain.ChainOrder;
import io.sluice.chain.ChainOrders;
import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainSettings;
import io.sluice.chain.PolicyGuard;
import io.sluice.chain.RoyaltyDistributor;
import io.sluice.platform.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorHeartbeatTest {

    private static final String GUARD = "0x" + "0a".repeat(20);
    private static final String SENDER = "0x" + "0b".repeat(20);
    private static final long LAST = 1_000_000;
    private static final long LIMIT = 90_000;

    private final Transactions transactions = mock(Transactions.class);
    private final ChainReads reads = mock(ChainReads.class);
    private final ChainOrders chain = mock(ChainOrders.class);
    private final List<ChainOrder> ordered = new ArrayList<>();
    private final OperatorHeartbeat heartbeat =
            new OperatorHeartbeat(reads, chain, mock(ChainSettings.class), transactions);

    @BeforeEach
    void guard() {
        when(reads.sender()).thenReturn(SENDER);
        when(reads.ask(any(), any(RoyaltyDistributor.Guard.class), any())).thenReturn(GUARD);
        when(reads.ask(any(), any(PolicyGuard.LastHeartbeat.class), any())).thenReturn(LAST);
        when(reads.ask(any(), any(PolicyGuard.HeartbeatLimit.class), any())).thenReturn(LIMIT);
    }

    @BeforeEach
    void carryOut() {
        doAnswer(call -> {
                    call.<Runnable>getArgument(0).run();
                    return null;
                })
                .when(transactions)
                .run(any());
        doAnswer(call -> ordered.add(call.getArgument(0))).when(chain).enqueue(any());
    }

    @Test
    void waitsUntilAThirdOfTheLimitHasPassed() {
        blockAfter(LIMIT / 3 - 1);
        heartbeat.work();
        assertThat(ordered).isEmpty();

        blockAfter(LIMIT / 3);
        heartbeat.work();
        heartbeat.work();
        assertThat(ordered).hasSize(2).allSatisfy(order -> {
            assertThat(order.key())
                    .isEqualTo("heartbeat:0:" + SENDER + ":" + GUARD + ":" + LAST); // one key, so one transaction
            assertThat(order.to()).isEqualTo(GUARD);
            assertThat(order.data()).isEqualTo(new PolicyGuard.Heartbeat().data());
        });
    }

    @Test
    void aChainThatCannotBeReadIsAskedAgainLater() {
        when(reads.head()).thenThrow(mock(ChainFailure.class));
        assertThat(heartbeat.work()).isFalse();
        assertThat(ordered).isEmpty();
    }

    private void blockAfter(long seconds) {
        Instant time = Instant.ofEpochSecond(LAST + seconds);
        when(reads.head()).thenReturn(new ChainReads.Head(9, "0x1", time, 7, Duration.ZERO, false));
    }
}
