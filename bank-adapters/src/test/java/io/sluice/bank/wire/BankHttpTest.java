package io.sluice.bank.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sluice.bank.UnreadableMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BankHttpTest {

    private static final int LARGEST = 100_000;

    private HttpServer server;
    private BankHttp http;
    private int bytes;
    private boolean announced;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, announced ? bytes : 0);
            try (var body = exchange.getResponseBody()) {
                body.write(new byte[bytes]);
            } catch (IOException hungUp) {
                // As it may, on what is too large.
            }
        });
        server.start();
        http = new BankHttp(
                new BankAddress(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20)),
                LARGEST);
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAStatementUpToItsLimit(boolean length) throws BankHttp.NoAnswer {
        announced = length;
        bytes = LARGEST;
        assertThat(http.getStatement("/s", Map.of()).body()).hasSize(LARGEST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargerStatementNeverCanBeHadAndTheNextOneCan(boolean length) throws BankHttp.NoAnswer {
        announced = length;
        bytes = LARGEST * 40;
        assertThatThrownBy(() -> http.getStatement("/s", Map.of()))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo("too-large"))
                .hasMessageContaining("100000 bytes");
        bytes = 10;
        assertThat(http.getStatement("/s", Map.of()).body()).hasSize(10);
    }

    @Test
    void anyOtherAnswerThatIsTooLargeIsNoAnswer() {
        announced = true;
        bytes = 4 * 1024 * 1024 + 1;
        assertThatThrownBy(() -> http.get("/j", Map.of())).isInstanceOf(BankHttp.NoAnswer.class);
    }
}
