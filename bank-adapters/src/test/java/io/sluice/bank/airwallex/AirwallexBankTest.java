package io.sluice.bank.airwallex;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static io.sluice.bank.Deliveries.bytes;
import static io.sluice.bank.Deliveries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.sluice.bank.BankEntry;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankNotice;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.Deliveries;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.webhook.HmacSignature;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.BankAddress;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The adapter against Airwallex's documented messages. */
class AirwallexBankTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final WebhookSecret SECRET = WebhookSecret.text("a-secret-of-thirty-two-characters");
    private static final String CREATE = "/api/v1/transfers/create";
    private static final String DEPOSIT = """
            {"id":"67f687fe-dcf4-4462-92fa-20335301d9d8","type":"BANK_TRANSFER","status":"SETTLED",
             "created_at":"2017-03-20T01:00:01+1100","currency":"AUD","amount":12794.27,
             "global_account_id":"fcfc369c-ce9d-4ab7-b9af-80df61848f8f","payer":{"name":"Tester Smith","country_code":"AU",
             "bank_account":{"type":"AU_BSB","au_bsb":{"bsb":"063001","account_number":"89098199202"},"name":"Tester Smith"}},
             "reference":"5487287788","provider_transaction_id":"provider-1"}""";

    @RegisterExtension
    static final WireMockExtension API = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private AirwallexBank bank;

    @BeforeEach
    void connects() {
        API.stubFor(post(urlEqualTo("/api/v1/authentication/login"))
                .withHeader("x-client-id", equalTo("client"))
                .withHeader("x-api-key", equalTo("key"))
                .willReturn(okJson("{\"token\":\"token-1\",\"expires_at\":\"2026-11-23T10:30:00+0000\"}")));
        bank = new AirwallexBank(new AirwallexSettings(
                "airwallex",
                new BankAddress(URI.create(API.baseUrl()), Duration.ofSeconds(30), Duration.ofSeconds(30)),
                new AirwallexLogin("client", "key"),
                List.of(SECRET),
                "royalty_payments"));
    }

    @Test
    void readsASettledDepositOnTheDayOfTheBank() {
        assertThat(entry(bank.read(event("deposit.settled", DEPOSIT))))
                .isEqualTo(new BankEntry(
                        "fcfc369c-ce9d-4ab7-b9af-80df61848f8f",
                        "AUD",
                        new BigDecimal("12794.27"),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        LocalDate.of(2017, 3, 20),
                        null,
                        "67f687fe-dcf4-4462-92fa-20335301d9d8",
                        "provider-1",
                        null,
                        null,
                        "Tester Smith",
                        "89098199202",
                        "5487287788",
                        null,
                        "BANK_TRANSFER"));
    }

    @Test
    void followsADepositUnderOneIdentityToItsReversal() {
        BankEntry pending = entry(bank.read(event("deposit.pending", DEPOSIT)));
        BankEntry settled = entry(bank.read(event("deposit.settled", DEPOSIT)));
        BankEntry reversed = entry(bank.read(event("deposit.reversed", DEPOSIT)));

        assertThat(List.of(pending, settled, reversed))
                .extracting(BankEntry::bankTransactionId)
                .containsOnly("67f687fe-dcf4-4462-92fa-20335301d9d8");
        assertThat(pending.status()).isEqualTo(EntryStatus.PENDING);
        assertThat(settled.status()).isEqualTo(EntryStatus.BOOKED);
        assertThat(reversed.status()).isEqualTo(EntryStatus.BOOKED);
        assertThat(reversed.direction()).isEqualTo(Direction.DEBIT);
        assertThat(reversed.reversal()).isTrue();
        assertThat(reversed.amount()).isEqualTo(settled.amount());
        assertThat(bank.read(event("deposit.rejected", DEPOSIT)))
                .containsExactly(new BankNotice.NothingToDo("deposit.rejected"));
    }

    @ParameterizedTest
    @CsvSource({
        "HKD, 50000, 50000.00",
        "CNY, 0.5, 0.50",
        "USD, 12.30, 12.30",
        "USD, 12.3000, 12.30",
        "JPY, 1000, 1000",
        "JPY, 1000.0, 1000",
        "KWD, 1.234, 1.234"
    })
    void givesEveryCurrencyItsDecimals(String currency, String written, String amount) {
        BankEntry entry = entry(bank.read(
                event("deposit.settled", DEPOSIT.replace("AUD", currency).replace("12794.27", written))));

        assertThat(entry.amount()).isEqualTo(new BigDecimal(amount));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12794.27              | 1e3                   | invalid-amount",
                "12794.27              | 12794.270001          | precision",
                "12794.27              | -1                    | invalid-amount",
                "12794.27              | \"12794.27\"          | missing-field",
                "12794.27              | 1234567890123456789   | invalid-amount",
                "12794.27              | 12794.27,\"amount\":1 | duplicate-key",
                "\"AUD\"               | \"AUDD\"              | invalid-currency",
                "\"AUD\",\"amount\":12794.27 | \"JPY\",\"amount\":0.5 | precision",
                "2017-03-20            | 2017-02-30            | invalid-date",
                "+1100                 | ''                    | invalid-date",
                "\"id\"                | \"ident\"             | missing-field"
            })
    void readsNothingByHalves(String right, String wrong, String reason) {
        String deposit = DEPOSIT.replace(right, wrong);
        assertThat(deposit).isNotEqualTo(DEPOSIT);

        assertThatThrownBy(() -> bank.read(event("deposit.settled", deposit)))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void takesMoneyWithoutAGlobalAccountIntoTheWalletOfItsCurrency() {
        String direct = DEPOSIT.replace("\"fcfc369c-ce9d-4ab7-b9af-80df61848f8f\"", "null");

        assertThat(entry(bank.read(event("deposit.settled", direct))).account()).isEqualTo("acct_1/AUD");
        assertThat(entry(bank.read(bytes(
                                "{\"name\":\"deposit.settled\",\"accountId\":\"acct_2\",\"data\":" + direct + "}")))
                        .account())
                .isEqualTo("acct_2/AUD");
    }

    @ParameterizedTest
    @CsvSource({
        "in_approval, PDNG",
        "scheduled, PDNG",
        "overdue, PDNG",
        "processing, ACSP",
        "sent, ACSP",
        "paid, ACSC",
        "failed, PDNG",
        "cancelled, CANC",
        "approval_rejected, RJCT",
        "teleported, TELEPORTED"
    })
    void tellsHowFarAPayoutIs(String state, String code) {
        assertThat(bank.read(event(
                        "payout.transfer." + state,
                        "{\"id\":\"T-1\",\"reference\":\"E-1 royalties\",\"request_id\":\"K\"}")))
                .containsExactly(new BankNotice.TransferProgress(new TransferStatus("E-1", "T-1", code, null)));
    }

    @Test
    void keepsAndIgnoresWhatItDoesNotKnow() {
        for (String name : List.of("conversion.settled", "payout.transfer.funding.funded", "")) {
            byte[] body = event(name.isEmpty() ? "x" : name, "{}");
            assertThat(bank.read(body)).hasSize(1).first().isInstanceOf(BankNotice.NothingToDo.class);
        }
    }

    @Test
    void knowsAnEventByTheIdInItsBody() {
        byte[] body = event("deposit.settled", DEPOSIT);
        String timestamp = Long.toString(NOW.toEpochMilli());
        Map<String, String> headers = Map.of(
                "x-timestamp",
                timestamp,
                "x-signature",
                HmacSignature.sign(HmacSignature.Scheme.AIRWALLEX, SECRET, timestamp, body));

        assertThat(bank.verify(Deliveries.of(headers, body), NOW))
                .isEqualTo(new Verdict.Verified("evt-1", NOW, SECRET.keyId()));
        assertThat(bank.verify(Deliveries.of(headers, body), NOW.plusSeconds(301)))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(bank.acknowledge(new Verdict.Verified("evt-1", NOW, ""), Deliveries.of(headers, body))
                        .httpStatus())
                .isEqualTo(200);
    }

    @Test
    void paysABeneficiaryUnderItsKey() {
        API.stubFor(post(urlEqualTo(CREATE))
                .withHeader("Authorization", equalTo("Bearer token-1"))
                .willReturn(aResponse()
                        .withStatus(201)
                        .withBody("{\"id\":\"T-1\",\"status\":\"SCHEDULED\",\"reference\":\"E-1 royalties\"}")));

        assertThat(bank.payments().submit(batch()))
                .isEqualTo(new SubmitOutcome.Accepted("T-1", List.of(new TransferStatus("E-1", "T-1", "PDNG", null))));

        assertThat(API.findAll(postRequestedFor(urlEqualTo(CREATE))).getLast().getBodyAsString())
                .isEqualTo(
                        "{\"request_id\":\"key-1\",\"beneficiary_id\":\"ben-1\",\"source_currency\":\"HKD\","
                                + "\"transfer_currency\":\"HKD\",\"transfer_amount\":12.30,\"transfer_method\":\"LOCAL\","
                                + "\"transfer_date\":\"2026-11-23\",\"reason\":\"royalty_payments\",\"reference\":\"E-1 royalties\"}");
    }

    @Test
    void asksForANewTokenWhenTheOldOneIsNoLongerTaken() {
        API.stubFor(post(urlEqualTo(CREATE))
                .willReturn(okJson("{\"id\":\"T-1\",\"status\":\"SCHEDULED\",\"reference\":\"E-1 royalties\"}")));
        bank.payments().submit(batch());
        API.stubFor(post(urlEqualTo("/api/v1/authentication/login")).willReturn(okJson("{\"token\":\"token-2\"}")));
        API.stubFor(post(urlEqualTo(CREATE)).willReturn(aResponse().withStatus(401)));
        API.stubFor(post(urlEqualTo(CREATE))
                .withHeader("Authorization", equalTo("Bearer token-2"))
                .willReturn(okJson("{\"id\":\"T-2\",\"status\":\"SENT\",\"reference\":\"E-1 royalties\"}")));

        assertThat(bank.payments().submit(batch()))
                .isInstanceOfSatisfying(
                        SubmitOutcome.Accepted.class,
                        accepted -> assertThat(accepted.bankOrderId()).isEqualTo("T-2"));
    }

    @Test
    void tellsANoFromWhatIsOpen() {
        API.stubFor(post(urlEqualTo(CREATE))
                .willReturn(
                        aResponse().withStatus(400).withBody("{\"code\":\"insufficient_fund\",\"message\":\"x\"}")));
        assertThat(bank.payments().submit(batch()))
                .isEqualTo(new SubmitOutcome.Rejected("insufficient_fund", "Airwallex refused the transfer"));
        API.stubFor(post(urlEqualTo(CREATE)).willReturn(aResponse().withStatus(500)));
        assertThat(bank.payments().submit(batch())).isInstanceOf(SubmitOutcome.Unknown.class);
        API.stubFor(post(urlEqualTo(CREATE))
                .willReturn(okJson("{\"id\":\"T-1\",\"status\":\"SENT\",\"reference\":\"E-2\"}")));
        assertThat(bank.payments().submit(batch())).isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void findsAnOrderByItsKey() {
        API.stubFor(
                get(urlPathEqualTo("/api/v1/transfers"))
                        .willReturn(
                                okJson(
                                        "{\"items\":[{\"id\":\"T-0\",\"request_id\":\"key-0\",\"status\":\"SENT\",\"reference\":\"E-0\"},"
                                                + "{\"id\":\"T-1\",\"request_id\":\"key-1\",\"status\":\"PAID\",\"reference\":\"E-1\"}],\"has_more\":false}")));

        assertThat(bank.payments().find("key-1"))
                .contains(new SubmitOutcome.Accepted("T-1", List.of(new TransferStatus("E-1", "T-1", "ACSC", null))));
        assertThat(bank.payments().find("key-9")).isEmpty();
    }

    @Test
    void listsDepositsPageByPageForTheNightlySweep() {
        API.stubFor(get(urlEqualTo("/api/v1/deposits?page_num=0&page_size=100"))
                .willReturn(okJson("{\"has_more\":true,\"items\":[" + DEPOSIT + ","
                        + DEPOSIT.replace("fcfc369c", "00000000") + "]}")));
        API.stubFor(get(urlEqualTo("/api/v1/deposits?page_num=1&page_size=100"))
                .willReturn(okJson("{\"has_more\":false,\"items\":["
                        + DEPOSIT.replace("SETTLED", "REVERSED").replace("2017-03-20", "2017-03-21") + ","
                        + DEPOSIT.replace("SETTLED", "REJECTED") + "]}")));
        BankTransactions deposits = bank.transactions().orElseThrow();
        String account = "fcfc369c-ce9d-4ab7-b9af-80df61848f8f";

        BankTransactions.Page first = deposits.after(account, "");
        BankTransactions.Page second = deposits.after(account, first.next());

        assertThat(first.entries()).extracting(BankEntry::direction).containsExactly(Direction.CREDIT);
        assertThat(first.more()).isTrue();
        assertThat(second.entries())
                .extracting(BankEntry::direction)
                .containsExactly(Direction.CREDIT, Direction.DEBIT);
        assertThat(second.more()).isFalse();
        assertThat(second.next()).isEqualTo("2017-03-20");
    }

    @Test
    void showsItsBalances() {
        API.stubFor(get(urlEqualTo("/api/v1/balances/current"))
                .willReturn(okJson(
                        "[{\"currency\":\"HKD\",\"total_amount\":5.5},{\"currency\":\"JPY\",\"total_amount\":7}]")));

        assertThat(bank.statements().balances())
                .extracting(balance -> balance.currency() + " " + balance.booked())
                .containsExactly("HKD 5.50", "JPY 7");
        API.stubFor(get(urlEqualTo("/api/v1/balances/current")).willReturn(okJson("{]")));
        assertThatThrownBy(() -> bank.statements().balances()).isInstanceOf(BankFailure.class);
    }

    private static TransferBatch batch() {
        return new TransferBatch(
                "key-1",
                "wallet/HKD",
                "HKD",
                LocalDate.of(2026, 11, 23),
                List.of(new TransferBatch.Transfer("E-1", new BigDecimal("12.30"), "Payee", "ben-1", "royalties")));
    }

    private static byte[] event(String name, String data) {
        return bytes("{\"id\":\"evt-1\",\"name\":\"" + name + "\",\"account_id\":\"acct_1\",\"data\":" + data + "}");
    }
}
