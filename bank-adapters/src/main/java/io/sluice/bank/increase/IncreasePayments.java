package io.sluice.bank.increase;

import io.sluice.bank.BankFailure;
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
import io.sluice.bank.wire.SingleTransfers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders to Increase, one by one, in USD. A transfer's {@code creditorAccount} is an account of ours ({@code account_…}), one that is
 * registered there ({@code external_account_…}), or a routing number and an account number, {@code 101050001/987654321}.
 */
final class IncreasePayments extends SingleTransfers {

    private static final String CURRENCY = "USD";
    private static final String ACCOUNT_TRANSFERS = "account_transfers";
    private static final String ON_RAMPS = "blockchain_onramp_transfers";
    private static final String BY_KEY = "?idempotency_key=";
    private static final Pattern ROUTED = Pattern.compile("([0-9]{9})/([0-9A-Za-z-]{1,34})");
    private static final Duration QUOTE_HOLDS = Duration.ofMinutes(15);
    private static final int TOKEN_DECIMALS = 6;

    private final IncreaseApi api;
    private final IncreaseSettings settings;

    IncreasePayments(IncreaseApi api, IncreaseSettings settings) {
        super("Increase");
        this.api = api;
        this.settings = settings;
    }

    @Override
    protected SubmitOutcome submit(TransferBatch batch, TransferBatch.Transfer transfer) {
        boolean own = transfer.creditorAccount().startsWith("account_");
        ObjectNode json;
        try {
            json = own ? ownTransfer(batch, transfer) : transfer(batch, transfer);
        } catch (IllegalArgumentException e) {
            return new SubmitOutcome.Rejected("not-payable", String.valueOf(e.getMessage()));
        }
        try {
            Answer answer =
                    api.post("/" + (own ? ACCOUNT_TRANSFERS : settings.rail().path), batch.idempotencyKey(), json);
            if (!answer.successful()) {
                return answer.refusesDefinitely()
                        ? new SubmitOutcome.Rejected(code(answer, "type"), "Increase refused the transfer")
                        : new SubmitOutcome.Unknown("The bank answered " + answer.status());
            }
            JsonNode created = BankJson.object(answer.body());
            SubmitOutcome.Accepted accepted = accepted(created);
            boolean echoes = accepted.transfers().getFirst().endToEndId().equals(transfer.endToEndId())
                    && BankJson.minorUnits(created, "amount", CURRENCY).compareTo(transfer.amount()) == 0;
            return echoes
                    ? accepted
                    : new SubmitOutcome.Unknown("The bank confirmed another transfer than the one ordered");
        } catch (NoAnswer | UnreadableMessage e) {
            return new SubmitOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<SubmitOutcome> find(String idempotencyKey) {
        for (String path : List.of(settings.rail().path, ACCOUNT_TRANSFERS)) {
            Optional<SubmitOutcome> found =
                    find(path, idempotencyKey, IncreasePayments::accepted, SubmitOutcome.Unknown::new);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private <T> Optional<T> find(
            String path, String idempotencyKey, Function<JsonNode, T> outcome, Function<String, T> unknown) {
        return find(
                () -> api.get("/" + path + BY_KEY + BankHttp.encoded(idempotencyKey)),
                "data",
                "idempotency_key",
                idempotencyKey,
                outcome,
                unknown);
    }

    /** One dollar is one coin here and there is no quote to ask for: this one is ours, and the bank's answer decides. */
    @Override
    public OnRampQuote quote(String currency, BigDecimal amount) {
        if (!currency.equals(CURRENCY)) {
            throw new BankFailure("Increase sells coins for USD, was asked for " + currency);
        }
        return new OnRampQuote(
                "par",
                amount,
                currency,
                BigDecimal.ONE,
                units(amount),
                settings.clock().instant().plus(QUOTE_HOLDS));
    }

    @Override
    public OnRampOutcome onRamp(OnRampOrder order) {
        if (!order.currency().equals(CURRENCY)) {
            return new OnRampOutcome.Rejected("not-payable", "Increase sells coins for USD");
        }
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("account_id", order.debtorAccount())
                .put("amount", cents(order.amount()))
                .put("blockchain", settings.blockchain())
                .put("description", RemittanceReference.write(order.endToEndId(), null))
                .put("destination_blockchain_address", order.destination());
        try {
            Answer answer = api.post("/" + ON_RAMPS, order.idempotencyKey(), json);
            if (answer.successful()) {
                return onRamp(BankJson.object(answer.body()));
            }
            return answer.refusesDefinitely()
                    ? new OnRampOutcome.Rejected(code(answer, "type"), "Increase refused the on-ramp")
                    : new OnRampOutcome.Unknown("The bank answered " + answer.status());
        } catch (NoAnswer | UnreadableMessage e) {
            return new OnRampOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<OnRampOutcome> findOnRamp(String idempotencyKey) {
        return find(ON_RAMPS, idempotencyKey, IncreasePayments::onRamp, OnRampOutcome.Unknown::new);
    }

    private static OnRampOutcome onRamp(JsonNode onRamp) {
        String id = BankJson.text(onRamp, "id");
        String status = BankJson.text(onRamp, "status");
        if (status.equals("rejected") || status.equals("canceled")) {
            return new OnRampOutcome.Rejected(status, "The bank did not carry out on-ramp " + id);
        }
        JsonNode confirmation = BankJson.optionalChild(onRamp, "confirmation");
        String hash = confirmation == null ? null : BankJson.optionalText(confirmation, "transaction_hash");
        String lower = hash == null ? "" : hash.toLowerCase(Locale.ROOT);
        if (!lower.isEmpty() && !lower.matches("0x[0-9a-f]{64}")) {
            throw new UnreadableMessage("missing-field", "transaction_hash: expected 0x and 64 hexadecimal digits");
        }
        return new OnRampOutcome.Accepted(id, units(BankJson.minorUnits(onRamp, "amount", CURRENCY)), lower);
    }

    private static SubmitOutcome.Accepted accepted(JsonNode transfer) {
        TransferStatus status = IncreaseObjects.transferStatus(transfer);
        return new SubmitOutcome.Accepted(status.transferId(), List.of(status));
    }

    private static ObjectNode ownTransfer(TransferBatch batch, TransferBatch.Transfer transfer) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("account_id", batch.debtorAccount())
                .put("amount", cents(dollars(batch, transfer)))
                .put("description", RemittanceReference.write(transfer.endToEndId(), transfer.remittance()))
                .put("destination_account_id", transfer.creditorAccount());
    }

    private ObjectNode transfer(TransferBatch batch, TransferBatch.Transfer transfer) {
        String text = RemittanceReference.write(transfer.endToEndId(), transfer.remittance());
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("account_id", batch.debtorAccount())
                .put("amount", cents(dollars(batch, transfer)));
        switch (settings.rail()) {
            case ACH -> {
                json.put("individual_name", transfer.creditorName()).put("statement_descriptor", text);
                json.putObject("preferred_effective_date")
                        .put("date", batch.executionDate().toString());
            }
            case REAL_TIME_PAYMENTS -> {
                json.remove("account_id");
                json.put("creditor_name", transfer.creditorName())
                        .put("source_account_number_id", settings.sourceAccountNumberId())
                        .put("unstructured_remittance_information", text);
            }
            case FEDNOW ->
                json.put("creditor_name", transfer.creditorName())
                        .put("debtor_name", settings.debtorName())
                        .put("source_account_number_id", settings.sourceAccountNumberId())
                        .put("unstructured_remittance_information", text);
            case WIRE -> {
                json.putObject("creditor").put("name", transfer.creditorName());
                json.putObject("remittance")
                        .put("category", "unstructured")
                        .putObject("unstructured")
                        .put("message", text);
            }
        }
        return payee(json, transfer.creditorAccount());
    }

    private static ObjectNode payee(ObjectNode json, String creditorAccount) {
        if (creditorAccount.startsWith("external_account_")) {
            return json.put("external_account_id", creditorAccount);
        }
        Matcher routed = ROUTED.matcher(creditorAccount);
        if (!routed.matches()) {
            throw new IllegalArgumentException(
                    "A payee at Increase is account_…, external_account_…, or routing number/account number");
        }
        return json.put("routing_number", routed.group(1)).put("account_number", routed.group(2));
    }

    private static BigDecimal dollars(TransferBatch batch, TransferBatch.Transfer transfer) {
        if (!batch.currency().equals(CURRENCY)) {
            throw new IllegalArgumentException("Increase pays in USD, was " + batch.currency());
        }
        return transfer.amount();
    }

    private static long cents(BigDecimal dollars) {
        return dollars.movePointRight(2).longValueExact();
    }

    private static BigInteger units(BigDecimal dollars) {
        return dollars.movePointRight(TOKEN_DECIMALS).toBigIntegerExact();
    }
}
