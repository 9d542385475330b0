package io.sluice.sandbox;

import java.nio.charset.StandardCharsets;

/** What the bank answers to one request. */
record BankAnswer(int status, String contentType, byte[] body) {

    BankAnswer(int status, String json) {
        this(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    static BankAnswer error(int status, String code, String message) {
        var error = Json.object();
        error.set("error", Json.object().put("code", code).put("message", message));
        return new BankAnswer(status, Json.write(error));
    }
}
