package io.sluice.bank.meridian;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.meridian.MeridianHttp.Answer;
import io.sluice.bank.meridian.MeridianHttp.NoAnswer;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What Meridian shows of our accounts. */
final class MeridianStatements implements BankStatements {

    private static final int MOST_STATEMENTS = 500;
    private static final int MOST_ACCOUNTS = 10_000;

    private final MeridianHttp http;

    MeridianStatements(MeridianHttp http) {
        this.http = http;
    }

    @Override
    public List<Available> after(String statementId) {
        return read("/v1/statements?after=" + MeridianHttp.encoded(statementId), "statements", MOST_STATEMENTS).stream()
                .map(statement -> understood(() -> new Available(
                        MeridianJson.text(statement, "statementId"),
                        MeridianJson.text(statement, "account"),
                        MeridianJson.date(statement, "day"))))
                .toList();
    }

    @Override
    public byte[] fetch(String statementId) {
        try {
            return successful(http.getStatement("/v1/statements/" + MeridianHttp.encoded(statementId)))
                    .body();
        } catch (NoAnswer e) {
            throw new BankFailure(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<Balance> balances() {
        return read("/v1/accounts", "accounts", MOST_ACCOUNTS).stream()
                .map(account -> understood(() -> {
                    String currency = MeridianJson.currency(account, "currency");
                    return new Balance(
                            MeridianJson.text(account, "account"),
                            currency,
                            MeridianJson.signedAmount(account, "booked", currency));
                }))
                .toList();
    }

    private List<JsonNode> read(String path, String list, int most) {
        try {
            Answer answer = successful(http.get(path));
            return understood(() -> MeridianJson.array(MeridianJson.object(answer.body()), list, most));
        } catch (NoAnswer e) {
            throw new BankFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static <T> T understood(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UnreadableMessage e) {
            throw new BankFailure("The bank's answer cannot be read: " + e.getMessage(), e);
        }
    }

    private static Answer successful(Answer answer) {
        if (!answer.successful()) {
            throw new BankFailure(Refusal.open(answer));
        }
        return answer;
    }
}
