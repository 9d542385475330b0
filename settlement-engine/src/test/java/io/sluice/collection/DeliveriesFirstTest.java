package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.platform.SharedTransactions;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What is answered before every other filter, and what is left to them. */
class DeliveriesFirstTest {

    private final DeliveriesFirst filter = new DeliveriesFirst(new BankWebhooks(
            new Banks(List.of()),
            new SharedTransactions<>(
                    TestBeans.on(TestDatabase.fresh()).transactions(),
                    arrivals -> {
                        throw new AssertionError("nothing is to be kept");
                    },
                    1),
            () -> {},
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            new SimpleMeterRegistry()));

    @Test
    void answersADeliveryItself() throws ServletException, IOException {
        MockFilterChain others = new MockFilterChain();
        MockHttpServletResponse answer = new MockHttpServletResponse();
        filter.doFilter(new MockHttpServletRequest("POST", "/hooks/nobody"), answer, others);
        assertThat(others.getRequest()).isNull();
        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(answer.getContentType()).isEqualTo("application/problem+json");
        assertThat(answer.getContentAsString()).contains("urn:sluice:problem:unknown-bank");
        assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /hooks/meridian",
        "PUT, /hooks/meridian",
        "POST, /hooks/",
        "POST, /hooks/a/b",
        "POST, /hooks/meridian;x=1",
        "POST, /hooks/%6Deridian",
        "POST, /hooks/../api/v1/accounts",
        "POST, /api/v1/tokens"
    })
    void leavesEverythingElseToTheOthers(String method, String path) throws ServletException, IOException {
        MockFilterChain others = new MockFilterChain();
        filter.doFilter(new MockHttpServletRequest(method, path), new MockHttpServletResponse(), others);
        assertThat(others.getRequest()).isNotNull();
    }
}
