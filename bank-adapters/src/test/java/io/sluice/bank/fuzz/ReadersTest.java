package io.sluice.bank.fuzz;

import static io.sluice.bank.Deliveries.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.Deliveries;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.airwallex.AirwallexBank;
import io.sluice.bank.airwallex.AirwallexLogin;
import io.sluice.bank.airwallex.AirwallexSettings;
import io.sluice.bank.clearbank.ClearBank;
import io.sluice.bank.clearbank.ClearBankSettings;
import io.sluice.bank.folder.FolderBank;
import io.sluice.bank.folder.FolderSettings;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.CreditTransferFile;
import io.sluice.bank.iso20022.PaymentStatusReport;
import io.sluice.bank.iso20022.SepaText;
import io.sluice.bank.meridian.MeridianBank;
import io.sluice.bank.meridian.MeridianSettings;
import io.sluice.bank.webhook.BankPublicKey;
import io.sluice.bank.webhook.HmacSignature;
import io.sluice.bank.webhook.RsaKeys;
import io.sluice.bank.webhook.SigningKey;
import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** XM-04 and WH-08 by chance: nothing that a sender writes makes a reader crash, hang, or read by halves. */
class ReadersTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final BankAddress HERE = BankAddress.of(URI.create("http://127.0.0.1:1"));
    private static final WebhookSecret SECRET = WebhookSecret.text("a-secret-of-thirty-two-characters");

    @Test
    void meridianReadsOrRefuses() {
        MeridianBank bank = new MeridianBank(new MeridianSettings(
                "meridian",
                HERE.baseUri(),
                new ApiKey("k"),
                List.of(SECRET),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1)));
        tried("meridian", bank, List.of(bytes("""
                {"id":"evt_1","type":"transaction.booked","timestamp":"2026-11-23T10:00:00Z","data":{"transactionId":"T-1",
                 "account":"DE02120300000000202051","direction":"CREDIT","status":"BOOKED","amount":"12.34","currency":"EUR",
                 "bookingDate":"2026-11-23","valueDate":"2026-11-24","accountServicerReference":"A-1","endToEndId":"E-1"}}
                """), bytes("""
                {"type":"transfer.updated","data":{"endToEndId":"E-1","transferId":"X-1","status":"RJCT","reason":"AC04"}}
                """)));
    }

    @Test
    void airwallexReadsOrRefuses() {
        AirwallexBank bank = new AirwallexBank(
                new AirwallexSettings("airwallex", HERE, new AirwallexLogin("c", "k"), List.of(SECRET), "royalties"));
        tried("airwallex", bank, List.of(bytes("""
                {"id":"e","name":"deposit.settled","account_id":"acct_1","data":{"id":"67f687fe","type":"BANK_TRANSFER",
                 "created_at":"2017-03-20T01:00:01+1100","currency":"AUD","amount":12794.27,"global_account_id":"fcfc369c",
                 "payer":{"name":"T","bank_account":{"type":"AU_BSB","au_bsb":{"bsb":"063001","account_number":"89098199202"}}},
                 "reference":"5487287788","provider_transaction_id":"p"}}
                """), bytes("""
                {"id":"e","name":"payout.transfer.paid","data":{"id":"T-1","reference":"E-1 x","failure_reason":null}}
                """)));
    }

    @Test
    void clearBankReadsAcknowledgesAndNamesEveryBody() throws Exception {
        KeyPair pair = RsaKeys.pair(2048);
        ClearBank bank = new ClearBank(new ClearBankSettings(
                "clearbank",
                HERE,
                new ApiKey("k"),
                List.of(BankPublicKey.parse(RsaKeys.pem("PUBLIC KEY", pair.getPublic()))),
                SigningKey.parse(RsaKeys.pem("PRIVATE KEY", pair.getPrivate())),
                "Us",
                ZoneId.of("Europe/Amsterdam")));
        List<byte[]> seeds = List.of(bytes("""
                {"Type":"CustomerAccounts.TransactionCompleted","Version":1,"Payload":{"TransactionId":"ce57422c",
                 "EndToEndIdentification":"INV-1","CompletedDateTime":"2026-11-23T23:30:58.0966667Z","ClearingChannel":"SEPA",
                 "DebitCreditCode":"Credit","Amount":1000.0,"Currency":"EUR","DebtorAccount":{"Iban":"NL51XBLT6087402426"},
                 "CreditorAccount":{"AccountId":"5602a737","Iban":"NL25CLRB0066110527"}},"Nonce":740685879}
                """), bytes("""
                {"Type":"Sepa.Ct.InboundPayment.Recalled","Payload":{"PaymentId":"P-1","CancellationReasonInformation":{
                 "Reason":"FRAD"}},"Nonce":1}
                """));
        tried("clearbank", bank, seeds);
        SigningKey theirs = SigningKey.parse(RsaKeys.pem("PRIVATE KEY", pair.getPrivate()));
        assertThat(Fuzzing.run("clearbank-delivery", seeds, body -> {
                    WebhookDelivery delivery = Deliveries.of(Map.of("digitalsignature", theirs.sign(body)), body);
                    Verdict.Verified verified = (Verdict.Verified) bank.verify(delivery, NOW);
                    return verified.eventId()
                            + new String(bank.acknowledge(verified, delivery).body(), StandardCharsets.UTF_8)
                            + bank.repeated(body).length;
                }))
                .isPositive();
    }

    @Test
    void camtAndPainAreReadOrRefused() throws IOException {
        CamtReader camt = new CamtReader();
        List<byte[]> statements = fixtures();
        assertThat(Fuzzing.run(
                        "camt", statements, file -> camt.read(file).reports().toString()))
                .isPositive();
        FolderBank bank = new FolderBank(new FolderSettings(
                "folder",
                Path.of("in"),
                Path.of("out"),
                Path.of("sent"),
                new CreditTransferFile.Debtor("Us", null),
                CreditTransferFile.Scheme.SCT,
                InstantSource.fixed(NOW)));
        byte[] report =
                bytes("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt><GrpHdr>"
                        + "<MsgId>R-1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>K</OrgnlMsgId><GrpSts>PART</GrpSts>"
                        + "</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>K</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts>"
                        + "<TxInfAndSts><OrgnlEndToEndId>E-1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>"
                        + "</StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>");
        assertThat(Fuzzing.run(
                        "pain-002",
                        List.of(report),
                        file -> PaymentStatusReport.read(file).toString()))
                .isPositive();
        tried("folder", bank, statements);
    }

    @Test
    void sepaTextIsCleanOrRefused() {
        assertThat(Fuzzing.run("sepa-text", List.of(bytes("Müller & Söhne // Größe €@_ 王"), bytes("/a/")), text -> {
                    try {
                        String clean = SepaText.of("name", new String(text, StandardCharsets.UTF_8), SepaText.NAME);
                        assertThat(clean)
                                .matches("[a-zA-Z0-9/\\-?:().,'+ ]{1,70}")
                                .doesNotContain("//");
                        assertThat(SepaText.of("name", clean, SepaText.NAME)).isEqualTo(clean);
                        return clean;
                    } catch (IllegalArgumentException e) {
                        return "refused";
                    }
                }))
                .isPositive();
    }

    @Test
    void noChangedDeliveryIsBelieved() {
        byte[] body = bytes("{\"id\":\"evt-1\",\"amount\":12.34}");
        String sent = Long.toString(NOW.toEpochMilli());
        String right = HmacSignature.sign(HmacSignature.Scheme.AIRWALLEX, SECRET, sent, body);
        HmacSignature hmac = new HmacSignature(HmacSignature.Scheme.AIRWALLEX, List.of(SECRET));
        Map<String, String> standard = StandardWebhooks.headers(SECRET, "evt-1", NOW, body);
        StandardWebhooks webhooks = new StandardWebhooks(List.of(SECRET));

        assertThat(Fuzzing.run("headers", List.of(bytes(right), bytes(sent), bytes("v1," + right), body), changed -> {
                    String text = new String(changed, StandardCharsets.UTF_8);
                    for (String header : List.of("x-signature", "x-timestamp")) {
                        Map<String, String> headers = new HashMap<>(Map.of("x-signature", right, "x-timestamp", sent));
                        String was = headers.put(header, text);
                        if (!text.equals(was)) {
                            assertThat(hmac.verify(Deliveries.of(headers, body), NOW, b -> "evt-1"))
                                    .isInstanceOf(Verdict.Refused.class);
                        }
                    }
                    for (String header : standard.keySet()) {
                        Map<String, String> headers = new HashMap<>(standard);
                        String was = headers.put(header, text);
                        if (!text.contains(String.valueOf(was))) {
                            assertThat(webhooks.verify(Deliveries.of(headers, body), NOW))
                                    .isInstanceOf(Verdict.Refused.class);
                        }
                    }
                    return "refused";
                }))
                .isPositive();
    }

    private static void tried(String name, BankAdapter bank, List<byte[]> seeds) {
        assertThat(Fuzzing.run(name, seeds, bank::read)).isPositive();
    }

    private static List<byte[]> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/io/sluice/bank/iso20022"))) {
            return files.sorted()
                    .map(file -> {
                        try {
                            return Files.readAllBytes(file);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}
