package io.sluice.bank.airwallex;

import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import io.sluice.bank.wire.BankJson;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Questions to Airwallex with a token, which is asked for when there is none and once more when the bank no longer takes it. A question
 * that was answered by 401 was refused, so asking it again with a new token does nothing twice.
 */
final class AirwallexApi {

    private static final String LOGIN = "/api/v1/authentication/login";
    private static final int UNAUTHORIZED = 401;

    private final BankHttp http;
    private final AirwallexLogin login;
    private final AtomicReference<@Nullable ApiKey> token = new AtomicReference<>();

    AirwallexApi(BankHttp http, AirwallexLogin login) {
        this.http = http;
        this.login = login;
    }

    Answer get(String path) throws NoAnswer {
        return withToken(headers -> http.get(path, headers));
    }

    Answer post(String path, byte[] json) throws NoAnswer {
        return withToken(headers -> http.post(path, headers, json));
    }

    private Answer withToken(Question question) throws NoAnswer {
        ApiKey known = token.get();
        if (known != null) {
            Answer answer = question.ask(Map.of("Authorization", known.authorization()));
            if (answer.status() != UNAUTHORIZED) {
                return answer;
            }
        }
        Answer given = http.post(LOGIN, login.headers(), new byte[0]);
        if (!given.successful()) {
            return given;
        }
        JsonNode said;
        ApiKey fresh;
        try {
            said = BankJson.object(given.body());
            JsonNode text = said.get("token");
            fresh = new ApiKey(text != null && text.isString() ? text.stringValue() : "");
        } catch (UnreadableMessage | IllegalArgumentException e) {
            return new Answer(UNAUTHORIZED, new byte[0]); // nothing was asked yet
        }
        token.set(fresh);
        return question.ask(Map.of("Authorization", fresh.authorization()));
    }

    private interface Question {
        Answer ask(Map<String, String> headers) throws NoAnswer;
    }
}
