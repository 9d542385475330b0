package io.sluice.bank.iso20022;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.TransferBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** XM-05: what we write, as an independent parser reads it. */
class CreditTransferFileTest {

    private static final Instant CREATED = Instant.parse("2026-11-23T10:00:00.123Z");
    private static final String IBAN = "DE02120300000000202051";
    private static final String OTHER_IBAN = "NL91ABNA0417164300";

    private final CreditTransferFile files = new CreditTransferFile(
            new CreditTransferFile.Debtor("Müller & Söhne GmbH", null), CreditTransferFile.Scheme.SCT);

    @Test
    void isReadByAnIndependentReaderAsItWasOrdered() {
        byte[] file = files.write(
                "MSG-1",
                batch(
                        transfer("E-1", "12.30", "Zoë O'Brien", IBAN, "Royalties November, 1/2"),
                        transfer("E-2", "0.01", "Łukasz Øre", OTHER_IBAN, null)),
                CREATED);

        Document read = read(file);

        assertThat(at(read, "GrpHdr/MsgId")).isEqualTo("MSG-1");
        assertThat(at(read, "GrpHdr/CreDtTm")).isEqualTo("2026-11-23T10:00:00Z");
        assertThat(at(read, "GrpHdr/NbOfTxs")).isEqualTo("2");
        assertThat(at(read, "GrpHdr/CtrlSum")).isEqualTo("12.31");
        assertThat(at(read, "GrpHdr/InitgPty/Nm")).isEqualTo("Mueller + Soehne GmbH");
        assertThat(at(read, "PmtInf/PmtMtd")).isEqualTo("TRF");
        assertThat(at(read, "PmtInf/NbOfTxs")).isEqualTo("2");
        assertThat(at(read, "PmtInf/CtrlSum")).isEqualTo("12.31");
        assertThat(at(read, "PmtInf/PmtTpInf/SvcLvl/Cd")).isEqualTo("SEPA");
        assertThat(at(read, "PmtInf/PmtTpInf/LclInstrm/Cd")).isEmpty();
        assertThat(at(read, "PmtInf/ChrgBr")).isEqualTo("SLEV");
        assertThat(at(read, "PmtInf/BtchBookg")).isEqualTo("false");
        assertThat(at(read, "PmtInf/ReqdExctnDt/Dt")).isEqualTo("2026-11-23");
        assertThat(at(read, "PmtInf/DbtrAcct/Id/IBAN")).isEqualTo(IBAN);
        assertThat(at(read, "PmtInf/DbtrAgt/FinInstnId/Othr/Id")).isEqualTo("NOTPROVIDED");
        assertThat(at(read, "PmtInf/CdtTrfTxInf[1]/PmtId/EndToEndId")).isEqualTo("E-1");
        assertThat(at(read, "PmtInf/CdtTrfTxInf[1]/Amt/InstdAmt")).isEqualTo("12.30");
        assertThat(at(read, "PmtInf/CdtTrfTxInf[1]/Amt/InstdAmt/@Ccy")).isEqualTo("EUR");
        assertThat(at(read, "PmtInf/CdtTrfTxInf[1]/Cdtr/Nm")).isEqualTo("Zoe O'Brien");
        assertThat(at(read, "PmtInf/CdtTrfTxInf[1]/CdtrAcct/Id/IBAN")).isEqualTo(IBAN);
        assertThat(at(read, "PmtInf/CdtTrfTxInf[1]/RmtInf/Ustrd")).isEqualTo("Royalties November, 1/2");
        assertThat(at(read, "PmtInf/CdtTrfTxInf[2]/Cdtr/Nm")).isEqualTo("Lukasz Ore");
        assertThat(at(read, "count(PmtInf/CdtTrfTxInf[2]/RmtInf)")).isEqualTo("0");
    }

    /** The order of elements is part of the schema (pain.001.001.09). */
    @Test
    void keepsTheOrderOfTheSchema() {
        String file = text(files.write("MSG-1", batch(transfer("E-1", "1.00", "Payee", IBAN, "x")), CREATED));
        int place = -1;
        for (String element : List.of(
                "<GrpHdr>",
                "<MsgId>",
                "<CreDtTm>",
                "<NbOfTxs>",
                "<CtrlSum>",
                "<InitgPty>",
                "<PmtInf>",
                "<PmtInfId>",
                "<PmtMtd>",
                "<BtchBookg>",
                "<PmtTpInf>",
                "<SvcLvl>",
                "<ReqdExctnDt>",
                "<Dbtr>",
                "<DbtrAcct>",
                "<DbtrAgt>",
                "<ChrgBr>",
                "<CdtTrfTxInf>",
                "<PmtId>",
                "<InstrId>",
                "<EndToEndId>",
                "<Amt>",
                "<Cdtr>",
                "<CdtrAcct>",
                "<RmtInf>")) {
            int next = file.indexOf(element, place + 1);
            assertThat(next).as(element).isGreaterThan(place);
            place = next;
        }
    }

    /** The EPC refuses unstructured addresses since 15 November 2026; ours has none. */
    @Test
    void writesNoAddress() {
        assertThat(text(files.write("MSG-1", batch(transfer("E-1", "1", "Payee", IBAN, null)), CREATED)))
                .doesNotContain("AdrLine", "PstlAdr");
    }

    @Test
    void writesTheSameBytesForTheSameBatch() {
        TransferBatch batch = batch(transfer("E-1", "1.00", "Payee", IBAN, "x"));

        assertThat(files.write("MSG-1", batch, CREATED)).isEqualTo(files.write("MSG-1", batch, CREATED));
    }

    @Test
    void settlesOnATargetDayUnlessInstant() {
        TransferBatch batch = new TransferBatch(
                "K", IBAN, "EUR", LocalDate.of(2026, 12, 25), List.of(transfer("E-1", "1.00", "Payee", IBAN, null)));
        CreditTransferFile instant = new CreditTransferFile(
                new CreditTransferFile.Debtor("Us", "NTSBDEB1XXX"), CreditTransferFile.Scheme.INSTANT);

        assertThat(text(files.write("M", batch, CREATED))).contains("<Dt>2026-12-28</Dt>");
        assertThat(text(instant.write("M", batch, CREATED)))
                .contains("<Dt>2026-12-25</Dt>", "<Cd>INST</Cd>", "<BICFI>NTSBDEB1XXX</BICFI>");
    }

    @Test
    void writesFiveHundredRandomBatchesThatReadBackExactly() {
        Random random = new Random(20261123);
        String letters = "abcXYZ 0129-/?:().,'+äöüßÆøłñçÉ&_@€";
        for (int run = 0; run < 500; run++) {
            List<TransferBatch.Transfer> transfers = new ArrayList<>();
            BigDecimal sum = BigDecimal.ZERO;
            for (int i = 0; i <= random.nextInt(20); i++) {
                StringBuilder name = new StringBuilder("N");
                for (int c = random.nextInt(30); c > 0; c--) {
                    name.append(letters.charAt(random.nextInt(letters.length())));
                }
                BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(1_000_000), 2);
                sum = sum.add(amount);
                transfers.add(
                        transfer("E-" + run + "-" + i, amount.toPlainString(), name.toString(), OTHER_IBAN, null));
            }
            byte[] file = files.write("M-" + run, batch(transfers.toArray(TransferBatch.Transfer[]::new)), CREATED);
            Document read = read(file);
            assertThat(at(read, "GrpHdr/CtrlSum")).isEqualTo(sum.toPlainString());
            assertThat(at(read, "count(PmtInf/CdtTrfTxInf)")).isEqualTo(Integer.toString(transfers.size()));
            for (int i = 1; i <= transfers.size(); i++) {
                assertThat(at(read, "PmtInf/CdtTrfTxInf[" + i + "]/Cdtr/Nm"))
                        .matches("[a-zA-Z0-9/\\-?:().,'+ ]{1,70}")
                        .doesNotContain("//")
                        .doesNotEndWith("/");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "E-1  | 0.00          | Payee  | DE02120300000000202051 | 0.01 to 999999999.99",
                "E-1  | -1.00         | Payee  | DE02120300000000202051 | 0.01 to 999999999.99",
                "E-1  | 1000000000.00 | Payee  | DE02120300000000202051 | 0.01 to 999999999.99",
                "E-1  | 0.015         | Payee  | DE02120300000000202051 | at most two decimals",
                "E-1  | 1.00          | 王小明  | DE02120300000000202051 | SEPA cannot carry",
                "E-1  | 1.00          | Мария  | DE02120300000000202051 | SEPA cannot carry",
                "E-1  | 1.00          | ///    | DE02120300000000202051 | 1 to 70",
                "E-1  | 1.00          | Payee  | DE03120300000000202051 | check digits",
                "E-1  | 1.00          | Payee  | 987654321              | check digits",
                "E-1  | 1.00          | Payee  | CH9300762011623852957  | outside the EEA",
                "/E-1 | 1.00          | Payee  | DE02120300000000202051 | no slash at an end",
                "E//1 | 1.00          | Payee  | DE02120300000000202051 | no two together",
                "E_1  | 1.00          | Payee  | DE02120300000000202051 | 1 to 35 SEPA characters"
            })
    void refusesWhatSepaCannotCarry(String reference, BigDecimal amount, String name, String iban, String rule) {
        TransferBatch batch = batch(transfer(reference, amount.toPlainString(), name, iban, null));

        assertThatThrownBy(() -> files.write("MSG-1", batch, CREATED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void refusesAReferenceTwiceAnotherCurrencyAndALongRemittance() {
        TransferBatch twice = batch(transfer("E-1", "1.00", "A", IBAN, null), transfer("E-1", "1.00", "A", IBAN, null));
        TransferBatch dollars = new TransferBatch(
                "K", IBAN, "USD", LocalDate.of(2026, 11, 23), List.of(transfer("E-1", "1.00", "A", IBAN, null)));
        TransferBatch longText = batch(transfer("E-1", "1.00", "A", IBAN, "x".repeat(141)));

        for (TransferBatch batch : List.of(twice, dollars, longText)) {
            assertThatThrownBy(() -> files.write("MSG-1", batch, CREATED)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void letsNoFileLeaveThatDoesNotCarryItsBatch() {
        TransferBatch batch = batch(transfer("E-1", "1.00", "A", IBAN, null));
        String file = text(files.write("MSG-1", batch, CREATED));

        for (String altered : List.of(
                file.replace(">1.00</InstdAmt>", ">1.01</InstdAmt>"),
                file.replace("<CtrlSum>1.00", "<CtrlSum>1.01"),
                file.replace("<NbOfTxs>1<", "<NbOfTxs>2<"),
                file.replace("E-1</EndToEndId>", "E-2</EndToEndId>"),
                file.replace("<CdtrAcct><Id><IBAN>" + IBAN, "<CdtrAcct><Id><IBAN>" + OTHER_IBAN))) {
            assertThat(altered).isNotEqualTo(file);
            assertThatThrownBy(() -> CreditTransferFile.check(altered.getBytes(StandardCharsets.UTF_8), batch))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /** TARGET's holidays as the ECB announced them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01",
                "2026-04-03",
                "2026-04-06",
                "2026-05-01",
                "2026-12-25",
                "2027-03-26",
                "2027-03-29",
                "2028-04-14",
                "2028-04-17",
                "2026-11-22",
                "2026-11-21"
            })
    void knowsTheDaysOnWhichTargetIsClosed(LocalDate day) {
        assertThat(TargetDays.isOpen(day)).isFalse();
        assertThat(TargetDays.isOpen(TargetDays.onOrAfter(day))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-23", "2026-12-24", "2026-12-28", "2026-04-02", "2026-04-07", "2026-05-14"})
    void knowsTheDaysOnWhichTargetIsOpen(LocalDate day) {
        assertThat(TargetDays.onOrAfter(day)).isEqualTo(day);
    }

    static TransferBatch batch(TransferBatch.Transfer... transfers) {
        return new TransferBatch("K", IBAN, "EUR", LocalDate.of(2026, 11, 23), List.of(transfers));
    }

    static TransferBatch.Transfer transfer(
            String reference, String amount, String name, String iban, String remittance) {
        return new TransferBatch.Transfer(reference, new BigDecimal(amount), name, iban, remittance);
    }

    /** By the JDK's own parser, which shares nothing with ours. */
    private static Document read(byte[] file) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(file));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String at(Document file, String path) {
        try {
            return XPathFactory.newInstance()
                    .newXPath()
                    .evaluate(
                            path,
                            file.getDocumentElement()
                                    .getElementsByTagName("CstmrCdtTrfInitn")
                                    .item(0));
        } catch (XPathExpressionException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(byte[] file) {
        return new String(file, StandardCharsets.UTF_8);
    }
}
