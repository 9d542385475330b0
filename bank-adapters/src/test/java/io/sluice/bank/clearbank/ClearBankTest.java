package io.sluice.bank.clearbank;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static io.sluice.bank.Deliveries.bytes;
import static io.sluice.bank.Deliveries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.Deliveries;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.webhook.BankPublicKey;
import io.sluice.bank.webhook.RsaKeys;
import io.sluice.bank.webhook.SigningKey;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import java.math.BigDecimal;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The adapter against ClearBank's documented messages. */
class ClearBankTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final String PAYMENTS = "/payments/sepa-ct/v1/customer-payments";
    private static final String TRANSACTION_ID = "ce57422c-1276-4820-b97b-e7108f9c59cd";
    private static final String COMPLETED = """
            {"Type":"CustomerAccounts.TransactionCompleted","Version":1,"Payload":{"TransactionId":"%s",
             "EndToEndIdentification":"INV-1","CreatedDateTime":"2026-11-23T23:29:58.0766667Z",
             "CompletedDateTime":"2026-11-23T23:30:58.0966667Z","ClearingChannel":"SEPA","DebitCreditCode":"Credit","Amount":1000.0,
             "Currency":"EUR","RemittanceInformation":"Funding",
             "DebtorAccount":{"AccountId":null,"Iban":"NL51XBLT6087402426","Bban":null,"Descriptor":null},
             "CreditorAccount":{"AccountId":"5602a737-675f-4c85-bbc1-d5d4b4478e64","Iban":"NL25CLRB0066110527","Bban":null}},
             "Nonce":740685879}
            """.formatted(TRANSACTION_ID);
    private static final String INBOUND = """
            {"Type":"Sepa.Ct.InboundPayment.Completed","Version":1,"Payload":{"PaymentId":"31d42c5d-fa7f-4385-86e3-1ee9e2d60142",
             "EndToEndIdentification":"INV-1","InstructedAmount":{"Amount":1000.00,"Currency":"EUR"},
             "Debtor":{"Name":"Shop Customer","PostalAddress":{}},"Creditor":{"Name":"Us","PostalAddress":{}},
             "DebtorAccount":{"Iban":"NL51XBLT6087402426"},"CreditorAccount":{"Iban":"NL25CLRB0066110527"},
             "TransactionId":"%s"},"Nonce":185769097}
            """.formatted(TRANSACTION_ID);

    @RegisterExtension
    static final WireMockExtension API = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private static KeyPair theirs;
    private static KeyPair ours;
    private static ClearBank bank;

    @BeforeAll
    static void connects() throws Exception {
        theirs = RsaKeys.pair(2048);
        ours = RsaKeys.pair(2048);
        bank = new ClearBank(new ClearBankSettings(
                "clearbank",
                new BankAddress(URI.create(API.baseUrl()), Duration.ofSeconds(30), Duration.ofSeconds(30)),
                new ApiKey("the-token"),
                List.of(BankPublicKey.parse(RsaKeys.pem("PUBLIC KEY", theirs.getPublic()))),
                SigningKey.parse(RsaKeys.pem("PRIVATE KEY", ours.getPrivate())),
                "Sluice Müller",
                ZoneId.of("Europe/Amsterdam")));
    }

    @Test
    void readsACompletedTransactionOnTheDayOfTheBank() {
        assertThat(entry(bank.read(bytes(COMPLETED))))
                .isEqualTo(new BankEntry(
                        "NL25CLRB0066110527",
                        "EUR",
                        new BigDecimal("1000.00"),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        LocalDate.of(2026, 11, 24),
                        null,
                        TRANSACTION_ID,
                        null,
                        null,
                        "INV-1",
                        null,
                        "NL51XBLT6087402426",
                        "Funding",
                        null,
                        "SEPA"));
    }

    @Test
    void givesTheTwoEventsOfOnePaymentOneIdentity() {
        BankEntry account = entry(bank.read(bytes(COMPLETED)));
        BankEntry payment = entry(bank.read(bytes(INBOUND)));

        assertThat(payment.bankTransactionId()).isEqualTo(account.bankTransactionId());
        assertThat(payment.account()).isEqualTo(account.account());
        assertThat(payment.amount()).isEqualTo(account.amount());
        assertThat(payment.direction()).isEqualTo(account.direction());
        assertThat(payment.status()).isEqualTo(EntryStatus.BOOKED);
        assertThat(payment.counterpartyName()).isEqualTo("Shop Customer");
    }

    @Test
    void letsAnInstantPaymentInformAndTheAccountCount() {
        BankEntry instant = entry(bank.read(bytes("""
                {"Type":"Sepa.Instant.Inbound.Payment.Settled","Version":1,"Payload":{
                 "TransactionId":"8d3d36fe-272c-fc03-44dc-d76c950867e4","PaymentId":"8d3d36fe-272c-fc03-44dc-d76c950867e4",
                 "DebtorName":"Thelma Block","DebtorAccount":"GB68INST20182441739477","CreditorName":"Us",
                 "CreditorAccount":"NL37CLRB0126383492","InstructedAmount":3.35,"SchemePaymentMethod":"INST",
                 "TimestampCreated":"2025-01-22T12:55:12.1941864Z","EndToEndId":"NOTPROVIDED"},"Nonce":1225137631}
                """)));

        assertThat(instant.status()).isEqualTo(EntryStatus.INFORMATION);
        assertThat(instant.amount()).isEqualTo("3.35");
        assertThat(instant.endToEndId()).isNull();
    }

    @Test
    void readsADebitFromOurSide() {
        BankEntry debit = entry(bank.read(bytes(COMPLETED.replace("\"Credit\"", "\"Debit\""))));

        assertThat(debit.direction()).isEqualTo(Direction.DEBIT);
        assertThat(debit.account()).isEqualTo("NL51XBLT6087402426");
        assertThat(debit.counterpartyAccount()).isEqualTo("NL25CLRB0066110527");
    }

    @ParameterizedTest
    @CsvSource({
        "Sepa.Ct.OutboundPayment.Completed,           ACSC, ",
        "Sepa.Ct.OutboundPayment.Failed,              RJCT, AC06",
        "Sepa.Ct.OutboundPayment.ReturnCompleted,     RTRN, AC06",
        "Sepa.Instant.Outbound.Payment.Created,       ACTC, ",
        "Sepa.Instant.Outbound.Payment.Settled,       ACSC, ",
        "Sepa.Instant.Outbound.Payment.Cancelled,     RJCT, AC06",
        "Sepa.Instant.Outbound.Payment.Delayed,       PDNG, AC06"
    })
    void tellsHowFarAPaymentOfOursIs(String type, String code, String reason) {
        assertThat(bank.read(
                        bytes("{\"Type\":\"" + type + "\",\"Payload\":{\"PaymentId\":\"P-1\",\"TransactionId\":\"T-1\","
                                + "\"Reason\":\"AC06\",\"EndToEndIdentification\":\"E-1\"},\"Nonce\":1}")))
                .containsExactly(new BankNotice.TransferProgress(new TransferStatus("E-1", "P-1", code, reason)));
    }

    @Test
    void findsTheReasonWhereverTheDocumentationPutsIt() {
        assertThat(
                        bank.read(
                                bytes(
                                        "{\"Type\":\"Sepa.Ct.OutboundPayment.ReturnCompleted\",\"Payload\":{\"PaymentId\":\"P-1\","
                                                + "\"EndToEndIdentification\":\"E-1\",\"ReturnReasonInformation\":{\"Reason\":\"AC04\"}},\"Nonce\":1}")))
                .containsExactly(new BankNotice.TransferProgress(new TransferStatus("E-1", "P-1", "RTRN", "AC04")));
    }

    @Test
    void undoesAMovementThatWentBackAndGivesAPersonOneThatItCannotName() {
        String whole = "{\"Type\":\"Sepa.Ct.InboundPayment.ReturnCompleted\",\"Payload\":{\"PaymentId\":\"P-1\","
                + "\"TransactionId\":\"T-1\",\"InstructedAmount\":{\"Amount\":12.5,\"Currency\":\"EUR\"},"
                + "\"CreditorAccount\":{\"Iban\":\"NL25CLRB0066110527\"},"
                + "\"ReturnReasonInformation\":{\"Reason\":\"FOCR\"}},\"Nonce\":1}";
        assertThat(bank.read(bytes(whole))).singleElement().satisfies(notice -> {
            BankEntry entry = ((BankNotice.EntryNotice) notice).entry();
            assertThat(entry.reversal()).isTrue();
            assertThat(entry.direction()).isEqualTo(Direction.DEBIT);
            assertThat(entry.bankTransactionId()).isEqualTo("T-1");
            assertThat(entry.amount()).isEqualByComparingTo("12.50");
        });
        assertThat(bank.read(bytes(whole.replace("\"TransactionId\":\"T-1\",", ""))))
                .containsExactly(
                        new BankNotice.ForAPerson("Sepa.Ct.InboundPayment.ReturnCompleted", "P-1", "reason FOCR"));
    }

    @Test
    void givesAPersonWhatTheEngineMustNotDecide() {
        assertThat(bank.read(bytes("{\"Type\":\"Sepa.Ct.InboundPayment.Recalled\",\"Payload\":{\"PaymentId\":\"P-1\","
                        + "\"CancellationReasonInformation\":{\"Reason\":\"FRAD\"}},\"Nonce\":1}")))
                .containsExactly(new BankNotice.ForAPerson("Sepa.Ct.InboundPayment.Recalled", "P-1", "reason FRAD"));
        assertThat(bank.read(bytes("{\"Type\":\"Sepa.Ct.OutboundPayment.Failed\",\"Payload\":{\"PaymentId\":\"P-1\","
                        + "\"Reason\":\"AB15\"},\"Nonce\":1}")))
                .containsExactly(
                        new BankNotice.ForAPerson("Sepa.Ct.OutboundPayment.Failed", "P-1", "a payment of ours: AB15"));
    }

    @Test
    void keepsAndIgnoresWhatItDoesNotKnow() {
        assertThat(bank.read(bytes("{\"Type\":\"FITestEvent\",\"Version\":1,\"Payload\":\"Hello\",\"Nonce\":7}")))
                .containsExactly(new BankNotice.NothingToDo("FITestEvent"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1000.0,               | 1e3,                  | invalid-amount",
                "1000.0,               | 1E+3,                 | invalid-amount",
                "1000.0,               | 1e999999999,          | invalid-amount",
                "1000.0,               | -1e-9999999990000,    | invalid-number",
                "1000.0,               | -1000.0,              | invalid-amount",
                "1000.0,               | 1000.001,             | precision",
                "1000.0,               | \"1000.0\",           | missing-field",
                "1000.0,               | null,                 | missing-field",
                "\"EUR\"               | \"EURO\"              | invalid-currency",
                "\"EUR\"               | \"JPY\"               | ''",
                "\"Credit\"            | \"CRDT\"              | invalid-direction",
                "2026-11-23T23:30      | 2026-02-30T23:30      | invalid-date",
                "\"Payload\":{         | \"Payload\":[{        | not-json",
                "\"TransactionId\"     | \"Transaction\"       | missing-field",
                "\"NL25CLRB0066110527\",\"Bban\":null}},| null}},| ''"
            })
    void readsNothingByHalves(String right, String wrong, String reason) {
        String body = COMPLETED.replace(right, wrong);
        assertThat(body).isNotEqualTo(COMPLETED);
        if (reason.isEmpty()) {
            assertThat(bank.read(bytes(body))).hasSize(1);
        } else {
            assertThatThrownBy(() -> bank.read(bytes(body)))
                    .isInstanceOfSatisfying(
                            UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    @Test
    void answersEveryDeliveryWithItsOwnNonceSignedByUs() throws Exception {
        BankPublicKey us = BankPublicKey.parse(RsaKeys.pem("PUBLIC KEY", ours.getPublic()));
        for (String nonce : List.of("740685879", "-1", "2147483647")) {
            WebhookDelivery delivery = signed(COMPLETED.replace("740685879", nonce));
            Verdict.Verified verified = (Verdict.Verified) bank.verify(delivery, NOW);

            Acknowledgement answer = bank.acknowledge(verified, delivery);

            assertThat(answer.httpStatus()).isEqualTo(200);
            assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("{\"Nonce\":" + nonce + "}");
            assertThat(us.verifies(answer.headers().get("DigitalSignature"), answer.body()))
                    .isTrue();
        }
    }

    @Test
    void knowsADuplicateByItsPayloadAndNotByItsNonce() throws Exception {
        WebhookDelivery first = signed(COMPLETED);
        WebhookDelivery again = signed(COMPLETED.replace("740685879", "123"));
        WebhookDelivery another = signed(COMPLETED.replace(TRANSACTION_ID, "a94a49f7-9007-419a-8722-bc45b0ddc7ec"));

        assertThat(eventId(again)).isEqualTo(eventId(first));
        assertThat(eventId(another)).isNotEqualTo(eventId(first));
        assertThat(eventId(signed(INBOUND))).isNotEqualTo(eventId(first));
        assertThat(bank.repeated(again.body())).isEqualTo(bank.repeated(first.body()));
        assertThat(bank.repeated(another.body())).isNotEqualTo(bank.repeated(first.body()));
        assertThat(eventId(signed("{\"Type\":\"FITestEvent\",\"Nonce\":1}")))
                .isEqualTo(eventId(signed("{\"Type\":\"FITestEvent\",\"Nonce\":2}")));
    }

    @Test
    void refusesADeliveryThatIsNotTheBanks() throws Exception {
        WebhookDelivery delivery = signed(COMPLETED);
        byte[] tampered = delivery.body().clone();
        tampered[tampered.length - 3] ^= 1;

        assertThat(bank.verify(new WebhookDelivery(delivery.headers(), tampered), NOW))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(bank.verify(Deliveries.of(Map.of(), delivery.body()), NOW)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void keepsAGenuineBodyThatCannotBeRead() throws Exception {
        WebhookDelivery delivery = signed("{\"Type\":");

        Verdict.Verified verified = (Verdict.Verified) bank.verify(delivery, NOW);

        assertThat(verified.eventId()).startsWith("sha256:");
        assertThat(bank.acknowledge(verified, delivery).httpStatus()).isEqualTo(200);
        assertThat(bank.repeated(delivery.body())).isEqualTo(delivery.body());
        assertThatThrownBy(() -> bank.read(delivery.body())).isInstanceOf(UnreadableMessage.class);
    }

    @Test
    void ordersOneSignedPaymentUnderItsKey() throws Exception {
        API.stubFor(post(urlEqualTo(PAYMENTS))
                .willReturn(aResponse()
                        .withStatus(202)
                        .withBody("{\"paymentId\":\"1bfb7a86-7d9b-45ff-9d5c-34048efc4c8a\"}")));

        assertThat(bank.payments().submit(batch("Jürgen Größe", "EUR")))
                .isEqualTo(new SubmitOutcome.Accepted(
                        "1bfb7a86-7d9b-45ff-9d5c-34048efc4c8a",
                        List.of(new TransferStatus("E-1", "1bfb7a86-7d9b-45ff-9d5c-34048efc4c8a", "ACTC", null))));

        var request = API.findAll(postRequestedFor(urlEqualTo(PAYMENTS))
                        .withHeader("X-Request-Id", equalTo("key-1"))
                        .withHeader("Authorization", equalTo("Bearer the-token")))
                .getLast();
        assertThat(request.getBodyAsString())
                .isEqualTo("{\"endToEndId\":\"E-1\",\"amount\":12.30,\"currency\":\"EUR\","
                        + "\"debtor\":{\"name\":\"Sluice Mueller\",\"accountIban\":\"NL25CLRB0066110527\"},"
                        + "\"creditor\":{\"name\":\"Juergen Groesse\",\"accountIban\":\"DE02120300000000202051\"},"
                        + "\"remittanceInformationUnstructured\":\"E-1\"}");
        assertThat(BankPublicKey.parse(RsaKeys.pem("PUBLIC KEY", ours.getPublic()))
                        .verifies(request.getHeader("DigitalSignature"), request.getBody()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"400, Rejected", "401, Rejected", "409, Unknown", "429, Unknown", "500, Unknown", "503, Unknown"})
    void tellsANoFromWhatIsOpen(int status, String outcome) {
        API.stubFor(post(urlEqualTo(PAYMENTS)).willReturn(aResponse().withStatus(status)));

        assertThat(bank.payments().submit(batch("Payee", "EUR")).getClass().getSimpleName())
                .isEqualTo(outcome);
    }

    @Test
    void leavesOpenWhatWasNotAnswered() {
        API.stubFor(post(urlEqualTo(PAYMENTS)).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        assertThat(bank.payments().submit(batch("Payee", "EUR"))).isInstanceOf(SubmitOutcome.Unknown.class);
        API.stubFor(post(urlEqualTo(PAYMENTS))
                .willReturn(aResponse().withStatus(202).withBody("<html>")));
        assertThat(bank.payments().submit(batch("Payee", "EUR"))).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(bank.payments().find("key-1")).get().isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void refusesItselfWhatSepaCannotCarry() {
        assertThat(bank.payments().submit(batch("王小明", "EUR"))).isInstanceOf(SubmitOutcome.Rejected.class);
        assertThat(bank.payments().submit(batch("Payee", "USD"))).isInstanceOf(SubmitOutcome.Rejected.class);
        assertThat(bank.payments().largestBatch()).isEqualTo(1);
    }

    private static TransferBatch batch(String creditor, String currency) {
        return new TransferBatch(
                "key-1",
                "NL25CLRB0066110527",
                currency,
                LocalDate.of(2026, 11, 23),
                List.of(new TransferBatch.Transfer(
                        "E-1", new BigDecimal("12.30"), creditor, "DE02120300000000202051", null)));
    }

    private static String eventId(WebhookDelivery delivery) {
        return ((Verdict.Verified) bank.verify(delivery, NOW)).eventId();
    }

    private static WebhookDelivery signed(String body) throws Exception {
        SigningKey key = SigningKey.parse(RsaKeys.pem("PRIVATE KEY", theirs.getPrivate()));
        return Deliveries.of(Map.of("digitalsignature", key.sign(bytes(body))), bytes(body));
    }
}
