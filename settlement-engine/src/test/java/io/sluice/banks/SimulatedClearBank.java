package io.sluice.banks;

import io.sluice.bank.webhook.BankPublicKey;
import io.sluice.bank.webhook.SigningKey;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** ClearBank: every attempt has another nonce, and only our signature over it within five seconds counts as received. */
final class SimulatedClearBank extends SimulatedBank {

    private static final String SIGNATURE = "DigitalSignature";

    private final KeyPair theirs = pair();
    private final KeyPair ours = pair();
    private final AtomicInteger nonce = new AtomicInteger(740_685_879);

    SimulatedClearBank() {
        super(
                "clearbank",
                "NL25CLRB0066110527",
                "EUR",
                new PaymentDesk(
                        request -> request.getHeader("X-Request-Id"),
                        (key, body) -> "{\"paymentId\":\"payment-" + key + "\"}",
                        "none"));
        payAt("/payments/sepa-ct/v1/customer-payments");
    }

    @Override
    List<String> settings(Path dir) throws IOException {
        Files.writeString(dir.resolve("clearbank.pub"), pem("PUBLIC KEY", theirs.getPublic()));
        Files.writeString(dir.resolve("ours.pem"), pem("PRIVATE KEY", ours.getPrivate()));
        Path keys = Files.writeString(
                dir.resolve("clearbank.keys"),
                "api.token=t\ndebtor.name=Sluice\nzone=Europe/Amsterdam\nbank.public-key=clearbank.pub\nsigning-key=ours.pem\n");
        return List.of("--sluice.bank.clearbank.url=" + api.baseUrl(), "--sluice.bank.clearbank.keys=" + keys);
    }

    @Override
    void publish() {} // this bank tells all by webhook and statement

    @Override
    int tell(Movement movement) throws IOException {
        Movement undone = movement.undoes();
        return undone == null ? tellTransaction(movement) : tellGivenBack(movement, undone);
    }

    private int tellGivenBack(Movement movement, Movement undone) throws IOException {
        return deliver("Sepa.Ct.InboundPayment.ReturnCompleted", """
                {"PaymentId":"p-%s","EndToEndIdentification":"%s","InstructedAmount":{"Amount":%s,"Currency":"EUR"},
                 "CreditorAccount":{"Iban":"%s"},"TransactionId":"%s","ReturnReasonInformation":{"Reason":"FOCR"}}""".formatted(
                        undone.id(), movement.reference(), amount(movement), account(), undone.id()));
    }

    private int tellTransaction(Movement movement) throws IOException {
        return deliver("CustomerAccounts.TransactionCompleted", """
                {"TransactionId":"%s","EndToEndIdentification":"%s","CreatedDateTime":"2026-11-23T09:00:00.0766667Z",
                 "CompletedDateTime":"2026-11-23T09:00:01.0966667Z","ClearingChannel":"SEPA","DebitCreditCode":"%s",
                 "Amount":%s,"Currency":"EUR","RemittanceInformation":"%s",
                 "DebtorAccount":{"Iban":"%s"},"CreditorAccount":{"Iban":"%s"}}""".formatted(
                        movement.id(),
                        movement.reference(),
                        movement.units() > 0 ? "Credit" : "Debit",
                        amount(movement),
                        movement.reference(),
                        movement.units() > 0 ? "NL51XBLT6087402426" : account(),
                        movement.units() > 0 ? account() : "NL51XBLT6087402426"));
    }

    /** The payment's own event, which tells of the same money. */
    int tellPayment(Movement movement) throws IOException {
        return deliver("Sepa.Ct.InboundPayment.Completed", """
                {"PaymentId":"p-%s","EndToEndIdentification":"%s","InstructedAmount":{"Amount":%s,"Currency":"EUR"},
                 "Debtor":{"Name":"Shop Customer"},"Creditor":{"Name":"Us"},"DebtorAccount":{"Iban":"NL51XBLT6087402426"},
                 "CreditorAccount":{"Iban":"%s"},"TransactionId":"%s"}""".formatted(
                        movement.id(), movement.reference(), amount(movement), account(), movement.id()));
    }

    /** The payer's bank wants it back. */
    int recall(Movement movement) throws IOException {
        return deliver("Sepa.Ct.InboundPayment.Recalled", """
                {"PaymentId":"p-%s","TransactionId":"%s","CancellationReasonInformation":{"Reason":"FRAD"}}""".formatted(movement.id(), movement.id()));
    }

    /** A payment of ours came back; the account's own event, which tells of the money, does not say so. */
    int tellReturned(String endToEndId) throws IOException {
        return deliver("Sepa.Ct.OutboundPayment.ReturnCompleted", """
                {"PaymentId":"out-%s","EndToEndIdentification":"%s","ReturnReasonInformation":{"Reason":"AC04"}}""".formatted(endToEndId, endToEndId));
    }

    /** Delivers as the bank does, with a nonce of this attempt, and takes the answer only as it would. */
    private int deliver(String type, String payload) throws IOException {
        int attempt = nonce.getAndIncrement();
        String body = "{\"Type\":\"" + type + "\",\"Version\":1,\"Payload\":" + payload + ",\"Nonce\":" + attempt + "}";
        HttpResponse<byte[]> answer = send(
                body,
                (at, signed) -> Map.of(
                        SIGNATURE,
                        SigningKey.parse(pem("PRIVATE KEY", theirs.getPrivate()))
                                .sign(signed)));
        if (answer.statusCode() == 200) {
            String signature = answer.headers().firstValue(SIGNATURE).orElse("");
            boolean signed =
                    BankPublicKey.parse(pem("PUBLIC KEY", ours.getPublic())).verifies(signature, answer.body());
            boolean echoed = new String(answer.body(), StandardCharsets.UTF_8).equals("{\"Nonce\":" + attempt + "}");
            return signed && echoed ? 200 : 0;
        }
        return answer.statusCode();
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    private static String pem(String form, Key key) {
        return "-----BEGIN " + form + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n-----END " + form
                + "-----\n";
    }
}
