package io.sluice.bank.meridian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeridianBankTest {

    private static final URI HERE = URI.create("http://127.0.0.1:1");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String BOOKED = """
            {"id":"evt_1","type":"transaction.booked","timestamp":"2026-11-23T10:00:00Z","data":{"transactionId":"T-1",
             "account":"DE02120300000000202051","direction":"CREDIT","status":"BOOKED","amount":"12.34","currency":"EUR",
             "bookingDate":"2026-11-23","valueDate":"2026-11-24","accountServicerReference":"A-1","endToEndId":"NOTPROVIDED",
             "counterpartyName":"Jürgen Größe","remittance":"order 1","somethingNew":{"x":[1]}}}
            """;

    @TempDir
    private Path folder;

    @Test
    void readsABookedTransaction() throws IOException {
        assertThat(bank().read(bytes(BOOKED)))
                .containsExactly(new BankNotice.EntryNotice(new BankEntry(
                        "DE02120300000000202051",
                        "EUR",
                        new BigDecimal("12.34"),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        LocalDate.of(2026, 11, 23),
                        LocalDate.of(2026, 11, 24),
                        "T-1",
                        "A-1",
                        null,
                        null,
                        "Jürgen Größe",
                        null,
                        "order 1",
                        null,
                        null)));
    }

    @Test
    void readsTheOtherNotices() throws IOException {
        assertThat(bank().read(bytes(
                        "{\"type\":\"transfer.updated\",\"data\":{\"endToEndId\":\"E-1\",\"transferId\":\"X-1\","
                                + "\"status\":\"RJCT\",\"reason\":\"AC04\"}}")))
                .containsExactly(new BankNotice.TransferProgress(new TransferStatus("E-1", "X-1", "RJCT", "AC04")));
        assertThat(bank().read(bytes(
                        "{\"type\":\"statement.available\",\"data\":{\"statementId\":\"S-1\",\"account\":\"A\","
                                + "\"day\":\"2026-11-23\"}}")))
                .containsExactly(new BankNotice.StatementAvailable("S-1", "A", LocalDate.of(2026, 11, 23)));
        assertThat(bank().read(bytes("{\"type\":\"card.issued\",\"data\":7}")))
                .containsExactly(new BankNotice.NothingToDo("card.issued"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"amount\":\"12.34\"   | \"amount\":12.34      | missing-field",
                "\"amount\":\"12.34\"   | \"amount\":\"1e3\"    | invalid-amount",
                "\"amount\":\"12.34\"   | \"amount\":\"-12.34\" | invalid-amount",
                "\"amount\":\"12.34\"   | \"amount\":\"12,34\"  | invalid-amount",
                "\"amount\":\"12.34\"   | \"amount\":\"12.340\" | precision",
                "\"amount\":\"12.34\"   | \"amount\":\"12\"     | precision",
                "\"amount\":\"12.34\"   | \"amount\":\"12.34\",\"amount\":\"99.99\" | duplicate-key",
                "\"currency\":\"EUR\"   | \"currency\":\"JPY\"  | precision",
                "\"currency\":\"EUR\"   | \"currency\":\"EURO\" | invalid-currency",
                "\"direction\":\"CREDIT\" | \"direction\":\"IN\" | invalid-direction",
                "2026-11-24             | 2026-02-30            | invalid-date",
                "\"account\":           | \"acct\":             | missing-field",
                "\"somethingNew\":{     | \"somethingNew\":[    | not-json"
            })
    void readsNothingByHalves(String right, String wrong, String reason) throws IOException {
        assertThat(BOOKED).contains(right);
        MeridianBank bank = bank();

        assertThatThrownBy(() -> bank.read(bytes(BOOKED.replace(right, wrong))))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @CsvSource({"''", "[]", "null", "{} {}", "nonsense"})
    void refusesABodyThatIsNoObject(String body) throws IOException {
        MeridianBank bank = bank();

        assertThatThrownBy(() -> bank.read(bytes(body))).isInstanceOf(UnreadableMessage.class);
    }

    @Test
    void verifiesByEveryActiveSecret() throws IOException {
        Instant now = Instant.parse("2026-11-23T10:00:00Z");
        String newer = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
        MeridianBank bank = MeridianBank.fromKeys(HERE, keys("api.key=k\nwebhook.secrets=" + newer + ", " + SECRET));
        byte[] body = bytes(BOOKED);
        WebhookDelivery delivery = new WebhookDelivery(
                StandardWebhooks.headers(WebhookSecret.parse(SECRET), "evt_1", now, body).entrySet().stream()
                        .collect(Collectors.toMap(header -> header.getKey(), header -> List.of(header.getValue()))),
                body);

        assertThat(bank.verify(delivery, now))
                .isEqualTo(new Verdict.Verified(
                        "evt_1", now, WebhookSecret.parse(SECRET).keyId()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webhook.secrets=" + SECRET + "       | api.key is missing",
                "api.key=secret-key                   | webhook.secrets is missing",
                "api.key=secret-key;webhook.secrets=x | begins with whsec_",
                "api.key=secret key;webhook.secrets=" + SECRET + " | An API key is"
            })
    void saysWhichKeyIsWrongWithoutShowingIt(String content, String message) throws IOException {
        Path keys = keys(content.replace(";", "\n"));

        assertThatThrownBy(() -> MeridianBank.fromKeys(HERE, keys))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(keys.toString())
                .message()
                .doesNotContain("secret-key", "MfKQ9r8G");
    }

    @Test
    void saysThatTheKeysFileIsNotThere() {
        Path missing = folder.resolve("missing.properties");

        assertThatThrownBy(() -> MeridianBank.fromKeys(HERE, missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be read from " + missing);
    }

    @ParameterizedTest
    @CsvSource({
        "http://bank.example",
        "ftp://127.0.0.1",
        "https://user:word@bank.example",
        "https://bank.example/?a=b",
        "bank"
    })
    void refusesAnAddressThatWouldLeakTheKey(URI address) throws IOException {
        Path keys = keys("api.key=k\nwebhook.secrets=" + SECRET);

        assertThatThrownBy(() -> MeridianBank.fromKeys(address, keys)).isInstanceOf(IllegalArgumentException.class);
    }

    private MeridianBank bank() throws IOException {
        return MeridianBank.fromKeys(HERE, keys("api.key=k\nwebhook.secrets=" + SECRET));
    }

    private Path keys(String content) throws IOException {
        return Files.writeString(folder.resolve("keys.properties"), content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
