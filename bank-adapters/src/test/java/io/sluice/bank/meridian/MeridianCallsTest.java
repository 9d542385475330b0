package io.sluice.bank.meridian;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.sluice.bank.BankEntry;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.ApiKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** NW-02: what every kind of answer, and none, means for an order. */
class MeridianCallsTest {

    private static final WireMockServer WIRE = new WireMockServer(options().dynamicPort());
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(700);
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);
    private static final TransferBatch BATCH = new TransferBatch(
            "BATCH-1",
            "DE02120300000000202051",
            "EUR",
            LocalDate.of(2026, 11, 23),
            List.of(
                    new TransferBatch.Transfer("E-1", new BigDecimal("12.5"), "Payee One", "FR14", "royalty"),
                    new TransferBatch.Transfer("E-2", new BigDecimal("3"), "Payee Two", "FR15", null)));
    private static final String ACCEPTED = """
            {"batchId":"B-1","transfers":[{"endToEndId":"E-2","transferId":"X-2","status":"RJCT","reason":"AC04"},
             {"endToEndId":"E-1","transferId":"X-1","status":"ACSP"}],"new":1}
            """;
    private static final OnRampOrder ON_RAMP = new OnRampOrder(
            "RAMP-1", "Q-1", "DE02120300000000202051", "EUR", new BigDecimal("100.00"), "0x" + "a".repeat(40), "E-9");

    private static MeridianBank bank;

    @BeforeAll
    static void opens() {
        WIRE.start();
        bank = bank(URI.create(WIRE.baseUrl() + "/"), LONG_TIMEOUT);
    }

    @AfterAll
    static void closes() {
        bank.close();
        WIRE.stop();
    }

    @BeforeEach
    void forgets() {
        WIRE.resetAll();
    }

    @Test
    void ordersTransfersWithExactAmounts() {
        WIRE.stubFor(post("/v1/transfer-batches").willReturn(jsonResponse(ACCEPTED, 202)));

        assertThat(bank.payments().submit(BATCH))
                .isEqualTo(new SubmitOutcome.Accepted(
                        "B-1",
                        List.of(
                                new TransferStatus("E-2", "X-2", "RJCT", "AC04"),
                                new TransferStatus("E-1", "X-1", "ACSP", null))));
        WIRE.verify(
                1,
                postRequestedFor(urlEqualTo("/v1/transfer-batches"))
                        .withHeader("Authorization", equalTo("Bearer the-key"))
                        .withHeader("Idempotency-Key", equalTo("BATCH-1"))
                        .withRequestBody(equalToJson("""
                                {"debtorAccount":"DE02120300000000202051","currency":"EUR","executionDate":"2026-11-23","transfers":[
                                {"endToEndId":"E-1","amount":"12.50","creditorName":"Payee One","creditorAccount":"FR14","remittance":"royalty"},
                                {"endToEndId":"E-2","amount":"3.00","creditorName":"Payee Two","creditorAccount":"FR15"}]}
                                """)));
    }

    @Test
    void sendsTheSameBytesForTheSameBatch() {
        WIRE.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        bank.payments().submit(BATCH);
        bank.payments().submit(BATCH);

        assertThat(WIRE.getAllServeEvents())
                .extracting(event -> event.getRequest().getBodyAsString())
                .hasSize(2)
                .containsOnly(WIRE.getAllServeEvents().getFirst().getRequest().getBodyAsString());
    }

    static Stream<Arguments> answersAndTheirMeaning() {
        return Stream.of(
                said(400, error("malformed"), "malformed"),
                said(401, error("unauthorized"), "unauthorized"),
                said(403, "", "http-403"),
                said(404, "<html>not here</html>", "http-404"),
                said(422, error("business"), "business"),
                said(422, error("idempotency_mismatch"), null),
                said(422, "", null),
                said(408, "", null),
                said(409, error("in_progress"), null),
                said(425, "", null),
                said(429, error("slow_down"), null),
                said(500, error("oops"), null),
                said(502, "", null),
                said(503, "", null),
                said(418, "", null),
                said(202, "", null),
                said(202, "garbage", null),
                said(202, "{\"batchId\":\"B-1\"}", null),
                said(202, ACCEPTED.substring(0, 60), null),
                said(202, ACCEPTED.replace("E-2", "E-3"), null),
                said(202, ACCEPTED.replace("E-2", "E-1"), null),
                said(202, ACCEPTED.replace("\"new\":1", "\"batchId\":\"B-2\""), null),
                Arguments.of("redirect", aResponse().withStatus(307).withHeader("Location", "/elsewhere"), null),
                Arguments.of("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), null),
                Arguments.of("empty", aResponse().withFault(Fault.EMPTY_RESPONSE), null),
                Arguments.of("garbage", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE), null),
                Arguments.of("malformed chunk", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK), null),
                Arguments.of("too large", aResponse().withStatus(202).withBody("x".repeat(5 * 1024 * 1024)), null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersAndTheirMeaning")
    void tellsADefiniteNoFromWhatIsNotKnown(String name, ResponseDefinitionBuilder answer, String reason) {
        WIRE.stubFor(any(anyUrl()).willReturn(answer));

        SubmitOutcome outcome = bank.payments().submit(BATCH);
        OnRampOutcome onRamp = bank.payments().onRamp(ON_RAMP);

        if (reason == null) {
            assertThat(outcome).isInstanceOf(SubmitOutcome.Unknown.class);
            assertThat(onRamp).isInstanceOf(OnRampOutcome.Unknown.class);
        } else {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            SubmitOutcome.Rejected.class,
                            no -> assertThat(no.reason()).isEqualTo(reason));
            assertThat(onRamp).isInstanceOf(OnRampOutcome.Rejected.class);
        }
        assertThat(WIRE.getAllServeEvents()).as("one request for each order").hasSize(2);
    }

    static Stream<ResponseDefinitionBuilder> answersThatTakeTooLong() {
        ResponseDefinitionBuilder late =
                aResponse().withStatus(202).withBody(ACCEPTED).withFixedDelay(5_000);
        ResponseDefinitionBuilder drip =
                aResponse().withStatus(202).withBody(ACCEPTED).withChunkedDribbleDelay(10, 5_000);
        return Stream.of(late, drip);
    }

    /** NW-04: the deadline covers the last byte, not only the first. */
    @ParameterizedTest
    @MethodSource("answersThatTakeTooLong")
    void waitsNoLongerThanItsDeadline(ResponseDefinitionBuilder answer) {
        WIRE.stubFor(any(anyUrl()).willReturn(answer));
        try (MeridianBank hasty = bank(URI.create(WIRE.baseUrl()), SHORT_TIMEOUT)) {
            long start = System.nanoTime();

            assertThat(hasty.payments().submit(BATCH)).isInstanceOf(SubmitOutcome.Unknown.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT_TIMEOUT.plusSeconds(1));
        }
    }

    @Test
    void doesNotKnowWhetherABankThatIsNotThereDidSomething() {
        try (MeridianBank nobody = bank(URI.create("http://127.0.0.1:1"), LONG_TIMEOUT)) {
            assertThat(nobody.payments().submit(BATCH)).isInstanceOf(SubmitOutcome.Unknown.class);
            assertThat(nobody.payments().find("BATCH-1").orElseThrow()).isInstanceOf(SubmitOutcome.Unknown.class);
            assertThatThrownBy(() -> nobody.statements().balances()).isInstanceOf(BankFailure.class);
        }
    }

    @Test
    void findsAnOrderByItsKey() {
        WIRE.stubFor(get("/v1/transfer-batches?idempotencyKey=a%20b%26c").willReturn(jsonResponse(ACCEPTED, 200)));
        WIRE.stubFor(
                get("/v1/transfer-batches?idempotencyKey=none").willReturn(jsonResponse(error("unknown_key"), 404)));
        WIRE.stubFor(get("/v1/transfer-batches?idempotencyKey=proxy")
                .willReturn(aResponse().withStatus(404)));
        WIRE.stubFor(get("/v1/transfer-batches?idempotencyKey=down")
                .willReturn(aResponse().withStatus(503)));

        assertThat(bank.payments().find("a b&c").orElseThrow()).isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(bank.payments().find("none")).isEmpty();
        assertThat(bank.payments().find("proxy").orElseThrow()).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(bank.payments().find("down").orElseThrow()).isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void asksForAQuote() {
        WIRE.stubFor(post("/v1/onramp-quotes")
                .withRequestBody(equalToJson("{\"amount\":\"5000\",\"currency\":\"JPY\"}"))
                .willReturn(jsonResponse(
                        "{\"quoteId\":\"Q-1\",\"amount\":\"5000\",\"currency\":\"JPY\",\"rate\":\"1.0842\","
                                + "\"tokenUnits\":\"5421000000\",\"expiresAt\":\"2026-11-23T10:00:00Z\"}",
                        200)));

        assertThat(bank.payments().quote("JPY", new BigDecimal("5000"))).satisfies(quote -> {
            assertThat(quote.tokenUnits()).isEqualTo(BigInteger.valueOf(5_421_000_000L));
            assertThat(quote.rate()).isEqualTo("1.0842");
            assertThat(quote.expiresAt()).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
        });
    }

    @Test
    void refusesAQuoteForAnotherAmount() {
        WIRE.stubFor(post("/v1/onramp-quotes")
                .willReturn(jsonResponse(
                        "{\"quoteId\":\"Q-1\",\"amount\":\"50.00\",\"currency\":\"EUR\",\"rate\":\"1\","
                                + "\"tokenUnits\":\"1\",\"expiresAt\":\"2026-11-23T10:00:00Z\"}",
                        200)));

        assertThatThrownBy(() -> bank.payments().quote("EUR", new BigDecimal("5.00")))
                .isInstanceOf(BankFailure.class)
                .hasMessageContaining("another amount");
    }

    @Test
    void buysCoins() {
        String hash = "0x" + "Ab".repeat(32);
        WIRE.stubFor(post("/v1/onramps")
                .willReturn(jsonResponse(
                        "{\"onRampId\":\"R-1\",\"status\":\"COMPLETED\",\"tokenUnits\":\"99\",\"transactionHash\":\""
                                + hash + "\"}",
                        202)));
        WIRE.stubFor(get("/v1/onramps?idempotencyKey=RAMP-1")
                .willReturn(jsonResponse("{\"onRampId\":\"R-1\",\"status\":\"REJECTED\",\"reason\":\"AM04\"}", 200)));
        WIRE.stubFor(get("/v1/onramps?idempotencyKey=RAMP-2").willReturn(jsonResponse(error("unknown_key"), 404)));

        assertThat(bank.payments().onRamp(ON_RAMP))
                .isEqualTo(new OnRampOutcome.Accepted(
                        "R-1", BigInteger.valueOf(99), hash.toLowerCase(java.util.Locale.ROOT)));
        assertThat(bank.payments().findOnRamp("RAMP-1").orElseThrow())
                .isEqualTo(new OnRampOutcome.Rejected("AM04", "The bank rejected on-ramp R-1"));
        assertThat(bank.payments().findOnRamp("RAMP-2")).isEmpty();
    }

    @Test
    void showsStatementsAndBalances() {
        WIRE.stubFor(get("/v1/statements?after=S-0")
                .willReturn(jsonResponse(
                        "{\"statements\":[{\"statementId\":\"S-1\",\"account\":\"A\",\"day\":\"2026-11-23\"}]}", 200)));
        WIRE.stubFor(get("/v1/statements/S-1").willReturn(aResponse().withBody("<Document/>")));
        WIRE.stubFor(get("/v1/accounts")
                .willReturn(jsonResponse(
                        "{\"accounts\":[{\"account\":\"A\",\"currency\":\"EUR\",\"booked\":\"-1.50\",\"name\":\"n\"},"
                                + "{\"account\":\"B\",\"currency\":\"JPY\",\"booked\":\"7\",\"name\":\"m\"}]}",
                        200)));

        assertThat(bank.statements().after("S-0"))
                .containsExactly(new BankStatements.Available("S-1", "A", LocalDate.of(2026, 11, 23)));
        assertThat(new String(bank.statements().fetch("S-1"), StandardCharsets.UTF_8))
                .isEqualTo("<Document/>");
        assertThat(bank.statements().balances())
                .containsExactly(
                        new BankStatements.Balance("A", "EUR", new BigDecimal("-1.50")),
                        new BankStatements.Balance("B", "JPY", new BigDecimal("7")));
    }

    @Test
    void failsWhenTheBankCannotBeUnderstood() {
        WIRE.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"accounts\":[{\"account\":\"A\"}]}")));

        assertThatThrownBy(() -> bank.statements().balances()).isInstanceOf(BankFailure.class);
        assertThatThrownBy(() -> bank.statements().after("")).isInstanceOf(BankFailure.class);
    }

    @Test
    void listsTransactionsPageByPageForTheNightlySweep() {
        String transaction =
                "{\"transactionId\":\"T-1\",\"account\":\"A\",\"direction\":\"CREDIT\",\"status\":\"BOOKED\","
                        + "\"amount\":\"12.34\",\"currency\":\"EUR\"}";
        WIRE.stubFor(get("/v1/transactions?account=A&after=")
                .willReturn(aResponse().withBody("{\"transactions\":[" + transaction + "]}")));
        WIRE.stubFor(get("/v1/transactions?account=A&after=T-1")
                .willReturn(aResponse().withBody("{\"transactions\":[]}")));
        BankTransactions transactions = bank.transactions().orElseThrow();

        BankTransactions.Page first = transactions.after("A", "");
        BankTransactions.Page last = transactions.after("A", first.next());

        assertThat(first.entries()).extracting(BankEntry::bankTransactionId).containsExactly("T-1");
        assertThat(first.more()).isTrue();
        assertThat(last).isEqualTo(new BankTransactions.Page(List.of(), "T-1", false));
    }

    private static MeridianBank bank(URI address, Duration totalTimeout) {
        return new MeridianBank(new MeridianSettings(
                "meridian",
                address,
                new ApiKey("the-key"),
                List.of(WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
                Duration.ofSeconds(5),
                totalTimeout));
    }

    private static Arguments said(int status, String body, String reason) {
        return Arguments.of(
                status + " " + body.lines().findFirst().orElse(""),
                aResponse().withStatus(status).withBody(body),
                reason);
    }

    private static String error(String code) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"because\"}}";
    }
}
