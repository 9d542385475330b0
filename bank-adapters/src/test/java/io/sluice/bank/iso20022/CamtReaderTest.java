package io.sluice.bank.iso20022;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.UnreadableMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CamtReaderTest {

    @Test
    void readsAStatement() {
        CamtFile file = Fixtures.read("plain");

        assertThat(file.message().name()).isEqualTo("camt.053.001.08");
        assertThat(file.message().messageId()).isEqualTo("M-1");
        CamtReport report = file.reports().getFirst();
        assertThat(report.header().electronicSequence()).isEqualTo("7");
        assertThat(report.header().from()).isEqualTo("2026-11-23");
        assertThat(report.header().opening("EUR").orElseThrow().amount()).isEqualTo("100.00");
        assertThat(report.header().closing("EUR").orElseThrow().amount()).isEqualTo("112.50");
        assertThat(report.findings()).isEmpty();
        assertThat(report.entries().getFirst().toBankEntry(report.header(), CamtDialect.STANDARD))
                .isEqualTo(new BankEntry(
                        "DE02120300000000202051",
                        "EUR",
                        new BigDecimal("12.50"),
                        Direction.CREDIT,
                        EntryStatus.BOOKED,
                        false,
                        LocalDate.of(2026, 11, 23),
                        LocalDate.of(2026, 11, 23),
                        "T-1",
                        "A-1",
                        null,
                        "E2E-1",
                        "Payer One",
                        "FR1420041010050500013M02606",
                        "order 1 of many",
                        null,
                        "PMNT/RCDT/ESCT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "byte-order-mark",
                "leading-blank-lines",
                "utf-16",
                "namespace-prefix",
                "cdata-and-comment",
                "status-old-form",
                "party-without-pty",
                "envelope-with-header",
                "date-time-without-zone"
            })
    void readsTheSameInEveryDress(String name) {
        CamtReport plain = Fixtures.report("plain");
        CamtReport report = Fixtures.report(name);

        assertThat(report.findings()).isEmpty();
        assertThat(report.entries().getFirst().toBankEntry(report.header(), CamtDialect.STANDARD))
                .isEqualTo(plain.entries().getFirst().toBankEntry(plain.header(), CamtDialect.STANDARD));
    }

    @Test
    void decodesByTheDeclaration() {
        CamtReport report = Fixtures.report("iso-8859-1");

        assertThat(report.entries()
                        .getFirst()
                        .toBankEntry(report.header(), CamtDialect.STANDARD)
                        .counterpartyName())
                .isEqualTo("Jürgen Größe");
    }

    @ParameterizedTest
    @CsvSource({
        "doctype, dtd-forbidden",
        "doctype-external, dtd-forbidden",
        "doctype-inside, dtd-forbidden",
        "undefined-entity, not-xml",
        "truncated, truncated",
        "wrong-encoding, not-xml",
        "no-namespace, namespace-mismatch",
        "other-namespace, namespace-mismatch",
        "body-of-another-message, namespace-mismatch",
        "version-14, unsupported-version",
        "empty-document, not-camt",
        "payment-order, not-camt",
        "two-documents, not-xml",
        "two-documents-in-envelope, several-documents"
    })
    void refusesAsAWhole(String name, String reason) {
        assertRefused(Fixtures.bytes(name), reason);
    }

    @ParameterizedTest
    @CsvSource({"'', not-xml", "'  ', not-xml", "'{\"a\":1}', not-xml", "<html/>, not-camt", "<a>\u0000</a>, not-xml"})
    void refusesWhatIsNoMessage(String text, String reason) {
        assertRefused(text.getBytes(StandardCharsets.UTF_8), reason);
    }

    @Test
    void refusesAFileCutOffAnywhere() {
        byte[] whole = Fixtures.bytes("plain");
        int end = new String(whole, StandardCharsets.UTF_8).stripTrailing().length();

        for (int length = 0; length < end; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> new CamtReader().read(part)).isInstanceOf(UnreadableMessage.class);
        }
    }

    @Test
    void refusesDeepNesting() {
        String deep = "<a>".repeat(20_000) + "</a>".repeat(20_000);

        assertRefused(deep.getBytes(StandardCharsets.UTF_8), "too-deep");
    }

    @Test
    void refusesALongText() {
        String name = "<Nm>" + "x".repeat(100_000) + "</Nm>";
        String text = new String(Fixtures.bytes("plain"), StandardCharsets.UTF_8).replace("<Nm>Payer One</Nm>", name);

        assertRefused(text.getBytes(StandardCharsets.UTF_8), "too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<%s/>", "<!--%s--><a/>", "<a %s='1'/>", "<a b='%s'/>", "<?a %s?><a/>", "<a><![CDATA[%s]]></a>"})
    void refusesWhateverElseIsEndless(String template) {
        String text = template.formatted("x".repeat(10_000_000));
        boolean passedOver = template.contains("CDATA");

        assertRefused(text.getBytes(StandardCharsets.UTF_8), passedOver ? "not-camt" : "too-large");
    }

    @Test
    void refusesAFileAboveTheLimitWithoutReadingItAll() {
        CamtReader reader = new CamtReader(new CamtLimits(1_000, 64, 1_000, 1_000));

        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(Fixtures.bytes("plain"))))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo("too-large"));
    }

    @ParameterizedTest
    @CsvSource({
        "amount-exponent, invalid-amount",
        "amount-comma, invalid-amount",
        "amount-negative, invalid-amount",
        "amount-plus, invalid-amount",
        "amount-empty, invalid-amount",
        "amount-long, invalid-amount",
        "amount-twice, duplicate-amount",
        "yen-with-decimals, precision",
        "euro-with-three-decimals, precision",
        "currency-unknown, invalid-currency",
        "currency-missing, invalid-currency",
        "direction-missing, invalid-direction",
        "direction-unknown, invalid-direction",
        "date-impossible, invalid-date",
        "date-far-away, implausible-date"
    })
    void readsButDoesNotBook(String name, String code) {
        CamtReport report = Fixtures.report(name);
        CamtEntry entry = report.entries().getFirst();

        assertThat(entry.findings()).extracting(Finding::code).containsExactly(code);
        assertThatThrownBy(() -> entry.toBankEntry(report.header(), CamtDialect.STANDARD))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(code))
                .hasMessageContaining("found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NaN",
                "Infinity",
                "1,000.00",
                "1 000.00",
                "\u0661\u0662",
                "\uFF11\uFF12.50",
                "0x10",
                "1e999999999",
                "12.500000",
                "."
            })
    void refusesAnAmountThatIsNoneBeforeAnyArithmetic(String amount) {
        String text =
                plain().replace("<Ntry>\n        <Amt Ccy=\"EUR\">12.50", "<Ntry>\n        <Amt Ccy=\"EUR\">" + amount);
        CamtReport report = assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> new CamtReader().read(bytes(text)).reports().getFirst());

        assertThatThrownBy(() -> report.entries().getFirst().toBankEntry(report.header(), CamtDialect.STANDARD))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isIn("invalid-amount", "precision"));
    }

    @Test
    void saysTheLimitThatAnAmountIsBeyond() {
        String text = plain().replace(">12.50", ">1000000000000000000.00");

        assertThat(new CamtReader()
                        .read(bytes(text))
                        .reports()
                        .getFirst()
                        .entries()
                        .getFirst()
                        .findings())
                .extracting(Finding::sentence)
                .singleElement()
                .asString()
                .endsWith(
                        "found \"1000000000000000000.00\", expected an unsigned decimal of at most 18 digits before its point"
                                + " and 5 behind it");
    }

    @Test
    void asksNobodyForADocumentTypeThatIsElsewhere() throws IOException {
        try (ServerSocketChannel elsewhere =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            elsewhere.configureBlocking(false);
            int port = elsewhere.socket().getLocalPort();
            for (String type : List.of(
                    "<!DOCTYPE Document SYSTEM \"http://127.0.0.1:" + port + "/x.dtd\">",
                    "<!DOCTYPE Document [<!ENTITY % x SYSTEM \"http://127.0.0.1:" + port + "/x\"> %x;]>")) {
                assertRefused(bytes(plain().replace("<Document", type + "<Document")), "dtd-forbidden");
            }
            assertThat(elsewhere.accept()).isNull();
        }
    }

    @Test
    void booksNothingOfAMessageWithTwoHeaders() {
        String header = plain().substring(plain().indexOf("<GrpHdr>"), plain().indexOf("</GrpHdr>") + 9);
        assertRefused(
                bytes(plain().replace("</GrpHdr>", "</GrpHdr>" + header.replace("M-1", "M-2"))), "duplicate-element");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<Id>S-2</Id>", "<Acct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></Acct>"})
    void holdsAReportThatSaysTwoThingsOfItself(String second) {
        CamtReport report = new CamtReader()
                .read(bytes(plain().replace("</Stmt>", second + "</Stmt>")))
                .reports()
                .getFirst();

        assertThat(report.header().id()).isEqualTo("S-1");
        assertThat(report.header().account()).isEqualTo("DE02120300000000202051");
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("duplicate-element");
            assertThat(finding.effect()).isEqualTo(Finding.Effect.REPORT_HELD);
        });
    }

    @Test
    void readsAnIdentifierAroundACommentAndNamesAsTheyAre() {
        String name = "\u202Eevil\u202C \u0410\u0440\u0440le";
        CamtReport report = new CamtReader()
                .read(bytes(plain().replace("<AcctSvcrRef>A-1", "<AcctSvcrRef>A<!-- x -->-1")
                        .replace("Payer One", name)))
                .reports()
                .getFirst();
        BankEntry entry = report.entries().getFirst().toBankEntry(report.header(), CamtDialect.STANDARD);

        assertThat(entry.accountServicerReference()).isEqualTo("A-1");
        assertThat(entry.counterpartyName()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0008", "&#0;", "&#8;", "\uFFFE"})
    void refusesControlCharacters(String character) {
        assertRefused(bytes(plain().replace("Payer One", "Payer" + character)), "not-xml");
    }

    private static String plain() {
        return new String(Fixtures.bytes("plain"), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void acceptsAnAmountWithoutIntegerDigits() {
        assertThat(Fixtures.entry("amount-without-integer").amount()).isEqualTo("0.5");
        assertThat(Fixtures.report("amount-without-integer").findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"status-missing, UNKNOWN", "status-proprietary, UNKNOWN", "status-pending, PENDING"})
    void takesOnlyBookedEntriesForMoney(String name, EntryStatus status) {
        assertThat(Fixtures.entry(name).status(CamtMessage.Kind.STATEMENT, CamtDialect.STANDARD))
                .isEqualTo(status);
    }

    @Test
    void suppliesWhatTheBanksDialectLeavesOut() {
        CamtReport report = Fixtures.report("status-missing");

        BankEntry entry = report.entries().getFirst().toBankEntry(report.header(), CamtDialect.TERSE_STATEMENTS);

        assertThat(entry.status()).isEqualTo(EntryStatus.BOOKED);
        assertThat(entry.bookingDate()).isEqualTo("2026-11-23");
    }

    @Test
    void splitsABatchThatSumsToItsEntry() {
        CamtReport report = Fixtures.report("batch");

        assertThat(report.entries().getFirst().split(report.header(), CamtDialect.STANDARD))
                .extracting(BankEntry::endToEndId, BankEntry::amount)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("E2E-1", new BigDecimal("10.00")),
                        org.assertj.core.groups.Tuple.tuple("E2E-2", new BigDecimal("2.50")));
        assertThat(report.entries()
                        .getFirst()
                        .toBankEntry(report.header(), CamtDialect.STANDARD)
                        .endToEndId())
                .isNull();
    }

    @Test
    void leavesABatchWholeThatDoesNotSum() {
        CamtReport report = Fixtures.report("batch-does-not-sum");

        assertThat(report.entries().getFirst().split(report.header(), CamtDialect.STANDARD))
                .isEmpty();
        assertThat(report.entries()
                        .getFirst()
                        .toBankEntry(report.header(), CamtDialect.STANDARD)
                        .amount())
                .isEqualTo("12.50");
        assertThat(report.findings()).extracting(Finding::code).containsExactly("sum-mismatch", "count-mismatch");
    }

    @Test
    void readsAReturnWithThePartiesOfTheOriginalPayment() {
        CamtReport report = Fixtures.report("return-of-a-payout");

        BankEntry entry = report.entries().getFirst().toBankEntry(report.header(), CamtDialect.STANDARD);

        assertThat(entry.reversal()).isTrue();
        assertThat(entry.returnReason()).isEqualTo("AC04");
        assertThat(entry.endToEndId()).isNull();
        assertThat(entry.counterpartyName()).isEqualTo("Payee One");
    }

    @Test
    void readsAReturnThatIsNoReversalWithThePartiesOfTheOriginalPayment() {
        CamtReport report = Fixtures.report("return-without-reversal");

        BankEntry entry = report.entries().getFirst().toBankEntry(report.header(), CamtDialect.STANDARD);

        assertThat(entry.reversal()).isFalse();
        assertThat(entry.direction()).isEqualTo(Direction.CREDIT);
        assertThat(entry.counterpartyName()).isEqualTo("Payee One");
    }

    /** JDK 24 counts {@code &amp;} as an entity and gives up at 100 000; a statement of 30 000 entries had that many. */
    @Test
    void readsMoreEscapedCharactersThanTheJdkAllows() {
        assertThat(countEntries(new ManyEntries(40_000, "M&#252;ller &amp; S&#246;hne &amp; &lt;Partner&gt;")))
                .isEqualTo(40_000);
    }

    @Test
    void streamsALargeStatementInLittleMemory() {
        assertThat(countEntries(new ManyEntries(100_000, "Payer One"))).isEqualTo(100_000);
    }

    private static int countEntries(InputStream statement) {
        AtomicInteger entries = new AtomicInteger();
        new CamtReader().read(statement, new CamtHandler() {
            @Override
            public void entry(CamtHeader header, CamtEntry entry) {
                assertThat(entry.findings()).isEmpty();
                entries.incrementAndGet();
            }
        });
        return entries.get();
    }

    private static void assertRefused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> new CamtReader().read(bytes))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** The plain statement with its entry many times over, never in memory as a whole. */
    private static final class ManyEntries extends InputStream {

        private final Iterator<String> parts;
        private ByteArrayInputStream part = new ByteArrayInputStream(new byte[0]);

        ManyEntries(int entries, String payer) {
            String plain = new String(Fixtures.bytes("plain"), StandardCharsets.UTF_8).replace("Payer One", payer);
            int from = plain.indexOf("<Ntry>");
            int to = plain.indexOf("</Ntry>") + "</Ntry>".length();
            String entry = plain.substring(from, to);
            parts = Stream.of(
                            Stream.of(plain.substring(0, from)),
                            IntStream.range(0, entries).mapToObj(i -> entry),
                            Stream.of(plain.substring(to)))
                    .flatMap(stream -> stream)
                    .iterator();
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            while (part.available() == 0) {
                if (!parts.hasNext()) {
                    return -1;
                }
                part = new ByteArrayInputStream(parts.next().getBytes(StandardCharsets.UTF_8));
            }
            return part.read(buffer, offset, length);
        }
    }
}
