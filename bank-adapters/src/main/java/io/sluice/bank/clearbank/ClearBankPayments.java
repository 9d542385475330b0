package io.sluice.bank.clearbank;

import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.iso20022.SepaText;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankHttp.Answer;
import io.sluice.bank.wire.BankHttp.NoAnswer;
import io.sluice.bank.wire.BankJson;
import io.sluice.bank.wire.SingleTransfers;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders to ClearBank: SEPA Credit Transfers, one by one. {@code X-Request-Id} is the order's key: a second sending within 24 hours is
 * answered by 409 and does nothing. The bank cannot be asked by that key; what became of an unanswered order is told by its webhooks and
 * on the statement.
 */
final class ClearBankPayments extends SingleTransfers {

    private static final String CUSTOMER_PAYMENTS = "/payments/sepa-ct/v1/customer-payments";

    private final BankHttp http;
    private final ClearBankSettings settings;

    ClearBankPayments(BankHttp http, ClearBankSettings settings) {
        super("ClearBank");
        this.http = http;
        this.settings = settings;
    }

    @Override
    protected SubmitOutcome submit(TransferBatch batch, TransferBatch.Transfer transfer) {
        byte[] body;
        try {
            body = BankJson.bytes(json(batch, transfer));
        } catch (IllegalArgumentException e) {
            return new SubmitOutcome.Rejected("not-sepa", String.valueOf(e.getMessage()));
        }
        try {
            Answer answer = http.post(
                    CUSTOMER_PAYMENTS,
                    Map.of(
                            "Authorization",
                            settings.token().authorization(),
                            ClearBank.SIGNATURE,
                            settings.signingKey().sign(body),
                            "X-Request-Id",
                            batch.idempotencyKey()),
                    body);
            if (answer.successful()) {
                String paymentId = BankJson.text(BankJson.object(answer.body()), "paymentId");
                return new SubmitOutcome.Accepted(
                        paymentId, List.of(new TransferStatus(transfer.endToEndId(), paymentId, "ACTC", null)));
            }
            return answer.refusesDefinitely()
                    ? new SubmitOutcome.Rejected("http-" + answer.status(), "ClearBank refused the payment")
                    : new SubmitOutcome.Unknown("The bank answered " + answer.status());
        } catch (NoAnswer | UnreadableMessage e) {
            return new SubmitOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<SubmitOutcome> find(String idempotencyKey) {
        return Optional.of(
                new SubmitOutcome.Unknown("ClearBank cannot be asked by key; its webhooks and statement tell"));
    }

    /** As the API wants it: no address, which SEPA inside the EEA does not need. */
    private ObjectNode json(TransferBatch batch, TransferBatch.Transfer transfer) {
        if (!batch.currency().equals("EUR")) {
            throw new IllegalArgumentException("SEPA is in EUR, was " + batch.currency());
        }
        SepaText.requireReference("endToEndId", transfer.endToEndId());
        String remittance = transfer.remittance() == null ? transfer.endToEndId() : transfer.remittance();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("endToEndId", transfer.endToEndId())
                .put("amount", new BigDecimal(BankJson.written(transfer.amount(), "EUR")))
                .put("currency", "EUR");
        json.putObject("debtor")
                .put("name", SepaText.of("debtor's name", settings.debtorName(), SepaText.NAME))
                .put("accountIban", batch.debtorAccount());
        json.putObject("creditor")
                .put("name", SepaText.of("creditor's name", transfer.creditorName(), SepaText.NAME))
                .put("accountIban", transfer.creditorAccount());
        return json.put(
                "remittanceInformationUnstructured", SepaText.of("remittance", remittance, SepaText.REMITTANCE));
    }
}
