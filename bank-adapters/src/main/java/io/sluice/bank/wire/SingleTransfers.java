package io.sluice.bank.wire;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankPayments;
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.OnRampQuote;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Orders to a bank that takes transfers one by one, each under its order's key, and sells no coins unless its adapter says how. */
public abstract class SingleTransfers implements BankPayments {

    private static final int MOST_FOUND = 100;

    /** A question to the bank. */
    @FunctionalInterface
    protected interface Question {
        Answer ask() throws NoAnswer;
    }

    private final String bank;

    /** @param bank as people call it */
    protected SingleTransfers(String bank) {
        this.bank = bank;
    }

    @Override
    public final int largestBatch() {
        return 1;
    }

    @Override
    public final SubmitOutcome submit(TransferBatch batch) {
        if (batch.transfers().size() > largestBatch()) {
            throw new IllegalArgumentException(bank + " takes transfers one by one, were "
                    + batch.transfers().size());
        }
        return submit(batch, batch.transfers().getFirst());
    }

    protected abstract SubmitOutcome submit(TransferBatch batch, TransferBatch.Transfer transfer);

    /**
     * What stands under a key in the list that the bank answers with; empty when nothing does.
     *
     * @param keyName where an element of the list says its key
     * @param unknown makes the outcome of a question that was not answered, from the reason
     */
    protected static <T> Optional<T> find(
            Question question,
            String list,
            String keyName,
            String key,
            Function<JsonNode, T> outcome,
            Function<String, T> unknown) {
        try {
            Answer answer = question.ask();
            if (!answer.successful()) {
                return Optional.of(unknown.apply("The bank answered " + answer.status()));
            }
            for (JsonNode found : BankJson.array(BankJson.object(answer.body()), list, MOST_FOUND)) {
                if (key.equals(BankJson.optionalText(found, keyName))) {
                    return Optional.of(outcome.apply(found));
                }
            }
            return Optional.empty();
        } catch (NoAnswer | UnreadableMessage e) {
            return Optional.of(unknown.apply(String.valueOf(e.getMessage())));
        }
    }

    /** The bank's word for its refusal, where its answer has one. */
    protected static String code(Answer answer, String name) {
        try {
            String code = BankJson.optionalText(BankJson.object(answer.body()), name);
            return code == null ? "http-" + answer.status() : code;
        } catch (UnreadableMessage e) {
            return "http-" + answer.status();
        }
    }

    @Override
    public OnRampQuote quote(String currency, BigDecimal amount) {
        throw new BankFailure(bank + " has no on-ramp");
    }

    @Override
    public OnRampOutcome onRamp(OnRampOrder order) {
        return new OnRampOutcome.Rejected("no-on-ramp", bank + " has no on-ramp");
    }

    @Override
    public Optional<OnRampOutcome> findOnRamp(String idempotencyKey) {
        return Optional.empty();
    }
}
