package io.sluice.bank.meridian;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import io.sluice.bank.wire.BankJson;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What Meridian shows of our accounts. */
final class MeridianStatements implements BankStatements, BankTransactions {

    private static final int MOST_STATEMENTS = 500;
    private static final int MOST_ACCOUNTS = 10_000;

    private final MeridianApi http;

    MeridianStatements(MeridianApi http) {
        this.http = http;
    }

    @Override
    public List<Available> after(String statementId) {
        return read("/v1/statements?after=" + BankHttp.encoded(statementId), "statements", MOST_STATEMENTS).stream()
                .map(statement -> understood(() -> new Available(
                        BankJson.text(statement, "statementId"),
                        BankJson.text(statement, "account"),
                        BankJson.date(statement, "day"))))
                .toList();
    }

    @Override
    public byte[] fetch(String statementId) {
        try {
            return successful(http.getStatement("/v1/statements/" + BankHttp.encoded(statementId)))
                    .body();
        } catch (NoAnswer e) {
            throw new BankFailure(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<Balance> balances() {
        return read("/v1/accounts", "accounts", MOST_ACCOUNTS).stream()
                .map(account -> understood(() -> {
                    String currency = BankJson.currency(account, "currency");
                    return new Balance(
                            BankJson.text(account, "account"),
                            currency,
                            BankJson.signedAmount(account, "booked", currency));
                }))
                .toList();
    }

    @Override
    public Page after(String account, String cursor) {
        List<BankEntry> entries = read(
                        "/v1/transactions?account=" + BankHttp.encoded(account) + "&after=" + BankHttp.encoded(cursor),
                        "transactions",
                        MOST_STATEMENTS)
                .stream()
                .map(transaction -> understood(() -> MeridianNotices.entry(transaction)))
                .toList();
        String next =
                entries.isEmpty() ? cursor : String.valueOf(entries.getLast().bankTransactionId());
        return new Page(entries, next, !entries.isEmpty());
    }

    private List<JsonNode> read(String path, String list, int most) {
        try {
            Answer answer = successful(http.get(path));
            return understood(() -> BankJson.array(BankJson.object(answer.body()), list, most));
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
