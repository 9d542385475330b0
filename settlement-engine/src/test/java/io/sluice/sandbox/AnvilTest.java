package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AnvilTest {

    private static final Instant MONDAY = Instant.parse("2026-11-23T06:00:00Z");
    private static final String PAYEE = "0x00000000000000000000000000000000000000aa";

    @Test
    void minesWhatWaitsUntilItIsFinalAtTheBusinessTime(@TempDir Path dir) throws Exception {
        try (Anvil anvil = Anvil.start(dir, Clock.fixed(MONDAY, ZoneOffset.UTC))) {
            String hash = send(anvil, 5);
            JsonNode receipt = untilFinal(anvil, hash);
            JsonNode block = anvil.node()
                    .call("eth_getBlockByHash", receipt.path("blockHash").asString(), false);
            assertThat(JsonRpc.quantity(block.path("timestamp")))
                    .isBetween(MONDAY.getEpochSecond(), MONDAY.plusSeconds(60).getEpochSecond());
        }
    }

    @Test
    void keepsItsBlocksOverARestartAndOverALeftover(@TempDir Path dir) throws Exception {
        String hash;
        try (Anvil anvil = Anvil.start(dir, Clock.fixed(MONDAY, ZoneOffset.UTC))) {
            hash = send(anvil, 7);
            untilFinal(anvil, hash);
        }
        Anvil leftover = Anvil.start(dir, Clock.fixed(MONDAY, ZoneOffset.UTC));
        try (Anvil again = Anvil.start(dir, Clock.fixed(MONDAY, ZoneOffset.UTC))) {
            assertThat(leftover.alive()).isFalse();
            assertThat(again.node()
                            .call("eth_getTransactionReceipt", hash)
                            .path("status")
                            .asString())
                    .isEqualTo("0x1");
            assertThat(again.node().quantity("eth_getBalance", PAYEE, "latest")).isEqualTo(7);
        }
        assertThat(Processes.fromPidFile(dir.resolve("anvil/anvil.pid"), "anvil"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-01-06T06:00:00Z", "2100-01-04T06:00:00Z"})
    void takesBlocksAfterARestartWhetherBusinessTimeIsBeforeTheWallClocksOrAfterIt(Instant business, @TempDir Path dir)
            throws Exception {
        Clock clock = Clock.fixed(business, ZoneOffset.UTC);
        try (Anvil anvil = Anvil.start(dir, clock)) {
            untilFinal(anvil, send(anvil, 7));
        }
        try (Anvil again = Anvil.start(dir, clock)) {
            JsonNode receipt = untilFinal(again, send(again, 7));
            JsonNode block = again.node()
                    .call("eth_getBlockByHash", receipt.path("blockHash").asString(), false);
            assertThat(JsonRpc.quantity(block.path("timestamp")))
                    .isBetween(
                            business.getEpochSecond(), business.plusSeconds(120).getEpochSecond());
        }
    }

    @Test
    void goesBackToTheLastGoodStateWhenTheFileWasCutOff(@TempDir Path dir) throws Exception {
        String hash;
        try (Anvil anvil = Anvil.start(dir, Clock.fixed(MONDAY, ZoneOffset.UTC))) {
            hash = send(anvil, 9);
            untilFinal(anvil, hash);
        }
        Path state = dir.resolve("anvil/state.json");
        Files.writeString(state, Files.readString(state).substring(0, 1000));
        try (Anvil again = Anvil.start(dir, Clock.fixed(MONDAY, ZoneOffset.UTC))) {
            assertThat(again.node()
                            .call("eth_getTransactionReceipt", hash)
                            .path("status")
                            .asString())
                    .isEqualTo("0x1");
        }
    }

    @Test
    void refusesATransactionOverTheGasCapOfEip7825(@TempDir Path dir) {
        try (Anvil anvil = Anvil.start(dir)) {
            assertThatThrownBy(() -> anvil.node()
                            .call(
                                    "eth_sendTransaction",
                                    Map.of("from", issuer(anvil), "to", PAYEE, "gas", "0x1312d00")))
                    .isInstanceOf(JsonRpc.Refused.class);
        }
    }

    private static String send(Anvil anvil, long wei) throws IOException {
        return anvil.node()
                .call("eth_sendTransaction", Map.of("from", issuer(anvil), "to", PAYEE, "value", JsonRpc.hex(wei)))
                .asString();
    }

    private static String issuer(Anvil anvil) throws IOException {
        return anvil.node().call("eth_accounts").get(0).asString();
    }

    private static JsonNode untilFinal(Anvil anvil, String hash) throws Exception {
        return Awaitility.await("final: " + hash)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> anvil.node().call("eth_getTransactionReceipt", hash),
                        receipt -> !receipt.isNull()
                                && finalBlock(anvil) >= JsonRpc.quantity(receipt.path("blockNumber")));
    }

    private static long finalBlock(Anvil anvil) {
        try {
            return JsonRpc.quantity(anvil.node()
                    .call("eth_getBlockByNumber", "finalized", false)
                    .path("number"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
