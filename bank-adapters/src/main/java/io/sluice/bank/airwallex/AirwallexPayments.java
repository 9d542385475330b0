package io.sluice.bank.airwallex;

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
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Payouts by Airwallex, one by one, to beneficiaries that are registered there: a transfer's {@code creditorAccount} is the beneficiary's
 * id. {@code request_id} is the order's key. The wallet's currency is the transfer's; nothing is converted.
 */
final class AirwallexPayments extends SingleTransfers {

    private static final int LONGEST_REFERENCE = 140;

    private final AirwallexApi api;
    private final String reason;

    AirwallexPayments(AirwallexApi api, String reason) {
        super("Airwallex");
        this.api = api;
        this.reason = reason;
    }

    @Override
    protected SubmitOutcome submit(TransferBatch batch, TransferBatch.Transfer transfer) {
        try {
            Answer answer = api.post("/api/v1/transfers/create", BankJson.bytes(json(batch, transfer)));
            if (!answer.successful()) {
                return answer.refusesDefinitely()
                        ? new SubmitOutcome.Rejected(code(answer, "code"), "Airwallex refused the transfer")
                        : new SubmitOutcome.Unknown("The bank answered " + answer.status());
            }
            SubmitOutcome.Accepted accepted = accepted(BankJson.object(answer.body()));
            return accepted.transfers().getFirst().endToEndId().equals(transfer.endToEndId())
                    ? accepted
                    : new SubmitOutcome.Unknown("The bank confirmed another transfer than the one ordered");
        } catch (NoAnswer | UnreadableMessage e) {
            return new SubmitOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<SubmitOutcome> find(String idempotencyKey) {
        return find(
                () -> api.get("/api/v1/transfers?request_id=" + BankHttp.encoded(idempotencyKey)),
                "items",
                "request_id",
                idempotencyKey,
                AirwallexPayments::accepted,
                SubmitOutcome.Unknown::new);
    }

    private static SubmitOutcome.Accepted accepted(JsonNode transfer) {
        TransferStatus status = AirwallexNotices.transferStatus(transfer, BankJson.text(transfer, "status"));
        return new SubmitOutcome.Accepted(status.transferId(), List.of(status));
    }

    private ObjectNode json(TransferBatch batch, TransferBatch.Transfer transfer) {
        BigDecimal amount = new BigDecimal(BankJson.written(transfer.amount(), batch.currency()));
        return JsonNodeFactory.instance
                .objectNode()
                .put("request_id", batch.idempotencyKey())
                .put("beneficiary_id", transfer.creditorAccount())
                .put("source_currency", batch.currency())
                .put("transfer_currency", batch.currency())
                .put("transfer_amount", amount)
                .put("transfer_method", "LOCAL")
                .put("transfer_date", batch.executionDate().toString())
                .put("reason", reason)
                .put("reference", reference(transfer));
    }

    /** Our reference first, so that it comes back; the remittance as far as there is room. */
    private static String reference(TransferBatch.Transfer transfer) {
        String whole = transfer.remittance() == null
                ? transfer.endToEndId()
                : transfer.endToEndId() + " " + transfer.remittance();
        return whole.length() > LONGEST_REFERENCE ? whole.substring(0, LONGEST_REFERENCE) : whole;
    }
}
