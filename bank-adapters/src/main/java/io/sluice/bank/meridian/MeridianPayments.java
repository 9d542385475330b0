package io.sluice.bank.meridian;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankPayments;
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.OnRampQuote;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import io.sluice.bank.wire.BankJson;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Orders to Meridian. The same batch makes the same bytes, so that its idempotency key protects a re-send. */
final class MeridianPayments implements BankPayments {

    private static final String BATCHES = "/v1/transfer-batches";
    private static final String ON_RAMPS = "/v1/onramps";
    private static final String BY_KEY = "?idempotencyKey=";
    private static final int NOT_FOUND = 404;

    private final MeridianApi http;

    MeridianPayments(MeridianApi http) {
        this.http = http;
    }

    @Override
    public SubmitOutcome submit(TransferBatch batch) {
        byte[] body = bytes(json(batch));
        try {
            Answer answer = http.post(BATCHES, batch.idempotencyKey(), body);
            if (!answer.successful()) {
                return Refusal.definite(answer)
                        .<SubmitOutcome>map(refusal -> new SubmitOutcome.Rejected(refusal.code(), refusal.detail()))
                        .orElseGet(() -> new SubmitOutcome.Unknown(Refusal.open(answer)));
            }
            SubmitOutcome.Accepted accepted = accepted(answer);
            return echoes(batch, accepted)
                    ? accepted
                    : new SubmitOutcome.Unknown("The bank confirmed other transfers than those ordered");
        } catch (NoAnswer | UnreadableMessage e) {
            return new SubmitOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<SubmitOutcome> find(String idempotencyKey) {
        try {
            Answer answer = http.get(BATCHES + BY_KEY + BankHttp.encoded(idempotencyKey));
            if (notKnown(answer)) {
                return Optional.empty();
            }
            return Optional.of(
                    answer.successful() ? accepted(answer) : new SubmitOutcome.Unknown(Refusal.open(answer)));
        } catch (NoAnswer | UnreadableMessage e) {
            return Optional.of(new SubmitOutcome.Unknown(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public OnRampQuote quote(String currency, BigDecimal amount) {
        ObjectNode order = JsonNodeFactory.instance
                .objectNode()
                .put("amount", BankJson.written(amount, currency))
                .put("currency", currency);
        try {
            Answer answer = http.post("/v1/onramp-quotes", null, bytes(order));
            if (!answer.successful()) {
                throw new BankFailure("No quote: " + Refusal.open(answer));
            }
            return quote(BankJson.object(answer.body()), currency, amount);
        } catch (NoAnswer | UnreadableMessage e) {
            throw new BankFailure("No quote: " + e.getMessage(), e);
        }
    }

    @Override
    public OnRampOutcome onRamp(OnRampOrder order) {
        byte[] body = bytes(json(order));
        try {
            Answer answer = http.post(ON_RAMPS, order.idempotencyKey(), body);
            if (answer.successful()) {
                return onRamp(answer);
            }
            return Refusal.definite(answer)
                    .<OnRampOutcome>map(refusal -> new OnRampOutcome.Rejected(refusal.code(), refusal.detail()))
                    .orElseGet(() -> new OnRampOutcome.Unknown(Refusal.open(answer)));
        } catch (NoAnswer | UnreadableMessage e) {
            return new OnRampOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<OnRampOutcome> findOnRamp(String idempotencyKey) {
        try {
            Answer answer = http.get(ON_RAMPS + BY_KEY + BankHttp.encoded(idempotencyKey));
            if (notKnown(answer)) {
                return Optional.empty();
            }
            return Optional.of(answer.successful() ? onRamp(answer) : new OnRampOutcome.Unknown(Refusal.open(answer)));
        } catch (NoAnswer | UnreadableMessage e) {
            return Optional.of(new OnRampOutcome.Unknown(String.valueOf(e.getMessage())));
        }
    }

    /** 404 counts only with the bank's own words: a wrong address or a proxy answers 404 as well. */
    private static boolean notKnown(Answer answer) {
        return answer.status() == NOT_FOUND && Refusal.said(answer) != null;
    }

    private static SubmitOutcome.Accepted accepted(Answer answer) {
        JsonNode batch = BankJson.object(answer.body());
        List<TransferStatus> transfers = BankJson.array(batch, "transfers", TransferBatch.MAX_TRANSFERS).stream()
                .map(MeridianNotices::transferStatus)
                .toList();
        return new SubmitOutcome.Accepted(BankJson.text(batch, "batchId"), transfers);
    }

    private static boolean echoes(TransferBatch batch, SubmitOutcome.Accepted accepted) {
        Set<String> ordered = batch.transfers().stream()
                .map(TransferBatch.Transfer::endToEndId)
                .collect(Collectors.toSet());
        Set<String> confirmed = new HashSet<>();
        return accepted.transfers().stream().allMatch(transfer -> confirmed.add(transfer.endToEndId()))
                && confirmed.equals(ordered);
    }

    private static OnRampQuote quote(JsonNode answer, String currency, BigDecimal amount) {
        String quoted = BankJson.currency(answer, "currency");
        OnRampQuote quote = new OnRampQuote(
                BankJson.text(answer, "quoteId"),
                BankJson.amount(answer, "amount", quoted),
                quoted,
                BankJson.rate(answer, "rate"),
                BankJson.units(answer, "tokenUnits"),
                BankJson.time(answer, "expiresAt"));
        if (!quoted.equals(currency) || quote.amount().compareTo(amount) != 0) {
            throw new UnreadableMessage("wrong-echo", "The bank quoted for another amount than asked");
        }
        return quote;
    }

    private static OnRampOutcome onRamp(Answer answer) {
        JsonNode onRamp = BankJson.object(answer.body());
        String id = BankJson.text(onRamp, "onRampId");
        String status = BankJson.text(onRamp, "status");
        String reason = BankJson.optionalText(onRamp, "reason");
        return switch (status) {
            case "REJECTED" ->
                new OnRampOutcome.Rejected(reason == null ? "REJECTED" : reason, "The bank rejected on-ramp " + id);
            case "COMPLETED" ->
                new OnRampOutcome.Accepted(id, BankJson.units(onRamp, "tokenUnits"), transactionHash(onRamp));
            default -> new OnRampOutcome.Unknown("On-ramp " + id + " has status " + status);
        };
    }

    private static String transactionHash(JsonNode onRamp) {
        String hash = BankJson.optionalText(onRamp, "transactionHash");
        if (hash == null) {
            return "";
        }
        String lower = hash.toLowerCase(Locale.ROOT);
        if (!lower.matches("0x[0-9a-f]{64}")) {
            throw new UnreadableMessage("missing-field", "transactionHash: expected 0x and 64 hexadecimal digits");
        }
        return lower;
    }

    private static ObjectNode json(TransferBatch batch) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("debtorAccount", batch.debtorAccount())
                .put("currency", batch.currency())
                .put("executionDate", batch.executionDate().toString());
        var transfers = json.putArray("transfers");
        for (TransferBatch.Transfer transfer : batch.transfers()) {
            ObjectNode one = transfers
                    .addObject()
                    .put("endToEndId", transfer.endToEndId())
                    .put("amount", BankJson.written(transfer.amount(), batch.currency()))
                    .put("creditorName", transfer.creditorName())
                    .put("creditorAccount", transfer.creditorAccount());
            if (transfer.remittance() != null) {
                one.put("remittance", transfer.remittance());
            }
        }
        return json;
    }

    private static ObjectNode json(OnRampOrder order) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("quoteId", order.quoteId())
                .put("debtorAccount", order.debtorAccount())
                .put("amount", BankJson.written(order.amount(), order.currency()))
                .put("currency", order.currency())
                .put("destination", order.destination())
                .put("endToEndId", order.endToEndId());
    }

    private static byte[] bytes(ObjectNode json) {
        return BankJson.bytes(json);
    }
}
