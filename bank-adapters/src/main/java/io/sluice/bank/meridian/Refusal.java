package io.sluice.bank.meridian;

import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankJson;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an answer other than success means for the order in this request. Only the statuses below are a definite no; 408, 409, 425, 429,
 * redirects and 5xx leave it open, and so does whatever a bank invents.
 *
 * <p>A definite no is about this request alone. When an earlier one with the same key went unanswered, that one may have been carried out.
 */
record Refusal(String code, String detail) {

    private static final Set<Integer> DEFINITE = Set.of(400, 401, 403, 404, 422);
    private static final int UNPROCESSABLE = 422;
    private static final String OTHER_BODY_UNDER_THE_KEY = "idempotency_mismatch";

    /** The bank's definite no; empty when the answer leaves open what was done. */
    static Optional<Refusal> definite(Answer answer) {
        if (!DEFINITE.contains(answer.status())) {
            return Optional.empty();
        }
        Refusal said = said(answer);
        if (answer.status() == UNPROCESSABLE && (said == null || said.code().equals(OTHER_BODY_UNDER_THE_KEY))) {
            return Optional.empty();
        }
        return Optional.of(said == null ? new Refusal("http-" + answer.status(), "The bank gave no reason") : said);
    }

    /** What the bank says in its error body; null when it says nothing that we understand. */
    static @Nullable Refusal said(Answer answer) {
        try {
            JsonNode error = BankJson.child(BankJson.object(answer.body()), "error");
            String message = BankJson.optionalText(error, "message");
            return new Refusal(BankJson.text(error, "code"), message == null ? "" : message);
        } catch (UnreadableMessage e) {
            return null;
        }
    }

    /** The answer in a few words, for what stays open. */
    static String open(Answer answer) {
        Refusal said = said(answer);
        return "The bank answered " + answer.status() + (said == null ? "" : " " + said.code());
    }
}
