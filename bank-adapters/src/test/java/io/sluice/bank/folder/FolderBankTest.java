package io.sluice.bank.folder;

import static io.sluice.bank.Deliveries.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankNotice;
import io.sluice.bank.BankStatements;
import io.sluice.bank.Deliveries;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.iso20022.CreditTransferFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderBankTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir
    private Path folder;

    private Instant now = NOW;
    private int arrived;
    private FolderBank bank;

    @BeforeEach
    void opens() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        bank = new FolderBank(new FolderSettings(
                "host2host",
                folder.resolve("in"),
                folder.resolve("out"),
                folder.resolve("sent"),
                new CreditTransferFile.Debtor("Us", null),
                CreditTransferFile.Scheme.SCT,
                () -> now));
    }

    @Test
    void handsOverOneFilePerOrder() throws IOException {
        assertThat(bank.payments().submit(batch("K-1", "1.00"))).isEqualTo(received());

        assertThat(files("out")).containsExactly("K-1.xml");
        assertThat(Files.readString(folder.resolve("out/K-1.xml")))
                .contains("<MsgId>K-1</MsgId>", "<CreDtTm>2026-11-23T10:00:00Z</CreDtTm>", "pain.001.001.09");
    }

    @Test
    void handsOverNothingTwiceEvenWhenTheBankHasTakenTheFile() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        Files.delete(folder.resolve("out/K-1.xml"));
        now = NOW.plusSeconds(60);

        assertThat(bank.payments().submit(batch("K-1", "1.00"))).isEqualTo(received());
        assertThat(files("out")).isEmpty();
    }

    @Test
    void handsOverTheSameBytesAfterACrashBeforeTheHandover() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        byte[] first = Files.readAllBytes(folder.resolve("out/K-1.xml"));
        Files.delete(folder.resolve("sent/K-1.handed-over"));
        Files.delete(folder.resolve("out/K-1.xml"));
        now = NOW.plusSeconds(60);

        assertThat(bank.payments().find("K-1")).get().isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(bank.payments().submit(batch("K-1", "1.00"))).isEqualTo(received());
        assertThat(Files.readAllBytes(folder.resolve("out/K-1.xml"))).isEqualTo(first);
    }

    @Test
    void sendsNoOtherOrderUnderAKeyThatWasUsed() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));

        assertThat(bank.payments().submit(batch("K-1", "2.00"))).isInstanceOf(SubmitOutcome.Unknown.class);
        assertThat(Files.readString(folder.resolve("out/K-1.xml"))).contains(">1.00<");
    }

    @Test
    void makesAMessageIdOfALongKey() {
        String key = "order/2026-11-23/0123456789012345678901234567890123456789";

        assertThat(FolderPayments.messageId(key)).hasSize(32).isEqualTo(FolderPayments.messageId(key));
        assertThat(FolderPayments.messageId(key)).isNotEqualTo(FolderPayments.messageId(key + "1"));
    }

    @Test
    void sendsNothingThatSepaCannotCarry() throws IOException {
        TransferBatch dollars = new TransferBatch(
                "K-1",
                "DE02120300000000202051",
                "USD",
                LocalDate.of(2026, 11, 23),
                batch("K-1", "1").transfers());

        assertThat(bank.payments().submit(dollars)).isInstanceOf(SubmitOutcome.Rejected.class);
        assertThat(Files.exists(folder.resolve("out"))).isFalse();
        assertThat(bank.payments().find("K-1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ACTC,", "ACCP,", "ACSP,", "ACSC,", "RJCT,AC04", "PDNG,", "CANC,", "NEWCODE,"})
    void findsWhatTheBankReported(String code, String reason) throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        arrives(report("K-1", "PART", "E-1", code, reason));

        assertThat(bank.payments().find("K-1"))
                .contains(new SubmitOutcome.Accepted(
                        "K-1",
                        List.of(
                                new TransferStatus("E-1", "", code, reason),
                                new TransferStatus("E-2", "", "RCVD", null))));
    }

    @Test
    void letsALowerStateThatComesLaterSayNothing() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        arrives(report("K-1", "PART", "E-1", "ACSC", null));
        arrives(report("K-1", "PART", "E-1", "ACTC", null));

        assertThat(state("E-1")).isEqualTo("ACSC");
    }

    @Test
    void believesNeitherWhenTheBankRefusesWhatItHasPaid() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        arrives(report("K-1", "PART", "E-1", "ACSC", null));
        arrives(report("K-1", "PART", "E-1", "RJCT", "AC04"));

        assertThat(bank.payments().find("K-1")).get().isInstanceOf(SubmitOutcome.Unknown.class);
    }

    @Test
    void takesARefusedFileAsADefiniteNo() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        arrives(group("K-1", "RJCT", "FF01"));

        assertThat(bank.payments().find("K-1"))
                .contains(new SubmitOutcome.Rejected("FF01", "The bank refused the file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AM05", "DU01"})
    void takesTheRefusalOfADuplicateAsASignThatTheFirstIsThere(String reason) throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        arrives(group("K-1", "RJCT", reason));

        assertThat(bank.payments().find("K-1")).contains(received());
    }

    @Test
    void isNotMovedByReportsOnOtherFilesOrUnreadableOnes() throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));
        arrives(report("K-2", "PART", "E-1", "RJCT", "AC04"));
        arrives("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>");

        assertThat(bank.payments().find("K-1")).contains(received());
    }

    @Test
    void readsAReportAsNotices() {
        assertThat(bank.read(bytes(report("K-1", "PART", "E-1", "RJCT", "AC04"))))
                .containsExactly(new BankNotice.TransferProgress(new TransferStatus("E-1", "", "RJCT", "AC04")));
        assertThat(bank.read(bytes(group("K-1", "RJCT", "FF01"))))
                .containsExactly(new BankNotice.ForAPerson("pain.002", "K-1", "the file is refused: FF01"));
        assertThat(bank.read(bytes(group("K-1", "ACTC", null))))
                .containsExactly(new BankNotice.NothingToDo("pain.002"));
    }

    @Test
    void takesAPaymentsStatusForItsTransfersUnlessTheyDiffer() {
        String inherited = report("K-1", "ACSP", "E-1", null, null);
        String differing = report("K-1", "PART", "E-1", null, null);

        assertThat(((BankNotice.TransferProgress) bank.read(bytes(inherited)).getFirst())
                        .status()
                        .code())
                .isEqualTo("ACSP");
        assertThat(((BankNotice.TransferProgress) bank.read(bytes(differing)).getFirst())
                        .status()
                        .code())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pain.002.001.10     | pain.002.001.99                    | unsupported-version",
                "pain.002.001.10\">  | pain.002.001.10\"><!DOCTYPE x>      | dtd-forbidden",
                "CstmrPmtStsRpt      | CstmrCdtTrfInitn                   | namespace-mismatch",
                "OrgnlMsgId          | OrgnlMessage                       | missing-field",
                "OrgnlEndToEndId     | OrgnlId                            | missing-field",
                "</Document>         | ''                                 | truncated",
                "</Document>         | </Document><Document/>             | not-xml"
            })
    void refusesAReportWithAReason(String right, String wrong, String reason) {
        String report = report("K-1", "PART", "E-1", "RJCT", "AC04");
        assertThat(report).contains(right);

        assertThatThrownBy(() -> bank.read(bytes(report.replace(right, wrong))))
                .isInstanceOfSatisfying(
                        UnreadableMessage.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void listsCamtFilesInTheOrderOfArrivalAndOnlyWholeOnes() throws IOException {
        arrives("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"/>", "zebra.xml");
        arrives("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"/>", "ant.xml");
        arrives(group("K-1", "ACTC", null), "status.xml");
        for (String unfinished : List.of(".x.xml", "x.xml.part", "x.xml.filepart", "x.tmp")) {
            arrives("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"/>", unfinished);
        }

        List<BankStatements.Available> all = bank.statements().after("");

        assertThat(all)
                .extracting(BankStatements.Available::statementId)
                .hasSize(2)
                .isSorted();
        assertThat(all.getFirst().statementId()).endsWith("-zebra.xml");
        assertThat(bank.statements().after(all.getFirst().statementId())).containsExactly(all.getLast());
        assertThat(bank.statements().fetch(all.getFirst().statementId())).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0000001795428000000-../sent/K-1.xml", "0000001795428000000-/etc/passwd"})
    void fetchesNothingFromElsewhere(String id) throws IOException {
        bank.payments().submit(batch("K-1", "1.00"));

        assertThatThrownBy(() -> bank.statements().fetch(id)).isInstanceOf(BankFailure.class);
    }

    @Test
    void believesNoRequest() {
        assertThat(bank.verify(Deliveries.of(Map.of(), new byte[0]), NOW)).isInstanceOf(Verdict.Refused.class);
    }

    private String state(String endToEndId) {
        return ((SubmitOutcome.Accepted) bank.payments().find("K-1").orElseThrow())
                .transfers().stream()
                        .filter(transfer -> transfer.endToEndId().equals(endToEndId))
                        .findFirst()
                        .orElseThrow()
                        .code();
    }

    private void arrives(String content) throws IOException {
        arrives(content, "report-" + arrived + ".xml");
    }

    private void arrives(String content, String name) throws IOException {
        Path file = folder.resolve("in").resolve(name);
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(arrived++)));
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static SubmitOutcome received() {
        return new SubmitOutcome.Accepted(
                "K-1",
                List.of(new TransferStatus("E-1", "", "RCVD", null), new TransferStatus("E-2", "", "RCVD", null)));
    }

    private static TransferBatch batch(String key, String amount) {
        return new TransferBatch(
                key,
                "DE02120300000000202051",
                "EUR",
                LocalDate.of(2026, 11, 23),
                List.of(
                        new TransferBatch.Transfer(
                                "E-1", new BigDecimal(amount), "Payee One", "NL91ABNA0417164300", "royalties"),
                        new TransferBatch.Transfer(
                                "E-2", new BigDecimal("3.00"), "Payee Two", "DE02120300000000202051", null)));
    }

    private static String group(String messageId, String status, String reason) {
        return "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
                + "<GrpHdr><MsgId>R-1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>" + messageId
                + "</OrgnlMsgId><GrpSts>" + status + "</GrpSts>"
                + (reason == null ? "" : "<StsRsnInf><Rsn><Cd>" + reason + "</Cd></Rsn></StsRsnInf>")
                + "</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>";
    }

    private static String report(String messageId, String payment, String endToEndId, String code, String reason) {
        return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
                + "<GrpHdr><MsgId>R-1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>" + messageId
                + "</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>" + messageId
                + "</OrgnlPmtInfId><PmtInfSts>" + payment + "</PmtInfSts><TxInfAndSts><OrgnlEndToEndId>" + endToEndId
                + "</OrgnlEndToEndId>" + (code == null ? "" : "<TxSts>" + code + "</TxSts>")
                + (reason == null ? "" : "<StsRsnInf><Rsn><Cd>" + reason + "</Cd></Rsn></StsRsnInf>")
                + "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>";
    }
}
