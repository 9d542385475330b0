package io.sluice.banks;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.http.RequestMethod;
import io.sluice.bank.webhook.HmacSignature;
import io.sluice.bank.webhook.WebhookSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Airwallex: a deposit keeps its id through its life, from pending to reversed. */
final class SimulatedAirwallex extends SimulatedBank {

    private static final String SECRET = "a-secret-of-thirty-two-characters";

    SimulatedAirwallex() {
        super(
                "airwallex",
                "fcfc369c-ce9d-4ab7-b9af-80df61848f8f",
                "HKD",
                new PaymentDesk(
                        request -> request.getMethod().isOneOf(RequestMethod.GET)
                                ? request.queryParameter("request_id").firstValue()
                                : requestId(request.getBodyAsString()),
                        (key, body) ->
                                body.replaceFirst("\\{", "{\"id\":\"transfer-" + key + "\",\"status\":\"SENT\","),
                        "items"));
        payAt("/api/v1/transfers/create");
        payAt("/api/v1/transfers");
        api.stubFor(post(urlEqualTo("/api/v1/authentication/login"))
                .willReturn(okJson("{\"token\":\"token-1\",\"expires_at\":\"2099-01-01T00:00:00+0000\"}")));
        publish();
    }

    private static String requestId(String body) {
        Matcher id = Pattern.compile("\"request_id\":\"([^\"]+)\"").matcher(body);
        if (!id.find()) {
            throw new IllegalArgumentException("An order without request_id: " + body);
        }
        return id.group(1);
    }

    @Override
    List<String> settings(Path dir) throws IOException {
        Path keys = Files.writeString(
                dir.resolve("airwallex.keys"),
                "client.id=client\napi.key=key\nwebhook.secrets=" + SECRET + "\npayout.reason=royalty_payments\n");
        return List.of("--sluice.bank.airwallex.url=" + api.baseUrl(), "--sluice.bank.airwallex.keys=" + keys);
    }

    @Override
    void publish() {
        api.stubFor(get(urlPathEqualTo("/api/v1/deposits"))
                .willReturn(okJson("{\"items\":["
                        + books.stream()
                                .filter(movement -> movement.undoes() == null)
                                .map(credit -> deposit(credit, isTakenBack(credit) ? "REVERSED" : "SETTLED"))
                                .collect(Collectors.joining(","))
                        + "],\"has_more\":false}")));
    }

    private boolean isTakenBack(Movement credit) {
        return books.stream().anyMatch(movement -> credit.equals(movement.undoes()));
    }

    @Override
    int tell(Movement movement) throws IOException {
        Movement undone = movement.undoes();
        return undone == null
                ? event("deposit.settled", deposit(movement, "SETTLED"), movement.id())
                : event("deposit.reversed", deposit(undone, "REVERSED"), movement.id());
    }

    @Override
    boolean announce(Movement movement) throws IOException {
        return event("deposit.pending", deposit(movement, "PENDING"), "pending-" + movement.id()) < 300;
    }

    private int event(String name, String deposit, String of) throws IOException {
        String body = "{\"id\":\"evt-" + of + "\",\"name\":\"" + name + "\",\"account_id\":\"acct_1\",\"data\":"
                + deposit + "}";
        return send(body, SimulatedAirwallex::signed).statusCode();
    }

    private static Map<String, String> signed(Instant at, byte[] body) {
        String timestamp = Long.toString(at.toEpochMilli());
        return Map.of(
                "x-timestamp",
                timestamp,
                "x-signature",
                HmacSignature.sign(HmacSignature.Scheme.AIRWALLEX, WebhookSecret.text(SECRET), timestamp, body));
    }

    private String deposit(Movement credit, String status) {
        return "{\"id\":\"" + credit.id() + "\",\"type\":\"BANK_TRANSFER\",\"status\":\"" + status
                + "\",\"created_at\":\"2026-11-23T17:00:00+0800\",\"currency\":\"HKD\",\"amount\":" + amount(credit)
                + ",\"global_account_id\":\"" + account() + "\",\"payer\":{\"name\":\"Shop customer\"},\"reference\":\""
                + credit.reference() + "\",\"provider_transaction_id\":\"fps-" + credit.id() + "\"}";
    }
}
