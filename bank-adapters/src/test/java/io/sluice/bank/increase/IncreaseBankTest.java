package io.sluice.bank.increase;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
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
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter against Increase's documented objects. */
class IncreaseBankTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final WebhookSecret SECRET = WebhookSecret.text("the-secret-we-gave-to-increase-1");
    private static final String HASH = "0xcd7c2ab9e2075a3be3740c3a1f6e6e2c112e37d6b3f4a15e9e3e5a93b82c2c0a";

    @RegisterExtension
    static final WireMockExtension API = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    @Test
    void readsAThinEventAsSomethingToFetch() {
        assertThat(bank(Rail.ACH).read(event("transaction.created", "transaction_1")))
                .containsExactly(new BankNotice.ToFetch("transaction", "transaction_1"));
        assertThat(bank(Rail.ACH).read(event("ach_transfer.updated", "ach_transfer_1")))
                .containsExactly(new BankNotice.ToFetch("ach_transfer", "ach_transfer_1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inbound_ach_transfer.created",
                "account_statement.created",
                "card.created",
                "something.new",
                "odd"
            })
    void keepsAndIgnoresEventsWhoseMoneyATransactionTells(String category) {
        assertThat(bank(Rail.ACH).read(event(category, "id_1"))).containsExactly(new BankNotice.NothingToDo(category));
    }

    @Test
    void readsAnInboundAchTransfer() {
        give("/transactions/transaction_1", transaction(100, "inbound_ach_transfer", """
                "amount":100,"originator_company_entry_description":"RESERVE","originator_company_name":"BIG BANK",
                "trace_number":"021000038461022","transfer_id":"inbound_ach_transfer_1","addenda":null"""));

        assertThat(entry(fetch("transaction", "transaction_1")))
                .isEqualTo(new BankEntry(
                        "account_1",
                        "USD",
                        new BigDecimal("1.00"),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        LocalDate.of(2020, 1, 31),
                        null,
                        "transaction_1",
                        "inbound_ach_transfer_1",
                        "021000038461022",
                        null,
                        "BIG BANK",
                        null,
                        "RESERVE",
                        null,
                        "inbound_ach_transfer"));
    }

    @Test
    void readsInboundWiresAndRealTimePayments() {
        give("/transactions/transaction_1", transaction(123_456, "inbound_wire_transfer", """
                "debtor_name":"Ian Crease","end_to_end_identification":"Invoice 29582","instructing_agent_routing_number":"101050001",
                "input_message_accountability_data":"20220118MMQFMP0P000001","transfer_id":"inbound_wire_transfer_1" """));
        BankEntry wire = entry(fetch("transaction", "transaction_1"));
        assertThat(wire.amount()).isEqualTo("1234.56");
        assertThat(wire.endToEndId()).isEqualTo("Invoice 29582");
        assertThat(wire.entryReference()).isEqualTo("20220118MMQFMP0P000001");

        give("/transactions/transaction_1", transaction(5, "inbound_real_time_payments_transfer_confirmation", """
                "debtor_name":"Ian Crease","debtor_account_number":"987654321","debtor_routing_number":"101050001",
                "transaction_identification":"20220501234567891T1BSLZO01745013025","unstructured_remittance_information":"Invoice 1",
                "transfer_id":"inbound_real_time_payments_transfer_1" """));
        BankEntry rtp = entry(fetch("transaction", "transaction_1"));
        assertThat(rtp.counterpartyAccount()).isEqualTo("101050001/987654321");
        assertThat(rtp.remittance()).isEqualTo("Invoice 1");

        give(
                "/transactions/transaction_1",
                transaction(
                        5, "inbound_fednow_transfer_confirmation", "\"transfer_id\":\"inbound_fednow_transfer_1\""));
        assertThat(entry(fetch("transaction", "transaction_1")).accountServicerReference())
                .isEqualTo("inbound_fednow_transfer_1");
    }

    @Test
    void knowsAPayoutOfOursByTheTransferThatItCameFrom() {
        give("/transactions/transaction_1", transaction(-1230, "ach_transfer_intention", """
                "account_number":"987654321","routing_number":"101050001","statement_descriptor":"x","transfer_id":"ach_transfer_1" """));
        give("/ach_transfers/ach_transfer_1", ach("submitted", "/ROC/E-1//royalties"));

        BankEntry debit = entry(fetch("transaction", "transaction_1"));

        assertThat(debit.direction()).isEqualTo(Direction.DEBIT);
        assertThat(debit.amount()).isEqualTo("12.30");
        assertThat(debit.endToEndId()).isEqualTo("E-1");
        assertThat(debit.counterpartyAccount()).isEqualTo("101050001/987654321");
    }

    @Test
    void knowsAReturnedPayoutByItsReasonAndOurReference() {
        give(
                "/transactions/transaction_2",
                transaction(1230, "ach_transfer_return", """
                "raw_return_reason_code":"R01","return_reason_code":"insufficient_fund","transfer_id":"ach_transfer_1" """).replace("transaction_1", "transaction_2"));
        give("/ach_transfers/ach_transfer_1", ach("returned", "/ROC/E-1"));

        BankEntry returned = entry(fetch("transaction", "transaction_2"));

        assertThat(returned.direction()).isEqualTo(Direction.CREDIT);
        assertThat(returned.returnReason()).isEqualTo("R01");
        assertThat(returned.endToEndId()).isEqualTo("E-1");
    }

    @Test
    void linksTheReturnOfACreditToTheCreditByItsTransfer() {
        give(
                "/transactions/transaction_1",
                transaction(
                        -100,
                        "inbound_ach_transfer_return_intention",
                        "\"inbound_ach_transfer_id\":\"inbound_ach_transfer_1\""));

        BankEntry undone = entry(fetch("transaction", "transaction_1"));

        assertThat(undone.reversal()).isTrue();
        assertThat(undone.direction()).isEqualTo(Direction.DEBIT);
        assertThat(undone.accountServicerReference()).isEqualTo("inbound_ach_transfer_1");
    }

    @Test
    void announcesAPendingTransactionAndForgetsACompleteOne() {
        String pending = transaction(100, "inbound_funds_hold", "\"transfer_id\":\"x_1\"")
                .replace("\"type\"", "\"status\":\"pending\",\"type\"");
        give("/pending_transactions/pending_1", pending);
        BankEntry announced = entry(fetch("pending_transaction", "pending_1"));
        assertThat(announced.status()).isEqualTo(EntryStatus.PENDING);
        assertThat(announced.bankTransactionId()).isNull();

        give("/pending_transactions/pending_1", pending.replace("pending\"", "complete\""));
        assertThat(fetch("pending_transaction", "pending_1"))
                .containsExactly(new BankNotice.NothingToDo("pending_transaction"));
    }

    @Test
    void tellsAnOffRampAsACreditFromTheBlockchain() {
        give("/transactions/transaction_1", transaction(10_000, "blockchain_offramp_transfer_settlement", """
                "source_blockchain_address_id":"blockchain_address_1","transfer_id":"blockchain_offramp_transfer_1" """));

        BankEntry credit = entry(fetch("transaction", "transaction_1"));

        assertThat(credit.amount()).isEqualTo("100.00");
        assertThat(credit.counterpartyAccount()).isEqualTo("blockchain_address_1");
        assertThat(credit.transactionCode()).isEqualTo("blockchain_offramp_transfer_settlement");
    }

    @ParameterizedTest
    @CsvSource({
        "pending_approval, PDNG",
        "pending_submission, ACTC",
        "submitted, ACSP",
        "complete, ACSC",
        "rejected, RJCT",
        "canceled, CANC",
        "returned, RTRN",
        "requires_attention, PDNG",
        "brand_new, brand_new"
    })
    void tellsHowFarAPayoutIs(String status, String code) {
        give("/ach_transfers/ach_transfer_1", ach(status, "/ROC/E-1//x"));

        assertThat(fetch("ach_transfer", "ach_transfer_1"))
                .containsExactly(
                        new BankNotice.TransferProgress(new TransferStatus("E-1", "ach_transfer_1", code, null)));
    }

    @Test
    void takesNoTransferForOursThatSomebodyMadeByHand() {
        give("/ach_transfers/ach_transfer_1", ach("submitted", "INVOICE 2468"));

        assertThat(fetch("ach_transfer", "ach_transfer_1")).containsExactly(new BankNotice.NothingToDo("ach_transfer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"amount\":100,      | \"amount\":1.5,       | invalid-amount",
                "\"amount\":100,      | \"amount\":1e3,       | invalid-amount",
                "\"amount\":100,      | \"amount\":\"100\",   | invalid-amount",
                "\"amount\":100,      | \"amount\":9999999999999999999, | invalid-amount",
                "\"USD\"              | \"EURO\"              | invalid-currency",
                "2020-01-31           | 2020-02-31            | invalid-date",
                "\"source\":{         | \"sauce\":{           | missing-field",
                "\"account_id\"       | \"account\"           | missing-field",
                "\"amount\":100,      | \"amount\":100,\"amount\":1, | duplicate-key"
            })
    void readsNothingByHalves(String right, String wrong, String reason) {
        String transaction = transaction(100, "interest_payment", "\"x\":1");
        assertThat(transaction).contains(right);
        give("/transactions/transaction_1", transaction.replace(right, wrong));

        assertThatThrownBy(() -> fetch("transaction", "transaction_1"))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void failsWhenTheBankDoesNotGiveTheObject() {
        API.stubFor(get(urlEqualTo("/transactions/transaction_9"))
                .willReturn(aResponse().withStatus(500)));
        assertThatThrownBy(() -> fetch("transaction", "transaction_9")).isInstanceOf(BankFailure.class);
        API.stubFor(get(urlEqualTo("/transactions/transaction_9"))
                .willReturn(aResponse().withStatus(404)));
        assertThatThrownBy(() -> fetch("transaction", "transaction_9")).isInstanceOf(BankFailure.class);
        assertThatThrownBy(() -> fetch("../accounts", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void believesStandardWebhooksAlone() {
        byte[] body = event("transaction.created", "transaction_1");

        assertThat(bank(Rail.ACH)
                        .verify(Deliveries.of(StandardWebhooks.headers(SECRET, "event_1", NOW, body), body), NOW))
                .isEqualTo(new Verdict.Verified("event_1", NOW, SECRET.keyId()));
        assertThat(bank(Rail.ACH)
                        .verify(
                                Deliveries.of(StandardWebhooks.headers(SECRET, "event_1", NOW, body), bytes("{}")),
                                NOW))
                .isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ACH | ach_transfers | {\"account_id\":\"account_1\",\"amount\":1230,\"individual_name\":\"Payee\",\"statement_descriptor\":\"/ROC/E-1//royalties\",\"preferred_effective_date\":{\"date\":\"2026-11-23\"},\"routing_number\":\"101050001\",\"account_number\":\"987654321\"}",
                "REAL_TIME_PAYMENTS | real_time_payments_transfers | {\"amount\":1230,\"creditor_name\":\"Payee\",\"source_account_number_id\":\"account_number_1\",\"unstructured_remittance_information\":\"/ROC/E-1//royalties\",\"routing_number\":\"101050001\",\"account_number\":\"987654321\"}",
                "FEDNOW | fednow_transfers | {\"account_id\":\"account_1\",\"amount\":1230,\"creditor_name\":\"Payee\",\"debtor_name\":\"Us\",\"source_account_number_id\":\"account_number_1\",\"unstructured_remittance_information\":\"/ROC/E-1//royalties\",\"routing_number\":\"101050001\",\"account_number\":\"987654321\"}",
                "WIRE | wire_transfers | {\"account_id\":\"account_1\",\"amount\":1230,\"creditor\":{\"name\":\"Payee\"},\"remittance\":{\"category\":\"unstructured\",\"unstructured\":{\"message\":\"/ROC/E-1//royalties\"}},\"routing_number\":\"101050001\",\"account_number\":\"987654321\"}"
            })
    void paysOnEveryRailUnderItsKey(Rail rail, String path, String json) {
        API.stubFor(post(urlEqualTo("/" + path))
                .withHeader("Idempotency-Key", equalTo("key-1"))
                .withHeader("Authorization", equalTo("Bearer the-key"))
                .willReturn(okJson(ach("pending_submission", "/ROC/E-1//royalties"))));

        assertThat(bank(rail).payments().submit(batch("101050001/987654321", "USD")))
                .isEqualTo(new SubmitOutcome.Accepted(
                        "ach_transfer_1", List.of(new TransferStatus("E-1", "ach_transfer_1", "ACTC", null))));
        assertThat(API.findAll(postRequestedFor(urlEqualTo("/" + path)))
                        .getLast()
                        .getBodyAsString())
                .isEqualTo(json);
    }

    @Test
    void movesMoneyBetweenOwnAccountsAsSuch() {
        API.stubFor(
                post(urlEqualTo("/account_transfers"))
                        .willReturn(
                                okJson(
                                        "{\"id\":\"account_transfer_1\",\"amount\":1230,\"status\":\"complete\",\"description\":\"/ROC/E-1\"}")));

        assertThat(bank(Rail.ACH).payments().submit(batch("account_2", "USD")))
                .isEqualTo(new SubmitOutcome.Accepted(
                        "account_transfer_1", List.of(new TransferStatus("E-1", "account_transfer_1", "ACSC", null))));
    }

    @Test
    void tellsANoFromWhatIsOpen() {
        API.stubFor(post(urlEqualTo("/ach_transfers"))
                .willReturn(aResponse().withStatus(400).withBody("{\"type\":\"invalid_parameters_error\"}")));
        assertThat(bank(Rail.ACH).payments().submit(batch("101050001/1", "USD")))
                .isEqualTo(new SubmitOutcome.Rejected("invalid_parameters_error", "Increase refused the transfer"));
        for (int open : List.of(409, 429, 500)) {
            API.stubFor(
                    post(urlEqualTo("/ach_transfers")).willReturn(aResponse().withStatus(open)));
            assertThat(bank(Rail.ACH).payments().submit(batch("101050001/1", "USD")))
                    .isInstanceOf(SubmitOutcome.Unknown.class);
        }
        API.stubFor(post(urlEqualTo("/ach_transfers"))
                .willReturn(okJson(ach("submitted", "/ROC/E-1").replace("1230", "1231"))));
        assertThat(bank(Rail.ACH).payments().submit(batch("101050001/1", "USD")))
                .isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(bank(Rail.ACH).payments().submit(batch("DE02120300000000202051", "USD")))
                .isInstanceOf(SubmitOutcome.Rejected.class);
        assertThat(bank(Rail.ACH).payments().submit(batch("101050001/1", "EUR")))
                .isInstanceOf(SubmitOutcome.Rejected.class);
    }

    @Test
    void findsAnOrderByItsKey() {
        give(
                "/ach_transfers?idempotency_key=key-1",
                "{\"data\":[" + ach("submitted", "/ROC/E-1") + "],\"next_cursor\":null}");
        give("/ach_transfers?idempotency_key=key-2", "{\"data\":[],\"next_cursor\":null}");
        give("/account_transfers?idempotency_key=key-2", "{\"data\":[],\"next_cursor\":null}");
        API.stubFor(get(urlEqualTo("/ach_transfers?idempotency_key=key-3"))
                .willReturn(aResponse().withStatus(500)));

        assertThat(bank(Rail.ACH).payments().find("key-1")).get().isInstanceOf(SubmitOutcome.Accepted.class);
        assertThat(bank(Rail.ACH).payments().find("key-2")).isEmpty();
        assertThat(bank(Rail.ACH).payments().find("key-3")).get().isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void buysCoinsAtPar() {
        API.stubFor(post(urlEqualTo("/blockchain_onramp_transfers")).willReturn(okJson(onRamp("submitted", "null"))));
        give(
                "/blockchain_onramp_transfers?idempotency_key=key-1",
                "{\"data\":[" + onRamp("confirmed", "{\"transaction_hash\":\"" + HASH + "\"}") + "]}");
        var payments = bank(Rail.ACH).payments();
        var quote = payments.quote("USD", new BigDecimal("100.00"));

        assertThat(quote.tokenUnits()).isEqualTo(100_000_000);
        assertThat(quote.expiresAt()).isEqualTo(NOW.plusSeconds(900));
        assertThat(payments.onRamp(new OnRampOrder(
                        "key-1", "par", "account_1", "USD", new BigDecimal("100.00"), "0xaabbccdd", "E-1")))
                .isEqualTo(new OnRampOutcome.Accepted(
                        "blockchain_onramp_transfer_1", BigInteger.valueOf(100_000_000), ""));
        assertThat(payments.findOnRamp("key-1"))
                .isEqualTo(Optional.of(new OnRampOutcome.Accepted(
                        "blockchain_onramp_transfer_1", BigInteger.valueOf(100_000_000), HASH)));
        assertThatThrownBy(() -> payments.quote("EUR", BigDecimal.ONE)).isInstanceOf(BankFailure.class);
    }

    @Test
    void listsTransactionsPageByPageForTheNightlySweep() {
        String one = transaction(100, "interest_payment", "\"x\":1");
        give("/transactions?account_id=account_1&limit=100", "{\"data\":[" + one + "],\"next_cursor\":\"v57w5d\"}");
        give(
                "/transactions?account_id=account_1&limit=100&cursor=v57w5d",
                "{\"data\":[" + one.replace("transaction_1", "transaction_0").replace("2020-01-31", "2020-01-30")
                        + "],\"next_cursor\":null}");
        give(
                "/transactions?account_id=account_1&limit=100&created_at.on_or_after=2020-01-31T23%3A59%3A59Z",
                "{\"data\":[" + one + "],\"next_cursor\":null}");
        BankTransactions transactions = bank(Rail.ACH).transactions().orElseThrow();

        BankTransactions.Page first = transactions.after("account_1", "");
        BankTransactions.Page second = transactions.after("account_1", first.next());
        BankTransactions.Page tomorrow = transactions.after("account_1", second.next());

        assertThat(first.entries()).extracting(BankEntry::bankTransactionId).containsExactly("transaction_1");
        assertThat(first.more()).isTrue();
        assertThat(second.entries()).extracting(BankEntry::bankTransactionId).containsExactly("transaction_0");
        assertThat(second.more()).isFalse();
        assertThat(tomorrow.entries()).extracting(BankEntry::bankTransactionId).containsExactly("transaction_1");
    }

    @Test
    void showsItsBalances() {
        give("/accounts?limit=100", "{\"data\":[{\"id\":\"account_1\",\"currency\":\"USD\"}],\"next_cursor\":null}");
        give(
                "/accounts/account_1/balance",
                "{\"account_id\":\"account_1\",\"current_balance\":-150,\"available_balance\":0}");

        assertThat(bank(Rail.ACH).statements().balances())
                .extracting(balance -> balance.account() + " " + balance.booked())
                .containsExactly("account_1 -1.50");
        assertThat(bank(Rail.ACH).statements().after("")).isEmpty();
    }

    private static IncreaseBank bank(Rail rail) {
        return new IncreaseBank(new IncreaseSettings(
                "increase",
                new BankAddress(URI.create(API.baseUrl()), Duration.ofSeconds(30), Duration.ofSeconds(30)),
                new ApiKey("the-key"),
                List.of(SECRET),
                rail,
                "account_number_1",
                "Us",
                "ethereum",
                InstantSource.fixed(NOW)));
    }

    private static List<BankNotice> fetch(String type, String id) {
        return bank(Rail.ACH).fetch(new BankNotice.ToFetch(type, id));
    }

    private static void give(String path, String json) {
        API.stubFor(get(urlEqualTo(path)).willReturn(okJson(json)));
    }

    private static TransferBatch batch(String creditorAccount, String currency) {
        return new TransferBatch(
                "key-1",
                "account_1",
                currency,
                LocalDate.of(2026, 11, 23),
                List.of(new TransferBatch.Transfer(
                        "E-1", new BigDecimal("12.30"), "Payee", creditorAccount, "royalties")));
    }

    private static byte[] event(String category, String id) {
        return bytes("{\"id\":\"event_1\",\"created_at\":\"2020-01-31T23:59:59Z\",\"category\":\"" + category
                + "\",\"associated_object_type\":\"x\",\"associated_object_id\":\"" + id + "\",\"type\":\"event\"}");
    }

    private static String transaction(long cents, String category, String details) {
        return "{\"account_id\":\"account_1\",\"amount\":" + cents
                + ",\"created_at\":\"2020-01-31T23:59:59Z\",\"currency\":\"USD\","
                + "\"description\":\"INVOICE 2468\",\"id\":\"transaction_1\",\"route_id\":null,\"route_type\":null,"
                + "\"source\":{\"category\":\"" + category + "\",\"" + category + "\":{" + details
                + "}},\"type\":\"transaction\"}";
    }

    private static String ach(String status, String descriptor) {
        return "{\"id\":\"ach_transfer_1\",\"amount\":1230,\"status\":\"" + status + "\",\"statement_descriptor\":\""
                + descriptor
                + "\",\"idempotency_key\":\"key-1\",\"account_number\":\"987654321\",\"routing_number\":\"101050001\","
                + "\"individual_name\":\"Payee\",\"return\":null,\"currency\":\"USD\"}";
    }

    private static String onRamp(String status, String confirmation) {
        return "{\"id\":\"blockchain_onramp_transfer_1\",\"amount\":10000,\"status\":\"" + status
                + "\",\"confirmation\":" + confirmation + ",\"idempotency_key\":\"key-1\"}";
    }
}
