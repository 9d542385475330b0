package io.sluice.bank.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.Verdict;
import io.sluice.bank.Verdict.Reason;
import io.sluice.bank.WebhookDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of WH-08, against the test vector of the standard. */
class StandardWebhooksTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final Instant SENT = Instant.ofEpochSecond(1_614_265_330L);
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final WebhookSecret KEY = WebhookSecret.parse(SECRET);
    private static final WebhookSecret OTHER_KEY =
            WebhookSecret.parse("whsec_" + Base64.getEncoder().encodeToString(new byte[32]));

    private final StandardWebhooks webhooks = new StandardWebhooks(List.of(KEY));

    @Test
    void signsTheVectorOfTheStandard() {
        assertThat(StandardWebhooks.sign(KEY, ID, SENT, BODY)).isEqualTo(SIGNATURE);
    }

    @Test
    void acceptsTheVectorOfTheStandard() {
        assertThat(verify(headers(SIGNATURE), BODY)).isEqualTo(new Verdict.Verified(ID, SENT, KEY.keyId()));
    }

    @Test
    void acceptsTheHeaderNamesOfSvix() {
        Map<String, String> svix = headers(SIGNATURE).entrySet().stream()
                .collect(Collectors.toMap(header -> header.getKey().replace("webhook-", "svix-"), Map.Entry::getValue));

        assertThat(verify(svix, BODY)).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void acceptsTheSameAttemptAgain() {
        assertThat(verify(headers(SIGNATURE), BODY)).isEqualTo(verify(headers(SIGNATURE), BODY));
    }

    @Test
    void refusesAWrongKey() {
        assertRefused(verify(headers(StandardWebhooks.sign(OTHER_KEY, ID, SENT, BODY)), BODY), Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesADeliveryWithoutSignature() {
        Map<String, String> headers = headers(SIGNATURE);
        headers.remove("webhook-signature");

        assertRefused(verify(headers, BODY), Reason.SIGNATURE_MISSING);
        assertRefused(verify(Map.of(), BODY), Reason.SIGNATURE_MISSING);
        assertRefused(verify(headers(" "), BODY), Reason.SIGNATURE_MISSING);
    }

    @Test
    void asksForTheStandardsHeadersWhereNoneIsThere() {
        assertThat(verify(Map.of(), BODY))
                .asString()
                .contains("webhook-signature")
                .doesNotContain("svix");
    }

    @Test
    void refusesASignatureHeaderThatIsRepeated() {
        Map<String, List<String>> headers = lists(headers(SIGNATURE));
        headers.put("webhook-signature", List.of(SIGNATURE, SIGNATURE));

        assertRefused(webhooks.verify(new WebhookDelivery(headers, BODY), SENT), Reason.SIGNATURE_MISSING);
    }

    @Test
    void refusesWhatIsTooOld() {
        assertThat(verifyAt(SENT.plusSeconds(300))).isInstanceOf(Verdict.Verified.class);
        assertRefused(verifyAt(SENT.plusSeconds(301)), Reason.TIMESTAMP_TOO_OLD);
    }

    @Test
    void refusesWhatIsInTheFuture() {
        assertThat(verifyAt(SENT.minusSeconds(300))).isInstanceOf(Verdict.Verified.class);
        assertRefused(verifyAt(SENT.minusSeconds(301)), Reason.TIMESTAMP_IN_FUTURE);
    }

    @Test
    void refusesMillisecondsForSeconds() {
        Map<String, String> headers = headers(SIGNATURE);
        headers.put("webhook-timestamp", "1614265330000");

        assertRefused(verify(headers, BODY), Reason.TIMESTAMP_IN_FUTURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1614265330", "1614265330.0", "99999999999999999999", " 1614265330"})
    void refusesATimestampThatIsNone(String timestamp) {
        Map<String, String> headers = headers(SIGNATURE);
        headers.put("webhook-timestamp", timestamp);

        assertRefused(verify(headers, BODY), Reason.TIMESTAMP_MALFORMED);
    }

    @Test
    void refusesAReplayUnderAnotherTimestampOrId() {
        Map<String, String> later = headers(SIGNATURE);
        later.put("webhook-timestamp", "1614265331");
        Map<String, String> renamed = headers(SIGNATURE);
        renamed.put("webhook-id", "msg_another");

        assertRefused(verify(later, BODY), Reason.SIGNATURE_WRONG);
        assertRefused(verify(renamed, BODY), Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesABodyWithOtherWhitespace() {
        byte[] reformatted = "{\"test\":2432232314}".getBytes(StandardCharsets.UTF_8);
        byte[] longer = Arrays.copyOf(BODY, BODY.length + 1);

        assertRefused(verify(headers(SIGNATURE), reformatted), Reason.SIGNATURE_WRONG);
        assertRefused(verify(headers(SIGNATURE), longer), Reason.SIGNATURE_WRONG);
    }

    @Test
    void acceptsOneValidSignatureAmongSeveral() {
        String list = StandardWebhooks.sign(OTHER_KEY, ID, SENT, BODY) + " v1a,whatever " + SIGNATURE;

        assertThat(verify(headers(list), BODY)).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void acceptsTheOldKeyWhileItIsRotated() {
        StandardWebhooks rotating = new StandardWebhooks(List.of(OTHER_KEY, KEY));

        assertThat(rotating.verify(new WebhookDelivery(lists(headers(SIGNATURE)), BODY), SENT))
                .isEqualTo(new Verdict.Verified(ID, SENT, KEY.keyId()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%%"})
    void startsWithNoSecretThatIsEmptyShortOrMalformed(String secret) {
        assertThatThrownBy(() -> WebhookSecret.parse(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A webhook secret")
                .hasNoCause();
        assertThatThrownBy(() -> new StandardWebhooks(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    /** "a.1" sent at 2 and "a" sent at "1.2" would be signed alike. */
    @ParameterizedTest
    @ValueSource(strings = {"", "msg.1614265330", "msg\n", "msg\u0000", "msg 1", "müller"})
    void refusesAnIdThatCouldBeReadTwoWays(String id) {
        Map<String, String> headers = headers(SIGNATURE);
        headers.put("webhook-id", id);

        assertRefused(verify(headers, BODY), Reason.EVENT_ID_MALFORMED);
        assertThatThrownBy(() -> StandardWebhooks.sign(KEY, id, SENT, BODY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
                "v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=",
                "v1g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,"
            })
    void refusesOtherSpellingsOfTheSignature(String signature) {
        assertRefused(verify(headers(signature), BODY), Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesAHugeListOfSignatures() {
        assertRefused(verify(headers((SIGNATURE + " ").repeat(17)), BODY), Reason.SIGNATURE_WRONG);
        assertRefused(verify(headers(SIGNATURE + " " + "x".repeat(1_000_000)), BODY), Reason.SIGNATURE_WRONG);
        assertThat(verify(headers((SIGNATURE + " ").repeat(16)), BODY)).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void keepsItsSecretToItself() {
        assertThat(KEY.toString()).doesNotContain("MfKQ9r8G").contains(KEY.keyId());
    }

    private Verdict verify(Map<String, String> headers, byte[] body) {
        return webhooks.verify(new WebhookDelivery(lists(headers), body), SENT);
    }

    private Verdict verifyAt(Instant now) {
        return webhooks.verify(new WebhookDelivery(lists(headers(SIGNATURE)), BODY), now);
    }

    private static Map<String, String> headers(String signature) {
        Map<String, String> headers = new HashMap<>();
        headers.put("webhook-id", ID);
        headers.put("webhook-timestamp", "1614265330");
        headers.put("webhook-signature", signature);
        return headers;
    }

    private static Map<String, List<String>> lists(Map<String, String> headers) {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return lists;
    }

    private static void assertRefused(Verdict verdict, Reason reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
