package io.sluice.sandbox;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bank's address: WireMock speaks HTTP and makes the faults, the books behind it decide what is true. */
final class MeridianWire implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MeridianWire.class);
    private static final String NAME = "meridian-books";

    private final WireMockServer server;
    private final MeridianBank bank;
    private final Faults faults;
    private final byte[] authorization;
    private final Set<String> keysInProgress = ConcurrentHashMap.newKeySet();

    MeridianWire(MeridianBank bank, Faults faults, String apiKey, int port) {
        this.bank = bank;
        this.faults = faults;
        this.authorization = ("Bearer " + apiKey).getBytes(StandardCharsets.UTF_8);
        WireMockConfiguration configuration = WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .disableRequestJournal()
                .stubRequestLoggingDisabled(true)
                .gzipDisabled(true)
                .extensions(new Books());
        this.server = new WireMockServer(port == 0 ? configuration.dynamicPort() : configuration.port(port));
        server.stubFor(
                WireMock.any(WireMock.anyUrl()).willReturn(WireMock.aResponse().withTransformers(NAME)));
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.stop();
    }

    private final class Books implements ResponseDefinitionTransformerV2 {

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            Request request = event.getRequest();
            Optional<Faults.Fault> fault =
                    faults.next(URI.create(request.getUrl()).getPath());
            if (fault.isPresent() && !fault.get().afterBooking()) {
                return faulty(fault.get(), null);
            }
            BankAnswer answer = answer(request);
            return fault.map(one -> faulty(one, answer))
                    .orElseGet(() -> response(answer).build());
        }

        @Override
        public boolean applyGlobally() {
            return false;
        }

        @Override
        public String getName() {
            return NAME;
        }
    }

    private BankAnswer answer(Request request) {
        try {
            HttpHeader given = request.header("Authorization");
            byte[] shown = (given.isPresent() ? given.firstValue() : "").getBytes(StandardCharsets.UTF_8);
            if (!MessageDigest.isEqual(shown, authorization)) {
                return BankAnswer.error(401, "unauthorized", "The API key is missing or wrong");
            }
            return request.getMethod().equals(RequestMethod.POST) ? post(request) : get(request);
        } catch (IllegalArgumentException e) {
            return BankAnswer.error(400, "malformed", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("{} {} failed", request.getMethod(), request.getUrl(), e);
            return BankAnswer.error(500, "internal", "The bank cannot answer now");
        }
    }

    private BankAnswer post(Request request) {
        String key = request.header("Idempotency-Key").isPresent() ? request.getHeader("Idempotency-Key") : null;
        if (key != null && !keysInProgress.add(key)) {
            return BankAnswer.error(409, "in_progress", "A request with that key is being worked on");
        }
        try {
            byte[] body = request.getBody();
            return switch (URI.create(request.getUrl()).getPath()) {
                case "/v1/transfer-batches" -> bank.transfers().submit(key, body);
                case "/v1/onramp-quotes" -> bank.onRamps().quote(body);
                case "/v1/onramps" -> bank.onRamps().order(key, body);
                default -> BankAnswer.error(404, "not_found", "No such resource");
            };
        } finally {
            if (key != null) {
                keysInProgress.remove(key);
            }
        }
    }

    private BankAnswer get(Request request) {
        String path = URI.create(request.getUrl()).getPath();
        if (path.startsWith("/v1/statements/")) {
            return bank.statements().document(path.substring("/v1/statements/".length()));
        }
        return switch (path) {
            case "/v1/transfer-batches" -> bank.transfers().find(query(request, "idempotencyKey"));
            case "/v1/transfers" -> bank.transfers().transfers(query(request, "endToEndId"));
            case "/v1/onramps" -> bank.onRamps().find(query(request, "idempotencyKey"));
            case "/v1/accounts" -> new BankAnswer(200, Json.write(bank.books().accounts()));
            case "/v1/statements" -> bank.statements().after(query(request, "after"));
            case "/v1/transactions" ->
                new BankAnswer(
                        200, Json.write(bank.books().transactions(query(request, "account"), query(request, "after"))));
            default -> BankAnswer.error(404, "not_found", "No such resource");
        };
    }

    private static String query(Request request, String name) {
        var parameter = request.queryParameter(name);
        return parameter.isPresent() ? parameter.firstValue() : "";
    }

    private static ResponseDefinition faulty(Faults.Fault fault, @Nullable BankAnswer answer) {
        ResponseDefinitionBuilder usual = answer == null ? WireMock.aResponse().withStatus(503) : response(answer);
        return switch (fault.kind()) {
            case "reset" ->
                usual.withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER)
                        .build();
            case "empty" ->
                usual.withFault(com.github.tomakehurst.wiremock.http.Fault.EMPTY_RESPONSE)
                        .build();
            case "garbage" ->
                usual.withFault(com.github.tomakehurst.wiremock.http.Fault.RANDOM_DATA_THEN_CLOSE)
                        .build();
            case "malformed" ->
                usual.withFault(com.github.tomakehurst.wiremock.http.Fault.MALFORMED_RESPONSE_CHUNK)
                        .build();
            case "delay" -> usual.withFixedDelay(fault.delayMillis()).build();
            default ->
                response(BankAnswer.error(fault.status(), "fault", "Ordered by the sandbox"))
                        .build();
        };
    }

    private static ResponseDefinitionBuilder response(BankAnswer answer) {
        return WireMock.aResponse()
                .withStatus(answer.status())
                .withHeader("Content-Type", answer.contentType())
                .withBody(answer.body());
    }
}
