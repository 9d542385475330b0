package io.sluice.bank.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.Verdict.Reason;
import io.sluice.bank.WebhookDelivery;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of WH-08 for RSA, against the public vectors of Wise and ClearBank. */
class RsaSignatureTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    /** Wise's sandbox key, body and signature (transferwise/digital-signatures-examples). */
    private static final BankPublicKey WISE = BankPublicKey.parse("""
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwpb91cEYuyJNQepZAVfP
            ZIlPZfNUefH+n6w9SW3fykqKu938cR7WadQv87oF2VuT+fDt7kqeRziTmPSUhqPU
            ys/V2Q1rlfJuXbE+Gga37t7zwd0egQ+KyOEHQOpcTwKmtZ81ieGHynAQzsn1We3j
            wt760MsCPJ7GMT141ByQM+yW1Bx+4SG3IGjXWyqOWrcXsxAvIXkpUD/jK/L958Cg
            nZEgz0BSEh0QxYLITnW1lLokSx/dTianWPFEhMC9BgijempgNXHNfcVirg1lPSyg
            z7KqoKUN0oHqWLr2U1A+7kqrl6O2nx3CKs1bj1hToT1+p4kcMoHXA7kA+VBLUpEs
            VwIDAQAB
            -----END PUBLIC KEY-----
            """);

    private static final byte[] WISE_BODY = bytes(
            "{\"data\":{\"resource\":{\"id\":49983981,\"profile_id\":16055450,\"account_id\":14124090,\"type\":\"transfer\"},"
                    + "\"current_state\":\"incoming_payment_waiting\",\"previous_state\":null,"
                    + "\"occurred_at\":\"2021-08-23T10:12:50Z\"},\"subscription_id\":\"90aa8e14-4ef1-4a56-861c-f3c9cde097ea\","
                    + "\"event_type\":\"transfers#state-change\",\"schema_version\":\"2.0.0\",\"sent_at\":\"2021-08-23T10:12:50Z\"}");
    private static final String WISE_SIGNATURE =
            "wKcKCYXAzxNgiu7xmoDm943NUni7Rz33QN8JkEA9dWSGebgndonabgSj18Y4C08OrwVmueGsED2s00M7DtJVcYKOS1i3G4TMVx+mgM3aL9dj"
                    + "MBkQtiYNBFUd6wrPI7ZUNHv/TrlKSjTMc+6JFvUvJ7owY3z85e3I4jLRLJowMFvO8kvCJ60+1pY9wDwZvtZ//WS93LrwGjk9Dvwzpmu0"
                    + "w+P4J75tETT5qC3Uv0y5G2yO8SEoO3yNP/tg/BOli02niHb53vEOUWUb9bly6thnfMoXoiV/osoGxgF20R58RlvkAmezyyl1Sv542TfS"
                    + "2DpiwVnmjjjkCyXeSUcKookYLQ==";

    /** The public half of the test key of clearbank/fi-api-signtool, with its known body and signature. */
    private static final BankPublicKey CLEARBANK = BankPublicKey.parse("""
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAzWKqXfw8HU6lMtoLdc1W
            EkEZP/Dmhx8JmfMMQxcUIiFUkObL9zAEo/pk4/1FCaAy/l14yX76OU97Eannq8FO
            bjd8tU5UOqb4n9RpXO3md1JDIZkuqhjQwuCJax/0nyNY+WH5MLWCBgo5kw6R+AHB
            dCXQGSGoMGfm0qQAySDE1PmZWc/6sR4WacK+ooMO/YtP7HuQQeG8qsJ44wbQXaYl
            KupxJr3EDo+Un4N9/PHmXlTTz1u7/aO2KbzP+V6kevvPzf+mS+KvSLMYMgIuDiQX
            vlor9UeC1M5VNj7Trx6HKnoiekKUt3tL14cIHVKhpOTlN2l2yj4ImmAG3qZ4gMO6
            DwIDAQAB
            -----END PUBLIC KEY-----
            """);

    private static final byte[] CLEARBANK_BODY = bytes("{ \"Message\": \"Hello World\" }");
    private static final String CLEARBANK_SIGNATURE =
            "WOz1OHlV1/41pShZyWu6Mo2BBeAfbgxAHIWAtDx6CSpViYiybA6zN/bkBeV3Tne9INQvngRtyMokXVECQPwfvsRa4DWd6tYJxQMm2xseMydt"
                    + "2ksPsyfIijGemKoCTEpoGqg5ZjMTHrPx9MtCbMeuqTAhlGXzXME5/8oC7hhhHfmNqzbU5aNIJRExdba2/74z0rJPO9nW85NLEnBjawBo"
                    + "cnerQsOj5w3FAZ4PrCiFnkSCJ2+Os1MOx8/r+oQKH6OHCaTIOAw64mByAVuLkDYvp3OmN1D4tzB5CgaVVdKvrSG9h8pq6B0u7LuppGX+"
                    + "ryZuHxjF4IoRTfYeh69a9Ze7uA==";

    private final RsaSignature wise = new RsaSignature("X-Signature-SHA256", List.of(WISE));
    private final RsaSignature clearBank = new RsaSignature("DigitalSignature", List.of(CLEARBANK));

    @Test
    void acceptsTheVectorOfWise() {
        assertThat(wise.verify(delivery("x-signature-sha256", WISE_SIGNATURE, WISE_BODY), NOW, body -> "E-1"))
                .isEqualTo(new Verdict.Verified("E-1", NOW, WISE.keyId()));
    }

    @Test
    void acceptsTheVectorOfClearBank() {
        assertThat(verify(CLEARBANK_SIGNATURE, CLEARBANK_BODY))
                .isEqualTo(new Verdict.Verified("E-1", NOW, CLEARBANK.keyId()));
    }

    @Test
    void signsSoThatThePublicKeyVerifies() throws Exception {
        KeyPair pair = RsaKeys.pair(2048);
        SigningKey ours = SigningKey.parse(RsaKeys.pem("PRIVATE KEY", pair.getPrivate()));
        BankPublicKey theirs = BankPublicKey.parse(RsaKeys.pem("PUBLIC KEY", pair.getPublic()));

        String signature = ours.sign(CLEARBANK_BODY);

        assertThat(signature).isEqualTo(ours.sign(CLEARBANK_BODY));
        assertThat(theirs.verifies(signature, CLEARBANK_BODY)).isTrue();
        assertThat(theirs.verifies("no base64", CLEARBANK_BODY)).isFalse();
        assertThat(CLEARBANK.verifies(signature, CLEARBANK_BODY)).isFalse();
    }

    @Test
    void acceptsTheOldKeyWhileItIsRotated() {
        RsaSignature rotating = new RsaSignature("DigitalSignature", List.of(WISE, CLEARBANK));

        assertThat(rotating.verify(
                        delivery("digitalsignature", CLEARBANK_SIGNATURE, CLEARBANK_BODY), NOW, body -> "E-1"))
                .isEqualTo(new Verdict.Verified("E-1", NOW, CLEARBANK.keyId()));
    }

    @Test
    void refusesAnotherKey() {
        assertRefused(
                new RsaSignature("DigitalSignature", List.of(WISE))
                        .verify(delivery("digitalsignature", CLEARBANK_SIGNATURE, CLEARBANK_BODY), NOW, body -> "E-1"),
                Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesABodyChangedByOneByte() {
        for (int place = 0; place < CLEARBANK_BODY.length; place++) {
            byte[] tampered = CLEARBANK_BODY.clone();
            tampered[place] ^= 1;
            assertRefused(verify(CLEARBANK_SIGNATURE, tampered), Reason.SIGNATURE_WRONG);
        }
    }

    @Test
    void refusesADeliveryWithoutSignatureOrWithTwo() {
        WebhookDelivery none = new WebhookDelivery(Map.of(), CLEARBANK_BODY);
        WebhookDelivery empty = delivery("digitalsignature", "", CLEARBANK_BODY);
        WebhookDelivery two = new WebhookDelivery(
                Map.of("digitalsignature", List.of(CLEARBANK_SIGNATURE, CLEARBANK_SIGNATURE)), CLEARBANK_BODY);

        for (WebhookDelivery delivery : List.of(none, empty, two)) {
            assertRefused(clearBank.verify(delivery, NOW, body -> "E-1"), Reason.SIGNATURE_MISSING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"überall", "AAAA", "%%%%", "AA==", "\u0000", "WOz1", "💥", "A"})
    void refusesWhatIsNoSignature(String signature) {
        assertRefused(verify(signature, CLEARBANK_BODY), Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesOtherSpellingsOfTheSignature() {
        String unpadded = CLEARBANK_SIGNATURE.replace("=", "");
        String otherLastBits = CLEARBANK_SIGNATURE.replace("uA==", "uB==");
        String urlSafe = CLEARBANK_SIGNATURE.replace('+', '-').replace('/', '_');
        String list = CLEARBANK_SIGNATURE + "," + CLEARBANK_SIGNATURE;

        for (String signature : List.of(unpadded, otherLastBits, urlSafe, list, " " + CLEARBANK_SIGNATURE)) {
            assertRefused(verify(signature, CLEARBANK_BODY), Reason.SIGNATURE_WRONG);
        }
    }

    @Test
    void keepsAGenuineBodyThatDoesNotTellItsIdUnderItsHash() {
        Verdict verdict =
                clearBank.verify(delivery("digitalsignature", CLEARBANK_SIGNATURE, CLEARBANK_BODY), NOW, body -> {
                    throw new UnreadableMessage("missing-field", "Type");
                });

        assertThat(((Verdict.Verified) verdict).eventId())
                .isEqualTo("sha256:94bdeacad60d083a69ac4a1853f2fda1e3fafaf866282f1767c57d73f3703e6b");
    }

    @Test
    void startsWithNoKeyThatIsMissingShortOrMalformed() throws Exception {
        String shortKey = RsaKeys.pem("PUBLIC KEY", RsaKeys.pair(1024).getPublic());
        String shortPrivate = RsaKeys.pem("PRIVATE KEY", RsaKeys.pair(1024).getPrivate());

        assertThatThrownBy(() -> new RsaSignature("DigitalSignature", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BankPublicKey.parse(shortKey)).hasMessageContaining("at least 2048 bits, was 1024");
        assertThatThrownBy(() -> SigningKey.parse(shortPrivate)).hasMessageContaining("at least 2048 bits, was 1024");
        for (String pem : List.of("", "secret", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----")) {
            assertThatThrownBy(() -> SigningKey.parse(pem))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .hasMessageNotContaining("c2VjcmV0");
            assertThatThrownBy(() -> BankPublicKey.parse(pem)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private Verdict verify(String signature, byte[] body) {
        return clearBank.verify(delivery("digitalsignature", signature, body), NOW, id -> "E-1");
    }

    private static WebhookDelivery delivery(String header, String signature, byte[] body) {
        return new WebhookDelivery(Map.of(header, List.of(signature)), body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(Verdict verdict, Reason reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
