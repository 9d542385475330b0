package io.sluice.bank.increase;

import io.sluice.bank.BankFailure;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import io.sluice.bank.wire.BankJson;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Questions to Increase, in our name. */
final class IncreaseApi {

    private static final String AUTHORIZATION = "Authorization";

    private final BankHttp http;
    private final ApiKey apiKey;

    IncreaseApi(BankHttp http, ApiKey apiKey) {
        this.http = http;
        this.apiKey = apiKey;
    }

    Answer get(String path) throws NoAnswer {
        return http.get(path, Map.of(AUTHORIZATION, apiKey.authorization()));
    }

    Answer post(String path, String idempotencyKey, JsonNode json) throws NoAnswer {
        return http.post(
                path,
                Map.of(AUTHORIZATION, apiKey.authorization(), "Idempotency-Key", idempotencyKey),
                BankJson.bytes(json));
    }

    /** An object that must be there. Throws {@link BankFailure} when the bank cannot be reached or does not give it. */
    JsonNode object(String path) {
        try {
            Answer answer = get(path);
            if (!answer.successful()) {
                throw new BankFailure("The bank answered " + answer.status() + " for " + path);
            }
            return BankJson.object(answer.body());
        } catch (NoAnswer e) {
            throw new BankFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** As {@link #object}; what cannot be understood is a failure of the question, not of a message. */
    JsonNode list(String path) {
        try {
            return object(path);
        } catch (UnreadableMessage e) {
            throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
        }
    }
}
