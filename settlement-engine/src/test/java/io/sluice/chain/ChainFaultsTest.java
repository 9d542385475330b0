package io.sluice.chain;

import static io.sluice.chain.TestChain.COIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.platform.TestDatabase;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a chain and its node can do to us: blocks taken back, a node that is away, behind, or another one, a nonce that someone else used. */
class ChainFaultsTest {

    private static final String PAYEE = "0x00000000000000000000000000000000000b0b01";

    @TempDir
    Path folder;

    private HikariDataSource source;
    private TestChain chain;
    private TestEngine engine;
    private String token;
    private String distributor;
    private String wallet;

    @BeforeEach
    void database() {
        source = TestDatabase.fresh().pool(3);
    }

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
        chain.close();
        source.close();
    }

    private void startOn(TestChain started) {
        deployOn(started);
        connect(chain.url());
    }

    private void deployOn(TestChain started) {
        chain = started;
        Path keys = folder.resolve("keys");
        wallet = Keystore.createIfMissing(keys, keys.resolve("password"));
        chain.fund(wallet);
        token = chain.deployStablecoin();
        distributor = chain.deployDistributor(wallet, token);
        chain.mint(token, wallet, COIN.multiply(BigInteger.valueOf(1000)));
    }

    private void connect(URI node) {
        engine = new TestEngine(source, TestEngine.settings(node, folder.resolve("keys"), distributor, token));
    }

    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void paysOnceWhateverTheDepthOfTheReorganisation(int depth) {
        startOn(TestChain.finalAfter(20));
        engine.enqueue(pay("pay-1", 0, 7));
        engine.turn();
        for (int block = 0; block < depth; block++) {
            chain.mine(1);
            engine.turn();
        }
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);

        chain.reorganise(depth);
        engine.turn();
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.SENT);
        assertThat(engine.outcomes).isEmpty();

        runOn(30);
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.FINAL);
        assertThat(engine.outcomes).singleElement().isInstanceOf(ChainOutcome.Executed.class);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(7));
        assertThat(engine.db
                        .sql("select old_tip - common, orders_unmined, below_finalized from chain_reorganisation")
                        .query((rs, n) -> List.of(rs.getInt(1), rs.getInt(2), rs.getBoolean(3)))
                        .list())
                .containsExactly(List.of(depth, 1, false));
    }

    @Test
    void aReorganisationOfBlocksWithoutOurTransactionTakesNothingBack() {
        startOn(TestChain.finalAfter(20));
        engine.enqueue(pay("pay-1", 0, 7));
        runOn(5);
        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);

        chain.reorganise(2);
        engine.turn();

        assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);
        runOn(30);
        assertThat(engine.outcomes).hasSize(1);
    }

    @Test
    void aNodeThatGoesAwayAndComesBackLosesNothing() {
        Path state = folder.resolve("state.json");
        startOn(TestChain.keeping(state));
        engine.enqueue(pay("pay-1", 0, 7));
        runOn(1);
        engine.enqueue(pay("pay-2", 1, 5));
        engine.turn(); // in the pool of the node, which forgets it
        chain.goDown(state);

        assertThatThrownBy(engine::turn).isInstanceOf(ChainFailure.class).hasMessageContaining("no usable answer");
        engine.enqueue(pay("pay-3", 2, 3));
        chain.comeBack(state);
        runOn(8);

        assertThat(engine.orders.counts()).isEqualTo(Map.of(ChainOrderState.FINAL, 3L));
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(15));
        assertThat(engine.outcomes).hasSize(3);
        assertThat(engine.signed()).hasSize(3);
    }

    @Test
    void aNodeThatLagsBehindAnotherTakesNothingBackAndTellsNothingTwice() {
        deployOn(TestChain.start());
        try (LaggingNode node = new LaggingNode(chain)) {
            connect(node.url());
            engine.enqueue(pay("pay-1", 0, 7));
            runOn(2);
            assertThat(engine.state("pay-1")).isEqualTo(ChainOrderState.MINED);
            chain.mine(2);
            engine.turn();
            assertThat(engine.outcomes).hasSize(1);
            int arrived = engine.incoming.size();

            node.lag(4);
            engine.enqueue(pay("pay-2", 1, 5));
            engine.turn();
            node.lag(0);
            runOn(4);
            node.lag(2);
            runOn(4);
            node.lag(0);
            runOn(4);

            assertThat(engine.orders.counts()).isEqualTo(Map.of(ChainOrderState.FINAL, 2L));
            assertThat(engine.outcomes).hasSize(2);
            assertThat(engine.incoming).hasSize(arrived);
            assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(12));
            assertThat(engine.db
                            .sql("select count(*) from chain_reorganisation")
                            .query(Long.class)
                            .single())
                    .isZero();
        }
    }

    @Test
    void aForeignTransactionUnderOurNonceIsReportedAndOursIsNeverSentUnderAnotherOne() {
        startOn(TestChain.start());
        engine.enqueue(pay("pay-1", 0, 7));
        engine.signOnly();
        String wallet = engine.signer.address();
        chain.call("anvil_impersonateAccount", wallet);
        chain.call("eth_sendTransaction", Map.of("from", wallet, "to", PAYEE, "value", "0x1"));
        chain.mine(1);

        runOn(8);

        assertThat(engine.outcomes).isEmpty();
        assertThat(chain.balance(token, PAYEE)).isZero();
        assertThat(engine.signed())
                .allSatisfy(row -> assertThat(row.get("nonce")).isEqualTo(0L));
        assertThat(engine.db
                        .sql("select problem from chain_order where order_key = 'pay-1'")
                        .query(String.class)
                        .single())
                .isEqualTo("nonce 0 was used by a transaction that is not ours");

        engine.enqueue(pay("pay-2", 1, 5));
        runOn(5);
        assertThat(engine.state("pay-2")).isEqualTo(ChainOrderState.FINAL);
        assertThat(chain.balance(token, PAYEE)).isEqualTo(coins(5));
    }

    private void runOn(int blocks) {
        for (int block = 0; block < blocks; block++) {
            engine.turn();
            chain.mine(1);
        }
        engine.turn();
    }

    private ChainOrder pay(String key, long index, long coins) {
        return chain.payout(key, distributor, token, index, PAYEE, coins(coins));
    }

    private static BigInteger coins(long count) {
        return COIN.multiply(BigInteger.valueOf(count));
    }
}
