package io.sluice.chain;

import static io.sluice.chain.TestChain.COIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.platform.TestDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainOrdersTest {

    private static final String PAYEE = "0x00000000000000000000000000000000000a11ce";

    @TempDir
    Path folder;

    private TestChain chain;
    private HikariDataSource source;
    private ChainSettings settings;
    private TestEngine engine;
    private String token;
    private String distributor;
    private String wallet;

    @BeforeEach
    void start() {
        source = TestDatabase.fresh().pool(3);
        chain = TestChain.start();
        wallet = Keystore.createIfMissing(folder, folder.resolve("password"));
        chain.fund(wallet);
        token = chain.deployStablecoin();
        distributor = chain.deployDistributor(wallet, token);
        chain.mint(token, wallet, COIN.multiply(BigInteger.valueOf(1000)));
        settings = TestEngine.settings(chain, folder, distributor, token);
        engine = new TestEngine(source, settings);
    }

    @AfterEach
    void stop() {
        engine.close();
        source.close();
        chain.close();
    }

    @Test
    void tellsAnOutcomeOnceAndOnlyWhenItsBlockIsFinal() {
        engine.enqueue(pay("pay-1", 0, 7));

        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.SENT);
        chain.mine(1);
        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);
        assertThat(engine.outcomes).isEmpty();
        chain.mine(2);
        engine.turn();
        chain.mine(2);
        engine.turn();

        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(engine.outcomes).singleElement().isInstanceOfSatisfying(ChainOutcome.Executed.class, executed -> {
            assertThat(executed.key()).isEqualTo("pay-1");
            assertThat(executed.events())
                    .containsSubsequence(
                            new ChainEvent.TokenTransferred(token, distributor, PAYEE, coins(7)),
                            new RoyaltyDistributor.BatchExecuted(
                                    distributor, TestChain.idOf(0), 0, 1, coins(7), BigInteger.ZERO));
        });
        assertThat(engine.reads.balanceOf(token, PAYEE, ChainReads.At.FINALIZED))
                .isEqualTo(coins(7));
        assertThat(engine.reads.ask(
                        distributor, new RoyaltyDistributor.IsExecuted(TestChain.idOf(0), 0), ChainReads.At.FINALIZED))
                .isTrue();
    }

    @Test
    void reportsThePayeesThatTheTokenRefused() {
        chain.blacklist(token, PAYEE, true);
        engine.enqueue(pay("pay-1", 0, 7));
        runToFinal(engine);

        assertThat(((ChainOutcome.Executed) engine.outcomes.getFirst()).events())
                .contains(new RoyaltyDistributor.PayoutFailed(
                        distributor, TestChain.idOf(0), 0, PAYEE, token, coins(7), false));
        assertThat(engine.reads.ask(distributor, new RoyaltyDistributor.Committed(token), ChainReads.At.FINALIZED))
                .isEqualTo(coins(7));
    }

    @Test
    void takesTheSameOrderAgainAndRefusesAnotherUnderItsKey() {
        engine.enqueue(pay("pay-1", 0, 7), pay("pay-1", 0, 7));

        assertThatThrownBy(() -> engine.enqueue(pay("pay-1", 0, 8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pay-1");
        assertThatThrownBy(() -> engine.orders.enqueue(pay("pay-2", 0, 8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside a transaction");
        runToFinal(engine);
        assertThat(engine.outcomes).hasSize(1);
    }

    @Test
    void recordsNothingWhenAListenerFailsAndTellsItAgain() {
        engine.enqueue(pay("pay-1", 0, 7));
        engine.listener = outcome -> {
            throw new IllegalStateException("not now");
        };
        runToFinal(engine);
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);

        engine.listener = engine.outcomes::add;
        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(engine.outcomes).hasSize(1);
    }

    @Test
    void numbersTransactionsWithoutAGapOverRestarts() {
        for (int round = 0; round < 3; round++) {
            int first = round * 4;
            engine.enqueue(IntStream.range(first, first + 4)
                    .mapToObj(i -> pay("pay-" + i, i, 1))
                    .toArray(ChainOrder[]::new));
            engine.turn();
            chain.mine(1);
            engine = engine.restarted(source);
        }
        runToFinal(engine);

        assertThat(engine.signed().stream().map(row -> row.get("nonce")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 12).mapToObj(Long::valueOf).toList());
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(12));
        assertThat(engine.orders.counts()).isEqualTo(Map.of(ChainOrderState.FINAL, 12L));
    }

    @Test
    void sendsTheStoredBytesAfterBeingKilledBetweenStoringAndSending() {
        engine.enqueue(pay("pay-1", 0, 7));
        engine.signOnly();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.SIGNED);
        List<Map<String, Object>> stored = engine.signed();
        assertThat(stored).hasSize(1);
        chain.mine(1);
        assertThat(chain.nonceOf(engine.signer.address())).isZero();

        engine = engine.restarted(source);
        runToFinal(engine);

        assertThat(engine.signed()).usingRecursiveComparison().isEqualTo(stored);
        assertThat(engine.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        ChainOutcome.Executed.class,
                        executed -> assertThat(executed.transactionHash())
                                .isEqualTo(stored.getFirst().get("tx_hash")));
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(7));
    }

    @Test
    void takesAKnownTransactionForSentWhenTheAnswerToItsSendingWasLost() {
        engine.enqueue(pay("pay-1", 0, 7));
        engine.signOnly();
        chain.call("eth_sendRawTransaction", Hex.of((byte[])
                engine.signed().getFirst().get("raw")));

        engine = engine.restarted(source);
        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.SENT);
        runToFinal(engine);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(7));
    }

    @Test
    void raisesTheFeeOfAStuckTransactionByAnEighthUnderTheSameNonce() {
        engine.enqueue(pay("pay-1", 0, 7));
        engine.turn();
        chain.call("anvil_dropAllTransactions");
        for (int block = 0; block < 4; block++) {
            chain.mine(1);
            chain.call("anvil_dropAllTransactions");
        }
        engine.turn();

        List<Map<String, Object>> variants = engine.signed();
        assertThat(variants).hasSize(2);
        assertThat(variants.stream().map(row -> row.get("nonce")).distinct()).containsExactly(0L);
        for (String fee : List.of("max_fee", "tip")) {
            BigDecimal before = (BigDecimal) variants.get(0).get(fee);
            BigDecimal after = (BigDecimal) variants.get(1).get(fee);
            assertThat(after.divide(before, 6, RoundingMode.HALF_UP)).isGreaterThanOrEqualTo(new BigDecimal("1.125"));
        }
        runToFinal(engine);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(7));
        assertThat(engine.outcomes).hasSize(1);
    }

    @Test
    void tellsTheNodeAgainWhatItHasForgotten() {
        engine.enqueue(pay("pay-1", 0, 7), pay("pay-2", 1, 7));
        engine.turn();
        chain.call("anvil_dropAllTransactions");
        chain.mine(1);

        engine.turn();
        runToFinal(engine);

        assertThat(engine.signed()).hasSize(2);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(14));
    }

    @Test
    void goesBackWhenItsBlockIsReplacedAndStillPaysOnce() {
        engine.enqueue(pay("pay-1", 0, 7));
        engine.turn();
        chain.mine(1);
        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);

        chain.reorganise(1);
        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.SENT);
        runToFinal(engine);

        assertThat(engine.outcomes).hasSize(1).first().isInstanceOf(ChainOutcome.Executed.class);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(7));
        ChainOutcome.Executed executed = (ChainOutcome.Executed) engine.outcomes.getFirst();
        assertThat(chain.call("eth_getBlockByNumber", "0x" + Long.toHexString(executed.blockNumber()), false)
                        .get("hash")
                        .asString())
                .isEqualTo(executed.blockHash());
    }

    @Test
    void executesAgainByTheSameBytesWhatAChainLostAlthoughItWasFinal() {
        String before = chain.call("evm_snapshot").asString();
        engine.enqueue(pay("pay-1", 0, 7));
        runToFinal(engine);
        assertThat(engine.outcomes).hasSize(1);

        chain.call("evm_revert", before);
        assertThat(chain.balance(token, PAYEE)).isZero();
        engine.enqueue(pay("pay-2", 1, 5));
        runToFinal(engine);

        assertThat(engine.signed()).hasSize(2);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(12));
        assertThat(engine.outcomes).hasSize(2);
    }

    @Test
    void failsAnOrderThatRevertsInAFinalBlock() {
        ChainOrder toRevert =
                new ChainOrder("transfer", token, new Erc20.Transfer(PAYEE, coins(5000)).data(), 100_000L, false);
        engine.enqueue(toRevert, pay("pay-1", 0, 7));
        runToFinal(engine);

        assertThat(engine.state("transfer")).isEqualTo(ChainOrderState.FAILED);
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(engine.outcomes).hasSize(2).first().isInstanceOfSatisfying(ChainOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(ChainOutcome.Reason.REVERTED);
            assertThat(failed.transactionHash()).isNotNull();
        });
    }

    @Test
    void givesUpUnsignedWhatRevertsInEveryTrial() {
        engine.enqueue(pay("pay-1", 0, 5000));
        for (int attempt = 0; attempt < 3; attempt++) {
            engine.turn();
            engine.db
                    .sql("update chain_order set next_attempt_at = enqueued_at")
                    .update();
        }

        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FAILED);
        assertThat(engine.signed()).isEmpty();
        assertThat(engine.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        ChainOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(ChainOutcome.Reason.REFUSED_IN_TRIAL));
    }

    @Test
    void triesAStandingOrderUntilTheContractTakesIt() {
        engine.enqueue(pay("pay-1", 0, 5000).standing());
        tryAgain(6);
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.PREPARED);
        assertThat(engine.signed()).isEmpty();
        assertThat(engine.outcomes).isEmpty();
        assertThat(engine.waiting)
                .hasSize(4)
                .allSatisfy(
                        told -> assertThat(told).startsWith("pay-1: ").contains("ERC20InsufficientBalance(sender "));

        chain.mint(token, wallet, coins(5000));
        tryAgain(1);
        runToFinal(engine);
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(5000));
        assertThat(engine.outcomes).singleElement().isInstanceOf(ChainOutcome.Executed.class);
    }

    @Test
    void ordersTheCallOfAStandingOrderAgainThatRevertedBecauseAnotherWentFirst() {
        engine.enqueue(pay("pay-1", 0, 700).standing(), pay("pay-2", 1, 700).standing());
        runToFinal(engine); // each passes its trial run, and the coins are enough for one
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(engine.state("pay-2")).isEqualTo(ChainOrderState.PREPARED);
        assertThat(engine.waiting)
                .singleElement()
                .asString()
                .startsWith("pay-2: reverted in block ")
                .contains("ERC20InsufficientBalance(sender ");

        chain.mint(token, wallet, coins(1000));
        tryAgain(1);
        runToFinal(engine);
        assertThat(engine.state("pay-2")).isEqualTo(ChainOrderState.FINAL);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(1400));
        assertThat(engine.outcomes).extracting(ChainOutcome::key).containsExactly("pay-1", "pay-2");
        assertThat(engine.outcomes).allMatch(ChainOutcome.Executed.class::isInstance);
    }

    @Test
    void aListenerThatFailsHoldsUpItsOwnOrderAlone() {
        engine.listener = outcome -> {
            if (outcome.key().equals("pay-1")) {
                throw new IllegalStateException("not this one");
            }
            engine.outcomes.add(outcome);
        };
        engine.enqueue(pay("pay-1", 0, 7), pay("pay-2", 1, 7));
        runToFinal(engine);
        assertThat(engine.outcomes).extracting(ChainOutcome::key).containsExactly("pay-2");
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);
        assertThat(engine.orders.find("pay-1").orElseThrow().problem()).contains("not this one");

        engine.listener = engine.outcomes::add;
        engine.turn();
        assertThat(engine.outcomes).extracting(ChainOutcome::key).containsExactly("pay-2", "pay-1");
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(14));
    }

    @Test
    void aNewWalletTakesOverWhatTheOldOneNeverSigned() {
        engine.enqueue(pay("pay-1", 0, 7).standing());
        engine.signOnly();
        engine.enqueue(pay("pay-2", 1, 7).standing());
        Path other = folder.resolve("other");
        String successor = Keystore.createIfMissing(other, other.resolve("password"));
        chain.fund(successor);

        try (TestEngine next = new TestEngine(source, TestEngine.settings(chain, other, distributor, token))) {
            next.turn();
            assertThat(next.db
                            .sql("select order_key || ' ' || sender from chain_order order by seq")
                            .query(String.class)
                            .list())
                    .containsExactly("pay-1 " + wallet, "pay-2 " + successor);
        }
    }

    private void tryAgain(int times) {
        for (int attempt = 0; attempt < times; attempt++) {
            engine.db
                    .sql("update chain_order set next_attempt_at = enqueued_at")
                    .update();
            engine.turn();
        }
    }

    @Test
    void givesUpUnsignedWhatWouldTakeMoreGasThanATransactionMay() {
        engine.enqueue(new ChainOrder("pay-1", distributor, pay("pay-1", 0, 7).data(), 15_000_001L, false));
        engine.turn();

        assertThat(engine.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        ChainOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(ChainOutcome.Reason.TOO_MUCH_GAS));
        assertThat(engine.signed()).isEmpty();
    }

    @Test
    void doesNotSignASecondPayloadForANonceOrAnOrder() {
        engine.enqueue(pay("pay-1", 0, 7), pay("pay-2", 1, 7));
        engine.signOnly();
        GuardedSigner guarded = new GuardedSigner(engine.signer, engine.db);
        Fees fees = Fees.over(BigInteger.ONE, BigInteger.ONE);
        String data = pay("x", 2, 7).data();

        assertThatThrownBy(() ->
                        guarded.sign("pay-1", new UnsignedTransaction(31337, 0, distributor, data, 100_000, fees)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Refused to sign");
        assertThatThrownBy(() ->
                        guarded.sign("pay-1", new UnsignedTransaction(31337, 9, distributor, data, 100_000, fees)))
                .hasMessageContaining("Refused to sign");
    }

    @Test
    void tellsOfTokensThatArriveOnceAndOnlyWhenTheirBlockIsFinal() {
        chain.mine(2);
        engine.turn();
        assertThat(engine.incoming).hasSize(1); // what the set-up minted
        chain.mint(token, wallet, coins(55));
        engine.turn();
        assertThat(engine.incoming).hasSize(1);
        chain.mine(2);
        engine.turn();
        engine.turn();
        assertThat(engine.incoming).hasSize(2);

        engine = engine.restarted(source);
        engine.turn();
        assertThat(engine.incoming).isEmpty();
    }

    @Test
    void tellsWhoSentHowMuchOfWhichToken() {
        chain.mint(token, wallet, coins(55));
        chain.mine(2);
        engine.turn();

        assertThat(engine.incoming).hasSize(2);
        IncomingTransfer last = engine.incoming.getLast();
        assertThat(last.token()).isEqualTo(token);
        assertThat(last.from()).isEqualTo("0x" + "0".repeat(40));
        assertThat(last.to()).isEqualTo(wallet);
        assertThat(last.units()).isEqualTo(coins(55));
        assertThat(engine.reads.balanceOf(token, wallet, ChainReads.At.FINALIZED))
                .isEqualTo(coins(1055));
    }

    @Test
    void worksByItselfUntilItIsStopped() {
        engine.enqueue(pay("pay-1", 0, 7));
        engine.worker().start();
        for (int block = 0; block < 200 && engine.state("pay-1") != ChainOrderState.FINAL; block++) {
            LockSupport.parkNanos(50_000_000);
            chain.mine(1);
        }
        engine.worker().stop();

        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(engine.worker().isRunning()).isFalse();
        assertThat(engine.worker().trouble()).isEmpty();
    }

    @Test
    void refusesToStartOnAnotherChainOrWithoutItsContracts() {
        ChainSettings otherId = new ChainSettings(
                settings.rpc(),
                1,
                settings.keystore(),
                settings.keystorePasswordFile(),
                distributor,
                distributor,
                settings.tokens(),
                64,
                settings.pollInterval(),
                settings.stalenessBound(),
                settings.callTimeout(),
                settings.tip(),
                settings.maxFee(),
                3,
                15_000_000,
                3,
                0);
        assertThatThrownBy(() -> new TestEngine(source, otherId))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageContaining("serves chain 31337")
                .hasMessageContaining("says 1");
        assertThatThrownBy(() -> new TestEngine(source, TestEngine.settings(chain, folder, PAYEE, token)))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageContaining(PAYEE);
    }

    private void runToFinal(TestEngine running) {
        for (int block = 0; block < 5; block++) {
            running.turn();
            chain.mine(1);
        }
        running.turn();
    }

    private ChainOrder pay(String key, long index, long coins) {
        return chain.payout(key, distributor, token, index, PAYEE, coins(coins));
    }

    private static BigInteger coins(long count) {
        return COIN.multiply(BigInteger.valueOf(count));
    }
}
