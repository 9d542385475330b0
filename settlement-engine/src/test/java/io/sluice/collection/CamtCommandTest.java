package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CamtCommandTest {

    private static final String STATEMENT = """
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S-1</Id>
            <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
            <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
            <Ntry><Amt Ccy="EUR">2.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry>
            </Stmt></BkToCstmrStmt></Document>
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void printsOneLineOfJsonPerFileAndGoesOnAfterARefusal() throws IOException {
        String good = file("good.xml", STATEMENT.formatted("12.50"));
        String cut = file("cut.xml", STATEMENT.substring(0, 200));
        String missing = folder.resolve("missing.xml").toString();

        assertThat(run("--json", cut, missing, good)).isEqualTo(1);
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("{\"file\":\"" + cut + "\",\"error\":")
                                .endsWith("\"reason\":\"truncated\"}"),
                        line -> assertThat(line).endsWith("\"reason\":\"not-readable\"}"),
                        line -> assertThat(line)
                                .startsWith("{\"file\":\"" + good + "\",\"message\":\"camt.053.001.08\",\"reports\":[")
                                .contains("\"credit\":{\"EUR\":\"2.50\"}"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsATableForPeople() throws IOException {
        assertThat(run(file("good.xml", STATEMENT.formatted("12.50")))).isZero();
        assertThat(out.toString())
                .contains("camt.053.001.08, 1 report")
                .contains("credit      2.50 EUR")
                .contains("proof       opening and booked entries make closing");
    }

    @Test
    void saysWhatBookingWouldHold() throws IOException {
        assertThat(run(file("wrong.xml", STATEMENT.formatted("12.51")))).isZero();
        assertThat(out.toString()).contains("held        balance-proof");
    }

    @Test
    void isMisusedWithoutAFile() {
        assertThat(run("--json")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("FILE");
    }

    @Test
    void explainsWhatWouldBeBookedOfEachEntryAndWhyNot() throws IOException {
        String pending =
                "<Ntry><Amt Ccy=\"EUR\">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry></Stmt>";
        String good = file("good.xml", STATEMENT.formatted("12.50").replace("</Stmt>", pending));

        assertThat(run("--explain", good)).isZero();
        assertThat(out.toString())
                .contains("would be booked")
                .contains("SALE         credit 2.50 EUR: a store's proceeds")
                .contains("known by its looks alone")
                .contains("-            credit 7.00 EUR: its status is PENDING: no money yet");
    }

    @Test
    void explainsThatNothingIsBookedOfAFileThatDoesNotBalance() throws IOException {
        String wrong = file("wrong.xml", STATEMENT.formatted("12.51"));

        assertThat(run("--explain", "--json", wrong)).isEqualTo(1);
        assertThat(out.toString().lines())
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains("\"books\":false,\"problem\":\"balance-proof: ")
                .contains("\"books\":\"SALE\",\"what\":\"credit 2.50 EUR\"");
    }

    @Test
    void explainsACreditThatNobodyExpectsOnATrustAccount() throws IOException {
        assertThat(run("--explain", "--account-kind", "TRUST", file("good.xml", STATEMENT.formatted("12.50"))))
                .isZero();
        assertThat(out.toString()).contains("UNKNOWN").contains("kept in suspense");
    }

    private int run(String... arguments) {
        return new CommandLine(new CamtCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
