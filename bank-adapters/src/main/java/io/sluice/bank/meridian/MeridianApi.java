package io.sluice.bank.meridian;

import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Questions to Meridian, in our name. */
final class MeridianApi {

    private static final String AUTHORIZATION = "Authorization";

    private final BankHttp http;
    private final ApiKey apiKey;

    MeridianApi(BankHttp http, ApiKey apiKey) {
        this.http = http;
        this.apiKey = apiKey;
    }

    Answer get(String path) throws NoAnswer {
        return http.get(path, Map.of(AUTHORIZATION, apiKey.authorization()));
    }

    Answer getStatement(String path) throws NoAnswer {
        return http.getStatement(path, Map.of(AUTHORIZATION, apiKey.authorization()));
    }

    Answer post(String path, @Nullable String idempotencyKey, byte[] json) throws NoAnswer {
        return http.post(
                path,
                idempotencyKey == null
                        ? Map.of(AUTHORIZATION, apiKey.authorization())
                        : Map.of(AUTHORIZATION, apiKey.authorization(), "Idempotency-Key", idempotencyKey),
                json);
    }
}
