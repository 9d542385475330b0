package io.sluice.bank.airwallex;

import java.util.Map;

/** What we show to be given a token. It prints as dots. */
public final class AirwallexLogin {

    private static final String VISIBLE = "[!-~]{1,512}";

    private final String clientId;
    private final String apiKey;

    /** @throws IllegalArgumentException unless both are 1 to 512 visible ASCII characters; the message does not repeat them */
    public AirwallexLogin(String clientId, String apiKey) {
        if (!clientId.matches(VISIBLE) || !apiKey.matches(VISIBLE)) {
            throw new IllegalArgumentException("A client id and an API key are 1 to 512 visible ASCII characters");
        }
        this.clientId = clientId;
        this.apiKey = apiKey;
    }

    Map<String, String> headers() {
        return Map.of("x-client-id", clientId, "x-api-key", apiKey);
    }

    @Override
    public String toString() {
        return "AirwallexLogin[…]";
    }
}
