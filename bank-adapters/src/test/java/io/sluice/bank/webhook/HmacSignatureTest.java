package io.sluice.bank.webhook;

import static io.sluice.bank.webhook.HmacSignature.Scheme.ADYEN;
import static io.sluice.bank.webhook.HmacSignature.Scheme.AIRWALLEX;
import static io.sluice.bank.webhook.HmacSignature.Scheme.MODERN_TREASURY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.Verdict.Reason;
import io.sluice.bank.WebhookDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of WH-08 for schemes with one HMAC in one header, against the banks' public vectors. */
class HmacSignatureTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.250Z");
    private static final byte[] BODY = bytes("{\"id\":\"evt-1\",\"amount\":12.34}");
    private static final WebhookSecret KEY = WebhookSecret.text("an-airwallex-secret-of-our-own-0");
    private static final WebhookSecret OLD_KEY = WebhookSecret.text("an-airwallex-secret-of-our-own-1");

    private final HmacSignature airwallex = new HmacSignature(AIRWALLEX, List.of(KEY, OLD_KEY));

    @Test
    void signsTheVectorOfAdyen() {
        WebhookSecret key = WebhookSecret.hex("9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6");

        assertThat(HmacSignature.sign(ADYEN, key, "", bytes("TestPayload")))
                .isEqualTo("YA9/UDjldIO4Gq68X4ATYYoEaPYH4f4k2uzBBzEF1PA=");
        assertThat(new HmacSignature(ADYEN, List.of(key))
                        .verify(
                                delivery(
                                        Map.of("hmacsignature", "YA9/UDjldIO4Gq68X4ATYYoEaPYH4f4k2uzBBzEF1PA="),
                                        bytes("TestPayload")),
                                NOW,
                                body -> "E-1"))
                .isEqualTo(new Verdict.Verified("E-1", NOW, key.keyId()));
    }

    @Test
    void signsTheVectorOfModernTreasury() {
        WebhookSecret key = WebhookSecret.of(bytes("foo"));
        byte[] body = bytes("{\"foo\":\"bar\"}");
        String signature = "57e14f6f354543f0101fb06ea24df7731d90087b76651e3497345e22a3622940";

        assertThat(HmacSignature.sign(MODERN_TREASURY, key, "", body)).isEqualTo(signature);
        HmacSignature bank = new HmacSignature(MODERN_TREASURY, List.of(key));
        assertThat(bank.verify(delivery(Map.of("x-signature", signature), body), NOW, id -> "E-1"))
                .isInstanceOf(Verdict.Verified.class);
        assertRefused(
                bank.verify(delivery(Map.of("x-signature", signature), bytes("{\"foo\":\"baz\"}")), NOW, id -> "E-1"),
                Reason.SIGNATURE_WRONG);
    }

    @Test
    void signsTheSecretOfIncreaseAsStandardWebhooksDoes() {
        byte[] body = bytes("{}");

        assertThat(StandardWebhooks.sign(WebhookSecret.of(bytes("secret\n")), "msg_1", NOW, body))
                .isEqualTo(StandardWebhooks.sign(
                        WebhookSecret.of(java.util.Base64.getDecoder().decode("c2VjcmV0Cg==")), "msg_1", NOW, body));
    }

    @Test
    void acceptsTimeAndBodyWithNothingBetween() {
        assertThat(verify(signed(KEY, NOW, BODY), BODY))
                .isEqualTo(new Verdict.Verified("evt-1", millis(NOW), KEY.keyId()));
    }

    @Test
    void acceptsTheOldKeyWhileItIsRotated() {
        assertThat(verify(signed(OLD_KEY, NOW, BODY), BODY))
                .isEqualTo(new Verdict.Verified("evt-1", millis(NOW), OLD_KEY.keyId()));
    }

    @Test
    void refusesAnotherKey() {
        WebhookSecret stranger = WebhookSecret.text("a-secret-that-is-somebody-elses-");

        assertRefused(verify(signed(stranger, NOW, BODY), BODY), Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesABodyChangedByOneByte() {
        for (int place = 0; place < BODY.length; place++) {
            byte[] tampered = BODY.clone();
            tampered[place] ^= 1;
            assertRefused(verify(signed(KEY, NOW, BODY), tampered), Reason.SIGNATURE_WRONG);
        }
        assertRefused(verify(signed(KEY, NOW, BODY), new byte[0]), Reason.SIGNATURE_WRONG);
    }

    @Test
    void refusesADeliveryWithoutSignatureOrWithTwo() {
        Map<String, List<String>> none = lists(signed(KEY, NOW, BODY));
        none.remove("x-signature");
        Map<String, List<String>> empty = lists(signed(KEY, NOW, BODY));
        empty.put("x-signature", List.of());
        Map<String, List<String>> blank = lists(signed(KEY, NOW, BODY));
        blank.put("x-signature", List.of(" "));
        Map<String, List<String>> two = lists(signed(KEY, NOW, BODY));
        two.put("x-signature", List.of(two.get("x-signature").getFirst(), "00"));
        Map<String, List<String>> huge = lists(signed(KEY, NOW, BODY));
        huge.put("x-signature", List.of("0".repeat(1_000_000)));

        for (Map<String, List<String>> headers : List.of(none, empty, blank, two, huge)) {
            assertRefused(
                    airwallex.verify(new WebhookDelivery(headers, BODY), NOW, HmacSignatureTest::id),
                    Reason.SIGNATURE_MISSING);
        }
    }

    @Test
    void refusesWhatIsFiveMinutesOldOrAheadByAMillisecondMore() {
        assertThat(verifySentAt(NOW.minus(Duration.ofMinutes(5)))).isInstanceOf(Verdict.Verified.class);
        assertThat(verifySentAt(NOW.plus(Duration.ofMinutes(5)))).isInstanceOf(Verdict.Verified.class);
        assertRefused(verifySentAt(NOW.minus(Duration.ofMinutes(5)).minusMillis(1)), Reason.TIMESTAMP_TOO_OLD);
        assertRefused(verifySentAt(NOW.plus(Duration.ofMinutes(5)).plusMillis(1)), Reason.TIMESTAMP_IN_FUTURE);
    }

    @Test
    void refusesSecondsForMilliseconds() {
        String seconds = Long.toString(NOW.getEpochSecond());

        assertRefused(
                verify(
                        Map.of(
                                "x-timestamp",
                                seconds,
                                "x-signature",
                                HmacSignature.sign(AIRWALLEX, KEY, seconds, BODY)),
                        BODY),
                Reason.TIMESTAMP_TOO_OLD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "-1", "1795428000250.0", "9999999999999999", " 1795428000250", "١٧٩٥٤٢٨٠٠٠٢٥٠", "１７９"
            })
    void refusesATimestampThatIsNone(String timestamp) {
        Map<String, String> headers = new HashMap<>(signed(KEY, NOW, BODY));
        headers.put("x-timestamp", timestamp);

        assertRefused(verify(headers, BODY), Reason.TIMESTAMP_MALFORMED);
    }

    @Test
    void refusesATimestampThatWasNotSigned() {
        Map<String, String> headers = new HashMap<>(signed(KEY, NOW, BODY));
        headers.put("x-timestamp", Long.toString(NOW.toEpochMilli() + 1));

        assertRefused(verify(headers, BODY), Reason.SIGNATURE_WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"überall", "\u0000", "ａｂ", "💥", "%s%n"})
    void refusesASignatureThatIsNotAscii(String signature) {
        Map<String, String> headers = new HashMap<>(signed(KEY, NOW, BODY));
        headers.put("x-signature", signature);

        assertThat(verify(headers, BODY)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void refusesOtherSpellingsOfTheSignature() {
        Map<String, String> headers = new HashMap<>(signed(KEY, NOW, BODY));
        headers.put("x-signature", headers.get("x-signature").toUpperCase(java.util.Locale.ROOT));

        assertRefused(verify(headers, BODY), Reason.SIGNATURE_WRONG);
    }

    @Test
    void keepsAGenuineBodyThatDoesNotTellItsIdUnderItsHash() {
        Verdict unreadable = airwallex.verify(delivery(signed(KEY, NOW, BODY), BODY), NOW, body -> {
            throw new UnreadableMessage("not-json", "no id");
        });
        Verdict strange = airwallex.verify(delivery(signed(KEY, NOW, BODY), BODY), NOW, body -> "line\nbreak");

        assertThat(((Verdict.Verified) unreadable).eventId()).matches("sha256:[0-9a-f]{64}");
        assertThat(strange).isEqualTo(unreadable);
    }

    @Test
    void startsWithNoSecretThatIsMissingShortOrMalformed() {
        assertThatThrownBy(() -> new HmacSignature(AIRWALLEX, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebhookSecret.text("short"))
                .hasMessageContaining("24 to 128")
                .hasMessageNotContaining("short ");
        assertThatThrownBy(() -> WebhookSecret.text("a secret with blanks in its middle"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebhookSecret.hex("xyz")).isInstanceOf(IllegalArgumentException.class);
    }

    private Verdict verifySentAt(Instant sent) {
        return verify(signed(KEY, sent, BODY), BODY);
    }

    private Verdict verify(Map<String, String> headers, byte[] body) {
        return airwallex.verify(delivery(headers, body), NOW, HmacSignatureTest::id);
    }

    private static String id(byte[] body) {
        return "evt-1";
    }

    private static Map<String, String> signed(WebhookSecret key, Instant sent, byte[] body) {
        String timestamp = Long.toString(sent.toEpochMilli());
        return Map.of("x-timestamp", timestamp, "x-signature", HmacSignature.sign(AIRWALLEX, key, timestamp, body));
    }

    private static Instant millis(Instant instant) {
        return Instant.ofEpochMilli(instant.toEpochMilli());
    }

    private static WebhookDelivery delivery(Map<String, String> headers, byte[] body) {
        return new WebhookDelivery(lists(headers), body);
    }

    private static Map<String, List<String>> lists(Map<String, String> headers) {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return lists;
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
