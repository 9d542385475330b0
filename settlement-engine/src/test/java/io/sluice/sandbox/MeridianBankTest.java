package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;

class MeridianBankTest {

    private static final String SHOP = "MB-SHOP-1";
    private static final String TRUST = "MB-TRUST-1";
    private static final String PAYEE = "DE89370400440532013000";
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    @TempDir
    private static Path shared;

    private static SandboxPostgres postgres;
    private static int databases;

    @TempDir
    private Path dir;

    private BankDatabase database;
    private BusinessClock clock;
    private MeridianBank bank;
    private String apiKey;
    private final Map<String, Coins.Signed> mints = new HashMap<>();

    @BeforeAll
    static void startPostgres() {
        postgres = SandboxPostgres.start(shared);
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void startBank() throws Exception {
        String name = "bank_" + ++databases;
        postgres.createDatabase(name, SandboxPostgres.BANK);
        database =
                new BankDatabase(postgres.jdbcUrl(name), SandboxPostgres.BANK, postgres.password(SandboxPostgres.BANK));
        clock = new BusinessClock(database, Instant.parse("2026-11-23T06:00:00Z"), () -> 0);
        bank = newBank(BankTerms.FLAWLESS);
        bank.books().open(SHOP, "Shop", "EUR", true);
        bank.books().open(TRUST, "Trust", "EUR", false);
    }

    private MeridianBank newBank(BankTerms terms) throws Exception {
        MeridianBank started = new MeridianBank(
                database, clock, Clock.systemUTC(), new Chance(1), new PaperCoins(), new Secrets(dir), terms, 0);
        Properties keys = new Properties();
        try (var in = Files.newInputStream(started.keys())) {
            keys.load(in);
        }
        apiKey = keys.getProperty("api.key");
        return started;
    }

    @AfterEach
    void stopBank() {
        bank.close();
        database.close();
    }

    @Test
    void conservesMoneyWhateverIsBooked() throws Exception {
        deposit("D-1", 100_00);
        deposit("D-2", 50_55);
        submit("K-1", SHOP, transfer("S-1", "120.55", TRUST), transfer("P-1", "10.00", PAYEE));
        JsonNode quote = post("/v1/onramp-quotes", null, "{\"amount\":\"20.00\",\"currency\":\"EUR\"}", 200);
        onRamp("R-1", quote, 202);
        JsonNode books = bank.summary();
        assertThat(books.path("conservation").path("EUR").asString()).isEqualTo("0.00");
        assertThat(balance(SHOP)).isEqualTo("0.00");
        assertThat(balance(TRUST)).isEqualTo("120.55");
        assertThat(books.path("credits").get(0).path("sum").asString()).isEqualTo("150.55");
        assertThat(books.path("mostExecutionsOfOneEndToEndId").asInt()).isEqualTo(1);
    }

    @Test
    void booksTheSameDepositOnce() {
        assertThat(bank.books().deposit("D-1", SHOP, 500, "Payline", PAYEE, "sales"))
                .isTrue();
        assertThat(bank.books().deposit("D-1", SHOP, 500, "Payline", PAYEE, "sales"))
                .isFalse();
        assertThat(balance(SHOP)).isEqualTo("5.00");
    }

    @Test
    void answersTheSameKeyTheSameAndForgetsItAfterADay() throws Exception {
        deposit("D-1", 100_00);
        JsonNode first = submit("K-1", SHOP, transfer("P-1", "10.00", PAYEE));
        assertThat(submit("K-1", SHOP, transfer("P-1", "10.00", PAYEE))).isEqualTo(first);
        assertThat(balance(SHOP)).isEqualTo("90.00");
        JsonNode mismatch = post("/v1/transfer-batches", "K-1", batch(SHOP, transfer("P-1", "11.00", PAYEE)), 422);
        assertThat(mismatch.path("error").path("code").asString()).isEqualTo("idempotency_mismatch");

        clock.moveTo(Instant.parse("2026-11-24T06:00:01Z"));
        get("/v1/transfer-batches?idempotencyKey=K-1", 404);
        submit("K-1", SHOP, transfer("P-1", "10.00", PAYEE)); // the trap of real banks: it pays again
        assertThat(balance(SHOP)).isEqualTo("80.00");
        assertThat(bank.summary().path("mostExecutionsOfOneEndToEndId").asInt()).isEqualTo(2);
        assertThat(get("/v1/transfers?endToEndId=P-1", 200).path("transfers")).hasSize(2);
    }

    @Test
    void rejectsTransferByTransfer() throws Exception {
        deposit("D-1", 10_00);
        JsonNode answer = submit(
                "K-1",
                SHOP,
                transfer("P-1", "9.00", PAYEE),
                transfer("P-2", "1.01", PAYEE),
                transfer("P-3", "1.00", "DE00370400440532013000"),
                transfer("P-4", "1.00", TRUST));
        assertThat(statuses(answer)).containsExactly("ACSP", "RJCT AM04", "RJCT AC01", "ACSC");
        assertThat(balance(SHOP)).isEqualTo("0.00");
        database.change(c -> BankDatabase.update(c, "insert into closed_elsewhere values (?)", PAYEE));
        assertThat(statuses(submit("K-2", TRUST, transfer("P-5", "1.00", PAYEE))))
                .containsExactly("RJCT AC04");
        assertThat(statuses(post(
                        "/v1/transfer-batches",
                        "K-3",
                        batch(TRUST, transfer("P-6", "1.00", PAYEE)).replace("2026-11-23", "2026-11-20"),
                        202)))
                .containsExactly("RJCT TM01");
    }

    @Test
    void refusesAmountsThatAreNotExactlyTheCurrencys() throws Exception {
        bank.books().open("MB-JPY", "Yen shop", "JPY", true);
        for (String amount : List.of("1", "1.0", "1.000", "-1.00", "1e3", "0.00", "")) {
            post("/v1/transfer-batches", "K-" + amount, batch(SHOP, transfer("P-1", amount, PAYEE)), 400);
        }
        bank.books().deposit("D-J", "MB-JPY", 1200, "Payline", PAYEE, "sales");
        String yen = batch("MB-JPY", transfer("P-9", "1000", PAYEE)).replace("EUR", "JPY");
        assertThat(statuses(post("/v1/transfer-batches", "K-J", yen, 202))).containsExactly("ACSP");
        assertThat(balance("MB-JPY")).isEqualTo("200");
    }

    @Test
    void refusesWhoDoesNotKnowTheKey() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(bank.url().resolve("/v1/accounts"))
                                .header("Authorization", "Bearer x")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void writesStatementsThatBalanceAndChain() throws Exception {
        deposit("D-1", 100_00);
        submit("K-1", SHOP, transfer("S-1", "100.00", TRUST));
        assertThat(bank.statements().closeDay(MONDAY)).isEqualTo(2);
        assertThat(bank.statements().closeDay(MONDAY)).isZero();
        clock.moveTo(Instant.parse("2026-11-24T08:00:00Z"));
        deposit("D-2", 7_00);
        String tuesday = batch(TRUST, transfer("P-1", "30.00", PAYEE)).replace("2026-11-23", "2026-11-24");
        assertThat(statuses(post("/v1/transfer-batches", "K-2", tuesday, 202))).containsExactly("ACSP");
        bank.statements().closeDay(LocalDate.of(2026, 11, 24));
        clock.moveTo(Instant.parse("2026-11-25T08:00:00Z"));
        bank.statements().closeDay(LocalDate.of(2026, 11, 25));

        Map<String, BigDecimal> closing = new HashMap<>();
        Map<String, Integer> sequence = new HashMap<>();
        JsonNode all = get("/v1/statements?after=", 200).path("statements");
        assertThat(all).hasSize(6);
        for (JsonNode available : all) {
            Document statement =
                    xml(raw("/v1/statements/" + available.path("statementId").asString()));
            String account =
                    text(first(statement.getDocumentElement(), "Acct"), "Id").strip();
            BigDecimal opening = balanceOf(statement, "OPBD");
            assertThat(opening).isEqualByComparingTo(closing.getOrDefault(account, BigDecimal.ZERO));
            BigDecimal sum = opening;
            NodeList entries = statement.getElementsByTagName("Ntry");
            for (int i = 0; i < entries.getLength(); i++) {
                Element entry = (Element) entries.item(i);
                BigDecimal amount = new BigDecimal(text(entry, "Amt"));
                sum = text(entry, "CdtDbtInd").equals("CRDT") ? sum.add(amount) : sum.subtract(amount);
            }
            assertThat(balanceOf(statement, "CLBD")).isEqualByComparingTo(sum);
            assertThat(Integer.parseInt(text(statement.getDocumentElement(), "ElctrncSeqNb")))
                    .isEqualTo(sequence.getOrDefault(account, 0) + 1);
            closing.put(account, sum);
            sequence.merge(account, 1, Integer::sum);
        }
        assertThat(closing.get(TRUST)).isEqualByComparingTo("70.00");
        String last = all.get(5).path("statementId").asString();
        assertThat(get("/v1/statements?after=" + last, 200).path("statements")).isEmpty();
    }

    @Test
    void saysTheSameInWebhookListAndStatement() throws Exception {
        deposit("D-1", 12_34);
        JsonNode told = Json.read(bank.outbox().due(10).getFirst().body()).path("data");
        JsonNode listed = get("/v1/transactions?account=" + SHOP + "&after=", 200)
                .path("transactions")
                .get(0);
        assertThat(told).isEqualTo(listed);
        bank.statements().closeDay(MONDAY);
        String id = get("/v1/statements?after=", 200)
                .path("statements")
                .get(0)
                .path("statementId")
                .asString();
        Element entry = first(xml(raw("/v1/statements/" + id)).getDocumentElement(), "Ntry");
        assertThat(text(entry, "AcctSvcrRef"))
                .isEqualTo(told.path("accountServicerReference").asString());
        assertThat(text(entry, "TxId")).isEqualTo(told.path("transactionId").asString());
        assertThat(text(entry, "EndToEndId"))
                .isEqualTo("D-1")
                .isEqualTo(told.path("endToEndId").asString());
    }

    @Test
    void bringsBackATransferSomeDaysLaterWithItsReferenceAndReason() throws Exception {
        bank.books().terms(new BankTerms(10_000, 0, 0, 25, false));
        deposit("D-1", 100_00);
        submit("K-1", SHOP, transfer("P-1", "40.00", PAYEE));
        assertThat(bank.transfers().returnWhatIsDue()).isZero();
        assertThat(balance(SHOP)).isEqualTo("60.00");
        LocalDate day = MONDAY;
        for (int i = 0; i < 3; i++) {
            bank.statements().closeDay(day);
            day = TransferDesk.businessDaysAfter(day, 1);
            bank.transfers().returnWhatIsDue();
        }
        assertThat(balance(SHOP)).isEqualTo("99.75"); // less the charge for a return
        JsonNode payout = bank.payouts().path("payouts").get(0);
        assertThat(payout.path("executions").asInt()).isEqualTo(1);
        assertThat(payout.path("returns").asInt()).isEqualTo(1);
        JsonNode back = bank.outbox().due(100).stream()
                .map(due -> Json.read(due.body()).path("data"))
                .filter(data -> data.has("returnReason"))
                .findFirst()
                .orElseThrow();
        assertThat(back.path("endToEndId").asString()).isEqualTo("P-1");
        assertThat(back.path("direction").asString()).isEqualTo("CREDIT");
    }

    @Test
    void signsTheFinalBytesAndRepeatsUntilTheyAreTaken() throws Exception {
        bank.books().terms(new BankTerms(0, 10_000, 0, 0, false)); // every event twice
        List<String> ids = new CopyOnWriteArrayList<>();
        List<String> wrong = new CopyOnWriteArrayList<>();
        List<byte[]> bodies = new CopyOnWriteArrayList<>();
        HttpServer engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String secret = secret();
        engine.createContext("/hooks/meridian", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            var headers = exchange.getRequestHeaders();
            String signed = headers.getFirst("webhook-id") + "." + headers.getFirst("webhook-timestamp") + "."
                    + new String(body, StandardCharsets.UTF_8);
            if (!headers.getFirst("webhook-signature").equals("v1," + hmac(secret, signed))) {
                wrong.add(signed);
            }
            ids.add(headers.getFirst("webhook-id"));
            bodies.add(body);
            exchange.sendResponseHeaders(ids.size() == 1 ? 503 : 204, -1);
            exchange.close();
        });
        engine.start();
        try {
            deposit("D-1", 1_00);
            bank.sender()
                    .sendTo(URI.create("http://127.0.0.1:" + engine.getAddress().getPort()));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> bank.outbox().open() == 0);
            assertThat(wrong).isEmpty();
            assertThat(ids).hasSize(3).containsOnly(ids.getFirst()); // refused, taken, repeated
            assertThat(bodies).allSatisfy(body -> assertThat(body).isEqualTo(bodies.getFirst()));
        } finally {
            engine.stop(0);
        }
    }

    @Test
    void sellsCoinsOnceAtTheQuotedRate() throws Exception {
        deposit("D-1", 100_00);
        JsonNode quote = post("/v1/onramp-quotes", null, "{\"amount\":\"50.00\",\"currency\":\"EUR\"}", 200);
        BigDecimal expected = new BigDecimal("50.00")
                .multiply(new BigDecimal(quote.path("rate").asString()))
                .movePointRight(6);
        assertThat(new BigDecimal(quote.path("tokenUnits").asString())).isEqualByComparingTo(expected);
        JsonNode first = onRamp("R-1", quote, 202);
        assertThat(first.path("transactionHash").asString()).isNotEmpty();
        assertThat(onRamp("R-1", quote, 202)).isEqualTo(first);
        assertThat(get("/v1/onramps?idempotencyKey=R-1", 200)).isEqualTo(first);
        assertThat(balance(SHOP)).isEqualTo("50.00");
        assertThat(mints).hasSize(1);
        JsonNode second = onRamp("R-2", quote, 202);
        assertThat(second.path("status").asString()).isEqualTo("COMPLETED");
        assertThat(onRamp("R-3", quote, 202).path("reason").asString()).isEqualTo("AM04");
        assertThat(mints).hasSize(2);
    }

    @Test
    void deliversPromisedCoinsAfterTheChainWasAway() throws Exception {
        deposit("D-1", 100_00);
        JsonNode quote = post("/v1/onramp-quotes", null, "{\"amount\":\"50.00\",\"currency\":\"EUR\"}", 200);
        chainAway = true;
        assertThat(onRamp("R-1", quote, 202).path("transactionHash").asString()).isEmpty();
        chainAway = false;
        bank.close();
        bank = newBank(BankTerms.FLAWLESS);
        assertThat(get("/v1/onramps?idempotencyKey=R-1", 200)
                        .path("transactionHash")
                        .asString())
                .isNotEmpty();
        assertThat(mints).hasSize(1);
    }

    @Test
    void losesAnAnswerOnOrderWithoutLosingTheBooking() throws Exception {
        deposit("D-1", 100_00);
        bank.faults().order(new Faults.Fault("/v1/transfer-batches", "status", true, 503, 0, 1));
        post("/v1/transfer-batches", "K-1", batch(SHOP, transfer("P-1", "10.00", PAYEE)), 503);
        assertThat(balance(SHOP)).isEqualTo("90.00");
        assertThat(statuses(get("/v1/transfer-batches?idempotencyKey=K-1", 200)))
                .containsExactly("ACSP");
        assertThat(statuses(submit("K-1", SHOP, transfer("P-1", "10.00", PAYEE))))
                .containsExactly("ACSP");
        assertThat(balance(SHOP)).isEqualTo("90.00");
    }

    private boolean chainAway;

    private final class PaperCoins implements Coins {

        @Override
        public long nextNonce() {
            return 0;
        }

        @Override
        public Signed signMint(long nonce, String currency, String destination, BigInteger units)
                throws java.io.IOException {
            if (chainAway) {
                throw new java.io.IOException("away");
            }
            return new Signed("raw" + nonce, "0x%064x".formatted(nonce + 1));
        }

        @Override
        public void send(Signed signed) {
            mints.put(signed.hash(), signed);
        }

        @Override
        public boolean knows(String hash) {
            return mints.containsKey(hash);
        }
    }

    private void deposit(String id, long units) {
        bank.books().deposit(id, SHOP, units, "Payline", PAYEE, "sales");
    }

    private String balance(String account) {
        for (JsonNode one : bank.books().accounts().path("accounts")) {
            if (one.path("account").asString().equals(account)) {
                return one.path("booked").asString();
            }
        }
        throw new AssertionError("No account " + account);
    }

    private JsonNode submit(String key, String debtor, String... transfers) throws Exception {
        return post("/v1/transfer-batches", key, batch(debtor, transfers), 202);
    }

    private static String batch(String debtor, String... transfers) {
        return "{\"debtorAccount\":\"" + debtor
                + "\",\"currency\":\"EUR\",\"executionDate\":\"2026-11-23\",\"transfers\":["
                + String.join(",", transfers) + "]}";
    }

    private static String transfer(String endToEndId, String amount, String account) {
        return "{\"endToEndId\":\"%s\",\"amount\":\"%s\",\"creditorName\":\"Somebody\",\"creditorAccount\":\"%s\"}"
                .formatted(endToEndId, amount, account);
    }

    private JsonNode onRamp(String key, JsonNode quote, int status) throws Exception {
        return post(
                "/v1/onramps",
                key,
                "{\"quoteId\":\"%s\",\"debtorAccount\":\"%s\",\"amount\":\"%s\",\"currency\":\"EUR\",\"destination\":\"0x%040x\",\"endToEndId\":\"%s\"}"
                        .formatted(
                                quote.path("quoteId").asString(),
                                SHOP,
                                quote.path("amount").asString(),
                                170,
                                "E-" + key),
                status);
    }

    private static List<String> statuses(JsonNode answer) {
        List<String> statuses = new ArrayList<>();
        answer.path("transfers")
                .forEach(one -> statuses.add((one.path("status").asString() + " "
                                + one.path("reason").asString(""))
                        .strip()));
        return statuses;
    }

    private JsonNode post(String path, String key, String body, int status) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(bank.url().resolve(path))
                .header("Authorization", "Bearer " + apiKey)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return answer(request.build(), status);
    }

    private JsonNode get(String path, int status) throws Exception {
        return answer(request(path), status);
    }

    private byte[] raw(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(request(path), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(bank.url() + path))
                .header("Authorization", "Bearer " + apiKey)
                .build();
    }

    private static JsonNode answer(HttpRequest request, int status) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Json.read(answer.body());
    }

    private String secret() throws Exception {
        Properties keys = new Properties();
        try (var in = Files.newInputStream(bank.keys())) {
            keys.load(in);
        }
        return keys.getProperty("webhook.secrets");
    }

    private static String hmac(String secret, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Document xml(byte[] bytes) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    private static Element first(Element within, String name) {
        return (Element) within.getElementsByTagName(name).item(0);
    }

    private static String text(Element within, String name) {
        return first(within, name).getTextContent();
    }

    private static BigDecimal balanceOf(Document statement, String code) {
        NodeList balances = statement.getElementsByTagName("Bal");
        for (int i = 0; i < balances.getLength(); i++) {
            Element balance = (Element) balances.item(i);
            if (text(balance, "Cd").equals(code)) {
                return new BigDecimal(text(balance, "Amt"));
            }
        }
        throw new AssertionError("No balance " + code);
    }
}
