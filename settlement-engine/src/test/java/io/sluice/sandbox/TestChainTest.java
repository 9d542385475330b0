package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestChainTest {

    private static final String OPERATOR = "0x1111111111111111111111111111111111111111";
    private static final String OTHER = "0x2222222222222222222222222222222222222222";
    private static final String PAYEE = "0x00000000000000000000000000000000000000aa";

    @Test
    void deploysOnceForAnOperatorAndMintsTheSameTransactionHoweverOftenItIsSent(@TempDir Path dir) throws Exception {
        try (SandboxPostgres postgres = SandboxPostgres.start(dir);
                BankDatabase database = new BankDatabase(
                        postgres.jdbcUrl("bank"), SandboxPostgres.BANK, postgres.password(SandboxPostgres.BANK));
                Anvil anvil = Anvil.start(dir, Clock.systemUTC())) {
            TestChain chain = new TestChain(anvil, database);
            chain.deploy(OPERATOR);
            Map<String, String> tokens = chain.tokens();
            String distributor = chain.distributor();
            chain.deploy(OPERATOR);
            assertThat(chain.distributor()).isEqualTo(distributor);
            chain.deploy(OTHER);
            assertThat(chain.tokens()).isEqualTo(tokens).containsOnlyKeys("EUR", "JPY", "USD");
            assertThat(chain.distributor()).isNotEqualTo(distributor);
            assertThat(anvil.node().call("eth_getBalance", OTHER, "latest").asString())
                    .hasSizeGreaterThan(10);

            Coins.Signed mint = chain.signMint(chain.nextNonce(), "JPY", PAYEE, BigInteger.valueOf(123_456_789));
            assertThat(chain.knows(mint.hash())).isFalse();
            chain.send(mint);
            assertThat(chain.knows(mint.hash())).isTrue();
            anvil.mine(1);
            assertThat(chain.knows(mint.hash())).isTrue();
            assertThat(anvil.node()
                            .call("eth_getTransactionReceipt", mint.hash())
                            .path("status")
                            .asString())
                    .isEqualTo("0x1");
            String balance = anvil.node()
                    .call(
                            "eth_call",
                            Map.of("to", tokens.get("JPY"), "data", "0x70a08231" + "0".repeat(24) + PAYEE.substring(2)),
                            "latest")
                    .asString();
            assertThat(new BigInteger(balance.substring(2), 16)).isEqualTo(123_456_789);
        }
    }
}
