package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** A time that an event has is the same when a table gives it back, which keeps microseconds. */
class BusinessClockTest {

    private static final Instant NANOSECONDS = Instant.parse("2026-11-23T08:16:24.923984160Z");
    private static final Instant MICROSECONDS = Instant.parse("2026-11-23T08:16:24.923984Z");

    @Test
    void givesMicroseconds() {
        BusinessClock clock = new ClockConfiguration()
                .businessClock(new ClockSettings(null), Clock.fixed(NANOSECONDS, ZoneOffset.UTC));
        assertThat(clock.now()).isEqualTo(MICROSECONDS);
    }

    @Test
    void givesMicrosecondsOfAClockThatIsKeptElsewhere() throws IOException {
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            byte[] reading = ("{\"now\":\"" + NANOSECONDS + "\",\"rate\":1}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, reading.length);
            exchange.getResponseBody().write(reading);
            exchange.close();
        });
        elsewhere.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/");
            assertThat(new FollowedClock(url, Clock.fixed(NANOSECONDS, ZoneOffset.UTC)).now())
                    .isEqualTo(MICROSECONDS);
        } finally {
            elsewhere.stop(0);
        }
    }
}
