package io.sluice.banks;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Increase: events name a transaction, which the engine asks for. */
final class SimulatedIncrease extends SimulatedBank {

    private static final String SECRET = "the-secret-we-gave-to-increase-1";

    SimulatedIncrease() {
        super(
                "increase",
                "account_shop_1",
                "USD",
                new PaymentDesk(
                        request -> request.getMethod().isOneOf(RequestMethod.GET)
                                ? request.queryParameter("idempotency_key").firstValue()
                                : request.getHeader("Idempotency-Key"),
                        (key, body) -> body.replaceFirst(
                                "\\{",
                                "{\"id\":\"transfer-" + key
                                        + "\",\"status\":\"pending_submission\",\"currency\":\"USD\","
                                        + "\"idempotency_key\":\"" + key + "\","),
                        "data"));
        payAt("/ach_transfers");
        payAt("/account_transfers");
        publish();
    }

    @Override
    List<String> settings(Path dir) throws IOException {
        Path keys = Files.writeString(
                dir.resolve("increase.keys"), "api.key=key\nwebhook.secrets=" + SECRET + "\nrail=ACH\n");
        return List.of("--sluice.bank.increase.url=" + api.baseUrl(), "--sluice.bank.increase.keys=" + keys);
    }

    @Override
    String payee(String whose) {
        return (whose.equals("merchant") || whose.equals("holder") ? "external_account_" : "account_") + whose;
    }

    @Override
    void publish() {
        for (Movement movement : books) {
            api.stubFor(get(urlPathEqualTo("/transactions/" + movement.id())).willReturn(okJson(json(movement))));
        }
        api.stubFor(get(urlPathEqualTo("/transactions")).willReturn(okJson("{\"data\":[],\"next_cursor\":null}")));
        api.stubFor(get(urlPathEqualTo("/transactions"))
                .withQueryParam("account_id", equalTo(account()))
                .willReturn(okJson("{\"data\":["
                        + books.reversed().stream().map(this::json).collect(Collectors.joining(","))
                        + "],\"next_cursor\":null}")));
    }

    /** What is asked for next fails: once the bank is down, once it breaks off its answer, then it answers. */
    void failTwice(Movement movement) {
        String scenario = "trouble with " + movement.id();
        String path = "/transactions/" + movement.id();
        api.stubFor(get(urlPathEqualTo(path))
                .inScenario(scenario)
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("down"));
        api.stubFor(get(urlPathEqualTo(path))
                .inScenario(scenario)
                .whenScenarioStateIs("down")
                .willReturn(okJson(json(movement).substring(0, 40)))
                .willSetStateTo("up"));
        api.stubFor(get(urlPathEqualTo(path))
                .inScenario(scenario)
                .whenScenarioStateIs("up")
                .willReturn(okJson(json(movement))));
    }

    /** What is asked for next fails once, in this way. */
    void failOnce(Movement movement, ResponseDefinitionBuilder how) {
        String scenario = "trouble with " + movement.id();
        String path = "/transactions/" + movement.id();
        api.stubFor(get(urlPathEqualTo(path))
                .inScenario(scenario)
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(how)
                .willSetStateTo("up"));
        api.stubFor(get(urlPathEqualTo(path))
                .inScenario(scenario)
                .whenScenarioStateIs("up")
                .willReturn(okJson(json(movement))));
    }

    @Override
    int tell(Movement movement) throws IOException {
        return event("transaction.created", movement.id());
    }

    @Override
    boolean announce(Movement movement) throws IOException {
        String id = "pending-" + movement.id();
        api.stubFor(get(urlPathEqualTo("/pending_transactions/" + id))
                .willReturn(okJson(json(movement)
                        .replace("\"id\":\"" + movement.id() + "\"", "\"id\":\"" + id + "\",\"status\":\"pending\""))));
        return event("pending_transaction.created", id) < 300;
    }

    private int event(String category, String object) throws IOException {
        String id = "event-" + object;
        String body = "{\"id\":\"" + id + "\",\"created_at\":\"2026-11-23T09:00:00Z\",\"category\":\"" + category
                + "\",\"associated_object_type\":\"x\",\"associated_object_id\":\"" + object + "\",\"type\":\"event\"}";
        return send(body, (at, signed) -> StandardWebhooks.headers(WebhookSecret.text(SECRET), id, at, signed))
                .statusCode();
    }

    private String json(Movement movement) {
        boolean reversal = movement.undoes() != null;
        String category = reversal ? "inbound_wire_transfer_reversal" : "inbound_wire_transfer";
        String transfer = "inbound_wire_transfer_" + (movement.undoes() == null ? movement : movement.undoes()).id();
        return "{\"account_id\":\"" + account() + "\",\"amount\":" + movement.units()
                + ",\"created_at\":\"2026-11-23T09:00:00Z\",\"currency\":\"USD\",\"description\":\""
                + movement.reference()
                + "\",\"id\":\"" + movement.id()
                + "\",\"route_id\":null,\"route_type\":null,\"source\":{\"category\":\""
                + category + "\",\"" + category + "\":{\"debtor_name\":\"Shop customer\",\"transfer_id\":\"" + transfer
                + "\"}},\"type\":\"transaction\"}";
    }
}
